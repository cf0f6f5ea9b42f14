"""Runs that can be interrupted and go on: the settings in their folder."""

import contextlib
import json
import pathlib
from collections.abc import Iterator

try:
    import fcntl
except ImportError:  # Windows has no such locks: there, two runs are not kept apart
    fcntl = None  # type: ignore[assignment]

INTERRUPTED = "Interrupted. The same command goes on from the last epoch."


def check_settings(settings: dict, out: pathlib.Path) -> None:
    """Raises if a folder has a run with other settings.

    Args:
        settings: Those of this run.
        out: The folder; `settings.json` in it has those of the run that began there.

    Raises:
        ValueError: If they are not the same, or the file there cannot be read.
    """
    path = out / "settings.json"
    if not path.is_file():
        return
    # A tuple comes back from a file as a list.
    if read_settings(path) != json.loads(json.dumps(settings)):
        raise ValueError(
            f"`--out` must be a new folder for a run with other settings. "
            f"{out} holds a run with those in {path}"
        )


@contextlib.contextmanager
def claimed(out: pathlib.Path) -> Iterator[None]:
    """Keeps other processes out of a folder while a run goes on in it.

    The system lets go of the folder when the process ends, however it ends.

    Args:
        out: The folder; it is made if it is missing.

    Raises:
        ValueError: If another process runs there.
    """
    out.mkdir(parents=True, exist_ok=True)
    with (out / ".lock").open("a") as file:
        try:
            if fcntl is not None:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ValueError(
                f"another process is running in {out}. Wait for its end, or choose "
                "another folder with `--out`"
            ) from None
        yield


def read_settings(path: pathlib.Path) -> dict:
    """Returns the settings of a run from its `settings.json`.

    Raises:
        ValueError: If there is no such file, or another program wrote it.
    """
    try:
        settings = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ValueError(f"`{path}` cannot be read: {error.strerror}") from None
    except (ValueError, RecursionError) as error:
        raise ValueError(f"`{path}` must be the settings of a run: {error}") from None
    if not isinstance(settings, dict):
        raise ValueError(f"`{path}` must be the settings of a run. It is other JSON")
    return settings
