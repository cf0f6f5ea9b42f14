"""Signal-to-noise ratios, shared by the layers that add noise."""

from keras import ops

from speechkit.ops.time import statistics


def noise_power(values, draws, mask):
    """Returns `(batch, 1)`: the power of the noise at the `snr_db` of each clip."""
    ratios = ops.expand_dims(draws["snr_db"], axis=1)
    return statistics.masked_power(values, mask) * ops.power(10.0, -ratios / 10.0)


def attenuate(draws, strength):
    """Returns the draws of noise whose amplitude is multiplied by a strength."""
    decibels = 20 * ops.log10(ops.cast(strength, draws["snr_db"].dtype))
    return {**draws, "snr_db": draws["snr_db"] - decibels}
