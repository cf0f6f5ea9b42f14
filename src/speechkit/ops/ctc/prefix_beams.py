"""CTC prefix beam search as operations on tensors.

A beam is a label sequence, known by two numbers that grow with each label. A longer
sequence that is a beam already adds its paths to that beam.
"""

from typing import Any, NamedTuple

from keras import ops

from speechkit import _checks

_WIDEST = 16

# The log probability of what no path leads to. Not infinite: infinities become NaN.
NEVER = -1e30
# Products stay below 2^31; two sequences pass for equal with a chance of about 2^-32.
_HASHES = ((31337, 65521), (27361, 65519))


class Beams(NamedTuple):
    """The label sequences that are followed, best first.

    Attributes:
        blank: `(batch, width)` log probability of the paths that end in a blank.
        label: `(batch, width)` likewise, in the last label.
        first_hash: `(batch, width)` integers.
        second_hash: `(batch, width)` integers.
        last: `(batch, width)` the last label; −1 if there is none.
        lengths: `(batch, width)` how many labels there are.
        texts: `(batch, width, places)` the last labels; −1 after them.
    """

    blank: Any
    label: Any
    first_hash: Any
    second_hash: Any
    last: Any
    lengths: Any
    texts: Any


def check_beam_width(beam_width):
    """Returns a beam width after checking that it is from 1 to 16."""
    beam_width = _checks.check_int("beam_width", beam_width)
    if beam_width > _WIDEST:
        raise ValueError(
            f"`beam_width` must be {_WIDEST} or less. Received: beam_width={beam_width}"
        )
    return beam_width


def begin(batch_size, beam_width, num_places):
    """Returns the beams before the first frame: the empty sequence alone.

    Args:
        batch_size: Number of clips.
        beam_width: How many label sequences are followed.
        num_places: How many of the last labels of each are kept.
    """
    row = ops.zeros((batch_size, 1), "int32")
    return _first(row, ops.zeros((batch_size, num_places), "int32"), beam_width)


def advance(beams, log_probs, blank_index):
    """Returns the beams after some more frames `(batch, frames, classes)`.

    The number of frames must be known, for they make no loop.
    """
    for frame in range(log_probs.shape[1]):
        beams = _step(beams, log_probs[:, frame], blank_index)
    return beams


def scores(beams):
    """Returns the log probabilities of the beams, `(batch, width)`, best first."""
    return _log_add(beams.blank, beams.label)


def search(log_probs, lengths, beam_width, blank_index):
    """Returns the beams after the last valid frame of each clip.

    `texts` have as many places as there are frames, so they hold all labels.

    Args:
        log_probs: `(batch, frames, classes)`.
        lengths: `(batch,)` how many frames are valid.
        beam_width: How many label sequences are followed.
        blank_index: Class of the blank.
    """
    frames = ops.shape(log_probs)[1]
    lengths = ops.expand_dims(lengths, 1)

    def step(frame, *beams):
        row = ops.take(log_probs, frame, axis=1)
        renewed = _step(Beams(*beams), row, blank_index)
        valid = frame < lengths
        kept = [
            ops.where(
                ops.expand_dims(valid, 2) if len(new.shape) == 3 else valid, *pair
            )
            for new, *pair in zip(renewed, renewed, beams, strict=True)
        ]
        return (frame + 1, *kept)

    _, *beams = ops.while_loop(
        lambda frame, *_: frame < frames,
        step,
        (ops.zeros((), "int32"), *_first(0 * lengths, log_probs[:, :, 0], beam_width)),
    )
    return Beams(*beams)


def _first(row, places, beam_width):
    """Returns the beams before the first frame.

    Args:
        row: `(batch, 1)` zeros.
        places: `(batch, places)`: as many labels are kept.
        beam_width: How many beams there are.
    """
    zeros = row + ops.zeros((1, beam_width), "int32")
    order = ops.expand_dims(ops.arange(beam_width, dtype="int32"), 0)
    blank = ops.where(zeros + order == 0, 0.0, NEVER)
    texts = ops.expand_dims(ops.zeros_like(places, dtype="int32") - 1, 1)
    texts = texts + ops.zeros((1, beam_width, 1), "int32")
    # Beams that are none yet have hashes that no label leads to.
    first_hash = ops.where(zeros + order == 0, zeros, zeros - 1 - order)
    never = ops.zeros_like(blank) + NEVER
    return Beams(blank, never, first_hash, first_hash, zeros - 1, zeros, texts)


