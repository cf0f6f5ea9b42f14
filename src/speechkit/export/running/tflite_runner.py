"""Running a `.tflite` file."""

import os
import re

import numpy as np

from speechkit.decoders.decoder import Decoder
from speechkit.export.files import _flatbuffer, _opening
from speechkit.export.running import _answers


class TFLiteRunner:
    """Runs a file written by `to_tflite` on single clips.

    Args:
        path: The `.tflite` file.
        num_threads: Threads of the interpreter.

    Attributes:
        metadata: What the file carries besides its weights, such as the sampling rate
            and the labels.
        certificate: How the file was made and what was measured; empty if it is not
            known.

    Raises:
        ValueError: If there is no such file, or it is not a `.tflite` file, streams, is
            damaged, or takes something else than waveforms.
    """

    def __init__(self, path: str | os.PathLike, num_threads: int = 1):
        opened = _opening.open_file(path, num_threads)
        self.metadata, self.certificate = opened.metadata, opened.certificate
        self._opened, self._interpreter = opened, opened.interpreter
        self._num_threads = num_threads
        if "stream" in self._interpreter.get_signature_list():
            raise ValueError(
                f"`{path}` must be a file of whole clips. It streams: see "
                "`StreamingRunner`"
            )
        self._input = _input_of(self._interpreter, path)
        self._outputs = _output_places(self._interpreter, path)
        self._shape: tuple[int, int] | None = None
        self._has_loops = _flatbuffer.has_loops(opened.content)

    def __call__(self, waveform, sampling_rate: int | None = None) -> np.ndarray:
        """Returns the output of the model for one clip.

        Args:
            waveform: `(samples,)` floating-point samples from −1 to 1.
            sampling_rate: Samples per second of the waveform, in hertz, to be checked
                against the file. `None` means no check.

        Raises:
            ValueError: If the waveform has another rank, is not floating point, has
                another sampling rate than the file, or another length than it takes.
        """
        return self.run(waveform, sampling_rate)["output"]

    def run(self, waveform, sampling_rate: int | None = None) -> dict[str, np.ndarray]:
        """Returns all outputs of the file for one clip.

        Args:
            waveform: See `__call__`.
            sampling_rate: See `__call__`.

        Returns:
            The `output` of the model, and, where the file decodes, the `labels`
            `(frames,)` with −1 after the last, their `count`, and their `score`:
            `Hypothesis.score` of the decoder in the file.

        Raises:
            ValueError: As `__call__` does.
        """
        waveform = _opening.check_waveform(waveform)
        self._check_length(waveform)
        _opening.check_sampling_rate(self.metadata, sampling_rate)
        try:
            return self._run(waveform)
        except RuntimeError:
            # An interpreter that has failed once may fail for ever, or crash.
            self._restart()
        return self._run_plainly(waveform)

    def transcribe(
        self,
        waveform,
        sampling_rate: int | None = None,
        *,
        decoder: Decoder | None = None,
    ) -> str | None:
        """Returns the text or the command of one clip, or `None` for neither.

        Args:
            waveform: See `__call__`.
            sampling_rate: See `__call__`.
            decoder: Any decoder with the classes of the model, such as a
                `CTCBeamSearchDecoder` with a language model: it decodes the output of
                the file. `None` means the decoder in the file, and `CTCGreedyDecoder`
                where there is none.

        Raises:
            ValueError: As `__call__` does, if the file does not say what its classes
                are, or if it answers for whole clips and a decoder is given.
        """
        outputs = self.run(waveform, sampling_rate)
        return _answers.text_of(outputs, self.metadata, self.certificate, decoder)

    def _check_length(self, waveform):
        length = int(self._input["shape_signature"][1])  # −1 for any
        if length >= 0 and len(waveform) != length:
            raise ValueError(
                f"`waveform` must have {length} samples, as the file takes no other "
                "length; `num_samples` of `to_tflite` chooses another. "
                f"Received: {len(waveform)} samples"
            )

    def _restart(self, delegates=True):
        self._shape = None
        self._interpreter = _opening.interpreter_of(
            self._opened.content, self._num_threads, delegates=delegates
        )

    def _run_plainly(self, waveform):
        """Returns the outputs without XNNPACK, which refuses some clips of few frames.

        What the operators of LiteRT refuse, too, they give a reason for.
        """
        self._restart(delegates=False)
        try:
            return self._run(waveform)
        except RuntimeError as error:
            raise _refusal(waveform, str(error)) from error
        finally:
            self._restart()

    def _run(self, waveform):
        shape = (1, len(waveform))
        if shape != self._shape or self._has_loops:
            self._shape = None  # stays so if the model does not take this length
            # With loops, XNNPACK of LiteRT 2.3 may fail from the second clip on, if the
            # memory is not planned anew; and it is, once the length was another.
            for size in (shape[1] + 1, shape[1]):
                self._interpreter.resize_tensor_input(self._input["index"], (1, size))
            self._interpreter.allocate_tensors()
            self._shape = shape
        self._interpreter.set_tensor(self._input["index"], waveform[None])
        self._interpreter.invoke()
        return {
            name: self._interpreter.get_tensor(place)[0]
            for name, place in self._outputs.items()
        }


def _refusal(waveform, reason):
    """Returns the error of a clip that the file does not take."""
    if "op" in reason.lower().split():
        return ValueError(f"The file needs operators that LiteRT lacks: {reason}")
    # The place in the sources of LiteRT, and the node, tell a user nothing.
    operators = re.findall(r"Node number \d+ \((\w+)\)", reason)
    reason = re.sub(r"^\S+\.(?:h|cc)\S* |Node number .*", "", reason, flags=re.DOTALL)
    at = f"its operator {operators[0]} says: " if operators else ""
    return ValueError(
        "`waveform` must have a length that the file takes. Received "
        f"{len(waveform)} samples; {at}{reason.strip() or 'nothing more is known'}"
    )


def _input_of(interpreter, path):
    """Returns the input of a file; raises unless it is a waveform."""
    inputs = interpreter.get_input_details()
    forms = [(len(x["shape_signature"]), np.dtype(x["dtype"]).name) for x in inputs]
    if forms == [(2, "float32")]:
        return inputs[0]
    shapes = ", ".join(f"{x['shape_signature'].tolist()}" for x in inputs)
    raise ValueError(
        f"`{path}` must be a .tflite file of `to_tflite`, with waveforms as its one "
        f"input. It has inputs of the shapes {shapes or 'none'}"
    )


def _output_places(interpreter, path):
    """Returns the tensors of the outputs, by their names."""
    details = interpreter.get_output_details()
    if len(details) == 1:
        return {"output": details[0]["index"]}
    signatures = list(interpreter.get_signature_list())
    named = {}
    if len(signatures) == 1:
        named = interpreter.get_signature_runner(signatures[0]).get_output_details()
    if "output" not in named:
        raise ValueError(
            f"`{path}` must be a .tflite file of `to_tflite`, with an output of that "
            f"name. It has {', '.join(named) or f'{len(details)} outputs'}"
        )
    return {name: named[name]["index"] for name in named}
