"""Running a `.tflite` file on a stream of samples."""

import os
from typing import Any

import numpy as np

from speechkit.decoders.decoder import Decoder
from speechkit.export.files import _opening
from speechkit.export.running import _answers


class StreamingRunner:
    """Runs a file written by `to_streaming_tflite` on samples as they come.

    Args:
        path: The `.tflite` file.
        num_threads: Threads of the interpreter.

    Attributes:
        metadata: What the file carries besides its weights, such as the sampling rate
            and the labels.
        certificate: How the file was made and what was measured; empty if it is not
            known.

    Raises:
        ValueError: If there is no such file, or it is not a `.tflite` file that
            streams, or is damaged.
    """

    def __init__(self, path: str | os.PathLike, num_threads: int = 1):
        opened = _opening.open_file(path, num_threads)
        self.metadata, self.certificate = opened.metadata, opened.certificate
        self._opened = opened
        names = opened.interpreter.get_signature_list()
        if not {"init", "stream"} <= set(names):
            raise ValueError(
                f"`{path}` must be a file that streams, of `to_streaming_tflite`. "
                f"It has the signatures {', '.join(names) or 'none'}"
            )
        self._functions = {
            name: opened.interpreter.get_signature_runner(name) for name in names
        }
        self._settings = _settings_of(self.metadata, path)
        output = self._functions["init"].get_output_details()["output"]
        self._searches = self.certificate.get("decoder") == "CTCPrefixBeamSearch"
        self._has_frames = len(output["shape"]) == 3
        self._no_output = np.zeros((0, output["shape"][-1]), "float32")
        self.reset()

    def reset(self) -> None:
        """Forgets all samples: the next is the first of a clip."""
        self._waiting = np.zeros((1, 0), "float32")
        self._states: dict[str, Any] | None = None
        self._num_samples = self._num_frames = 0
        self._labels: list[tuple[int, int]] = []  # frames and what begins there
        self._score = 0.0

    @property
    def labels(self) -> list[int]:
        """The labels of the clip so far, where the file decodes.

        A greedy file only adds to it; one that searches may change it as more is heard.
        `finish` leaves it, and the next clip begins without any.
        """
        return [label for _, label in self._labels]

    @property
    def score(self) -> float:
        """The score of the labels so far, as in `Hypothesis.score` of the decoder."""
        return self._score

    def step(self, samples, sampling_rate: int | None = None) -> np.ndarray:
        """Returns the outputs that the next samples complete.

        Args:
            samples: `(samples,)` floating-point samples from −1 to 1, of any number.
            sampling_rate: Their samples per second, in hertz, to be checked against the
                file. `None` means no check.

        Returns:
            `(frames, classes)`, perhaps without any frame; or for an output without
            time `(answers, classes)`, one answer for each chunk.

        Raises:
            ValueError: If the samples have another rank, are not floating point, or
                have another sampling rate than the file.
        """
        samples = _opening.check_waveform(samples, empty=True)
        _opening.check_sampling_rate(self.metadata, sampling_rate)
        if not self._num_samples:
            self._labels, self._score = [], 0.0
        self._num_samples += len(samples)
        self._waiting = np.concatenate([self._waiting, samples[None]], axis=1)
        return self._take_chunks()

    def finish(self) -> np.ndarray:
        """Returns the outputs that waited for the end of the clip, and starts anew.

        Samples that do not fill a chunk go by in shorter pieces. The silence that fills
        the last of them reaches no frame that ends within the clip.
        """
        given = self._num_frames
        parts = [self._take_rest()]
        if "finish" in self._functions and self._states is not None:
            results = self._functions["finish"](**self._states)
            output = results["output"]
            parts.append(output[0] if self._has_frames else output)
            self._keep_labels(results)
        outputs = np.concatenate([*parts, self._no_output])
        if self._has_frames and self._frames_of(0) is not None:
            outputs = outputs[: max(0, self._frames_of(self._num_samples) - given)]
        num_frames = given + len(outputs)
        labels = [(frame, x) for frame, x in self._labels if frame < num_frames]
        score = self._score
        self.reset()
        self._labels, self._score = labels, score
        return outputs

    def __call__(self, waveform, sampling_rate: int | None = None) -> np.ndarray:
        """Returns the output for a whole clip, streamed.

        Args:
            waveform: `(samples,)`.
            sampling_rate: See `step`.

        Returns:
            `(frames, classes)`, or for an output without time the last answer,
            `(classes,)`.
        """
        _opening.check_waveform(waveform, empty=self._has_frames)
        self.reset()
        outputs = [self.step(waveform, sampling_rate), self.finish()]
        joined = np.concatenate(outputs)
        return joined if self._has_frames else joined[-1]

    def transcribe(
        self,
        waveform,
        sampling_rate: int | None = None,
        *,
        decoder: Decoder | None = None,
    ) -> str | None:
        """Returns the text or command of a whole clip, streamed.

        Args:
            waveform: `(samples,)`.
            sampling_rate: See `step`.
            decoder: See `TFLiteRunner.transcribe`.

        Returns:
            A text, a command, or `None` if none was probable enough.

        Raises:
            ValueError: As `step` does, or as `TFLiteRunner.transcribe` does.
        """
        outputs = {"output": self(waveform, sampling_rate)}
        if "labels" in self._functions["stream"].get_output_details():
            outputs["labels"] = np.array(self.labels, "int32")
        return _answers.text_of(outputs, self.metadata, self.certificate, decoder)

    def _take_chunks(self):
        """Returns the outputs of all whole chunks that wait."""
        outputs = [self._no_output]
        while self._waiting.shape[1] >= self._next_length():
            begun = self._states is not None
            outputs.append(
                self._take("stream" if begun else "init", self._next_length())
            )
        return np.concatenate(outputs)

    def _take_rest(self):
        """Returns the outputs of what waits at the end of a clip and fills no chunk."""
        outputs = [self._no_output]
        if self._states is None and self._num_samples:
            outputs.append(self._take("init", self._settings["first_samples"]))
        name = "rest" if "rest" in self._functions else "stream"
        length = self._functions[name].get_input_details()["waveforms"]["shape"][1]
        while self._waiting.shape[1] >= length:
            outputs.append(self._take(name, length))
        if self._completes_a_frame(self._waiting.shape[1]):
            outputs.append(self._take(name, length))
        return np.concatenate(outputs)

    def _completes_a_frame(self, num_samples):
        """Returns whether the last samples of the clip complete a frame."""
        before, after = (
            self._frames_of(self._num_samples - missing) for missing in (num_samples, 0)
        )
        return num_samples > 0 and (before is None or before < after)

    def _take(self, name, length):
        """Returns the outputs of a signature for samples that wait, or silence."""
        piece = self._waiting[:, :length]
        piece = np.pad(piece, [(0, 0), (0, length - piece.shape[1])])
        results = self._functions[name](waveforms=piece, **(self._states or {}))
        output = results.pop("output")
        output = output[0] if self._has_frames else output
        self._keep_labels(results)
        self._states = {
            name: results[name] for name in results if name.startswith("state_")
        }
        self._waiting = self._waiting[:, length:]
        self._num_frames += len(output)
        return output

    def _keep_labels(self, results):
        if "score" in results:
            self._score = float(results["score"][0])
        if self._searches and "labels" in results:
            # Labels that have left the file are as they were when they did.
            known = results["labels"][0][results["labels"][0] >= 0]
            num_before = int(results["count"][0]) - len(known)
            self._labels[num_before:] = [(-1, int(label)) for label in known]
            return
        for frame, label in enumerate(results.get("labels", [[]])[0]):
            if label >= 0:
                self._labels.append((self._num_frames + frame, int(label)))

    def _next_length(self):
        begun = self._states is not None
        return self._settings["chunk_samples" if begun else "first_samples"]

    def _frames_of(self, num_samples):
        """Returns the number of frames of a clip; `None` where it is not known."""
        before = self._settings["samples_before_first_frame"]
        if before is None:
            return None
        return max(0, (num_samples - before) // self._settings["samples_per_frame"] + 1)


def _settings_of(metadata, path):
    """Returns the lengths of chunks and frames that a file tells."""
    settings = metadata.get("streaming")
    if isinstance(settings, dict):
        lengths = [settings.get(name) for name in ("first_samples", "chunk_samples")]
        frames = {"samples_before_first_frame", "samples_per_frame"} <= settings.keys()
        if frames and all(type(x) is int and x > 0 for x in lengths):
            return settings
    raise ValueError(
        f"`{path}` must tell the lengths of its chunks and frames, as a file of "
        "`to_streaming_tflite` does. It is of an older version or of another tool"
    )
