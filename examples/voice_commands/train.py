"""Training: until the schedule ends or held-out clips get no better."""

import math

import keras

from examples import learning_rate, saving
from examples.progress_bar import ProgressBar
from examples.voice_commands import data
from examples.voice_commands import model as model_builder
from examples.voice_commands.config import Config
from examples.voice_commands.data import Corpus
from speechkit import callbacks, models


def train(
    corpus: Corpus, config: Config
) -> tuple[models.CommandRecognizer, dict[str, list[float]]]:
    """Returns the trained model, its weights averaged, and the history of training.

    An interrupted run goes on after its last complete epoch.
    """
    keras.utils.set_random_seed(config.seed)
    epochs = data.num_epochs(corpus, config)
    checkpoint = callbacks.TrainingCheckpoint(config.out / "checkpoint.npz")
    train_batches = _training_batches(corpus, config, checkpoint.epoch)
    steps = int(train_batches.cardinality())
    model = model_builder.build(corpus, config)
    _compile(model, config, epochs * steps)
    patience = math.ceil(config.patience * epochs)
    model.fit(
        train_batches,
        validation_data=_validation_batches(corpus, config),
        epochs=epochs,
        initial_epoch=min(checkpoint.epoch, epochs),
        callbacks=[
            keras.callbacks.SwapEMAWeights(),
            ProgressBar(checkpoint.epoch, epochs, steps),
            checkpoint,
            keras.callbacks.EarlyStopping("val_loss", patience=patience),
        ],
        shuffle=False,  # the batches come shuffled
        verbose=0,
    )
    saving.save_json(checkpoint.history, config.out / "history.json")
    return model, checkpoint.history


def _training_batches(corpus, config, num_done):
    recordings = corpus.splits["train"]
    batches = data.batches(
        corpus, recordings, config, shuffle=True, first_pass=num_done
    )
    num_labels = len(corpus.labels)
    if not corpus.others("train"):
        batches = batches.map(lambda x, y: data.add_reversed(x, y, num_labels))
    batches = batches.map(data.add_babble)
    smoothing = config.label_smoothing
    return batches.map(lambda x, y: (x, data.soften(y, num_labels, smoothing)))


def _validation_batches(corpus, config):
    batches = data.batches(corpus, corpus.commands("dev"), config)
    return batches.map(lambda x, y: (x, data.soften(y, len(corpus.labels), 0.0)))


def _compile(model, config, num_steps):
    optimizer = keras.optimizers.AdamW(
        learning_rate.warmed_up_cosine(config.learning_rate, num_steps),
        weight_decay=1e-2,
        clipnorm=1.0,
        use_ema=True,
        # The average reaches over about the last twentieth of the steps.
        ema_momentum=max(0.0, 1 - 20 / num_steps),
    )
    model.compile(optimizer, "categorical_crossentropy", metrics=[accuracy])


@keras.saving.register_keras_serializable(package="voice_commands")
def accuracy(targets, probabilities):
    """Returns which clips are answered rightly.

    For a command, that is the right one, however improbable; for what is none, that
    nothing is more probable than one half.
    """
    targets = keras.ops.convert_to_tensor(targets)
    is_command = keras.ops.max(targets, axis=-1) > 0.5
    best = keras.ops.argmax(probabilities, axis=-1)
    is_right = best == keras.ops.argmax(targets, axis=-1)
    is_rejected = keras.ops.max(probabilities, axis=-1) <= 0.5
    answered = keras.ops.where(is_command, is_right, is_rejected)
    return keras.ops.cast(answered, "float32")
