"""The sizes of convolutions over time and frequency, checked, counted and padded."""

from keras import ops

from speechkit import _checks


def check_sizes(name, sizes):
    """Returns `sizes` as a tuple; raises unless it is a list of integers from 1 up."""
    sizes = _checks.check_items(name, sizes, "integers")
    if not sizes:
        raise ValueError(f"`{name}` must have at least one integer. Received: ()")
    return tuple(_checks.check_int(name, size) for size in sizes)


def check_pair(name, pair):
    """Returns `pair` as a tuple; raises unless it is two integers of 1 or more."""
    if not isinstance(pair, tuple | list) or len(pair) != 2:
        raise ValueError(
            f"`{name}` must be a pair (frames, features). Received: {name}={pair!r}"
        )
    return tuple(_checks.check_int(name, number) for number in pair)


def check_pairs(name, pairs, count):
    """Returns `pairs` as a tuple of pairs; raises unless there are `count` of them."""
    pairs = _checks.check_items(name, pairs, "pairs (frames, features)")
    if len(pairs) != count:
        raise ValueError(
            f"`{name}` must be one pair (frames, features) for each of the {count} "
            f"`filters`. Received: {name}={pairs}"
        )
    return tuple(check_pair(name, pair) for pair in pairs)


def check_dilations(dilations, strides):
    """Returns one dilation for each stride; raises where both are above 1."""
    dilations = (1,) * len(strides) if dilations is None else dilations
    dilations = check_sizes("dilations", dilations)
    fits = len(dilations) == len(strides) and all(
        dilation == 1 or max(stride) == 1
        for dilation, stride in zip(dilations, strides, strict=False)
    )
    if not fits:
        raise ValueError(
            "`dilations` must be one for each convolution, and 1 where it has strides. "
            f"Received: dilations={dilations}"
        )
    return dilations


def feature_counts(num_features, kernel_sizes, strides, feature_padding):
    """Returns how many features there are after each convolution.

    Raises:
        ValueError: If a kernel is wider than its features.
    """
    counts = []
    for (_, size), (_, stride) in zip(kernel_sizes, strides, strict=True):
        if feature_padding == "valid":
            num_features -= size - 1
        num_features = -(-num_features // stride)
        counts.append(num_features)
    if min(counts) < 1:
        raise ValueError(
            "`kernel_sizes` must be no wider than the features. "
            f"Received: kernel_sizes={kernel_sizes}"
        )
    return counts


def pad_features(values, size):
    """Returns `values` with zeros at both ends of a frame, as many as a kernel needs.

    Args:
        values: `(batch, frames, features, channels)`.
        size: Number of features that the kernel sees.
    """
    edges = ((size - 1) // 2, size // 2)
    return ops.pad(values, [(0, 0), (0, 0), edges, (0, 0)])
