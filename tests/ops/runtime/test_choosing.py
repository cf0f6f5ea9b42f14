"""Tests of the choice of a kernel, and of its failures in processes of their own."""

import json
import logging
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

from speechkit import config
from speechkit.ops.runtime import cache, choosing

SCRIPT = Path(__file__).with_name("trained_without_compiled_code.py")


def kernels_of(compiled, name="doubling"):
    """Returns kernels that double numbers, with another compiled one."""

    def double(values):
        return 2 * values

    def problem(dtype):
        return (np.ones(3, dtype),), ()

    return choosing.Kernels(name, lambda x: 2 * x, compiled, double, problem)


def broken(values):
    raise AttributeError("module 'numba' has no attribute 'jit'")


@pytest.fixture
def works():
    return kernels_of(lambda values: values + values)


@pytest.fixture
def fails():
    return kernels_of(broken)


@pytest.fixture(autouse=True)
def _auto():
    choosing._warn_once.cache_clear()
    with config.kernel_scope("auto"):
        yield


@pytest.mark.parametrize(
    ("setting", "name"),
    [("auto", "compiled"), ("graph", "graph"), ("compiled", "compiled")],
)
def test_the_setting_decides_between_kernels_that_work(works, setting, name):
    with config.kernel_scope(setting):
        assert choosing.choose(works, "float32") is getattr(works, name)


def test_a_graph_keeps_the_kernel_with_which_it_was_traced(works):
    taken = []

    @tf.function
    def trace(values):
        taken.append(choosing.choose(works, "float32"))
        return values

    with config.kernel_scope("graph"):
        trace(tf.zeros(2))
    trace(tf.zeros(2))
    trace(tf.zeros(3))

    assert taken == [works.graph, works.compiled]


def test_no_trial_is_made_where_the_graph_is_chosen_or_needed(fails, monkeypatch):
    with config.kernel_scope("graph"):
        assert choosing.choose(fails, "float32") is fails.graph
    with choosing.traced_as("unrolled"):
        assert choosing.choose(fails, "float32") is fails.graph
    assert choosing.choose(fails, "float16") is fails.graph
    monkeypatch.setitem(sys.modules, "numba", None)
    assert choosing.choose(fails, "float32") is fails.graph


