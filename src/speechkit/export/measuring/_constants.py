"""The constants of a file, its weights above all."""

from speechkit.export.files import _flatbuffer, _litert


def constant_bytes(content: bytes) -> dict[str, int]:
    """Returns the bytes of the constants of a file by their types, `"int8"` and so on.

    Constants that several tensors share count once.
    """
    model = _flatbuffer.unpack(content)
    kinds = {
        value: name.lower()
        for name, value in vars(_litert.schema().TensorType).items()
        if not name.startswith("_")
    }
    types = {
        tensor.buffer: kinds[tensor.type]
        for graph in model.subgraphs
        for tensor in graph.tensors
    }
    sizes: dict[str, int] = {}
    for buffer, kind in sorted(types.items()):
        data = model.buffers[buffer].data
        if data is not None and len(data):
            sizes[kind] = sizes.get(kind, 0) + len(data)
    return dict(sorted(sizes.items()))
