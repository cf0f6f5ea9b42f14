"""Imports packages of the extra `text`, with a hint where one is missing."""

import importlib
import types


def import_extra(module: str) -> types.ModuleType:
    """Returns a module of the extra `text`.

    Raises:
        ImportError: If it is not installed.
    """
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise ImportError(
            f"`{module}` must be installed: pip install 'speechkit[text]'. "
            f"Received: {error}"
        ) from error
