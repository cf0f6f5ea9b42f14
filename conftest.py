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


@pytest.hookimpl(trylast=True)
def pytest_collection_finish():
    """Keeps the search for garbage, a sixth of the time, from what stays anyway."""
    gc.collect()
    gc.freeze()
