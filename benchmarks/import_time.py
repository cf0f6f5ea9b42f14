"""How long `import speechkit` takes after `import tensorflow`, in new processes."""

import statistics
import subprocess
import sys

ROUNDS = 3
PROGRAM = """
import time
import tensorflow
start = time.perf_counter()
import {module}
print(time.perf_counter() - start)
"""


def measure(module: str) -> float:
    """Returns the median seconds that a module takes to import after TensorFlow.

    Raises:
        ValueError: If the import prints or warns.
    """
    seconds = []
    before = _run("import tensorflow")
    for _ in range(ROUNDS):
        process = _run(PROGRAM.format(module=module))
        # TensorFlow itself logs with addresses and times, so lines are counted.
        if len(process.stderr.splitlines()) > len(before.stderr.splitlines()):
            raise ValueError(f"import {module} must be silent: {process.stderr}")
        seconds.append(float(process.stdout))
    return statistics.median(seconds)


def main() -> None:
    """Prints one line for speechkit and one for each module that it stands beside."""
    for module in ("speechkit", "scipy.signal"):
        print(
            f"import {module:14} {measure(module):8.3f} s after tensorflow", flush=True
        )


def _run(program):
    command = [sys.executable, "-W", "always", "-c", program]
    return subprocess.run(command, capture_output=True, text=True, check=True)


if __name__ == "__main__":
    main()
