"""Writing a file with its certificate, when all is well."""

import json
import pathlib
from collections.abc import Callable

from speechkit._replacing import replacing
from speechkit.export.files import _flatbuffer


def write(
    path: pathlib.Path,
    content: bytes,
    metadata: dict,
    open_file: Callable,
    certify: Callable,
) -> pathlib.Path:
    """Writes a file and its certificate, under temporary names until they are complete.

    Args:
        path: Where the file goes.
        content: Its graph and weights.
        metadata: What it carries besides.
        open_file: Takes the path of a file to its runner.
        certify: Takes the runner to the certificate; raises if the file is wrong.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as temporary:
        temporary.write_bytes(
            _flatbuffer.add_metadata(content, {_flatbuffer.METADATA: metadata})
        )
        certificate = certify(open_file(temporary))
        both = {
            _flatbuffer.METADATA: metadata,
            _flatbuffer.CERTIFICATE: certificate,
        }
        temporary.write_bytes(_flatbuffer.seal(content, both))
        # A process that is killed from here on leaves no certificate, not an old one.
        path.with_suffix(".json").unlink(missing_ok=True)
    with replacing(path.with_suffix(".json")) as temporary:
        text = json.dumps(certificate, ensure_ascii=False, indent=2)
        temporary.write_text(text + "\n", "utf-8")
    return path
