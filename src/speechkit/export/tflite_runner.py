"""Running a `.tflite` file."""

import os
import pathlib

import numpy as np

from speechkit.export import _flatbuffer, _litert


class TFLiteRunner:
    """Runs a file written by `to_tflite` on single clips.

    Args:
        path: The `.tflite` file.
        num_threads: Threads of the interpreter.

    Attributes:
        metadata: What the file carries besides its weights, such as the sampling rate
            and the labels.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If the file is not a `.tflite` file, or damaged.
    """

    def __init__(self, path: str | os.PathLike, num_threads: int = 1):
        path = pathlib.Path(path)
        if not path.is_file():
            raise FileNotFoundError(f"{path} must be a .tflite file. There is no file")
        content = path.read_bytes()
        if content[4:8] != b"TFL3":
            raise ValueError(f"{path} must be a .tflite file. It has another format")
        # The interpreter does not copy the bytes, so they have to live as long.
        self._content = content
        try:
            self._interpreter = _litert.load("interpreter").Interpreter(
                model_content=content, num_threads=num_threads
            )
        except ValueError as error:
            raise ValueError(
                f"{path} must be a .tflite file. It is damaged: {error}"
            ) from error
        self.metadata = _flatbuffer.read_metadata(content)
        (self._input,) = self._interpreter.get_input_details()
        (self._output,) = self._interpreter.get_output_details()
        self._shape: tuple[int, int] | None = None

    def __call__(self, waveform, sampling_rate: int | None = None) -> np.ndarray:
        """Returns the output of the model for one clip.

        Args:
            waveform: `(samples,)` floating-point samples from −1 to 1.
            sampling_rate: Samples per second of the waveform, in hertz, to be checked
                against the file. `None` means no check.

        Raises:
            ValueError: If the waveform has another rank, is not floating point, has
                another sampling rate than the file, or is too short for the model.
        """
        waveform = np.asarray(waveform)
        if waveform.ndim != 1 or waveform.dtype.kind != "f" or not len(waveform):
            raise ValueError(
                "`waveform` must be floating-point samples with the one axis "
                "(samples,). Received: "
                f"shape={waveform.shape}, dtype={waveform.dtype}"
            )
        expected = self.metadata.get("sampling_rate")
        if None not in (expected, sampling_rate) and sampling_rate != expected:
            raise ValueError(
                f"`sampling_rate` must be {expected}, that of the model. "
                f"Received: sampling_rate={sampling_rate}"
            )
        try:
            return self._run(waveform.astype("float32"))
        except RuntimeError as error:
            raise ValueError(
                "`waveform` must be long enough for the model. "
                f"Received {len(waveform)} samples: {error}"
            ) from error

    def _run(self, waveform):
        shape = (1, len(waveform))
        if shape != self._shape:
            self._shape = None  # stays so if the model does not take this length
            self._interpreter.resize_tensor_input(self._input["index"], shape)
            self._interpreter.allocate_tensors()
            self._shape = shape
        self._interpreter.set_tensor(self._input["index"], waveform[None])
        self._interpreter.invoke()
        return self._interpreter.get_tensor(self._output["index"])[0]
