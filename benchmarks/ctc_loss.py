"""Loss and gradient of CTC: ours beside TensorFlow, PyTorch, Optax and Keras, one run.

Rounds are interleaved and the fastest of each counts, so that a busy machine slows all
alike. TensorFlow's newer interface reorders the classes; its older one is given logits
in the order that its kernel wants. Peers that are not installed are left out.
"""

import importlib.util
from collections.abc import Callable

import keras
import numpy as np
import tensorflow as tf

from benchmarks import measuring
from speechkit import config, losses

SHAPES = ((32, 100, 10, 30), (32, 500, 80, 30), (16, 500, 80, 4300))
# What takes a few milliseconds is disturbed more often than it is not.
ROUNDS = (100, 9, 9)


def main() -> None:
    """Prints a line of milliseconds for each shape and the error of each gradient."""
    print("loss and gradient, the fastest round, in ms; then times ours")
    for shape, rounds in zip(SHAPES, ROUNDS, strict=True):
        logits, labels = _made_up(*shape)
        calls = {name: make(logits, labels) for name, make in _peers(shape).items()}
        fastest = measuring.fastest(calls, rounds)
        ours = fastest["ours"]
        sizes = "batch {}, frames {}, labels {}, classes {}".format(*shape)
        print(f"\n({sizes}), {rounds} rounds")
        for name, seconds in fastest.items():
            print(f"{name:24} {1e3 * seconds:9.1f} {seconds / ours:9.2f}")
    print("\nlargest error of the gradient against float64, (32, 500, 80, 30)")
    for name, error in _gradient_errors().items():
        print(f"{name:24} {error:9.1e}")


def _made_up(batch, frames, count, classes):
    """Returns logits of a model that knows nothing, and labels without the blank 0."""
    random = np.random.default_rng(seed=0)
    logits = 2 * random.normal(size=(batch, frames, classes)).astype("float32")
    return logits, random.integers(1, classes, size=(batch, count), dtype="int32")


def _peers(shape) -> dict[str, Callable]:
    peers = {
        "ours": _ours,
        "ours, in logarithms": _ours_in_logarithms,
        "ours, without Numba": _ours_without_numba,
        "ours, XLA": _ours_in_xla,
        "tf.nn.ctc_loss sparse": _tensorflow_sparse,
        "tf.compat.v1.nn.ctc_loss": _tensorflow_v1,
    }
    if importlib.util.find_spec("torch"):
        peers["torch"] = _torch
    if shape[3] < 1000:  # the others take many seconds for 4300 classes
        peers["keras.losses.CTC"] = _keras
        if importlib.util.find_spec("optax"):
            peers["optax, jitted"] = _optax
    return peers


def _differentiated(loss, logits, jit_compile=False):
    """Returns a call of loss and gradient, compiled to a graph."""
    logits = tf.constant(logits)

    @tf.function(jit_compile=jit_compile)
    def loss_and_gradient(logits):
        with tf.GradientTape() as tape:
            tape.watch(logits)
            total = tf.reduce_sum(loss(logits))
        return total, tape.gradient(total, logits)

    def call():
        total, gradient = loss_and_gradient(logits)
        total.numpy()
        return gradient

    return call


def _all_frames(logits):
    return np.full(len(logits), logits.shape[1], dtype="int32")


def _ours(logits, labels, jit_compile=False):
    lengths = _all_frames(logits)
    return _differentiated(
        lambda x: losses.ctc_loss(labels, x, logit_lengths=lengths), logits, jit_compile
    )


def _ours_in_logarithms(logits, labels):
    """Returns a call for a model that is sure of something else in every frame."""
    return _ours(20 * logits, labels)


def _ours_without_numba(logits, labels):
    call = _ours(logits, labels)
    with config.kernel_scope("graph"):
        call()  # traces the graph
    return call


def _ours_in_xla(logits, labels):
    return _ours(logits, labels, jit_compile=True)


def _keras(logits, labels):
    return _differentiated(lambda x: keras.losses.CTC(None)(labels, x), logits)


def _tensorflow_sparse(logits, labels):
    sparse, lengths = tf.sparse.from_dense(labels), _all_frames(logits)
    return _differentiated(
        lambda x: tf.nn.ctc_loss(
            sparse, x, None, lengths, logits_time_major=False, blank_index=0
        ),
        logits,
    )


def _tensorflow_v1(logits, labels):
    # Its blank is the last class and its labels count from 0; time comes first.
    sparse, lengths = tf.sparse.from_dense(labels), _all_frames(logits)
    sparse = sparse.with_values(sparse.values - 1)
    logits = np.ascontiguousarray(np.roll(logits, -1, axis=2).transpose(1, 0, 2))
    return _differentiated(
        lambda x: tf.compat.v1.nn.ctc_loss(sparse, x, lengths, time_major=True), logits
    )


def _torch(logits, labels):
    import torch

    tensor, target = torch.tensor(logits, requires_grad=True), torch.tensor(labels)
    lengths = [torch.full((len(logits),), x.shape[1]) for x in (logits, labels)]

    def call():
        tensor.grad = None
        log_probs = torch.log_softmax(tensor, -1).transpose(0, 1)
        loss = torch.nn.functional.ctc_loss(
            log_probs, target.long(), *lengths, reduction="sum"
        )
        loss.backward()
        return tensor.grad

    return call


def _optax(logits, labels):
    import jax
    import optax

    paddings = [np.zeros(x.shape[:2], "float32") for x in (logits, labels)]
    differentiated = jax.jit(
        jax.grad(lambda x: optax.ctc_loss(x, paddings[0], labels, paddings[1]).sum())
    )
    return lambda: jax.block_until_ready(differentiated(logits))


def _gradient_errors():
    """Returns the largest error of each gradient that is not in another order."""
    logits, labels = _made_up(*SHAPES[1])
    expected = _float64_gradient(logits, labels)
    peers = _peers(SHAPES[1])
    del peers["tf.compat.v1.nn.ctc_loss"], peers["ours, in logarithms"]
    return {
        name: float(np.abs(np.asarray(make(logits, labels)()) - expected).max())
        for name, make in peers.items()
    }


def _float64_gradient(logits, labels):
    """Returns the gradient by the recursion of the paper, in float64, clip by clip."""
    gradient = np.zeros(logits.shape)
    for clip, (scores, row) in enumerate(
        zip(logits.astype("float64"), labels, strict=True)
    ):
        log_probs = scores - np.logaddexp.reduce(scores, axis=1, keepdims=True)
        states = np.zeros(2 * len(row) + 1, dtype=int)
        states[1::2] = row
        emissions = log_probs[:, states]
        joint = _one_way(emissions, states) - emissions
        joint += _one_way(emissions[::-1, ::-1], states[::-1])[::-1, ::-1]
        shares = np.exp(joint - np.logaddexp.reduce(joint, axis=1, keepdims=True))
        gradient[clip] = np.exp(log_probs)
        np.subtract.at(gradient[clip].T, states, shares.T)
    return gradient


def _one_way(emissions, states):
    """Returns the logarithms of the forward variables, `(frames, states)`."""
    differs = np.append([False, False], states[2:] != states[:-2])
    skips = np.where(differs, 0.0, -np.inf)
    variables = np.full(emissions.shape, -np.inf)
    variables[0, :2] = emissions[0, :2]
    for frame in range(1, len(emissions)):
        padded = np.append([-np.inf, -np.inf], variables[frame - 1])
        arrived = np.logaddexp(padded[2:], padded[1:-1])
        variables[frame] = np.logaddexp(arrived, padded[:-2] + skips) + emissions[frame]
    return variables


if __name__ == "__main__":
    main()
