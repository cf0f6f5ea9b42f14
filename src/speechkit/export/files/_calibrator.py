"""The script of `_calibration`: quantises a saved model; knows nothing of speechkit."""

import json
import pathlib
import sys


def main(folder: pathlib.Path) -> None:
    """Writes `model.tflite` into the folder of a saved model."""
    import numpy as np
    import tensorflow as tf

    settings = json.loads((folder / "settings.json").read_text("utf-8"))
    with np.load(folder / "samples.npz") as stored:
        arrays = dict(stored)

    def samples():
        for index, signature in enumerate(settings["used"]):
            prefix = f"{index}/"
            inputs = {
                name.removeprefix(prefix): value
                for name, value in arrays.items()
                if name.startswith(prefix)
            }
            yield (signature, inputs)

    converter = tf.lite.TFLiteConverter.from_saved_model(
        str(folder), signature_keys=settings["signatures"]
    )
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.representative_dataset = samples
    # The debugger is the one way to leave chosen operators in float.
    options = tf.lite.experimental.QuantizationDebugOptions(
        denylisted_nodes=settings["in_float"]
    )
    debugger = tf.lite.experimental.QuantizationDebugger(
        converter=converter, debug_dataset=samples, debug_options=options
    )
    content = debugger.get_nondebug_quantized_model()
    (folder / "model.tflite").write_bytes(content)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
