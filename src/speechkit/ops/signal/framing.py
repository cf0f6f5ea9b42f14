"""Where the frames of a waveform lie, and what stands beyond its two ends."""

import dataclasses

from keras import ops

from speechkit import _checks
from speechkit.ops.time import lengths
from speechkit.ops.time.held_windows import HeldWindows
from speechkit.ops.time.stream_timing import StreamTiming

PADDINGS = ("valid", "center", "middle")
PADDING_MODES = ("zeros", "reflect", "symmetric")
# In place of where the next frame starts, while nothing is padded.
_NOT_BEGUN = -1


@dataclasses.dataclass(frozen=True)
class Framing:
    """How a waveform is cut into overlapping frames.

    Frame `t` starts at sample `t * step - left` of the clip. Masks and padding are
    those of each clip: what stands after the end of a clip is made from that clip.

    Attributes:
        length: Length of a frame, in samples.
        step: Distance between the starts of two frames, in samples.
        left: Samples put before the clip.
        right: Samples put after the clip.
        mode: `"zeros"`; `"reflect"`, which mirrors the clip at its first and last
            sample; or `"symmetric"`, which mirrors it beside them, so that both are
            repeated.
    """

    length: int
    step: int
    left: int = 0
    right: int = 0
    mode: str = "zeros"

    @property
    def timing(self) -> StreamTiming:
        """When a frame is complete in a stream, and what it depends on."""
        latency = max(self.length - 1 - self.left, self._wait)
        # What is mirrored at the end of a clip may lie before the frame itself.
        reach = 2 * self.right - self.length
        mirrored = {"zeros": 0, "reflect": reach + 1, "symmetric": reach}[self.mode]
        past = self.left + max(0, mirrored)
        return StreamTiming((1, self.step), latency, past + 1 + latency)

    def count(self, num_samples: int) -> int:
        """Returns the number of frames of a clip; none if it has no sample."""
        if num_samples == 0:
            return 0
        padded = num_samples + self.left + self.right
        return lengths.frame_count(padded, self.length, self.step)

    def mask(self, mask):
        """Returns `(batch, frames)`: which frames exist for the clip itself.

        Args:
            mask: `(batch, samples)`, or `None`, for which there is none either.
        """
        if mask is None:
            return None
        # The frame at which each sample is the last that the clip must have.
        last = self.length - self.left - self.right - 1
        if last >= 0:
            return mask[:, last :: self.step]
        # Frame 0 lies within the padding, yet no clip without samples has it.
        return ops.concatenate(
            [mask[:, :1], mask[:, last + self.step :: self.step]], axis=1
        )

    def frames(self, waveforms, mask=None):
        """Returns `(batch, frames, length)`.

        Args:
            waveforms: `(batch, samples)`.
            mask: `(batch, samples)`, or `None` if all is valid.
        """
        if waveforms.shape[1] == 0:
            return ops.zeros((ops.shape(waveforms)[0], 0, self.length), waveforms.dtype)
        padded = pad(waveforms, self.left, self.right, self.mode, mask)
        frames = ops.extract_sequences(padded, self.length, self.step)
        if waveforms.shape[1] is None and self.left + self.right >= self.length:
            # Only now is it known whether there is any sample at all.
            some = ops.minimum(ops.shape(waveforms)[1], 1)
            frames = frames[:, : ops.shape(frames)[1] * some]
        return frames

    def start(self):
        """Returns the state before the first piece: see `next_frames`."""
        return (), _NOT_BEGUN

    def next_frames(self, piece, state, last: bool):
        """Returns the frames that a piece completes, and the state after it.

        Args:
            piece: `(batch, samples)`: what follows the pieces before.
            state: What `start` or the call before returned.
            last: Whether the clip ends with this piece.
        """
        held, start = state
        waveforms = ops.concatenate([*held, piece], axis=1)
        begins = start == _NOT_BEGUN
        num_samples = waveforms.shape[1]
        # An empty clip has no frame, be it ever so padded.
        if begins and (num_samples == 0 or (num_samples <= self._wait and not last)):
            return self.frames(waveforms[:, :0]), ((waveforms,), start)
        padded = pad(
            waveforms, self.left if begins else 0, self.right if last else 0, self.mode
        )
        windows, state = self._held.advance(padded, ((), max(0, start)))
        return ops.extract_sequences(windows, self.length, self.step), state

    @property
    def _held(self):
        # The end of a clip mirrors so many samples.
        kept = 0 if self.mode == "zeros" else self.right + 1
        return HeldWindows(self.length, self.step, kept=kept)

    @property
    def _wait(self):
        """So many samples must have come, and one, before anything is padded."""
        return 0 if self.mode == "zeros" else max(self.left, self.right)


