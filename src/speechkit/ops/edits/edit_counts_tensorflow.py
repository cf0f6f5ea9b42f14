"""How edit counts run best on TensorFlow."""

import tensorflow as tf
from tensorflow.python.ops import control_flow_util


def diagonals_in_one_go() -> int:
    """Returns how many diagonals a turn of the loop computes, at most.

    In a graph each turn costs as much as several operations, so it does more at once.
    XLA, for which a turn is cheap, would compute cells again for each diagonal that
    reads them. TensorFlow itself asks like this, in `tf.recompute_grad`.
    """
    graph = tf.compat.v1.get_default_graph()
    in_xla = control_flow_util.GraphOrParentsInXlaContext(graph)
    return 1 if in_xla else 6
