"""Trains in a process whose Numba is broken; prints losses and warnings."""

import json
import warnings

import keras
import numpy as np

from speechkit import config, layers, losses


def results():
    """Returns CTC losses, and weights of a recurrent layer after a training step."""
    random = np.random.default_rng(seed=0)
    loss = losses.ctc_loss(
        np.array([[1, 2], [2, -1]]), random.normal(size=(2, 5, 3)).astype("float32")
    )
    keras.utils.set_random_seed(0)
    model = keras.Sequential([layers.BatchNormGRU(3)])
    model.compile("sgd", "mse", jit_compile=False)
    inputs = random.normal(size=(2, 4, 3)).astype("float32")
    model.fit(inputs, np.ones((2, 4, 3)), verbose=0)
    weights = np.concatenate([np.ravel(weight) for weight in model.get_weights()])
    return [np.asarray(loss).tolist(), weights.tolist()]


with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    answer = {"auto": results()}
    ours = [str(w.message) for w in caught if "ompiled" in str(w.message)]
with config.kernel_scope("graph"):
    answer["graph"] = results()
print(json.dumps({**answer, "warnings": ours}))
