"""Fuzzes the reader of manifests: `python -m fuzz.manifests -max_total_time=600`."""

from fuzz import running

with running.instrumented():
    from speechkit import datasets

SUFFIXES = (".csv", ".tsv", ".jsonl", ".json")


def check(data: bytes) -> None:
    """Raises unless a manifest is refused by `ValueError` or written as it was read.

    Args:
        data: The number of a suffix in the first byte, then the content of the file.
    """
    running.check_suffixed(data, SUFFIXES, _check_path)


def _check_path(path):
    try:
        recordings = datasets.read_manifest(path)
    except ValueError:
        return
    copy = path.with_name("copy.jsonl")
    datasets.write_manifest(recordings, copy)
    assert datasets.read_manifest(copy) == recordings


if __name__ == "__main__":
    running.run(check, "manifests")