def speech_frames(
    sampling_rate: int, frame_length: int | None = None, frame_step: int | None = None
) -> tuple[int, int]:
    """Returns the length and the step of frames: 25 and 10 ms unless given.

    Args:
        sampling_rate: Samples per second, in hertz.
        frame_length: Length of a frame, in samples. `None` means 25 ms, rounded.
        frame_step: Distance between the starts of two frames, in samples. `None` means
            10 ms, rounded.

    Raises:
        ValueError: If `sampling_rate` is not a positive integer.

    Example:
        >>> speech_frames(16000), speech_frames(11025), speech_frames(8000, 256)
        ((400, 160), (276, 110), (256, 80))
    """
    sampling_rate = _checks.check_int("sampling_rate", sampling_rate)
    if frame_length is None:
        frame_length = round(0.025 * sampling_rate)
    if frame_step is None:
        frame_step = round(0.010 * sampling_rate)
    return frame_length, frame_step


def framing(
    frame_length: int, frame_step: int, padding="valid", padding_mode: str = "zeros"
) -> Framing:
    """Returns where frames lie, from the arguments of the layers.

    Args:
        frame_length: Length of a frame, in samples.
        frame_step: Distance between the starts of two frames, in samples.
        padding: `"valid"`, `"center"`, `"middle"`, or two integers.
        padding_mode: `"zeros"`, `"reflect"` or `"symmetric"`.

    Raises:
        ValueError: If an argument is out of range.
    """
    frame_length = _checks.check_int("frame_length", frame_length)
    frame_step = _checks.check_int("frame_step", frame_step)
    _checks.check_choice("padding_mode", padding_mode, PADDING_MODES)
    left, right = _padding(padding, frame_length, frame_step)
    return Framing(frame_length, frame_step, left, right, padding_mode)


def _padding(padding, frame_length, frame_step):
    """Returns how many samples are put before and after a clip."""
    pairs = {
        "valid": (0, 0),
        "center": (frame_length // 2, frame_length // 2),
    }
    if frame_length >= frame_step:
        left = frame_length // 2 - frame_step // 2
        pairs["middle"] = (left, frame_length - frame_step + frame_step // 2 - left)
    if isinstance(padding, str) and padding in pairs:
        return pairs[padding]
    if (
        isinstance(padding, tuple | list)
        and len(padding) == 2
        and all(isinstance(n, int) and not isinstance(n, bool) for n in padding)
        and min(padding) >= 0
        and sum(padding) <= frame_length
    ):
        return tuple(padding)
    listed = ", ".join(repr(name) for name in pairs)
    raise ValueError(
        f"`padding` must be one of {listed} or two integers of 0 or more that sum to "
        f"`frame_length` at most. Received: padding={padding!r}, "
        f"frame_length={frame_length}, frame_step={frame_step}"
    )


def pad(waveforms, left: int, right: int, mode: str, mask=None):
    """Returns `(batch, left + samples + right)`: each clip continued at its ends.

    What follows the end of a clip that is shorter than the batch stands right after
    its last valid sample. A clip too short to be mirrored at once is mirrored again
    and again.

    Args:
        waveforms: `(batch, samples)`.
        left: Samples put before each clip.
        right: Samples put after each clip.
        mode: One of `PADDING_MODES`.
        mask: `(batch, samples)`, or `None` if all is valid.
    """
    if left == right == 0:
        return waveforms
    if mode == "zeros":
        waveforms = lengths.zero_padding(waveforms, mask)
        return ops.pad(waveforms, [[0, 0], [left, right]])
    num_samples = ops.shape(waveforms)[1]
    # A clip without any sample is continued by zeros: by this one.
    source = ops.pad(waveforms, [[0, 0], [0, 1]])
    if mask is not None:
        positions = ops.arange(-left, num_samples + right, dtype="int32")[None]
        counts = lengths.mask_lengths(waveforms, mask)[:, None]
        return ops.take_along_axis(source, _mirrored(positions, counts, mode), axis=1)
    before = ops.arange(-left, 0, dtype="int32")
    after = num_samples + ops.arange(right, dtype="int32")
    parts = [
        ops.take(source, _mirrored(before, num_samples, mode), axis=1),
        waveforms,
        ops.take(source, _mirrored(after, num_samples, mode), axis=1),
    ]
    return ops.concatenate(parts, axis=1)


def _mirrored(positions, num_samples, mode):
    """Returns the sample of a clip, from 0 on, that stands at each position."""
    num_samples = ops.cast(num_samples, "int32")
    if mode == "symmetric":
        period = ops.maximum(2 * num_samples, 1)
        place = ops.mod(positions, period)
        return ops.minimum(place, period - 1 - place)
    period = ops.maximum(2 * num_samples - 2, 1)
    place = ops.mod(positions, period)
    return ops.minimum(place, period - place)
