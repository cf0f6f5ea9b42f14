"""The script of `speed`: prints the memory that running a file takes."""

import pathlib
import sys


def peak_memory() -> int:
    """Returns the most bytes that this process has had; Linux alone tells."""
    # Not `resource`: it counts what the parent had before this script began.
    status = pathlib.Path("/proc/self/status").read_text("ascii")
    (line,) = (line for line in status.split("\n") if line.startswith("VmHWM:"))
    return 1024 * int(line.split()[1])


def main(path: str, num_samples: int) -> None:
    """Prints a number of bytes; fails where the system does not tell."""
    import numpy as np
    from ai_edge_litert.interpreter import Interpreter

    before = peak_memory()
    interpreter = Interpreter(model_path=path, num_threads=1)
    names = interpreter.get_signature_list()
    if "stream" in names:
        for name in names:
            run = interpreter.get_signature_runner(name)
            details = run.get_input_details()
            run(**{n: np.zeros(d["shape"], d["dtype"]) for n, d in details.items()})
    else:
        (place,) = (details["index"] for details in interpreter.get_input_details())
        interpreter.resize_tensor_input(place, (1, num_samples))
        interpreter.allocate_tensors()
        interpreter.set_tensor(place, np.zeros((1, num_samples), "float32"))
        interpreter.invoke()
    print(peak_memory() - before)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
