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


def check_scores(y_true, scores, sample_weight=None) -> None:
    """Raises `ValueError` unless each score has a label, and each clip a weight.

    Args:
        y_true: A tensor; it may have a last axis of size 1 more, or less.
        scores: A tensor `(batch,)` or `(batch, ...)`.
        sample_weight: A tensor with the first axes of `scores`, or of no axes; or
            `None`.
    """
    labelled, scored = tuple(y_true.shape), tuple(scores.shape)
    longer = max(labelled, scored, key=len)[min(len(labelled), len(scored)) :]
    if not _fit(labelled, scored) or not _fit(longer, [1] * len(longer)):
        raise ValueError(
            "`y_true` must have one label for each score of `y_pred`. Received shapes: "
            f"y_true={labelled}, scores={scored}"
        )
    weights = () if sample_weight is None else tuple(sample_weight.shape)
    wanted = [*scored, *[1] * len(weights)]
    ones = [
        axis if place == 0 or axis != 1 else None for place, axis in enumerate(weights)
    ]
    if not _fit(ones, wanted):
        raise ValueError(
            "`sample_weight` must have one weight for each clip, or for each score. "
            f"Received shapes: sample_weight={weights}, scores={scored}"
        )


def _fit(shape, other):
    """Returns whether the axes that two shapes share may be of the same size."""
    pairs = zip(shape, other, strict=False)
    return all(one in (two, None) or two is None for one, two in pairs)


def _check_weights(shape, sizes):
    is_list = len(shape) == 1 or (len(shape) == 2 and shape[1] == 1)
    # One number counts for all clips.
    if shape and (not is_list or len(sizes | {shape[0]} - {None}) > 1):
        clips = f" for each of {min(sizes)} clips" if sizes else " for each clip"
        raise ValueError(
            f"`sample_weight` must have the axis (batch,), one weight{clips}. "
            f"Received shape: {shape}"
        )
