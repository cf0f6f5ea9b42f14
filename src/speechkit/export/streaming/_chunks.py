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


def chunks_of(stream: StreamingModel, size: int) -> Chunks:
    """Returns the chunks of a model, for chunks of `size` samples.

    The first call takes so many samples that an output comes and the states have the
    shapes that they keep.

    Raises:
        ValueError: If the states would change their shapes from chunk to chunk, or too
            many chunks go by before an output comes.
    """
    period = stream.output_ratio[1]
    if size % period:
        raise ValueError(
            "`chunk_seconds` must make chunks of a whole number of output frames: a "
            f"multiple of {period} samples. Received chunks of {size} samples"
        )
    count = stream.latency // size + 1
    if count > _MOST_FIRST_CHUNKS:
        raise ValueError(
            f"`chunk_seconds` must be longer: the first output needs {stream.latency} "
            f"samples beyond its own, and a file waits for {_MOST_FIRST_CHUNKS} chunks "
            f"at most. Received chunks of {size} samples"
        )
    return Chunks(size, (stream.latency // period + 1) * period, period)
