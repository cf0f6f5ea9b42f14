"""The chunks of a file that streams, from what its layers declare."""

import dataclasses

from speechkit.export.streaming.streaming_model import StreamingModel

# A file that answers later than after so many chunks is of no use.
_MOST_FIRST_CHUNKS = 16


@dataclasses.dataclass(frozen=True)
class Chunks:
    """How many samples a file takes at once.

    Attributes:
        size: Samples of a chunk.
        first: Samples of the first call.
        period: Samples of the shortest call, for what fills no chunk at the end of a
            clip.
    """

    size: int
    first: int
    period: int


def chunks_of(stream: StreamingModel, seconds: float, sampling_rate: int) -> Chunks:
    """Returns the chunks of a model.

    The first call takes so many samples that an output comes and the states have the
    shapes that they keep.

    Args:
        stream: The model.
        seconds: Length of a chunk.
        sampling_rate: Samples per second, in hertz.

    Raises:
        ValueError: If the states would change their shapes from chunk to chunk, or too
            many chunks go by before an output comes.
    """
    size, period = max(1, round(seconds * sampling_rate)), stream.output_ratio[1]
    least = period * (stream.latency // _MOST_FIRST_CHUNKS // period + 1)
    if size % period:
        below = max(least, size // period * period)
        near = [_seconds(x, sampling_rate) for x in (below, below + period)]
        raise ValueError(
            "`chunk_seconds` must make chunks of a whole number of output frames, a "
            f"multiple of {period} samples: {near[0]} or {near[1]} would. "
            f"Received: chunk_seconds={seconds}, which makes {size} samples"
        )
    if size < least:
        raise ValueError(
            f"`chunk_seconds` must be {_seconds(least, sampling_rate)} or more: the "
            f"first output needs {stream.latency} samples beyond its own, and a file "
            f"waits for {_MOST_FIRST_CHUNKS} chunks at most. "
            f"Received: chunk_seconds={seconds}"
        )
    return Chunks(size, (stream.latency // period + 1) * period, period)


def _seconds(size, sampling_rate):
    """Returns the shortest number of seconds that makes so many samples."""
    texts = (f"{size / sampling_rate:.{digits}g}" for digits in range(1, 17))
    return next(x for x in texts if round(float(x) * sampling_rate) == size)
