"""The average of the weights of several epochs."""

import keras
import numpy as np

from speechkit import _checks


class WeightAveraging(keras.callbacks.Callback):
    """Gives the model the average of its weights after several epochs.

    It keeps the weights of the last epochs, or of the best, and the model gets their
    mean when training ends. Weights that are whole numbers are those of the last epoch,
    or of the best. Keras averages over steps by itself: `use_ema=True` in an optimizer.

    Args:
        num_epochs: How many epochs are averaged, or all if there are fewer; their
            weights are kept in memory.
        monitor: What is logged and says which epochs are best, such as `"val_wer"`.
            `None` takes the last.
        mode: `"min"` if less of it is better, or `"max"`.

    Raises:
        ValueError: If `num_epochs` is no integer of 1 or more, there is no such mode,
            or an epoch ends without `monitor`.

    Example:
        >>> model = keras.Sequential([keras.layers.Dense(1)])
        >>> model.compile("sgd", "mse")
        >>> callback = WeightAveraging(num_epochs=2)
        >>> history = model.fit(np.ones((4, 1)), np.ones(4), 2, 3, 0, [callback])
    """

    def __init__(
        self,
        num_epochs: int = 5,
        monitor: str | None = None,
        *,
        mode: str = "min",
    ):
        super().__init__()
        self.num_epochs = _checks.check_int("num_epochs", num_epochs)
        self.mode = _checks.check_choice("mode", mode, ("min", "max"))
        self.monitor = monitor
        if monitor is not None:
            _checks.check_text("monitor", monitor)
        self._kept: list[tuple[float, list[np.ndarray]]] = []

    def on_train_begin(self, logs=None):
        self._kept = []

    def on_epoch_end(self, epoch, logs=None):
        # The first is the best: the latest epoch, or that with the least value.
        value = -epoch if self.monitor is None else self._value(logs or {})
        if len(self._kept) == self.num_epochs and value >= self._kept[-1][0]:
            return
        self._kept.append((value, [np.array(w) for w in self.model.get_weights()]))
        self._kept.sort(key=lambda kept: kept[0])
        del self._kept[self.num_epochs :]

    def on_train_end(self, logs=None):
        if self._kept:
            columns = zip(*(weights for _, weights in self._kept), strict=True)
            self.model.set_weights([_mean(column) for column in columns])

    def _value(self, logs):
        if self.monitor not in logs:
            raise ValueError(
                f"`monitor` must be one of {', '.join(logs)}. "
                f"Received: monitor={self.monitor!r}"
            )
        value = float(logs[self.monitor])
        return value if self.mode == "min" else -value


def _mean(arrays):
    first = arrays[0]
    if not keras.backend.is_float_dtype(keras.backend.standardize_dtype(first.dtype)):
        return first
    return np.mean(arrays, axis=0, dtype="float64").astype(first.dtype)
