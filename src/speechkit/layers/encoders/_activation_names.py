"""The check of an activation that is given by its name."""

import keras


def check_activation(activation: str | None) -> str | None:
    """Returns `activation`; raises `ValueError` unless Keras knows the name."""
    try:
        # A function of the user has no name that a configuration could keep.
        if activation is None or isinstance(activation, str):
            keras.activations.get(activation)
            return activation
    except ValueError:
        pass
    raise ValueError(
        "`activation` must be None or the name of a Keras activation, such as 'relu'. "
        f"Received: activation={activation!r}"
    )