def _step(beams, row, blank_index):
    """Returns the beams after one more frame `(batch, classes)`."""
    width, num_classes = beams.blank.shape[1], row.shape[1]
    total = scores(beams)
    classes = ops.expand_dims(ops.expand_dims(ops.arange(num_classes), 0), 0)
    doubled = ops.expand_dims(beams.last, 2) == classes
    base = ops.where(
        doubled, ops.expand_dims(beams.blank, 2), ops.expand_dims(total, 2)
    )
    longer = base + ops.expand_dims(row, 1)
    of_last = ops.cast(doubled, "float32")
    last_row = ops.sum(of_last * ops.expand_dims(row, 1), axis=2)
    met, there = _meet(beams, longer, of_last)
    stay_blank = total + row[:, blank_index : blank_index + 1]
    stay_label = _log_add(beams.label + last_row, met)
    never = ops.logical_or(there, classes == blank_index)
    longer = ops.where(never, NEVER, longer)
    candidates = ops.concatenate(
        [
            _log_add(stay_blank, stay_label),
            ops.reshape(longer, (-1, width * num_classes)),
        ],
        axis=1,
    )
    values, chosen = ops.top_k(candidates, width)
    return _renew(beams, stay_blank, stay_label, values, chosen, num_classes)


def _meet(beams, longer, of_last):
    """Returns the paths by which beams become others, and which labels do that.

    Returns:
        `(batch, width)` their log probabilities, and `(batch, width, classes)`: true
        where a longer beam is a beam.
    """
    same = ops.expand_dims(beams.lengths, 2) + 1 == ops.expand_dims(beams.lengths, 1)
    last = ops.expand_dims(beams.last, 1)
    for hashes, numbers in zip(
        (beams.first_hash, beams.second_hash), _HASHES, strict=True
    ):
        grown = _grow(ops.expand_dims(hashes, 2), last, numbers)
        same = ops.logical_and(same, grown == ops.expand_dims(hashes, 1))
    # Of each pair of beams: what the first gets with the last label of the second.
    becomes = ops.matmul(longer, ops.transpose(of_last, (0, 2, 1)))
    met = ops.max(ops.where(same, becomes, NEVER), axis=1, initial=NEVER)
    return met, ops.matmul(ops.cast(same, "float32"), of_last) > 0


def _renew(beams, stay_blank, stay_label, values, chosen, num_classes):
    """Returns the chosen candidates as beams."""
    width = beams.blank.shape[1]
    stays = chosen < width
    number = ops.where(stays, 0, chosen - width)
    origin = ops.where(stays, chosen, number // num_classes)
    label = ops.where(stays, -1, number % num_classes)
    lengths = _pick(beams.lengths, origin)
    old_hashes = _pick(beams.first_hash, origin), _pick(beams.second_hash, origin)
    first_hash, second_hash = (
        ops.where(stays, old, _grow(old, label, numbers))
        for old, numbers in zip(old_hashes, _HASHES, strict=True)
    )
    grows = ops.expand_dims(~stays, 2)
    texts = _pick(beams.texts, origin)
    places = ops.cumsum(ops.ones_like(texts), axis=2)
    before = ops.expand_dims(lengths, 2)
    # Where no place is left, the first label makes room.
    is_full = ops.logical_and(grows, before >= places[:, :, -1:])
    moved = ops.concatenate([texts[:, :, 1:], texts[:, :, :1]], axis=2)
    texts = ops.where(is_full, moved, texts)
    here = ops.logical_and(grows, places == ops.minimum(before + 1, places[:, :, -1:]))
    return Beams(
        ops.where(stays, _pick(stay_blank, origin), NEVER),
        ops.where(stays, _pick(stay_label, origin), values),
        first_hash,
        second_hash,
        ops.where(stays, _pick(beams.last, origin), label),
        ops.where(stays, lengths, lengths + 1),
        ops.where(here, ops.expand_dims(label, 2), texts),
    )


def _grow(hashes, label, numbers):
    multiplier, modulus = numbers
    return (hashes * multiplier + label + 1) % modulus


def _pick(values, origin):
    """Returns the values of the beams that are numbered `origin`."""
    # Rows of one long matrix: other ways lose the rank, or are no built-in operators.
    clips = ops.cumsum(ops.ones_like(origin), axis=0) - 1
    rows = origin + clips * origin.shape[1]
    inner = () if len(values.shape) == 2 else (ops.shape(values)[2],)
    return ops.take(ops.reshape(values, (-1, *inner)), rows, axis=0)


def _log_add(a, b):
    # `logaddexp` needs an operator that is not built into TFLite.
    return ops.maximum(a, b) + ops.log(1 + ops.exp(-ops.abs(a - b)))
