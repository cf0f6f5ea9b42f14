"""Tests of the order in which an exported file and its certificate appear."""

import json

import pytest

from speechkit.export.files import _flatbuffer, _writing


@pytest.fixture
def write(tmp_path, monkeypatch):
    """Writes a file of some bytes, of which the certificate tells the number."""
    for name in ("add_metadata", "seal"):
        monkeypatch.setattr(_flatbuffer, name, lambda content, metadata: content)

    def write(content):
        return _writing.write(
            tmp_path / "model.tflite",
            content,
            {},
            lambda path: path.read_bytes(),
            lambda content: {"size": len(content)},
        )

    return write


def test_a_certificate_lies_beside_the_file(write):
    path = write(b"one")

    assert json.loads(path.with_suffix(".json").read_text()) == {"size": 3}


def test_a_file_is_never_beside_the_certificate_of_an_older_one(write, monkeypatch):
    path = write(b"one")
    monkeypatch.setattr(_writing.json, "dumps", interrupt)

    with pytest.raises(KeyboardInterrupt):
        write(b"another")

    assert [file.name for file in path.parent.iterdir()] == ["model.tflite"]
    assert path.read_bytes() == b"another"


def test_a_file_that_is_not_certified_leaves_both_old_ones(write, monkeypatch):
    path = write(b"one")
    monkeypatch.setattr(_flatbuffer, "add_metadata", interrupt)

    with pytest.raises(KeyboardInterrupt):
        write(b"another")

    assert path.read_bytes() == b"one"
    assert json.loads(path.with_suffix(".json").read_text()) == {"size": 3}


def interrupt(*values, **options):
    raise KeyboardInterrupt
