"""Warnings from within graphs, where the back end cannot give any."""


def warn_where(condition, function, tensors):
    """Does nothing; arguments as in `_graph_warnings_tensorflow`."""
