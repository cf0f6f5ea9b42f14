"""Tells regular files from what must not be opened as one."""

import stat
from pathlib import Path

_KINDS = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


def find_other_kind(path: Path) -> str | None:
    """Returns what a path leads to if that is no regular file, else `None`.

    Opening a pipe would wait for another program, and a device may never end.

    Raises:
        OSError: If the path leads nowhere, or must not be followed.
        ValueError: If no file can have the name.
    """
    mode = path.stat().st_mode
    if stat.S_ISREG(mode):
        return None
    return _KINDS.get(stat.S_IFMT(mode), "not a regular file")
