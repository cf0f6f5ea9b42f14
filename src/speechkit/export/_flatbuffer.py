"""Reading and writing what a `.tflite` file holds besides its graph."""

import json

import flatbuffers

from speechkit.export import _litert

_METADATA_NAME = b"speechkit"


def operators(content: bytes) -> set[str]:
    """Returns the names of the operators that a `.tflite` file uses.

    Custom operators, Flex among them, come under the name they are registered by.
    """
    names = {
        value: name
        for name, value in vars(_litert.schema().BuiltinOperator).items()
        if not name.startswith("_")
    }
    codes = _unpack(content).operatorCodes
    return {
        code.customCode.decode()
        if code.customCode
        # Files of old converters keep their small codes in the deprecated field.
        else names[max(code.builtinCode, code.deprecatedBuiltinCode)]
        for code in codes
    }


def custom_operators(content: bytes) -> set[str]:
    """Returns the names of the operators that are not built into the runtime."""
    codes = _unpack(content).operatorCodes
    return {code.customCode.decode() for code in codes if code.customCode}


def add_metadata(content: bytes, metadata: dict) -> bytes:
    """Returns a `.tflite` file with `metadata` inside, as JSON."""
    model = _unpack(content)
    buffer = _litert.schema().BufferT()
    buffer.data = list(json.dumps(metadata, ensure_ascii=False).encode())
    model.buffers.append(buffer)
    entry = _litert.schema().MetadataT()
    entry.name, entry.buffer = _METADATA_NAME, len(model.buffers) - 1
    model.metadata = [*(model.metadata or []), entry]
    builder = flatbuffers.Builder(len(content))
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def read_metadata(content: bytes) -> dict:
    """Returns the metadata of a `.tflite` file; empty if it has none of ours."""
    model = _unpack(content)
    for entry in model.metadata or []:
        if entry.name == _METADATA_NAME:
            return json.loads(bytes(model.buffers[entry.buffer].data).decode())
    return {}


def _unpack(content):
    return _litert.schema().ModelT.InitFromPackedBuf(content, 0)
