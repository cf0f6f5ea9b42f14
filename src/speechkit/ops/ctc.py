"""The lattice of connectionist temporal classification: loss and its gradient.

Graves et al., Connectionist Temporal Classification: Labelling Unsegmented Sequence
Data with Recurrent Neural Networks, 2006. The states of a clip are blank, label 1,
blank, label 2, …, blank: one more than twice its labels.
"""

from keras import ops

from speechkit.ops import lengths

# A log-probability of nothing. Finite, so that differences of two are not NaN.
_NEVER = -1e30


def ctc_loss(log_probs, labels, logit_lengths, blank_index: int):
    """Returns −log of the probability of the labels, summed over all alignments.

    The gradient is that of the sum over alignments itself: with respect to the logits
    it is softmax minus the posterior probability of each class in each frame.

    Args:
        log_probs: `(batch, frames, classes)`, normalised over classes.
        labels: `(batch, labels)` integers; −1 after the last label of a clip.
        logit_lengths: `(batch,)` integers: valid frames of each clip.
        blank_index: Class of the blank, from 0.

    Returns:
        `(batch,)`. Infinite, with gradient zero, where the labels, with a blank between
        two that are equal, need more frames than the clip has, or where every alignment
        has probability zero. Zero where there are neither frames nor labels.
    """
    labels = ops.cast(labels, "int32")
    frames = ops.minimum(ops.cast(logit_lengths, "int32"), _size(log_probs, 1))
    label_lengths = ops.sum(ops.cast(labels >= 0, "int32"), axis=1)
    states = _states(labels, blank_index)
    emissions = ops.take_along_axis(log_probs, states[:, None, :], axis=2)
    # One frame more, never valid, so that there is a frame even if there is none.
    emissions = ops.pad(ops.maximum(emissions, _NEVER), [[0, 0], [0, 1], [0, 0]])
    fixed = ops.stop_gradient(emissions)
    alphas, log_likelihood, betas = _forward_backward(
        fixed, states, label_lengths, frames
    )
    posteriors = _posteriors(alphas, betas, fixed, frames)
    # Adds zero to the loss, and minus the posteriors to its gradient with respect to
    # the emissions: the recursion itself is never differentiated.
    expected = ops.sum(posteriors * emissions, axis=(1, 2))
    loss = -log_likelihood - (expected - ops.stop_gradient(expected))
    loss = ops.where(frames == 0, ops.zeros_like(loss), loss)
    # Where no alignment reaches the last state, the lattice says so by itself; without
    # frames there is no lattice.
    feasible = ops.logical_and(frames >= label_lengths, loss < -_NEVER / 2)
    return ops.where(feasible, loss, ops.full_like(loss, float("inf")))


def _size(values, axis):
    return ops.shape(values)[axis]


def _states(labels, blank_index):
    """Returns `(batch, 2 * labels + 1)`: the class that each state emits."""
    known = ops.where(labels >= 0, labels, blank_index)
    blanks = ops.full_like(known, blank_index)
    pairs = ops.stack([blanks, known], axis=2)
    pairs = ops.reshape(pairs, (_size(labels, 0), 2 * _size(labels, 1)))
    return ops.pad(pairs, [[0, 0], [0, 1]], constant_values=blank_index)


def _forward_backward(emissions, states, label_lengths, frames):
    """Returns forward and backward variables and the log-likelihood.

    The backward recursion is the forward one on the clip and the labels reversed, so
    both run as one batch of twice the size. Both kinds of variable include the emission
    of their own frame and are normalised within it.
    """
    last_state = 2 * label_lengths
    # Reversed, element i is element last − i of the clip, and padding stays in place.
    frame_order = _reversed_order(emissions[:, :, 0], frames - 1)
    state_order = _reversed_order(states, last_state)
    backward = ops.take_along_axis(emissions, frame_order[:, :, None], axis=1)
    backward = ops.take_along_axis(backward, state_order[:, None, :], axis=2)
    both = ops.concatenate([emissions, backward], axis=0)
    both_states = ops.concatenate(
        [states, ops.take_along_axis(states, state_order, axis=1)], axis=0
    )
    variables, scales = _recursion(both, both_states, ops.tile(last_state, [2]))
    alphas, betas = ops.split(variables, 2, axis=0)
    scales, _ = ops.split(scales, 2, axis=0)
    log_likelihood = _final(alphas, scales, last_state, frames)
    betas = ops.take_along_axis(betas, frame_order[:, :, None], axis=1)
    betas = ops.take_along_axis(betas, state_order[:, None, :], axis=2)
    return alphas, log_likelihood, betas


