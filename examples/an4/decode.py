"""Decoding: from recordings to texts, greedily and with the language model."""

import time
from collections.abc import Callable, Sequence

import numpy as np
import tensorflow as tf

from examples.an4 import data, lexicon, rescoring
from examples.an4.config import Config
from examples.progress_bar import progress
from speechkit import datasets, decoders, export, models, text

SYSTEMS = ("greedy", "language_model")


class Recognizer:
    """Turns recordings into texts, with and without the language model of a run.

    Args:
        network: Turns a batch of `waveforms` and `lengths` into logits, and a list of
            guesses at phones, perhaps empty.
        vocabulary: The classes of the network.
        config: That of the run.
        batch_size: Clips in a batch.

    Attributes:
        seconds: Time spent by the network, by the greedy decoder and by the beam search
            so far, in seconds.
        audio_seconds: Duration of what was recognised.
    """

    def __init__(
        self,
        network: Callable,
        vocabulary: text.CharacterVocabulary,
        config: Config,
        batch_size: int,
    ):
        self._network = network
        self._config = config
        self._batch_size = batch_size
        self._greedy = decoders.CTCGreedyDecoder(vocabulary)
        language_model = decoders.NGramLanguageModel.read(
            config.out / "language_model.arpa.gz"
        )
        self._search = decoders.CTCBeamSearchDecoder(
            vocabulary,
            beam_width=config.beam_width,
            fusion=decoders.ShallowFusion(
                language_model,
                weight=config.lm_weight,
                word_bonus=config.lm_word_bonus,
                unknown_score=config.lm_unknown_score,
            ),
        )
        pronunciation = lexicon.pronunciation_of_run(config)
        self._rescoring = pronunciation and rescoring.PhoneRescoring(
            pronunciation, config.phone_weight
        )
        self.seconds = {"network": 0.0, **dict.fromkeys(SYSTEMS, 0.0)}
        self.audio_seconds = 0.0

    def recognize(
        self, recordings: Sequence[datasets.Recording]
    ) -> dict[str, list[str]]:
        """Returns the texts of the recordings by system."""
        batches = data.scoring_batches(recordings, self._config, self._batch_size)
        self._warm_up(next(iter(batches))[0])
        texts: dict[str, list[str]] = {system: [] for system in SYSTEMS}
        for inputs, _ in progress(batches, description="recognise", unit="batches"):
            num_samples = int(np.sum(inputs["lengths"]))
            self.audio_seconds += num_samples / self._config.sampling_rate
            heard = self._timed("network", self._network, inputs)
            texts["greedy"] += self._timed("greedy", self._decode_greedily, *heard)
            texts["language_model"] += self._timed(
                "language_model", self._decode_with_language_model, *heard
            )
        return texts

    def real_time_factor(self, system: str) -> float:
        """Returns the time that recognition takes, as a share of the audio's."""
        return (self.seconds["network"] + self.seconds[system]) / self.audio_seconds

    def _warm_up(self, inputs):
        """Compiles what the first call would compile."""
        heard = self._network(inputs)
        self._decode_greedily(*heard)
        self._decode_with_language_model(*heard)

    def _timed(self, name, function, *arguments):
        start = time.perf_counter()
        result = function(*arguments)
        self.seconds[name] += time.perf_counter() - start
        return result

    def _decode_greedily(self, logits, guesses):
        # Padded frames are certain to be blank, so no lengths are needed.
        return self._greedy.transcribe(logits)

    def _decode_with_language_model(self, logits, guesses):
        rescores = self._rescoring is not None and guesses
        count = self._config.num_hypotheses if rescores else 1
        found = self._search.decode(np.asarray(logits), num_hypotheses=count)
        if not rescores:
            return [best[0].text if best else "" for best in found]
        clips = zip(*map(np.asarray, guesses), strict=True)
        pairs = zip(found, clips, strict=True)
        return [self._rescoring.best(*pair) for pair in pairs]


def of_model(model: models.CTCRecognizer, config: Config) -> Recognizer:
    """Returns a recogniser that hears whole clips, several at a time."""
    network = tf.function(model.with_guesses, autograph=False, reduce_retracing=True)
    return Recognizer(network, model.vocabulary, config, config.batch_size)


def of_stream(config: Config) -> Recognizer:
    """Returns a recogniser that hears clips one by one in pieces of 0.1 s."""
    runner = export.StreamingRunner(_finished(config, "streaming.tflite"))

    def network(inputs):
        return runner(inputs["waveforms"][0].numpy())[None], []

    return Recognizer(network, config.vocabulary(), config, 1)


def load(config: Config, streaming: bool = False) -> Recognizer:
    """Returns the recogniser of a finished run.

    Raises:
        ValueError: If the run has not finished, or cannot stream.
    """
    if streaming:
        return of_stream(config)
    return of_model(models.load_model(_finished(config, "model.keras")), config)


def _finished(config, name):
    path = config.out / name
    if not path.is_file():
        raise ValueError(
            f"`{config.out}` must be a finished run with {name}. No {path}"
        )
    return path
