"""Checks of the batches that metrics are given, while tracing too."""


def check_shapes(labels, sample_weight=None) -> None:
    """Raises `ValueError` unless the shapes of labels and weights fit together.

    Args:
        labels: A tensor of the references, and one of the hypotheses.
        sample_weight: A tensor of weights, or `None`.
    """
    shapes = [tuple(side.shape) for side in labels]
    sizes = {shape[0] for shape in shapes if shape} - {None}
    if any(len(shape) != 2 for shape in shapes) or len(sizes) > 1:
        raise ValueError(
            "`y_true` and `y_pred` must hold labels with the axes (batch, labels), of "
            f"the same clips. Received shapes of labels: y_true={shapes[0]}, "
            f"y_pred={shapes[1]}"
        )
    if sample_weight is not None:
        _check_weights(tuple(sample_weight.shape), sizes)


def _check_weights(shape, sizes):
    is_list = len(shape) == 1 or (len(shape) == 2 and shape[1] == 1)
    # One number counts for all clips.
    if shape and (not is_list or len(sizes | {shape[0]} - {None}) > 1):
        clips = f" for each of {min(sizes)} clips" if sizes else " for each clip"
        raise ValueError(
            f"`sample_weight` must have the axis (batch,), one weight{clips}. "
            f"Received shape: {shape}"
        )
