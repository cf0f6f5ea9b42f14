"""Mean, variance and power over the valid part of a clip."""

from keras import ops

from speechkit.ops.time import lengths


def masked_moments(values, mask):
    """Returns the mean and the variance of each clip over its valid frames.

    Padded frames may hold anything, NaN too. A clip with no valid frame has mean 0
    and variance 0. The gradient is finite everywhere.

    Args:
        values: `(batch, frames, features)`.
        mask: `(batch, frames)`, or `None` if all is valid.

    Returns:
        Two tensors `(batch, features)`.
    """
    counts = ops.cast(lengths.mask_lengths(values, mask), values.dtype)
    counts = ops.maximum(counts, ops.ones_like(counts))[:, None]
    mean = ops.sum(lengths.zero_padding(values, mask), axis=1) / counts
    centred = lengths.zero_padding(values - mean[:, None], mask)
    return mean, ops.sum(ops.square(centred), axis=1) / counts


def has_frames(values, mask):
    """Returns whether there is any valid frame: a boolean, or a tensor of one.

    Args:
        values: `(batch, frames, ...)`, or the two axes in the other order.
        mask: As the first two axes of `values`, or `None` if all is valid.
    """
    if mask is not None:
        return ops.any(mask)
    batch, frames = ops.shape(values)[:2]
    return batch * frames > 0


def all_moments(values, mask):
    """Returns the mean and the variance of each feature over all valid frames.

    Args:
        values: `(frames, batch, features)` or `(batch, frames, features)`.
        mask: As `values` without its last axis, or `None` if all is valid.

    Returns:
        Two tensors `(features,)`; zeros if there is no valid frame.
    """
    count, mean, centred = _about_the_mean(values, mask)
    return mean, ops.sum(ops.square(centred), axis=(0, 1)) / count


def mean_and_covariances(values, mask):
    """Returns the mean of all valid frames, and the covariances of their features.

    Args:
        values: `(frames, batch, features)` or `(batch, frames, features)`.
        mask: As `values` without its last axis, or `None` if all is valid.

    Returns:
        `(features,)` and `(features, features)`; zeros if there is no valid frame.
    """
    shape = -1, values.shape[-1]

    @ops.custom_gradient  # Autodiff would multiply the values twice.
    def both(values):
        count, mean, centred = _about_the_mean(values, mask)
        rows, mean = ops.reshape(centred, shape), mean[None]
        covariances = ops.matmul(ops.transpose(rows), rows) / count

        def gradient(*arguments, upstream=None):
            """Returns (a + (B + Bᵀ)·(x − m)) / n for each of n frames x with mean m.

            The gradients that are given are a of the mean, and B of the covariances.
            """
            given = arguments[0] if upstream is None else upstream
            of_mean, of_covariances = given[:1], given[1:]
            factors = (of_covariances + ops.transpose(of_covariances)) / count
            alike = of_mean / count - ops.matmul(mean, factors)
            of_rows = ops.matmul(ops.reshape(values, shape), factors) + alike
            return lengths.zero_padding(ops.reshape(of_rows, ops.shape(values)), mask)

        return ops.concatenate([mean, covariances]), gradient

    mean_then_covariances = both(values)
    return mean_then_covariances[0], mean_then_covariances[1:]


def product_moments(mean, covariances, kernel):
    """Returns the mean and the variance of `values @ kernel`, without the product.

    Args:
        mean: `(features,)`, from `mean_and_covariances`, as the covariances.
        covariances: `(features, features)`.
        kernel: `(features, outputs)`.

    Returns:
        Two tensors `(outputs,)`.
    """

    @ops.custom_gradient  # Autodiff would multiply by the covariances again.
    def both(mean, covariances, kernel):
        products = ops.matmul(covariances, kernel)
        mean, variance = mean[None], ops.sum(kernel * products, axis=0, keepdims=True)

        def gradient(*arguments, upstream=None):
            """Returns K·a, K·diag(b)·Kᵀ and m·aᵀ + 2·C·K·diag(b).

            With the mean m, the covariances C, the kernel K, and the gradients that
            are given: a of the mean and b of the variance.
            """
            given = arguments[0] if upstream is None else upstream
            of_mean, of_variance = given[:1], given[1:]
            transposed = ops.transpose(kernel)
            of_kernel = ops.transpose(mean) * of_mean + 2 * products * of_variance
            of_covariances = ops.matmul(kernel * of_variance, transposed)
            return ops.matmul(of_mean, transposed)[0], of_covariances, of_kernel

        return ops.concatenate([ops.matmul(mean, kernel), variance]), gradient

    mean, variance = ops.unstack(both(mean, covariances, kernel))
    return mean, variance


def masked_power(waveforms, mask):
    """Returns the mean square of each clip over its valid samples.

    Args:
        waveforms: `(batch, samples)`; padded samples may hold anything.
        mask: `(batch, samples)`, or `None` if all is valid.

    Returns:
        `(batch, 1)`; 0 for a clip with no valid sample.
    """
    counts = ops.cast(lengths.mask_lengths(waveforms, mask), waveforms.dtype)
    squares = ops.square(lengths.zero_padding(waveforms, mask))
    power = ops.sum(squares, axis=1) / ops.maximum(counts, ops.ones_like(counts))
    return power[:, None]


def gain_to_power(waveforms, mask, power):
    """Returns what clips are multiplied by to have a power, `(batch, 1)`.

    Args:
        waveforms: `(batch, samples)`; padded samples may hold anything.
        mask: `(batch, samples)`, or `None` if all is valid.
        power: `(batch, 1)`; for a silent clip, which no gain helps, any.

    Example:
        >>> gain_to_power(ops.array([[2.0, -2.0]]), None, 1.0).numpy().tolist()
        [[0.5]]
    """
    before = masked_power(waveforms, mask)
    return ops.sqrt(power / ops.where(before == 0, ops.ones_like(before), before))


def _about_the_mean(values, mask):
    """Returns the number of valid frames, 1 at least, their mean, and what differs."""
    valid = ops.ones_like(values[..., 0], dtype="bool") if mask is None else mask
    count = ops.maximum(ops.sum(ops.cast(valid, values.dtype)), 1)
    mean = ops.sum(lengths.zero_padding(values, mask), axis=(0, 1)) / count
    return count, mean, lengths.zero_padding(values - mean, mask)
