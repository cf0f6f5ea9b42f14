"""The LiteRT package, which is an extra."""

import importlib
import types


def load(name: str) -> types.ModuleType:
    """Returns the module `ai_edge_litert.<name>`; says which extra has it."""
    try:
        return importlib.import_module(f"ai_edge_litert.{name}")
    except ImportError as error:
        raise ImportError(
            "`speechkit.export` needs ai-edge-litert. "
            'Install it with: pip install "speechkit[export]"'
        ) from error


def schema() -> types.ModuleType:
    """Returns the classes that the parts of a `.tflite` file are made of."""
    return load("schema_py_generated")
