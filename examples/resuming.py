"""What runs share that can be interrupted and go on: their folder and their end."""

import json
import pathlib
import sys
from collections.abc import Callable


def check_settings(settings: dict, out: pathlib.Path) -> None:
    """Raises if a folder has a run with other settings.

    Args:
        settings: Those of this run.
        out: The folder; `settings.json` in it has those of the run that began there.

    Raises:
        ValueError: If they are not the same.
    """
    path = out / "settings.json"
    if not path.is_file():
        return
    # A tuple comes back from a file as a list.
    known = json.loads(path.read_text(encoding="utf-8"))
    if known != json.loads(json.dumps(settings)):
        raise ValueError(
            f"`--out` must be a new folder for a run with other settings. "
            f"{out} holds a run with those in {path}"
        )


def exit_status(run: Callable[[], object]) -> int:
    """Runs a command and returns 0; or 2 after one sentence on what is wrong."""
    try:
        run()
    except (ImportError, OSError, TypeError, ValueError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nInterrupted. The same command goes on from the last epoch.")
        return 130
    return 0
