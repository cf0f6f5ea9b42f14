"""One line that shows how far training has come."""

import keras
import tqdm


class ProgressBar(keras.callbacks.Callback):
    """Shows steps done, time left and the latest scores in one line."""

    def __init__(self, initial_epoch: int, num_epochs: int, steps: int):
        super().__init__()
        self._bar = tqdm.tqdm(
            total=num_epochs * steps,
            initial=initial_epoch * steps,
            desc="train",
            unit="step",
        )
        self._num_epochs = num_epochs

    def on_train_batch_end(self, batch, logs=None):
        self._bar.update()

    def on_epoch_end(self, epoch, logs=None):
        scores = {name: f"{value:.3f}" for name, value in (logs or {}).items()}
        self._bar.set_postfix(epoch=f"{epoch + 1}/{self._num_epochs}", **scores)

    def on_train_end(self, logs=None):
        self._bar.close()
