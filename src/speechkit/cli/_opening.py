"""Opens what the commands of files work on."""

from pathlib import Path


def open_runner(path: Path):
    """Returns the runner of a `.tflite` file: of whole clips, or of streams.

    Raises:
        ValueError: If there is no such file, or it is another.
    """
    # LiteRT is an extra, and Keras takes seconds to import.
    from speechkit import export
    from speechkit.export.files import _opening

    if _opening.streams(path):
        return export.StreamingRunner(path)
    return export.TFLiteRunner(path)
