"""Fuzzes the reader of n-gram models: `python -m fuzz.arpa -max_total_time=600`."""

from fuzz import running

with running.instrumented():
    from speechkit.decoders import NGramLanguageModel

_GZIP = b"\x1f\x8b"


def check(data: bytes) -> None:
    """Raises unless a file is refused by `ValueError` or written as it was read.

    Args:
        data: Content of the file, compressed or not.
    """
    suffix = ".arpa.gz" if data.startswith(_GZIP) else ".arpa"
    running.check_file(data, suffix, _check_path)


def _check_path(path):
    try:
        model = NGramLanguageModel.read(path)
    except ValueError as error:
        assert str(path) in str(error)
        return
    first, second = path.with_name("first.arpa"), path.with_name("second.arpa")
    model.write(first)
    NGramLanguageModel.read(first).write(second)
    assert first.read_bytes() == second.read_bytes()


if __name__ == "__main__":
    running.run(check, "arpa")
