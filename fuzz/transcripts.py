"""Fuzzes trn, ctm and stm: `python -m fuzz.transcripts -max_total_time=600`."""

from fuzz import running

with running.instrumented():
    from speechkit import text

FORMATS = (
    (".trn", text.read_trn, text.write_trn),
    (".ctm", text.read_ctm, text.write_ctm),
    (".stm", text.read_stm, text.write_stm),
)


def check(data: bytes) -> None:
    """Raises unless a file is refused by `ValueError` or written as it was read.

    Args:
        data: The number of a format in the first byte, then the content of the file.
    """
    if not data:
        return
    suffix, read, write = FORMATS[data[0] % len(FORMATS)]
    running.check_file(data[1:], suffix, lambda path: _check_path(path, read, write))


def _check_path(path, read, write):
    try:
        content = read(path)
    except ValueError as error:
        assert str(path) in str(error)
        return
    first, second = (path.with_name(name + path.suffix) for name in ("1", "2"))
    write(content, first)
    again = read(first)
    write(again, second)
    assert len(again) == len(content)
    assert first.read_bytes() == second.read_bytes()


if __name__ == "__main__":
    running.run(check, "transcripts")
