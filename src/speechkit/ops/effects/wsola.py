"""Clips played at another pace and the same pitch: WSOLA, as SoX has it."""

import dataclasses

from keras import ops

from speechkit.ops.effects import fixed_point, flattening
from speechkit.ops.signal import spectrum


@dataclasses.dataclass(frozen=True)
class Segments:
    """How a clip is cut: SoX's `tempo` with its default lengths.

    Attributes:
        length: Samples of a segment, 82 ms.
        search: How many places are tried for a segment, 14.68 ms.
        overlap: Samples over which a segment fades into the next, 12 ms.
    """

    length: int
    search: int
    overlap: int

    @property
    def step(self) -> int:
        """Samples from one segment of the result to the next."""
        return self.length - self.overlap


def segments(sampling_rate: int) -> Segments:
    """Returns how SoX cuts clips of a sampling rate."""
    length = int(sampling_rate * 0.082 + 0.5)
    search = int(sampling_rate * (0.082 / 5.587) + 0.5)
    overlap = max(int(sampling_rate * (0.082 / 6.833) + 4.5), 16) // 8 * 8
    if 2 * overlap > length:
        overlap -= 8
    return Segments(length, search, overlap)


def stretched(waveforms, tempos, num_outputs, cut: Segments):
    """Returns clips at tempos of their own, `(batch, num_outputs)`.

    Segments of the clip are laid over each other; each starts where it resembles best
    what the one before would have gone on with, within the search range.

    Args:
        waveforms: `(batch, samples)`, zero after the end of a clip.
        tempos: `(batch,)`, from `fixed_point.on_grid`; 2 halves a clip.
        num_outputs: Number of samples of the result.
        cut: How clips are cut.

    References:
        Verhelst and Roelands, An overlap-add technique based on waveform similarity
        (WSOLA) for high quality time-scale modification of speech, 1993; and the
        manual of SoX, "tempo".
    """
    num_segments = -(-num_outputs // cut.step)
    numbers = ops.arange(num_segments, dtype="int32") * cut.step
    whole, fraction = fixed_point.places(ops.expand_dims(numbers, axis=0), tempos)
    starts = whole + ops.cast(fraction >= 0.5, "int32")
    source = _Source(waveforms, cut)
    starts = starts + _offsets(source, starts, cut)
    pieces = source.windows(starts, cut.length)
    rise = ops.cast(ops.arange(cut.overlap), waveforms.dtype) / cut.overlap
    heads, tails = pieces[:, :, : cut.step], pieces[:, :, cut.step :]
    # Nothing came before the first segment: it does not fade in.
    fades = ops.pad((tails * (1 - rise))[:, :-1], [[0, 0], [1, 0], [0, 0]])
    first = ops.reshape(ops.arange(num_segments) == 0, (1, -1, 1))
    gain = ops.where(first, ops.ones_like(rise), rise)
    joined = ops.concatenate(
        [heads[:, :, : cut.overlap] * gain + fades, heads[:, :, cut.overlap :]], axis=2
    )
    return ops.reshape(joined, (ops.shape(waveforms)[0], -1))[:, :num_outputs]


class _Source:
    """Clips to read from at any place, silent before and after them."""

    def __init__(self, waveforms, cut):
        before = cut.search // 2
        after = cut.length + cut.search
        padded = ops.pad(waveforms, [[0, 0], [before, after]])
        self._last = ops.shape(padded)[1] - after
        self._row, self._begins = flattening.flattened(padded)

    def windows(self, starts, length):
        """Returns `(batch, windows, length)` from `starts`, `(batch, windows)`."""
        # Beyond the end of a clip all is silent, wherever exactly a window lies there.
        places = ops.minimum(starts, self._last) + self._begins
        numbers = ops.arange(length, dtype="int32")
        places = ops.expand_dims(places, axis=2) + numbers
        return flattening.read(self._row, places)


def _offsets(source, starts, cut):
    """Returns `(batch, segments)`: how far into the search range each one starts."""
    fft_length = spectrum.check_fft_length(None, cut.search + cut.overlap)
    windows = source.windows(starts, cut.search + cut.overlap)
    energies = _moving_sums(ops.square(windows), cut.overlap)[:, :, : cut.search]
    # TensorFlow lengthens rows by itself, but not where there are none.
    more = [[0, 0], [0, 0], [0, fft_length - cut.search - cut.overlap]]
    real, imaginary = ops.rfft(ops.pad(windows, more), fft_length)
    numbers = ops.expand_dims(ops.arange(ops.shape(starts)[1], dtype="int32"), axis=0)

    def place(number, offsets):
        previous = ops.take(starts, number - 1, axis=1)
        previous = previous + ops.take(offsets, number - 1, axis=1) + cut.step
        wanted = source.windows(ops.expand_dims(previous, axis=1), cut.overlap)[:, 0]
        a, b = ops.rfft(wanted, fft_length)
        c, d = ops.take(real, number, axis=1), ops.take(imaginary, number, axis=1)
        likeness = ops.irfft((a * c + b * d, a * d - b * c), fft_length)
        # The sum of squared differences, less what is the same at all places.
        distances = ops.take(energies, number, axis=1) - 2 * likeness[:, : cut.search]
        best = ops.cast(ops.argmin(distances, axis=1), "int32")
        return ops.where(numbers == number, ops.expand_dims(best, axis=1), offsets)

    initial = ops.zeros_like(starts) + cut.search // 2
    return ops.fori_loop(1, ops.shape(starts)[1], place, initial)


def _moving_sums(values, length):
    """Returns the sum of each `length` neighbours along the last axis."""
    sums = ops.pad(ops.cumsum(values, axis=2), [[0, 0], [0, 0], [1, 0]])
    return sums[:, :, length:] - sums[:, :, :-length]
