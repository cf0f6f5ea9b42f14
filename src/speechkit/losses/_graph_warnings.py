"""Warnings from within graphs, where the back end cannot give any."""


def can_warn():
    """Returns whether the graph that is traced now can warn: none can."""
    return False


def warn_where(condition, function, tensors):
    """Does nothing; arguments as in `_graph_warnings_tensorflow`."""
