// From an exported file and a recording to a command.
import { loadAndCompile, loadLiteRt, Tensor } from "@litertjs/core";
import { readMetadata } from "./metadata.js";

const RUNTIME = new URL("node_modules/@litertjs/core/wasm/", import.meta.url).href;
let runtime = null;

/** Opens a keyword spotter that `speechkit.export.to_tflite` wrote for one length. */
export async function openModel(content) {
  const metadata = readMetadata(content, "speechkit");
  if (!metadata?.labels || !metadata.sampling_rate) {
    throw new Error("the model must be a .tflite file of speechkit that has labels");
  }
  runtime ??= loadLiteRt(RUNTIME);
  await runtime;
  const compiled = await loadAndCompile(content, { accelerator: "wasm" });
  const [batch, numSamples] = compiled.getInputDetails()[0].shape;
  if (batch !== 1 || numSamples < 2) {
    throw new Error("the model must be exported with `num_samples`");
  }
  return {
    labels: metadata.labels,
    threshold: metadata.threshold ?? 0,
    samplingRate: metadata.sampling_rate,
    numSamples,
    compiled,
    close: () => compiled.delete(),
  };
}

/** Returns the samples of a recording as one channel at a sampling rate. */
export async function readRecording(content, samplingRate) {
  const context = new OfflineAudioContext(1, 1, samplingRate);
  const audio = await context.decodeAudioData(content);
  const waveform = new Float32Array(audio.length);
  for (let channel = 0; channel < audio.numberOfChannels; channel++) {
    const samples = audio.getChannelData(channel);
    samples.forEach((sample, index) => {
      waveform[index] += sample / audio.numberOfChannels;
    });
  }
  return waveform;
}

/** Returns the command, `null` for none, and the probabilities of all. */
export async function recognize(model, waveform) {
  const clip = new Float32Array(model.numSamples); // silence behind a short one
  clip.set(waveform.subarray(0, model.numSamples));
  const input = new Tensor(clip, [1, model.numSamples]);
  const outputs = await model.compiled.run("serving_default", { waveforms: input });
  const probabilities = Array.from(await outputs.output.data());
  input.delete();
  outputs.output.delete();
  const best = probabilities.indexOf(Math.max(...probabilities));
  const understood = probabilities[best] >= model.threshold;
  return { label: understood ? model.labels[best] : null, probabilities };
}
