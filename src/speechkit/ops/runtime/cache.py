"""Where compiled code is kept on disk.

Numba sees a change in the file of a function, but not in the files from which it
compiles other functions into it. So the folder is named by all that compiled code is
made of: after a change it is another, and nothing has to be deleted by hand.
"""

import contextlib
import functools
import hashlib
import os
import shutil
import tempfile
from pathlib import Path

_PACKAGE = Path(__file__).parents[2]
_BESIDE_SOURCE = Path(__file__).parent / "__pycache__"
_PREFIX = "speechkit-"

# The folders of what is compiled, and of what that imports.
_SOURCES = ("ops/runtime", "ops/ctc", "ops/recurrence", "decoders/_beam_search")


@functools.cache
def folder() -> Path | None:
    """Returns the folder of compiled code; `None` if none can be written to.

    It lies in `NUMBA_CACHE_DIR`, if that is set; else beside the source; else in the
    user's cache.
    """
    name = f"{_PREFIX}{digest()}"
    for parent in _parents():
        if _is_writable(parent / name):
            _forget_others(parent / name)
            return parent / name
    return None


def digest(package: Path = _PACKAGE) -> str:
    """Returns a name for the source of all compiled code."""
    content = hashlib.sha256()
    for source in _SOURCES:
        for path in sorted((package / source).rglob("*.py")):
            if not path.name.endswith("_tensorflow.py"):
                content.update(hashlib.sha256(path.read_bytes()).digest())
    return content.hexdigest()[:16]


def _parents():
    chosen = os.environ.get("NUMBA_CACHE_DIR")
    if chosen:
        yield Path(chosen)
        return
    yield _BESIDE_SOURCE
    user = os.environ.get("XDG_CACHE_HOME")
    with contextlib.suppress(RuntimeError):  # raised where nobody is at home
        yield Path(user) if user else Path.home() / ".cache"


def _forget_others(chosen):
    """Deletes what was compiled from earlier versions of this very source."""
    if chosen.parent == _BESIDE_SOURCE:
        for other in _BESIDE_SOURCE.glob(f"{_PREFIX}*"):
            if other != chosen:
                shutil.rmtree(other, ignore_errors=True)


def _is_writable(path):
    try:
        path.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path):
            return True
    except OSError:
        return False
