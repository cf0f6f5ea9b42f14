"""Training: the recogniser with averaged weights, and the language model."""

import time

import keras
import tqdm

from examples import learning_rate, saving
from examples.an4 import data
from examples.an4 import model as model_builder
from examples.an4.config import Config
from examples.progress_bar import ProgressBar
from speechkit import callbacks, datasets, decoders, losses, models

Splits = dict[str, list[datasets.Recording]]


class Stopwatch(keras.callbacks.Callback):
    """Logs how long each epoch takes."""

    def on_epoch_begin(self, epoch, logs=None):
        self._start = time.monotonic()

    def on_epoch_end(self, epoch, logs=None):
        logs["seconds"] = time.monotonic() - self._start


def train(
    splits: Splits, config: Config
) -> tuple[models.DeepSpeech2, dict[str, list[float]]]:
    """Returns the trained recogniser with averaged weights, and the history.

    An interrupted run goes on after its last complete epoch.
    """
    keras.utils.set_random_seed(config.seed)
    checkpoint = callbacks.TrainingCheckpoint(config.out / "checkpoint.npz")
    batches = data.training_batches(splits["train"], config, checkpoint.epoch)
    steps = int(batches.cardinality())
    model = model_builder.build(config)
    if config.streaming:
        model_builder.adapt(
            model, data.scoring_batches(splits["train"], config, config.batch_size)
        )
    _compile(model, config, steps)
    model.fit(
        batches,
        epochs=config.epochs,
        initial_epoch=checkpoint.epoch,
        callbacks=[
            _report(splits["dev"], model, config),
            Stopwatch(),
            checkpoint,
            keras.callbacks.SwapEMAWeights(),
            ProgressBar(checkpoint.epoch, config.epochs, steps),
        ],
        shuffle=False,  # the batches come shuffled
        verbose=0,
    )
    saving.save_json(checkpoint.history, config.out / "history.json")
    saving.save_model(model, config.out / "model.keras")
    return model, checkpoint.history


def train_language_model(splits: Splits, config: Config) -> None:
    """Saves the n-grams of the texts of the training clips."""
    texts = [recording.text for recording in splits["train"]]
    model = decoders.NGramLanguageModel.train(texts, config.lm_order)
    model.write(config.out / "language_model.arpa.gz")


def _compile(model, config, steps):
    optimizer = keras.optimizers.AdamW(
        learning_rate.warmed_up_cosine(
            config.learning_rate, config.epochs * steps, config.warmup_share
        ),
        weight_decay=config.weight_decay,
        clipnorm=1.0,
        use_ema=True,
        ema_momentum=max(0.0, 1 - 1 / (config.average_epochs * steps)),
    )
    # A clip that is played fast may leave too few frames for its text: not learned.
    loss = losses.CTCLoss(infeasible="zero", label_smoothing=config.label_smoothing)
    model.compile(optimizer, loss, jit_compile=False)


def _report(recordings, model, config):
    """Returns the callback that decodes `dev` after each epoch and shows two clips."""
    vocabulary = model.vocabulary
    batches = datasets.padded_batches(
        recordings,
        vocabulary.encode,
        sampling_rate=config.sampling_rate,
        batch_size=2 * config.batch_size,
        cache=True,
    )
    return callbacks.DecodingReport(
        batches,
        decoders.CTCGreedyDecoder(vocabulary),
        num_shown=2,
        name="wer",
        write=tqdm.tqdm.write,
    )
