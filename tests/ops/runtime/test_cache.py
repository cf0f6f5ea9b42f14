"""Tests of what compiled code is kept by; its absence is in `test_choosing.py`."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from speechkit.ops.runtime import cache

PACKAGE = Path(cache.__file__).parents[2]

OUTER = """
from speechkit.ops.runtime.compiling import compiled
from speechkit.ops.runtime.logarithms_numba import log_add

@compiled
def outer(a, b):
    return log_add(a, b)
"""

# A package without its `__init__`, which would import TensorFlow.
RUN = """
import pathlib, sys, types
package = types.ModuleType("speechkit")
package.__path__ = [sys.argv[1]]
sys.modules["speechkit"] = package
from speechkit.ops.runtime.outer_numba import outer
print(outer(-1000.0, 5.0), sum(outer.stats.cache_hits.values()))
"""


@pytest.fixture
def copy(tmp_path):
    """Returns a copy of the source of what is compiled."""
    ignore = shutil.ignore_patterns("__pycache__")
    for folder in cache._SOURCES:
        shutil.copytree(PACKAGE / folder, tmp_path / folder, ignore=ignore)
    shutil.copy(PACKAGE / "ops" / "__init__.py", tmp_path / "ops")
    return tmp_path


def test_a_change_in_an_imported_file_is_compiled_without_deleting_anything(copy):
    inner = copy / "ops" / "runtime" / "logarithms_numba.py"
    (inner.parent / "outer_numba.py").write_text(OUTER, encoding="utf-8")

    def run(**variables):
        command = [sys.executable, "-c", RUN, str(copy)]
        env = {**os.environ, **variables}
        return subprocess.check_output(command, env=env, text=True).split()

    # Where it cannot be kept it is compiled all the same, for the beam search.
    assert run(NUMBA_CACHE_DIR="/dev/null/none") == ["5.0", "0"]
    assert run() == ["5.0", "0"]
    assert run() == ["5.0", "1"]
    changed = inner.read_text(encoding="utf-8").replace("return a\n", "return a + 1\n")
    inner.write_text(changed, encoding="utf-8")
    assert run() == ["6.0", "0"]
    kept = [path.name for path in (inner.parent / "__pycache__").glob("speechkit-*")]
    assert kept == [f"speechkit-{cache.digest(copy)}"]


def test_the_name_changes_with_all_that_is_compiled_and_not_with_graphs(copy):
    names = {cache.digest(copy)}
    for path in sorted(copy.glob("*/*/**/*.py")):
        if not path.name.endswith("_tensorflow.py"):
            path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
            name = cache.digest(copy)
            assert name not in names
            names.add(name)
    for path in copy.rglob("*_tensorflow.py"):
        path.unlink()
    assert cache.digest(copy) == name


def test_all_that_compiled_modules_import_counts():
    places = tuple(folder.replace("/", ".") for folder in cache._SOURCES)
    imported = re.compile(r"^from speechkit\.([\w.]+) import", re.MULTILINE)
    for path in PACKAGE.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        if "runtime.compiling import" in text:
            module = path.relative_to(PACKAGE).as_posix().replace("/", ".")
            assert module.startswith(places)
            assert [n for n in imported.findall(text) if not n.startswith(places)] == []
