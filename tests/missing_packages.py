"""Skips tests whose optional package is not installed, in place of failing.

Optional are the packages that the extras of `pyproject.toml` name. Where all of them
are installed, as after `pip install -e '.[test]'`, this skips nothing.
"""

import doctest
import functools
import importlib.util
import re
import tomllib
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1] / "pyproject.toml"


@functools.cache
def missing_packages() -> frozenset[str]:
    """Returns the modules of all optional packages that are not installed."""
    extras = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"][
        "optional-dependencies"
    ]
    requirements = [requirement for extra in extras.values() for requirement in extra]
    names = {re.split(r"[^\w-]", requirement)[0] for requirement in requirements}
    modules = {name.replace("-", "_") for name in names}
    return frozenset(x for x in modules if importlib.util.find_spec(x) is None)


def missing_package(error: BaseException | None) -> str | None:
    """Returns the optional package whose absence is the cause of an error."""
    while error is not None:
        if isinstance(error, doctest.UnexpectedException):
            error = error.exc_info[1]
        name = getattr(error, "name", None) or ""
        package = name.split(".")[0]
        if isinstance(error, ModuleNotFoundError) and package in missing_packages():
            return package
        error = error.__cause__ or error.__context__
    return None


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector):
    """Skips a module that cannot be imported without a missing package."""
    report = yield
    package = missing_package(report.call.excinfo and report.call.excinfo.value)
    if package is not None:
        report.outcome = "skipped"
        reason = f"Skipped: {package} is not installed"
        report.longrepr = (str(collector.path), 0, reason)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item):
    """Skips a test whose fixtures need a missing package."""
    return (yield from _skipping())


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    """Skips a test that needs a missing package."""
    return (yield from _skipping())


def _skipping():
    try:
        return (yield)
    except Exception as error:
        package = missing_package(error)
        if package is None:
            raise
        pytest.skip(f"{package} is not installed")
