"""Recurrent layers written out in NumPy, clip by clip and frame by frame."""

import numpy as np
from scipy.special import expit as sigmoid


def gru(gates, kernel, state, candidate_bias):
    """Yields h = z·h + (1 − z)·tanh(c + r·(U·h + b)) for each frame."""
    for update, reset, candidate in gates.reshape(len(gates), 3, -1):
        from_update, from_reset, from_state = (state @ kernel).reshape(3, -1)
        z, r = sigmoid(update + from_update), sigmoid(reset + from_reset)
        new = np.tanh(candidate + r * (from_state + candidate_bias))
        state = z * state + (1 - z) * new
        yield state


def lstm(gates, kernel, state):
    """Yields h = o·tanh(s) with s = f·s + i·tanh(c) for each frame."""
    carry = np.zeros_like(state)
    for gate in gates:
        i, f, c, o = (gate + state @ kernel).reshape(4, -1)
        carry = sigmoid(f) * carry + sigmoid(i) * np.tanh(c)
        state = sigmoid(o) * np.tanh(carry)
        yield state


def clipped_relu(values):
    return np.clip(values, 0, 20)


def simple_rnn(gates, kernel, state, activation=clipped_relu):
    """Yields h = f(gate + U·h) for each frame, with f = min(max(x, 0), 20)."""
    for gate in gates:
        state = activation(gate + state @ kernel)
        yield state


CELLS = {"BatchNormGRU": gru, "BatchNormLSTM": lstm, "BatchNormSimpleRNN": simple_rnn}


def normalized(products, mask, weights, normalization, training):
    """Returns the gates that W·x of `(batch, frames, width)` gives."""
    if normalization is None:
        return products + weights["bias"]
    if normalization == "layer":
        mean = products.mean(axis=-1, keepdims=True)
        variance = products.var(axis=-1, keepdims=True)
    elif training:
        mean, variance = products[mask].mean(axis=0), products[mask].var(axis=0)
    else:
        mean, variance = weights["moving_mean"], weights["moving_variance"]
    scaled = (products - mean) / np.sqrt(variance + 1e-3)
    return weights["scale"] * scaled + weights["bias"]


def states(layer, features, lengths, weights, training=False):
    """Returns the states of one direction, `(batch, frames, units)`, zero in padding.

    `weights` are those of the direction, by name; backwards is what its last frame
    says comes first.
    """
    mask = np.arange(features.shape[1]) < np.asarray(lengths)[:, None]
    products = np.where(mask[..., None], features, 0) @ weights["kernel"]
    gates = normalized(products, mask, weights, layer.normalization, training)
    extra = [weights[name] for name in ("candidate_bias",) if name in weights]
    outputs = np.zeros((*features.shape[:2], layer.units))
    for clip, length in enumerate(lengths):
        frames = gates[clip, :length]
        order = slice(None, None, -1 if weights["backward"] else 1)
        start = np.zeros(layer.units)
        run = CELLS[type(layer).__name__]
        rows = list(run(frames[order], weights["recurrent_kernel"], start, *extra))
        if rows:
            outputs[clip, :length] = np.stack(rows)[order]
    return outputs
