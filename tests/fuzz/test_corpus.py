"""Tests that the readers take every input that the fuzzers began with, or found."""

import pytest

from fuzz import arpa, audio, manifests, running, transcripts

CHECKS = {
    "arpa": arpa.check,
    "audio": audio.check,
    "manifests": manifests.check,
    "transcripts": transcripts.check,
}
INPUTS = sorted(path for path in running.CORPUS.glob("*/*") if path.is_file())


@pytest.mark.parametrize("name", CHECKS)
def test_every_fuzzer_has_inputs(name):
    assert any(path.parent.name == name for path in INPUTS)


@pytest.mark.parametrize("path", INPUTS, ids=lambda path: "/".join(path.parts[-2:]))
def test_a_reader_takes_or_refuses(path):
    CHECKS[path.parent.name](path.read_bytes())
