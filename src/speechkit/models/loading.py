"""Loads a saved model, with one sentence where that is impossible."""

import os
import re
import zipfile

import keras

from speechkit import _checks, _saved_files

_KIND = "a .keras file"
_UNKNOWN = re.compile(r"Could not locate (class|function) '([^']+)'")


def load_model(path: str | os.PathLike[str], *, compile: bool = True) -> keras.Model:
    """Returns the model of a `.keras` file.

    It does what `keras.saving.load_model` does, which for a damaged file says that
    there is no file, or raises one of a dozen errors.

    Args:
        path: The file.
        compile: Whether to restore the optimizer, the loss and the metrics, too.

    Raises:
        ValueError: If there is no such file, it cannot be read, it is damaged or of
            another tool, or it needs a class that no imported module registers.

    Example:
        >>> load_model("none.keras")
        Traceback (most recent call last):
        ValueError: `none.keras` must be a .keras file. There is no file
    """
    path = _checks.check_suffix("path", path, ".keras")
    _saved_files.check_file(path, _KIND)
    try:
        # Keras says of what is no archive that there is no file.
        zipfile.ZipFile(path).close()
        return keras.saving.load_model(path, compile=compile)
    except _saved_files.DAMAGED as error:
        if "Lambda" in str(error) and "unsafe" in str(error):
            raise ValueError(
                f"`{path}` has a Lambda layer, whose code would run: if you trust it, "
                "call `keras.config.enable_unsafe_deserialization()` first; on the "
                "command line, in a module for `--import`"
            ) from error
        unknown = _UNKNOWN.search(str(error))
        if unknown is None:
            raise _saved_files.damaged(path, _KIND, error) from error
        raise ValueError(
            f"`{path}` needs the {unknown[1]} {unknown[2]!r}. Import its module first; "
            "on the command line, `--import MODULE` does"
        ) from error
