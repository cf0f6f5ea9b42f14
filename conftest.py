"""What the tests and the examples in docstrings share."""

import gc

import pytest

pytest_plugins = ["missing_packages", "own_process"]


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config):
    """Gives the tests of a module to one process, so that its fixtures run once."""
    if getattr(config.option, "numprocesses", None) and config.option.dist == "no":
        config.option.dist = "loadscope"
        # In the order of the collection: `own_process` puts long modules first.
        config.option.loadscopereorder = False


@pytest.hookimpl(wrapper=True)
def pytest_collection():
    """Searches for no garbage among what is collected, now or later: it stays."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()
