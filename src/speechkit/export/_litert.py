"""The LiteRT package, which is an extra."""

try:
    from ai_edge_litert import interpreter, schema_py_generated
except ImportError as error:
    raise ImportError(
        "`speechkit.export` needs ai-edge-litert. "
        'Install it with: pip install "speechkit[export]"'
    ) from error

__all__ = ["interpreter", "schema_py_generated"]
