"""Reading and writing what a `.tflite` file holds besides its graph."""

import functools
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

import flatbuffers

from speechkit.export.files import _litert

METADATA = "speechkit"
CERTIFICATE = "speechkit.certificate"
CHECKSUM = "speechkit.checksum"

_NO_DIGEST = "0" * 64


def operators(content: bytes) -> set[str]:
    """Returns the names of the operators that a `.tflite` file uses.

    Custom operators, Flex among them, come under the name they are registered by.
    """
    return {operator_name(code) for code in _operator_codes(content)}


def has_loops(content: bytes) -> bool:
    """Returns whether a `.tflite` file has graphs within its graph, as loops do."""
    return _litert.schema().Model.GetRootAs(content, 0).SubgraphsLength() > 1


def operator_name(code: Any) -> str:
    """Returns the name of an operator that a file lists."""
    if code.customCode:
        return code.customCode.decode()
    # Files of old converters keep their small codes in the deprecated field.
    value = max(code.builtinCode, code.deprecatedBuiltinCode)
    return _names()[value]


@functools.cache
def _names():
    return {
        value: name
        for name, value in vars(_litert.schema().BuiltinOperator).items()
        if not name.startswith("_")
    }


def custom_operators(content: bytes) -> set[str]:
    """Returns the names of the operators that are not built into the runtime."""
    codes = _operator_codes(content)
    return {code.customCode.decode() for code in codes if code.customCode}


def _operator_codes(content):
    """Returns the kinds of operators that a file lists, without reading its graph."""
    model = _litert.schema().Model.GetRootAs(content, 0)
    read = _litert.schema().OperatorCodeT.InitFromObj
    codes = map(model.OperatorCodes, range(model.OperatorCodesLength()))
    return [read(code) for code in codes]


def tensors_of(
    content: bytes, layers: Sequence[str], *, ends: bool = False
) -> list[str]:
    """Returns the names of the tensors that operators of some layers give.

    Args:
        content: The file.
        layers: Names of layers, or of other scopes.
        ends: Whether to add the outputs of the file that are made of such tensors: they
            have names of their own.
    """
    pattern = "|".join(rf"{re.escape(name)}(_\d+)*" for name in layers)
    inside = re.compile(rf"(^|.*[/;])({pattern})/.*") if layers else re.compile(r"(?!)")
    names: set[str] = set()
    for graph in unpack(content).subgraphs:
        texts = [tensor.name.decode() for tensor in graph.tensors]
        for operator in graph.operators:  # in the order in which they run
            of_layers = {texts[i] for i in operator.outputs if inside.match(texts[i])}
            taken = {texts[i] for i in operator.inputs if i >= 0}  # −1: left out
            if ends and names & taken:
                of_layers |= {texts[i] for i in operator.outputs if i in graph.outputs}
            names |= of_layers
    return sorted(names)


def add_metadata(content: bytes, metadata: Mapping[str, dict]) -> bytes:
    """Returns a `.tflite` file with named objects inside, as JSON.

    Args:
        content: The file.
        metadata: The objects, by `METADATA` or `CERTIFICATE`.
    """
    model = unpack(content)
    model.metadata = list(model.metadata or [])
    for name, value in metadata.items():
        buffer = _litert.schema().BufferT()
        buffer.data = list(json.dumps(value, ensure_ascii=False).encode())
        model.buffers.append(buffer)
        entry = _litert.schema().MetadataT()
        entry.name, entry.buffer = name.encode(), len(model.buffers) - 1
        model.metadata.append(entry)
    return pack(model, len(content))


def seal(content: bytes, metadata: Mapping[str, dict]) -> bytes:
    """Returns a file with named objects inside, and with the checksum of all its bytes.

    Args:
        content: The file.
        metadata: As for `add_metadata`.
    """
    checksum = {"sha256": _NO_DIGEST}
    blank = add_metadata(content, {**metadata, CHECKSUM: checksum})
    return blank.replace(_NO_DIGEST.encode(), _digest(blank), 1)


def check_seal(content: bytes) -> None:
    """Raises `ValueError` if a file was changed after it was sealed.

    A file of another tool has no seal; one with a certificate has to have it.
    """
    digest = str(read_metadata(content, CHECKSUM).get("sha256", "")).encode()
    if digest:
        blank = content.replace(digest, _NO_DIGEST.encode(), 1)
        is_intact = len(digest) == 64 and _digest(blank) == digest
    else:
        is_intact = not read_metadata(content, CERTIFICATE)
    if not is_intact:
        raise ValueError("its bytes do not have the checksum that it holds")


def _digest(content):
    return hashlib.sha256(content).hexdigest().encode()


def read_metadata(content: bytes, name: str) -> dict:
    """Returns an object inside a `.tflite` file; empty if there is none.

    Raises:
        ValueError: If there is something else.
    """
    # Read in place: to unpack the graph as well takes longer than to open the file.
    model = _litert.schema().Model.GetRootAs(content, 0)
    for entry in map(model.Metadata, range(model.MetadataLength())):
        if entry.Name() == name.encode():
            data = model.Buffers(entry.Buffer()).DataAsNumpy()
            found = json.loads(bytes(data).decode())
            if not isinstance(found, dict):
                raise ValueError(f"what it holds as {name} is not an object")
            return found
    return {}


def unpack(content: bytes) -> Any:
    """Returns the parts of a `.tflite` file as objects."""
    return _litert.schema().ModelT.InitFromPackedBuf(content, 0)


def pack(model: Any, size: int) -> bytes:
    """Returns the `.tflite` file of such objects.

    Args:
        model: The objects.
        size: About how many bytes there will be.
    """
    builder = flatbuffers.Builder(size)
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())
