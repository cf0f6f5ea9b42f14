// What the page does when a file is chosen.
import { openModel, readRecording, recognize } from "./recognizer.js";

const element = (id) => document.getElementById(id);
const chosen = { model: null, recording: null };

for (const name of Object.keys(chosen)) {
  element(name).addEventListener("change", async ({ target }) => {
    chosen[name] = target.files[0] ? await target.files[0].arrayBuffer() : null;
    await answer();
  });
}

async function answer() {
  element("probabilities").replaceChildren();
  element("details").textContent = "";
  if (!chosen.model || !chosen.recording) {
    element("answer").textContent = "Choose a model and a recording.";
    return;
  }
  element("answer").textContent = "Listening …";
  try {
    const model = await openModel(new Uint8Array(chosen.model));
    // The decoder empties the buffer it is given.
    const waveform = await readRecording(chosen.recording.slice(0), model.samplingRate);
    const begin = performance.now();
    const result = await recognize(model, waveform);
    show(result, model, performance.now() - begin);
    model.close();
  } catch (error) {
    element("answer").textContent = `Error: ${error.message}`;
  }
}

function show({ label, probabilities }, model, milliseconds) {
  element("answer").textContent = label ?? "Not understood";
  element("details").textContent =
    `${model.numSamples / model.samplingRate} s at ${model.samplingRate} Hz in ` +
    `${milliseconds.toFixed(1)} ms`;
  for (const [index, probability] of probabilities.entries()) {
    const row = element("probabilities").insertRow();
    row.insertCell().textContent = model.labels[index];
    const meter = document.createElement("meter");
    meter.value = probability;
    row.insertCell().append(meter);
    row.insertCell().textContent = probability.toFixed(4);
  }
}