def _reversed_order(values, last):
    """Returns `(batch, n)`: last, last − 1, …, 0 and then the positions after."""
    positions = ops.cumsum(ops.ones_like(values, dtype="int32"), axis=1) - 1
    last = last[:, None]
    return ops.where(positions <= last, last - positions, positions)


def _recursion(emissions, states, last_state):
    """Returns log forward variables `(batch, frames, states)` and log scales.

    The variables of a frame sum to 1; the scale `(batch, frames)` is the logarithm of
    what they were divided by, added up over the frames so far.
    """
    positions = ops.arange(_size(states, 1))[None]
    exists = positions <= last_state[:, None]
    two_back = ops.pad(states, [[0, 0], [2, 0]], constant_values=-1)[:, :-2]
    can_skip = ops.logical_and(positions % 2 == 1, states != two_back)
    never = ops.full_like(ops.cast(states, emissions.dtype), _NEVER)

    def step(carry, emission):
        alphas, scale = carry
        two = ops.where(can_skip, _shift(alphas, 2), never)
        arrived = _log_add(alphas, _shift(alphas, 1), two) + emission
        arrived = ops.where(exists, arrived, never)
        total = ops.logsumexp(arrived, axis=1, keepdims=True)
        carry = (ops.maximum(arrived - total, never), scale + total)
        return carry, carry

    # Starting in the first blank, the first step reaches that blank and the first
    # label: just where an alignment may begin.
    start = ops.where(positions == 0, ops.zeros_like(never), never)
    init = (start, ops.zeros_like(start[:, :1]))
    _, (alphas, scales) = ops.scan(step, init, ops.transpose(emissions, (1, 0, 2)))
    return ops.transpose(alphas, (1, 0, 2)), ops.transpose(scales[:, :, 0], (1, 0))


def _shift(alphas, steps):
    """Returns `alphas` moved `steps` states onwards."""
    shifted = ops.pad(alphas, [[0, 0], [steps, 0]], constant_values=_NEVER)
    return shifted[:, :-steps]


def _log_add(*values):
    """Returns the logarithm of the sum of the exponentials of `values`."""
    return ops.logsumexp(ops.stack(values, axis=-1), axis=-1)


def _final(alphas, scales, last_state, frames):
    """Returns `(batch,)`: the log-likelihood, read off the last valid frame."""
    frame = ops.maximum(frames - 1, 0)[:, None]
    scale = ops.take_along_axis(scales, frame, axis=1)[:, 0]
    alphas = ops.take_along_axis(alphas, frame[:, :, None], axis=1)[:, 0]
    positions = ops.arange(_size(alphas, 1))[None]
    is_final = ops.logical_and(
        positions <= last_state[:, None], positions >= last_state[:, None] - 1
    )
    finals = ops.where(is_final, alphas, ops.full_like(alphas, _NEVER))
    return scale + ops.logsumexp(finals, axis=1)


def _posteriors(alphas, betas, emissions, frames):
    """Returns `(batch, frames, states)`: the probability of each state of a frame."""
    # Both variables hold the emission of the frame, and it must count once.
    logs = alphas + betas - emissions
    posteriors = ops.exp(logs - ops.logsumexp(logs, axis=2, keepdims=True))
    return lengths.zero_padding(posteriors, lengths.length_mask(posteriors, frames))


def check_blank_index(blank_index: int, num_classes: int) -> int:
    """Returns `blank_index` counted from 0; raises `ValueError` if it is no class."""
    if (
        not isinstance(blank_index, int)
        or not -num_classes <= blank_index < num_classes
    ):
        raise ValueError(
            f"`blank_index` must be an integer from {-num_classes} to "
            f"{num_classes - 1}. Received: blank_index={blank_index!r}"
        )
    return blank_index % num_classes
