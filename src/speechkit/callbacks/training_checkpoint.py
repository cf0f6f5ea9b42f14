"""Training that goes on after an interruption as if there had been none."""

import json
import os
import zipfile

import keras
import numpy as np

from speechkit import _checks, _saved_files
from speechkit._replacing import remove_leftovers, replacing

_KIND = "a file that `TrainingCheckpoint` wrote"


class TrainingCheckpoint(keras.callbacks.Callback):
    """Saves a training run after each epoch, and goes on from there.

    The file holds the weights, all that the optimizer knows (its step, on which
    schedules depend, and averages), the state of every seed generator, and what the
    epochs have logged. A run that was interrupted, and then started again by the same
    program, ends with the same weights, bit for bit, if the batches are the same, too:
    give `padded_batches` the same seed and `first_pass=checkpoint.epoch`, and `fit`
    `initial_epoch=checkpoint.epoch`. What an interrupted epoch did is lost. Other
    callbacks, such as early stopping, begin anew.

    The file appears whole or not at all. Weights that are no numbers, since training
    has diverged, are not written, and the file stays that of the epoch before. An
    error ends the training, unless `keras.callbacks.TerminateOnNaN` or another callback
    has ended it. The file is to go on with, by a program that builds the same model; a
    model to keep is saved by `model.save`.

    Args:
        path: The file, ending in `.npz`; its folder is made if it is missing.

    Raises:
        ValueError: If `path` ends otherwise, its file is damaged or of another program,
            or the model that is trained has other variables; after an epoch, if a
            weight is NaN or infinite.

    Attributes:
        epoch: Number of epochs that are done.
        history: What each of them logged, by name.
    """

    def __init__(self, path: str | os.PathLike[str]):
        super().__init__()
        self.path = _checks.check_suffix("path", path, ".npz")
        self._saved: list[np.ndarray] | None = None
        self.epoch = 0
        self.history: dict[str, list[float]] = {}
        remove_leftovers(self.path)
        if _saved_files.exists(self.path, _KIND):
            self._read()

    def on_train_begin(self, logs=None):
        if self._saved is None:
            return
        variables = self._variables()
        forms = [_form(_as_array(variable)) for variable in variables]
        if forms != [_form(array) for array in self._saved]:
            raise ValueError(
                f"`{self.path}` must be of the model and optimizer that are trained. "
                f"Received: {len(self._saved)} variables for {len(forms)}, or others"
            )
        if _without_number(variables, self._saved):
            raise ValueError(
                f"`{self.path}` must be {_KIND}. It is of another tool: weights in it "
                "are NaN or infinite"
            )
        for variable, array in zip(variables, self._saved, strict=True):
            variable.assign(array)
        self._saved = None

    def on_epoch_end(self, epoch, logs=None):
        variables = self._variables()
        arrays = [_as_array(variable) for variable in variables]
        if broken := _without_number(variables, arrays):
            if self.model.stop_training:
                return  # as `TerminateOnNaN` has said
            raise ValueError(
                f"The training has diverged: the weight {broken!r} is NaN or infinite "
                f"after epoch {epoch + 1}. `{self.path}` stays as it was. A `clipnorm` "
                "of the optimizer may help, or a lower learning rate from the start, "
                "with another file: this one keeps the rate, too."
            )
        for name, value in (logs or {}).items():
            self.history.setdefault(name, []).append(float(value))
        self.epoch = epoch + 1
        about = json.dumps({"epoch": self.epoch, "history": self.history})
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(self.path) as temporary:
            np.savez(temporary, np.array(about), *arrays)

    def _variables(self):
        """Returns all that decides on the rest of training, in the same order."""
        optimizer = self.model.optimizer
        if not optimizer.built:
            optimizer.build(self.model.trainable_variables)
        # Weights are without seeds; variables have them, and metrics, too.
        seeds = [v for v in self.model.variables if v.name == "seed_generator_state"]
        return [*self.model.weights, *seeds, *optimizer.variables]

    def _read(self):
        _saved_files.check_file(self.path, _KIND)
        try:
            # NumPy advises to trust what is no archive.
            zipfile.ZipFile(self.path).close()
            # Opened here: `np.load` leaves a broken archive open.
            with self.path.open("rb") as opened, np.load(opened) as file:
                names = [f"arr_{number}" for number in range(len(file.files))]
                about, *self._saved = [file[name] for name in names]
            self.epoch, self.history = _read_about(about)
        except _saved_files.DAMAGED as error:
            raise _saved_files.damaged(self.path, _KIND, error) from None


def _read_about(array):
    """Returns the epoch and the history, checked: other programs write JSON, too."""
    if array.dtype.kind != "U" or array.shape:
        raise ValueError("it does not begin with a text")
    about = json.loads(str(array))
    if not isinstance(about, dict) or about.keys() != {"epoch", "history"}:
        raise ValueError("it does not tell its epoch and its history")
    epoch, history = about["epoch"], about["history"]
    # True is no number of epochs.
    if type(epoch) is not int or not 1 <= epoch <= _checks.LARGEST_SIZE:
        raise ValueError(f"its epoch is {str(epoch)[:40]}")
    is_history = isinstance(history, dict) and all(
        isinstance(values, list) and all(type(value) is float for value in values)
        for values in history.values()
    )
    if not is_history:
        raise ValueError("its history is not made of numbers")
    if any(len(values) > epoch for values in history.values()):
        raise ValueError(f"its history is longer than its {epoch} epochs")
    return epoch, history


def _as_array(variable):
    """Returns the value of a variable in a type of NumPy: bfloat16 is none."""
    array = keras.ops.convert_to_numpy(variable)
    return array if array.dtype.isbuiltin == 1 else array.astype("float32")


def _without_number(variables, arrays):
    """Returns the path of the first weight that is no number, or `None`.

    What is not trained may be infinite, such as a largest value that none is beyond.
    """
    for variable, array in zip(variables, arrays, strict=True):
        if array.dtype.kind not in "fc":
            continue
        bad = ~np.isfinite(array) if variable.trainable else np.isnan(array)
        if bad.any():
            return variable.path
    return None


def _form(array):
    return array.shape, array.dtype
