"""Tests of what a certificate says that runtimes need, and what TFLite Micro lacks."""

import types

import pytest

from speechkit.export.files import _flatbuffer
from speechkit.export.measuring import _runtimes


@pytest.mark.parametrize(
    ("operators", "kind", "num_samples", "need"),
    [
        ({"WHILE"}, "clip", None, "resize the input to another length"),
        ({"IF"}, "clip", None, "without the XNNPACK delegate"),
        ({"WHILE"}, "clip", 16000, None),
        ({"CONV_2D"}, "clip", None, None),
        ({"WHILE"}, "stream", None, "loops whose states go in and out are wrong in"),
        ({"CONV_2D"}, "stream", None, None),
        ({"UNIDIRECTIONAL_SEQUENCE_LSTM"}, "clip", 16000, "no variable tensors"),
    ],
)
def test_runtimes_are_told_what_goes_wrong(
    monkeypatch, operators, kind, num_samples, need
):
    monkeypatch.setattr(_flatbuffer, "operators", lambda content: operators)

    needs = _runtimes.needs(b"", kind, num_samples)

    assert len(needs) == (need is not None)
    assert need is None or need in needs[0]


@pytest.mark.parametrize(
    ("operators", "kind", "shapes", "obstacles"),
    [
        ({"CONV_2D"}, "clip", [None, [1, 400]], []),
        ({"CONV_2D"}, "clip", [None, [1, -1]], ["takes only tensors of known shapes"]),
        ({"CONV_2D"}, "stream", [None], ["runs only the first of the functions"]),
        ({"RFFT2D", "ABS"}, "clip", [], ["lacks RFFT2D"]),
        ({"RFFT2D"}, "stream", [[-1]], ["runs only", "takes only", "lacks RFFT2D"]),
    ],
)
def test_reasons_why_tflite_micro_cannot_run_a_file(
    monkeypatch, operators, kind, shapes, obstacles
):
    tensors = [types.SimpleNamespace(shapeSignature=shape) for shape in shapes]
    model = types.SimpleNamespace(subgraphs=[types.SimpleNamespace(tensors=tensors)])
    monkeypatch.setattr(_flatbuffer, "operators", lambda content: operators)
    monkeypatch.setattr(_flatbuffer, "unpack", lambda content: model)

    found = _runtimes.micro_obstacles(b"", kind)

    assert len(found) == len(obstacles)
    for reason, begin in zip(found, obstacles, strict=True):
        assert reason.startswith(begin)