class Hidden:
    """Finds all modules but Numba, as an import hook of a user may do."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        if name == "numba":
            raise ModuleNotFoundError("No module named 'numba'")


def test_numba_hidden_by_an_import_hook_is_not_installed(works, monkeypatch):
    monkeypatch.delitem(sys.modules, "numba", raising=False)
    monkeypatch.setattr(sys, "meta_path", [Hidden, *sys.meta_path])

    assert choosing.choose(works, "float32") is works.graph
    with (
        config.kernel_scope("compiled"),
        pytest.raises(RuntimeError, match="pip install 'numba>=0"),
    ):
        choosing.choose(works, "float32")


def test_autograph_does_not_warn_of_the_look_for_numba(works, monkeypatch, caplog):
    monkeypatch.delitem(sys.modules, "numba", raising=False)
    logger = logging.getLogger("tensorflow")
    monkeypatch.setattr(logger, "handlers", [caplog.handler])

    @tf.function
    def trace(values):
        return choosing.choose(works, "float32")(values)

    trace(tf.zeros(2))

    assert caplog.messages == []


def test_a_trial_that_fails_warns_once_and_says_why(fails):
    with pytest.warns(RuntimeWarning, match="has no attribute 'jit'") as warned:
        assert choosing.choose(fails, "float32") is fails.graph
    assert choosing.choose(fails, "float32") is fails.graph

    assert len(warned) == 1


@pytest.mark.parametrize(
    "compiled",
    [
        pytest.param(lambda x: 3 * x, id="value"),
        pytest.param(lambda x: tf.stop_gradient(x) + x, id="gradient"),
        pytest.param(lambda x: 2 * x / tf.zeros_like(x) * 0, id="nan"),
    ],
)
def test_a_wrong_result_of_the_trial_is_a_failure(compiled):
    kernels = kernels_of(compiled)

    with pytest.warns(RuntimeWarning, match="doubling come out wrong"):
        assert choosing.choose(kernels, "float64") is kernels.graph


def test_compiled_code_that_cannot_be_kept_is_a_failure(works, monkeypatch, tmp_path):
    (tmp_path / "file").touch()
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    monkeypatch.setattr(cache, "_BESIDE_SOURCE", tmp_path / "file" / "__pycache__")
    monkeypatch.setenv("XDG_CACHE_HOME", "")
    monkeypatch.setenv("HOME", str(tmp_path / "file" / "home"))
    monkeypatch.setattr(cache, "folder", cache.folder.__wrapped__)

    with pytest.warns(RuntimeWarning, match="no folder to keep compiled code"):
        assert choosing.choose(works, "float32") is works.graph
    with config.kernel_scope("compiled"):
        assert choosing.choose(works, "float32") is works.compiled


def test_compiled_says_why_it_cannot_be(works, fails, monkeypatch):
    def message(kernels, dtype="float32"):
        with (
            config.kernel_scope("compiled"),
            pytest.raises(RuntimeError, match="kernel of doubling cannot be") as info,
        ):
            choosing.choose(kernels, dtype)
        return str(info.value)

    def in_xla(values):
        messages.append(message(works))
        return values

    messages: list[str] = []
    tf.function(in_xla, jit_compile=True)(tf.zeros(2))
    assert "jit_compile=False" in messages[0]
    assert "has no attribute 'jit'" in message(fails)
    assert "not in bfloat16" in message(works, "bfloat16")
    with monkeypatch.context() as patch:
        patch.setattr(tf.config, "get_visible_devices", lambda kind: [kind])
        assert "GPU" in message(works)
    monkeypatch.setitem(sys.modules, "numba", None)
    assert "pip install 'numba>=0.61'" in message(works)


def test_other_backends_have_graphs_only(works, monkeypatch):
    monkeypatch.setattr("keras.backend.backend", lambda: "jax")

    assert choosing.choose(works, "float32") is works.graph
    with config.kernel_scope("compiled"), pytest.raises(RuntimeError, match="backend"):
        choosing.choose(works, "float32")


# Statements that break Numba, variables that do, and what is warned of.
FAILURES = {
    "numba-may-not-compile": ("", {"NUMBA_DISABLE_JIT": "1"}, "NUMBA_DISABLE_JIT"),
    "numba-cannot-be-imported": (
        "import sys; sys.path.insert(0, {broken!r})",
        {},
        "ImportError: Numba needs NumPy 1 or less",
    ),
    "numba-lacks-an-internal": (
        "import numba.extending as e; del e.overload",
        {},
        "cannot import name 'overload'",
    ),
    "code-cannot-be-kept": ("", {"NUMBA_CACHE_DIR": "/dev/null/x"}, "no folder"),
}


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    """What was trained after each failure."""
    folder = tmp_path_factory.mktemp("broken")
    broken = "raise ImportError('Numba needs NumPy 1 or less')"
    (folder / "numba.py").write_text(broken, encoding="utf-8")
    ways = [
        (statement.format(broken=str(folder)), variables)
        for statement, variables, _ in FAILURES.values()
    ]
    result = subprocess.run(
        [sys.executable, SCRIPT, json.dumps(ways)],
        env={**os.environ, "PYTHONPATH": str(cache._PACKAGE.parent)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    lines = map(json.loads, result.stdout.splitlines())
    return dict(zip(FAILURES, lines, strict=True))


@pytest.mark.parametrize("failure", FAILURES)
def test_training_goes_on_where_compiled_code_fails(failure, answers):
    *_, reason = FAILURES[failure]
    answer = answers[failure]

    (warning,) = answer["warnings"]
    assert re.search(re.escape(reason), warning)
    assert answer["auto"] == answer["graph"]
    assert np.isfinite(np.concatenate(answer["graph"])).all()
