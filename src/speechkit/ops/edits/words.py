"""Words as numbers, in the graph: where they begin, and a number for each."""

from keras import ops

from speechkit.ops.time import precision

# Two odd multipliers; a word is known by two 32-bit polynomial hashes, so two
# different words pass for equal with a chance of about 2^-60. Without 64 bits one hash
# has to do, and the chance is about 2^-30.
_MULTIPLIERS = (1000003, 69069)


def word_hashes(labels, space_label: int, character_labels: tuple[int, ...] = ()):
    """Returns a number for each word of label sequences; equal words, equal numbers.

    Words are what stands between one or more spaces.

    Args:
        labels: `(batch, labels)` integers; −1 after the last label.
        space_label: Label of the space.
        character_labels: Labels that are words by themselves.

    Returns:
        `(batch, labels)` integers, word after word from the start of the row, and
        `(batch,)` int32, the number of words.
    """
    labels = ops.cast(labels, "int32")
    inside = ops.logical_and(labels >= 0, labels != space_label)
    begins = ops.logical_and(inside, ops.logical_not(_before(inside)))
    if character_labels:
        alone = ops.logical_and(inside, _is_one_of(labels, character_labels))
        beside = ops.logical_or(alone, _before(alone))
        begins = ops.logical_and(inside, ops.logical_or(begins, beside))
    counts = ops.cumsum(ops.cast(begins, "int32"), axis=1)
    high, low = (
        ops.cast(_hash(labels, inside, counts, begins, multiplier), precision.WIDE_INT)
        for multiplier in _MULTIPLIERS
    )
    numbers = ops.max(ops.pad(counts, [[0, 0], [1, 0]]), axis=1)
    if precision.WIDE_INT == "int32":
        return high, numbers
    return high * 2**32 + low, numbers


def _before(flags):
    return ops.pad(flags, [[0, 0], [1, 0]], constant_values=False)[:, :-1]


def _is_one_of(labels, members):
    table = [label in set(members) for label in range(max(members) + 2)]
    return ops.take(
        ops.convert_to_tensor(table), ops.clip(labels, -1, max(members) + 1)
    )


def _hash(labels, inside, counts, begins, multiplier):
    """Returns `(batch, labels)`: Σ (label + 1)·multiplierⁱ of each word, mod 2³².

    `i` counts from the start of the row; the inverse power of the word's first `i`
    moves the word to the start, so that equal words are equal wherever they stand.
    """
    terms = ops.cast(inside, "int32") * (labels + 1) * _powers(labels, multiplier)
    inverse = pow(multiplier, -1, 2**32)
    inverse = inverse - 2**32 if inverse >= 2**31 else inverse
    shifts = ops.cast(begins, "int32") * _powers(labels, inverse)
    # What stands before the first word has count 0 and no terms.
    word = ops.where(inside, counts - 1, 0)
    return _sum_by_word(terms, word) * _sum_by_word(shifts, word)


def _powers(labels, multiplier):
    ones = ops.ones_like(labels)
    return ops.cumprod(ones * multiplier, axis=1)


def _sum_by_word(values, word):
    row = ops.cumsum(ops.ones_like(word), axis=0) - 1
    indices = ops.reshape(ops.stack([row, word], axis=2), (-1, 2))
    return ops.scatter(indices, ops.reshape(values, (-1,)), ops.shape(values))
