"""How far a step has come: one line in a terminal, or a line now and then in a file."""

import sys
from collections.abc import Iterable

import keras
import tqdm

SECONDS_BETWEEN_LINES = 30.0


def progress(
    iterable: Iterable | None = None,
    *,
    description: str,
    unit: str,
    total: int | None = None,
    initial: int = 0,
) -> tqdm.tqdm:
    """Returns a bar of tqdm, which in a file becomes a line every 30 s.

    Args:
        iterable: What to go through; `None` means that `update` counts.
        description: Name of the step.
        unit: Name of what is counted.
        total: How many there are; `None` means as many as `iterable` has.
        initial: How many were done before.
    """
    lines = {}
    if not sys.stderr.isatty():
        lines = {
            "file": _Lines(),
            "mininterval": SECONDS_BETWEEN_LINES,
            "maxinterval": SECONDS_BETWEEN_LINES,
            "bar_format": "{desc}: {n_fmt} of {total_fmt} {unit}, {elapsed} gone, "
            "{remaining} left{postfix}",
        }
    return tqdm.tqdm(
        iterable, desc=description, unit=unit, total=total, initial=initial, **lines
    )


class ProgressBar(keras.callbacks.Callback):
    """Shows steps done, time left and the latest scores."""

    def __init__(self, initial_epoch: int, num_epochs: int, steps: int):
        super().__init__()
        self._bar = progress(
            description="train",
            unit="steps",
            total=num_epochs * steps,
            initial=initial_epoch * steps,
        )
        self._num_epochs = num_epochs

    def on_train_batch_end(self, batch, logs=None):
        self._bar.update()

    def on_epoch_end(self, epoch, logs=None):
        scores = {name: f"{value:.3f}" for name, value in (logs or {}).items()}
        epochs = f"{epoch + 1}/{self._num_epochs}"
        # Shown with the next step: a line for every epoch would be too many.
        self._bar.set_postfix(epoch=epochs, refresh=False, **scores)

    def on_train_end(self, logs=None):
        self._bar.close()


class _Lines:
    """Writes each state of a bar as a line of its own."""

    def write(self, text):
        if state := text.strip("\r\n "):
            print(state, file=sys.stderr)

    def flush(self):
        sys.stderr.flush()
