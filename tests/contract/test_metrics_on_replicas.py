"""The promise that metrics count on two replicas what they count on one."""

import json
import os
import subprocess
import sys

import pytest

from speechkit import metrics

# All of them sum in the same way, so these stand for the others.
CHECKED = (metrics.SentenceErrorRate, metrics.WordErrorRate)
CHECKED_OF_KEYWORDS = (metrics.EqualErrorRate, metrics.FalseAcceptsPerHour)
# TensorFlow divides a processor into devices only before it first uses it.
PROGRAM = """
import json
import numpy as np
import keras
import tensorflow as tf

cpu = tf.config.list_physical_devices("CPU")[0]
two = [tf.config.LogicalDeviceConfiguration() for _ in range(2)]
tf.config.set_logical_device_configuration(cpu, two)

from contract.test_metrics import CASES
from contract.test_metrics_on_replicas import CHECKED, CHECKED_OF_KEYWORDS
from contract.keyword_cases import CASES as KEYWORD_CASES
from speechkit import decoders, losses

random = np.random.default_rng(0)
logits = random.normal(size=(16, 9, 5)).astype("float32")
labels = random.integers(1, 5, size=(16, 4)).astype("int32")
data = tf.data.Dataset.from_tensor_slices((logits, labels)).batch(8)


def evaluate():
    model = keras.Sequential([keras.Input((None, 5)), keras.layers.Identity()])
    decoder = decoders.CTCGreedyDecoder(["", *"abcd"])
    metrics = [CASES[m](decoder=decoder, name=m.__name__) for m in CHECKED]
    model.compile("sgd", loss=losses.CTCLoss(), metrics=metrics, jit_compile=False)
    model.evaluate(data, verbose=0)
    counts = ("hits", "substitutions", "deletions", "insertions")
    counted = {
        m.name: [float(m.result()), *(float(getattr(m, name)) for name in counts)]
        for m in metrics
    }
    return {**counted, **evaluate_keywords()}


scores = random.random(size=(48, 1)).astype("float32")
flags = (random.random(size=(48, 1)) < scores).astype("float32")
clips = tf.data.Dataset.from_tensor_slices((scores, flags)).batch(8)


def evaluate_keywords():
    model = keras.Sequential([keras.Input((1,)), keras.layers.Identity()])
    metrics = [KEYWORD_CASES[m](name=m.__name__) for m in CHECKED_OF_KEYWORDS]
    model.compile("sgd", loss="mse", metrics=metrics, jit_compile=False)
    model.evaluate(clips, verbose=0)
    return {m.name: [float(m.result()), float(m._bins.numpy().sum())] for m in metrics}


one = evaluate()
with tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"]).scope():
    two = evaluate()
print(json.dumps([one, two]))
"""


@pytest.fixture(scope="module")
def evaluated():
    """What each metric counted on one and on two replicas."""
    process = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert process.returncode == 0, process.stderr[-3000:]
    return json.loads(process.stdout.splitlines()[-1])


@pytest.mark.parametrize(
    "name", [metric.__name__ for metric in (*CHECKED, *CHECKED_OF_KEYWORDS)]
)
def test_two_replicas_count_what_one_counts(evaluated, name):
    one, two = (run[name] for run in evaluated)

    assert two == one
    assert one[1] > 0
