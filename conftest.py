"""What the tests and the examples in docstrings share."""

pytest_plugins = ["missing_packages"]
