"""Checks a wheel: what is in it, and that it works in an environment of its own.

Usage: python .ci/check_package.py FOLDER_OF_THE_WHEEL CLEAN_ENVIRONMENT
"""

import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
# Without extras, and with warnings as errors.
TRY = """
from speechkit import *
import numpy as np
model = models.CommandRecognizer(["on", "off"], sampling_rate=16000)
print(model(np.zeros((1, 16000), "float32")).shape)
"""


def main(folder, environment):
    """Returns a message that says what is wrong, or `None`."""
    (wheel,) = folder.glob("*.whl")
    expected = set(sources(ROOT / "src"))
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    packed = {name for name in names if ".dist-info/" not in name}
    if packed != expected:
        return f"The wheel differs from src in {sorted(packed ^ expected)}"
    if not any(name.endswith(".dist-info/licenses/LICENSE") for name in names):
        return "The wheel has no licence"
    python = environment / "bin" / "python"
    subprocess.run(["uv", "pip", "install", "-q", "-p", python, wheel], check=True)
    # Elsewhere, so that nothing of the checkout is imported by chance.
    with tempfile.TemporaryDirectory() as elsewhere:
        subprocess.run([python, "-W", "error", "-c", TRY], cwd=elsewhere, check=True)
        command = [environment / "bin" / "speechkit", "score", "--help"]
        subprocess.run(command, cwd=elsewhere, check=True, stdout=subprocess.DEVNULL)
    return None


def sources(folder):
    """Returns the files of the packages, relative to their folder."""
    paths = [*folder.rglob("*.py"), *folder.rglob("py.typed")]
    return {path.relative_to(folder).as_posix() for path in paths}


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:])))
