"""What the name of a file says of it: its speaker and its text."""

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from speechkit._names import alike, by_form
from speechkit.audio.audio_error import printable


def compile_pattern(
    argument: str, pattern: str | None, group: str
) -> re.Pattern[str] | None:
    """Returns a regular expression that has a group; `None` for `None`."""
    if pattern is None:
        return None
    try:
        compiled = re.compile(pattern)
    except (re.error, TypeError) as error:
        reason = f"is wrong: {error}"
    else:
        if group in compiled.groupindex:
            return compiled
        reason = "has no such group"
    raise ValueError(
        f"`{argument}` must be a regular expression with a group `(?P<{group}>…)`. "
        f"Received: {argument}={pattern!r}, which {reason}"
    )


def find_group(pattern: re.Pattern[str], group: str, file: Path) -> str:
    """Returns what a group of a pattern matches in the name of a file."""
    match = pattern.search(file.name)
    if match is None or not match[group]:
        raise ValueError(
            f"`{group}_pattern` must find the {group} in every file name. Received: "
            f"{group}_pattern={pattern.pattern!r}, with none in `{printable(file)}`"
        )
    return check_name(match[group], file)


def check_name(name: str, file: Path) -> str:
    """Returns a label or a speaker that a path holds, in its usual form of Unicode.

    Raises:
        ValueError: If it begins or ends with white space, which nobody sees.
    """
    if name != name.strip():
        raise ValueError(
            "A label or a speaker must not begin or end with white space. "
            f"Received: {name!r}, of `{printable(file)}`"
        )
    return alike(name)


def check_used(
    texts: Mapping[str, str], keys: Sequence[tuple[str, ...]], files: Sequence[Path]
) -> list[str]:
    """Returns the text of each file, of which `keys` has the possible names."""
    if not isinstance(texts, Mapping):
        raise ValueError(
            "`texts` must map names of files to texts. "
            f"Received: texts={str(texts)[:60]}"
        )
    for key, text in texts.items():
        if not isinstance(key, str) or not isinstance(text, str) or not text:
            raise ValueError(
                "`texts` must map names of files to texts that are not empty. "
                f"Received: {key!r}: {text!r}"
            )
    by_name = by_form("`texts`", {key: key for key in texts})
    found = [
        next((by_name[name] for name in names if name in by_name), None)
        for names in keys
    ]
    missing = [file for file, key in zip(files, found, strict=True) if key is None]
    if missing:
        raise ValueError(
            f"`texts` must have a text for every file. Received: none for "
            f"{_join(f'`{printable(file)}`' for file in missing)}"
        )
    unused = [key for key in texts if key not in set(found)]
    if unused:
        raise ValueError(
            "`texts` must name files that exist. Received: no file for "
            f"{_join(map(repr, unused))}"
        )
    return [texts[key] for key in found if key is not None]


def _join(names: Iterable[str]) -> str:
    return ", ".join(names)
