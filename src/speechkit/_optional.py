"""Imports packages that are optional, with one sentence where one is missing."""

import importlib
import types

# The versions that the extras of `pyproject.toml` ask for; a test compares them.
_VERSIONS = {
    "ai-edge-litert": ">=2.1",
    "av": ">=14",
    "matplotlib": ">=3.10.7",
    "numba": ">=0.61",
    "onnxruntime": ">=1.20.1",
    "opencc": ">=1.1.9",
    "pypinyin": ">=0.53",
    "sentencepiece": ">=0.2.2",
    "tensorboard": ">=2.17",
    "tf2onnx": ">=1.17",
}


def pip_install(package: str) -> str:
    """Returns the command that installs a package, in a version that works."""
    version = _VERSIONS.get(package)
    # Quoted, since `>` is a redirection of the shell.
    return f"pip install '{package}{version}'" if version else f"pip install {package}"


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
            f"`{user}` needs {package}: {pip_install(package)}. Received: {error}"
        ) from error
