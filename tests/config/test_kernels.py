"""Tests of the setting; `tests/ops/runtime/test_choosing.py` has what it does."""

import contextlib
import re

import pytest

from speechkit import config


@pytest.fixture(autouse=True)
def _as_before(monkeypatch):
    monkeypatch.delenv("SPEECHKIT_KERNELS", raising=False)
    with config.kernel_scope("auto"):
        # As in a new process, where nothing has been set.
        monkeypatch.setitem(config.kernels.__globals__, "_chosen", None)
        yield


def test_the_setting_is_auto_until_the_environment_or_a_call_says_otherwise(
    monkeypatch,
):
    assert config.kernels() == "auto"

    monkeypatch.setenv("SPEECHKIT_KERNELS", "graph")
    assert config.kernels() == "graph"

    config.set_kernels("compiled")
    assert config.kernels() == "compiled"


def test_a_scope_ends_with_its_block_even_by_an_error():
    with contextlib.suppress(KeyError), config.kernel_scope("graph"):
        assert config.kernels() == "graph"
        raise KeyError

    assert config.kernels() == "auto"


def test_rejects_another_value():
    message = (
        "`kernels` must be one of 'auto', 'graph', 'compiled'. "
        "Received: kernels='numba'"
    )
    with pytest.raises(ValueError, match=re.escape(message)):
        config.set_kernels("numba")


def test_rejects_a_typo_in_the_environment(monkeypatch):
    monkeypatch.setenv("SPEECHKIT_KERNELS", "grpah")

    with pytest.raises(ValueError, match="SPEECHKIT_KERNELS='grpah'"):
        config.kernels()
