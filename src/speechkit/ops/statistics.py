"""Mean, variance and power over the valid part of a clip."""

from keras import ops

from speechkit.ops import lengths


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


def product_moments(values, kernel, mask):
    """Returns the mean and the variance of `values @ kernel` over all valid frames.

    They follow from the means and the covariances of the values, without the product.

    Args:
        values: `(frames, batch, features)` or `(batch, frames, features)`.
        kernel: `(features, outputs)`.
        mask: As `values` without its last axis, or `None` if all is valid.

    Returns:
        Two tensors `(outputs,)`; zeros if there is no valid frame.
    """

    # Autodiff would multiply by the covariances and by the values twice as often.
    @ops.custom_gradient
    def both(values, kernel):
        count, mean, centred = _about_the_mean(values, mask)
        shape = -1, values.shape[-1]
        mean, rows = mean[None], ops.reshape(centred, shape)
        covariances = ops.matmul(ops.transpose(rows), rows) / count
        products = ops.matmul(covariances, kernel)
        variance = ops.sum(kernel * products, axis=0, keepdims=True)

        def gradient(*arguments, upstream=None):
            """Returns that of the n values x with mean m, and that of the kernel K.

            With the covariances C, and gradients a of mean and b of variance, they are
            (K·a + 2·K·diag(b)·Kᵀ·(x − m)) / n and m·aᵀ + 2·C·K·diag(b).
            """
            given = arguments[0] if upstream is None else upstream
            of_mean, twice = given[:1], 2 * given[1:]
            factors = ops.matmul(kernel * (twice / count), ops.transpose(kernel))
            alike = ops.matmul(of_mean / count, ops.transpose(kernel))
            alike = alike - ops.matmul(mean, factors)
            of_rows = ops.matmul(ops.reshape(values, shape), factors) + alike
            of_values = ops.reshape(of_rows, ops.shape(values))
            of_kernel = ops.transpose(mean) * of_mean + products * twice
            return lengths.zero_padding(of_values, mask), of_kernel

        return ops.concatenate([ops.matmul(mean, kernel), variance]), gradient

    mean, variance = ops.unstack(both(values, kernel))
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
