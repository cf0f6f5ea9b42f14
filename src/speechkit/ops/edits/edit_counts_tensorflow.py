"""How edit counts run best on TensorFlow."""

from speechkit.ops.runtime import choosing_tensorflow


def diagonals_in_one_go() -> int:
    """Returns how many diagonals a turn of the loop computes, at most.

    In a graph each turn costs as much as several operations, so it does more at once.
    XLA, for which a turn is cheap, would compute cells again for each diagonal that
    reads them.
    """
    return 1 if choosing_tensorflow.is_for_xla() else 6
