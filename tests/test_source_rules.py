"""Tests of the rules that `.ci/check_source.py` checks in the lint environment."""

import importlib.util
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[1] / ".ci" / "check_source.py"


@pytest.fixture(scope="module")
def rules():
    spec = importlib.util.spec_from_file_location("check_source", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    "line",
    [
        "mask = x._keras_mask",
        "x._keras_mask = mask",
        'mask = getattr(x, "_keras_mask", None)',
    ],
)
def test_a_mask_is_read_and_set_in_one_module_only(rules, line):
    (fault,) = rules.check("src/speechkit/losses/ctc_loss.py", f"x = 1\n{line}\n")

    assert fault.startswith("src/speechkit/losses/ctc_loss.py:2: ")
    assert rules.check("src/speechkit/ops/time/masks.py", line) == []
