"""What the fuzzers share: a file for each input, and the loop of Atheris."""

import contextlib
import importlib.util
import pathlib
import sys
import tempfile
from collections.abc import Callable, Sequence

CORPUS = pathlib.Path(__file__).parent / "corpus"
_READERS = [
    "speechkit._reading",
    "speechkit._rows",
    "speechkit.audio",
    "speechkit.datasets",
    "speechkit.decoders.language_models",
    "speechkit.text.transcripts",
]


def instrumented() -> contextlib.AbstractContextManager:
    """Returns a context in which imported readers show Atheris their branches.

    Without Atheris, as in the tests, imports are what they always are.
    """
    if importlib.util.find_spec("atheris") is None:
        return contextlib.nullcontext()
    import atheris

    return atheris.instrument_imports(include=_READERS)


def check_file(
    data: bytes, suffix: str, check: Callable[[pathlib.Path], object]
) -> None:
    """Writes bytes to a new file and checks what a reader makes of it.

    Args:
        data: Content of the file.
        suffix: End of its name.
        check: Takes the path; raises if the reader is wrong.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "input" + suffix)
        path.write_bytes(data)
        check(path)


def check_suffixed(
    data: bytes, suffixes: Sequence[str], check: Callable[[pathlib.Path], object]
) -> None:
    """Does what `check_file` does, with a suffix that the first byte chooses.

    Args:
        data: The number of a suffix in the first byte, then the content of the file.
        suffixes: The suffixes.
        check: As for `check_file`.
    """
    if data:
        check_file(data[1:], suffixes[data[0] % len(suffixes)], check)


def run(check: Callable[[bytes], object], corpus: str) -> None:
    """Runs a fuzzer; the command line has further options of libFuzzer.

    The process ends at the first input that the check refuses, and writes it into the
    working directory.

    Args:
        check: Takes one input; raises if a reader is wrong.
        corpus: Name of the folder with the first inputs.
    """
    import atheris

    options = ["-rss_limit_mb=4096", "-timeout=20", "-max_len=65536"]
    with tempfile.TemporaryDirectory() as new_inputs:
        folders = [new_inputs, str(CORPUS / corpus)]
        atheris.Setup([sys.argv[0], *options, *sys.argv[1:], *folders], check)
        atheris.Fuzz()
