"""Tests of modules that run in processes of their own."""

import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

MARKED = """
import os
import pytest

pytestmark = pytest.mark.own_process

@pytest.mark.parametrize("name", ["first", "é, second"])
def test_passes(name, tmp_path):
    with open("processes", "a") as file:
        print(os.getpid(), file=file)

def test_fails():
    print("what was printed")
    assert 1 == 2

def test_is_skipped():
    pytest.skip("not here")

def test_is_not_chosen():
    os._exit(4)

def test_dies():
    os._exit(3)

def test_is_lost():
    pass
"""
UNMARKED = """
import os

def test_passes():
    with open("processes", "a") as file:
        print(os.getpid(), file=file)
"""


def run_of(folder, *options):
    """Returns the outcome of each test by its name, and the processes that passed."""
    command = [sys.executable, "-m", "pytest", "-q", "--junitxml=report.xml"]
    command += ["-p", "no:cacheprovider", "-k", "not is_not_chosen", *options]
    subprocess.run(
        command,
        cwd=folder,
        env={"PYTHONPATH": str(Path(__file__).parent)},
        capture_output=True,
        check=False,
    )
    cases = {
        f"{case.get('classname')}.{case.get('name')}": case
        for case in ElementTree.parse(folder / "report.xml").iter("testcase")
    }
    processes = (folder / "processes").read_text("utf-8").split()
    (folder / "processes").unlink()
    return cases, processes


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tests")
    (folder / "conftest.py").write_text("pytest_plugins = ['own_process']")
    # By its name alone it would be the second.
    (folder / "test_b.py").write_text(MARKED, encoding="utf-8")
    (folder / "test_a.py").write_text(UNMARKED, encoding="utf-8")
    return folder


@pytest.fixture(scope="module", params=[(), ("-n", "1")], ids=["one", "worker"])
def run(folder, request):
    """The outcomes by test, and the processes of those that passed."""
    return run_of(folder, *request.param)


def test_outcomes_are_those_of_the_other_process(run):
    cases, _ = run
    outcomes = {name: [child.tag for child in case] for name, case in cases.items()}

    assert list(outcomes.items()) == [
        ("test_b.test_passes[first]", []),
        ("test_b.test_passes[\\xe9, second]", []),
        ("test_b.test_fails", ["failure"]),
        ("test_b.test_is_skipped", ["skipped"]),
        ("test_b.test_dies", ["failure"]),
        ("test_b.test_is_lost", ["failure"]),
        ("test_a.test_passes", []),
    ]


def test_failures_say_why(run):
    failures = {name: "".join(case.itertext()) for name, case in run[0].items()}

    assert "assert 1 == 2" in failures["test_b.test_fails"]
    for name in ("test_b.test_dies", "test_b.test_is_lost"):
        assert "process of the module ended before this test" in failures[name]


def test_a_module_has_one_process_of_its_own(run):
    first, second, other = run[1]

    assert first == second != other


def test_a_module_alone_stays_where_it_is(folder):
    name = "test_b.py::test_passes"

    cases, processes = run_of(folder, name)

    assert len(cases) == 2
    assert len(set(processes)) == 1
