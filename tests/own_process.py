"""Runs the tests of a module marked `own_process` in a process of their own.

What XLA and the converter of TensorFlow Lite make stays in memory until their process
ends, so the modules that need most of it end theirs. They come first, being long.
Chosen alone, as in `pytest tests/contract/test_layers.py`, a module stays where it is,
as all do where processes cannot be forked.

The process is forked from one that has loaded TensorFlow and run nothing of it, before
any test: loading takes 5 s, and a fork of a process that has run TensorFlow hangs.
"""

import contextlib
import gc
import json
import os
import pickle
import socket
import sys
import tempfile
import warnings
from pathlib import Path

import pytest

# Names a folder: it tells a process which tests to run, and takes their reports.
FOLDER = "SPEECHKIT_TESTS_IN_OWN_PROCESS"
_MARK = "own_process"
_MODULES = pytest.StashKey[dict]()
_FORKS = pytest.StashKey[object]()


def pytest_configure(config):
    """Declares the mark, and writes reports where another process reads them."""
    config.addinivalue_line(
        "markers", f"{_MARK}: the tests of the module run in a process that they end"
    )
    if FOLDER in os.environ:
        config.pluginmanager.register(_Writer(config, Path(os.environ[FOLDER])))
    elif sys.platform == "linux" and _runs_tests(config):
        config.stash[_FORKS] = _Forks(config)


def _runs_tests(config):
    """Returns whether this process runs tests itself, having no workers."""
    return hasattr(config, "workerinput") or not config.getoption("numprocesses", None)


class _Forks:
    """A process that waits, and forks one for each module that it is told."""

    def __init__(self, config):
        ours, theirs = socket.socketpair()
        with warnings.catch_warnings():
            # The other threads wait for work, and the process has none for them.
            warnings.simplefilter("ignore", DeprecationWarning)
            if os.fork() == 0:
                ours.close()
                _serve(theirs)
        theirs.close()
        config.add_cleanup(ours.close)
        self._lines = ours.makefile("rw", encoding="utf-8")

    def run(self, folder, arguments):
        """Runs pytest and returns what it printed."""
        print(json.dumps([str(folder), arguments]), file=self._lines, flush=True)
        self._lines.readline()
        return (folder / "printed").read_text("utf-8", errors="replace")


def _serve(requests):
    """Forks until nobody can ask any more; never returns."""
    try:
        gc.freeze()
        with requests.makefile("rw", encoding="utf-8") as lines:
            for line in lines:
                process = os.fork()
                if process == 0:
                    _run(*json.loads(line))
                os.waitpid(process, 0)
                print("ended", file=lines, flush=True)
    finally:
        os._exit(0)


def _run(folder, arguments):
    """Runs pytest in this process and ends it."""
    try:
        os.environ[FOLDER] = folder
        with Path(folder, "printed").open("wb") as file:
            os.dup2(file.fileno(), 1)
            os.dup2(file.fileno(), 2)
        sys.stdout = sys.stderr = os.fdopen(1, "w", encoding="utf-8", closefd=False)
        pytest.main(arguments)
        sys.stdout.flush()
    finally:
        os._exit(0)


class _Writer:
    """Runs the tests that another process asks for and writes down their reports."""

    def __init__(self, config, folder):
        self._config = config
        self._wanted = set(json.loads((folder / "tests").read_text("utf-8")))
        self._path = folder / "reports"

    def pytest_collection_modifyitems(self, items):
        items[:] = [item for item in items if item.nodeid in self._wanted]

    def pytest_runtest_logreport(self, report):
        to_data = self._config.hook.pytest_report_to_serializable
        data = to_data(config=self._config, report=report)
        with self._path.open("ab") as file:
            pickle.dump(data, file)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Puts the modules with the mark first."""
    items.sort(key=lambda item: item.get_closest_marker(_MARK) is None)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item, nextitem):
    """Tells what became of a marked test in the process of its module."""
    if not _runs_elsewhere(item):
        return None
    modules = item.session.stash.setdefault(_MODULES, {})
    if item.path not in modules:
        modules[item.path] = _run_module(item)
    reports, printed = modules[item.path]
    item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    found = reports.get(item.nodeid, [])
    if not found or found[-1].when != "teardown":
        found += _lost(item, printed)
    for report in found:
        item.ihook.pytest_runtest_logreport(report=report)
    item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    # As behind any test; pytest has no public way for one that it did not set up.
    item.session._setupstate.teardown_exact(nextitem)
    return True


def _runs_elsewhere(item):
    config = item.config
    if item.get_closest_marker(_MARK) is None or config.option.usepdb:
        return False
    if _FORKS not in config.stash:
        return False
    return any(other.path != item.path for other in item.session.items)


def _run_module(item):
    """Returns the reports of a module by test, and what its process printed."""
    config = item.config
    reports = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        tests = [x.nodeid for x in item.session.items if x.path == item.path]
        (folder / "tests").write_text(json.dumps(tests), encoding="utf-8")
        (folder / "reports").touch()
        arguments = [str(item.path), "-q", "-p", "no:cacheprovider"]
        arguments += ["--basetemp", str(folder / "files")]
        arguments += ["--rootdir", str(config.rootpath)]
        arguments += ["-c", str(config.inipath or os.devnull)]
        printed = config.stash[_FORKS].run(folder, arguments)
        from_data = config.hook.pytest_report_from_serializable
        for data in _unpickled(folder / "reports"):
            report = from_data(config=config, data=data)
            reports.setdefault(report.nodeid, []).append(report)
    return reports, printed


def _unpickled(path):
    with path.open("rb") as file, contextlib.suppress(EOFError):
        while True:
            yield pickle.load(file)


def _lost(item, printed):
    """Returns the reports of a test before whose end its process ended."""
    text = f"The process of the module ended before this test:\n{printed[-3000:]}"
    of_test = (item.nodeid, item.location, {})
    return [
        pytest.TestReport(*of_test, "failed", text, "call"),
        pytest.TestReport(*of_test, "passed", None, "teardown"),
    ]
