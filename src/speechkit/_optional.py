"""Imports packages that are optional, with one sentence where one is missing."""

import importlib
import types


def import_optional(module: str, package: str, user: str) -> types.ModuleType:
    """Returns a module of an optional package.

    Args:
        module: Full name of the module.
        package: Name by which pip installs it.
        user: Name of the function or class that needs it.

    Raises:
        ImportError: If it cannot be imported.
    """
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise ImportError(
            f"`{user}` needs {package}: pip install {package}. Received: {error}"
        ) from error
