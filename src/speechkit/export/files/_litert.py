"""The LiteRT package, which is an extra."""

import types

from speechkit._optional import import_optional


def load(name: str) -> types.ModuleType:
    """Returns the module `ai_edge_litert.<name>`."""
    module = f"ai_edge_litert.{name}"
    return import_optional(module, "ai-edge-litert", "speechkit.export")


def schema() -> types.ModuleType:
    """Returns the classes that the parts of a `.tflite` file are made of."""
    return load("schema_py_generated")
