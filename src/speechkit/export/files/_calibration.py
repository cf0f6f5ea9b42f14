"""Full int8: calibration in a process of its own, for the calibrator can crash."""

import json
import pathlib
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from speechkit.export.files import _calibrator

_SECONDS = 600


def quantize(
    folder: str,
    signatures: Sequence[str],
    samples: Iterable[tuple[str, Mapping[str, np.ndarray]]],
    in_float: Sequence[str],
) -> bytes:
    """Returns the bytes of a file whose weights and activations are int8.

    Args:
        folder: A saved model; what is needed besides goes there, too.
        signatures: The names of its signatures.
        samples: Names of signatures, and the arrays that they take.
        in_float: Names of the tensors that stay in float.

    Raises:
        ValueError: If the calibrator crashes or fails.
    """
    place = pathlib.Path(folder)
    arrays: dict[str, Any] = {}
    used = []
    for index, (signature, inputs) in enumerate(samples):
        used.append(signature)
        arrays.update({f"{index}/{name}": value for name, value in inputs.items()})
    np.savez(place / "samples.npz", **arrays)
    settings = {"signatures": signatures, "used": used, "in_float": in_float}
    (place / "settings.json").write_text(json.dumps(settings), "utf-8")
    # The script by its path: it needs TensorFlow alone, and no speechkit.
    command = [sys.executable, "-W", "ignore", _calibrator.__file__, folder]
    done = subprocess.run(command, capture_output=True, timeout=_SECONDS, check=False)
    if done.returncode:
        last = done.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        raise ValueError(
            "`quantization` must be float32, float16 or dynamic for this model: the "
            f"calibrator of int8 ended with status {done.returncode}. {last[:300]}"
        )
    return (place / "model.tflite").read_bytes()
