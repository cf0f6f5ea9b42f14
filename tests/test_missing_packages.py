"""Tests that a missing package skips its tests, and only a missing package does."""

import collections
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

ROOT = Path(__file__).parents[1]
# A package that is not installed, as the tests see it.
WITHOUT_LIBROSA = """
import importlib.abc, importlib.util, sys

class Missing(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name == "librosa":
            raise ModuleNotFoundError("No module named 'librosa'", name="librosa")

find_spec = importlib.util.find_spec
importlib.util.find_spec = lambda name: None if name == "librosa" else find_spec(name)
sys.meta_path.insert(0, Missing())
"""
OF_ITS_OWN = """
def test():
    try:
        import librosa
    except ImportError as error:
        raise ImportError("Install librosa") from error
"""
IN_A_FIXTURE = """
import pytest

@pytest.fixture
def sound():
    import librosa

def test(sound):
    pass
"""
MODULES = {
    "module": ("import librosa", "skipped"),
    "body": ("def test(): import librosa", "skipped"),
    "own_error": (OF_ITS_OWN, "skipped"),
    "fixture": (IN_A_FIXTURE, "skipped"),
    "docstring": ("'>>> import librosa'", "skipped"),
    "misspelt_module": ("import librosas", "error"),
    "misspelt_body": ("def test(): import librosas", "failure"),
    "other_failure": ("def test(): assert False", "failure"),
}


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory):
    """The outcomes of all modules by name, from one run without librosa."""
    folder = tmp_path_factory.mktemp("tests")
    (folder / "without_librosa.py").write_text(WITHOUT_LIBROSA)
    for name, (source, _) in MODULES.items():
        (folder / f"test_{name}.py").write_text(source)
    plugins = ["-p", "without_librosa", "-p", "missing_packages"]
    options = ["-p", "no:cacheprovider", "--doctest-modules", "--junitxml=report.xml"]
    options.append("--continue-on-collection-errors")
    subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *plugins, *options, str(folder)],
        cwd=folder,
        env={"PYTHONPATH": f"{folder}:{ROOT / 'tests'}"},
        capture_output=True,
        check=False,
    )
    found = collections.defaultdict(set)
    for case in ElementTree.parse(folder / "report.xml").iter("testcase"):
        module = f"{case.get('classname')}.{case.get('name')}".strip(".").split(".")[0]
        found[module].update(child.tag for child in case)
    return found


@pytest.mark.parametrize("name", MODULES)
def test_only_a_missing_package_skips(outcomes, name):
    assert outcomes[f"test_{name}"] == {MODULES[name][1]}
