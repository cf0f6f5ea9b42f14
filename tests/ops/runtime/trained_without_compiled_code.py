"""Trains where Numba is broken; prints losses and warnings, a line for each way.

Each way to break it has a process of its own, which is forked from this one. It has
loaded TensorFlow, which takes long, and nothing of Numba.
"""

import json
import os
import sys
import warnings

import keras
import numpy as np


def results(layers, losses):
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


def answer_to(statement, variables):
    """Returns what is trained after a statement and variables that break Numba."""
    assert "numba" not in sys.modules
    os.environ.update(variables)
    exec(statement)
    from speechkit import config, layers, losses

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        answer = {"auto": results(layers, losses)}
        ours = [str(w.message) for w in caught if "ompiled" in str(w.message)]
    with config.kernel_scope("graph"):
        answer["graph"] = results(layers, losses)
    return {**answer, "warnings": ours}


if __name__ == "__main__":
    for way in json.loads(sys.argv[1]):
        process = os.fork()
        if process == 0:
            print(json.dumps(answer_to(*way)))
            sys.exit()
        _, status = os.waitpid(process, 0)
        if status:
            sys.exit(f"{way} ended with status {status}")
