"""Adds to the state of a metric on several replicas of TensorFlow."""

import tensorflow as tf


def add(variable, value):
    """Adds the values of all replicas to a variable.

    Keras before 3.10 reads, adds and assigns; on replicas whose values are summed, that
    counts what was there before once for each of them.
    """
    replica = tf.distribute.get_replica_context()
    if replica is not None and replica.num_replicas_in_sync > 1:
        variable.value.assign_add(value)
    else:
        variable.assign_add(value)
