"""Label sequences without some of their labels, in the graph."""

from keras import ops


def to_the_front(labels, keep):
    """Returns the labels to keep at the start of each row and −1 after them.

    Args:
        labels: `(batch, labels)` integers; those to keep are 0 or more.
        keep: `(batch, labels)` booleans.

    Returns:
        `(batch, labels)` int32.
    """
    width = ops.shape(labels)[1]
    kept = ops.cast(keep, "int32")
    # What is not kept goes to one more column, and that is cut off.
    column = ops.where(keep, ops.cumsum(kept, axis=1) - 1, width)
    row = ops.cumsum(ops.ones_like(labels), axis=0) - 1
    indices = ops.reshape(ops.stack([row, column], axis=2), (-1, 2))
    # Scattering adds, so the empty places are the zeros and labels count from 1.
    values = ops.reshape(kept * (labels + 1), (-1,))
    shape = (ops.shape(labels)[0], width + 1)
    return ops.scatter(indices, values, shape)[:, :width] - 1
