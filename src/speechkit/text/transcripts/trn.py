"""Transcript files: a text and the name of its utterance in each line."""

import os
import re
from collections.abc import Mapping

from speechkit import _checks
from speechkit.text.transcripts._lines import check_field, read_lines, write_lines

_LINE = re.compile(r"(?P<text>.*)\((?P<utterance_id>[^\s()]+)\)")


def read_trn(
    path: str | os.PathLike[str], *, encoding: str = "utf-8"
) -> dict[str, str]:
    """Reads a transcript file (`.trn`) of NIST, `a text (utterance_id)` in each line.

    Empty lines, and comments after `;;`, are left out.

    Args:
        path: The file.
        encoding: Its encoding, such as `"gb18030"`, `"big5"` or `"euc_jp"`.

    Returns:
        The texts by the names of their utterances, in the order of the file.
        `parse_reference` reads the alternatives in them.

    Raises:
        ValueError: If the file cannot be read, a line does not end in a name, or a
            name comes twice; the message names the line.
    """
    texts: dict[str, str] = {}
    for place, line in read_lines(path, encoding):
        match = _LINE.fullmatch(line)
        if match is None:
            raise place.error(
                f"must end in the name of the utterance, (name). Received: {line[-40:]}"
            )
        name = match["utterance_id"]
        if name in texts:
            raise place.error(f"must have a new name. Received: {name} again")
        texts[name] = match["text"].strip()
    return texts


def write_trn(texts: Mapping[str, str], path: str | os.PathLike[str]) -> None:
    """Writes a transcript file that `read_trn` and sclite read.

    Args:
        texts: Texts by the names of their utterances. White space in a text becomes
            single spaces.
        path: The file, in an existing folder; it appears when it is complete.

    Raises:
        ValueError: If a name is empty or has white space or brackets in it, a text
            would be read as a comment, or the folder is missing.
    """
    lines = []
    for name, text in texts.items():
        check_field("utterance_id", name)
        if "(" in name or ")" in name:
            raise ValueError(
                "`utterance_id` must be text without brackets. "
                f"Received: utterance_id={name!r}"
            )
        _checks.check_writable("text", text)
        lines.append(" ".join([*text.split(), f"({name})"]))
    write_lines(path, lines)
