"""Decoding: from recordings to texts, greedily and with the language model."""

import pathlib
import time
from collections.abc import Sequence

import keras
import numpy as np
import tqdm

from examples.an4 import data
from examples.an4.config import Config
from speechkit import audio, datasets, decoders, models

SYSTEMS = ("greedy", "language_model")


class Recognizer:
    """Turns recordings into texts, with or without the language model of a run.

    Attributes:
        seconds: Time spent by the network, by the greedy decoder and by the beam search
            so far, in seconds.
        audio_seconds: Duration of what was recognised.
    """

    def __init__(self, model: models.CTCRecognizer, config: Config):
        self._model = model
        self._config = config
        vocabulary = model.vocabulary
        self._greedy = decoders.CTCGreedyDecoder(vocabulary.blank_index)
        language_model = decoders.NGramLanguageModel.read(
            config.out / "language_model.arpa.gz"
        )
        self._search = decoders.CTCBeamSearchDecoder(
            ["", *vocabulary.tokens],
            beam_width=config.beam_width,
            fusion=decoders.ShallowFusion(
                language_model, config.lm_alpha, config.lm_beta, config.lm_unknown_score
            ),
        )
        self.seconds = {"network": 0.0, **dict.fromkeys(SYSTEMS, 0.0)}
        self.audio_seconds = 0.0

    def recognize(
        self, recordings: Sequence[datasets.Recording]
    ) -> dict[str, list[str]]:
        """Returns the texts of the recordings by system."""
        batches = data.scoring_batches(recordings, self._config)
        self._warm_up(next(iter(batches))[0])
        texts: dict[str, list[str]] = {system: [] for system in SYSTEMS}
        for inputs, _ in tqdm.tqdm(batches, desc="recognise", unit="batch"):
            logits = self._timed("network", self._model.predict_on_batch, inputs)
            texts["greedy"] += self._timed("greedy", self._decode_greedily, logits)
            texts["language_model"] += self._timed(
                "language_model", self._decode_with_language_model, logits
            )
        lengths = [audio.info(r.path).duration_seconds for r in recordings]
        self.audio_seconds += sum(lengths)
        return texts

    def real_time_factor(self, system: str) -> float:
        """Returns the time that recognition takes, as a share of the audio's."""
        return (self.seconds["network"] + self.seconds[system]) / self.audio_seconds

    def _warm_up(self, inputs):
        """Compiles what the first call would compile."""
        logits = self._model.predict_on_batch(inputs)
        self._decode_greedily(logits)
        self._decode_with_language_model(logits)

    def _timed(self, name, function, argument):
        start = time.perf_counter()
        result = function(argument)
        self.seconds[name] += time.perf_counter() - start
        return result

    def _decode_greedily(self, logits):
        # Padded frames are certain to be blank, so no lengths are needed.
        return self._model.vocabulary.decode_batch(np.asarray(self._greedy(logits)))

    def _decode_with_language_model(self, logits):
        found = self._search.decode(logits)
        return [best[0].text if best else "" for best in found]


def load(config: Config) -> Recognizer:
    """Returns the recogniser of a finished run.

    Raises:
        ValueError: If the run has not finished.
    """
    path: pathlib.Path = config.out / "model.keras"
    if not path.is_file():
        raise ValueError(f"`{config.out}` must be a run that has finished. No {path}")
    return Recognizer(keras.saving.load_model(path), config)
