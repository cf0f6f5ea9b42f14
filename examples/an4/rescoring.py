"""Rescoring: what the middle of the network heard decides between texts, too."""

from collections.abc import Sequence

import numpy as np

from examples.an4.lexicon import Pronunciation
from speechkit import decoders

# How much less probable than the best of the others are phones that are not known.
_UNKNOWN = -6.0


class PhoneRescoring:
    """Chooses among the texts that a search found by the phones heard, too.

    Args:
        pronunciation: Turns texts into phones.
        weight: What their log probability is multiplied by.
    """

    def __init__(self, pronunciation: Pronunciation, weight: float):
        self._pronunciation = pronunciation
        self._weight = weight

    def best(self, hypotheses: Sequence[decoders.Hypothesis], guesses) -> str:
        """Returns the best text of one clip.

        Args:
            hypotheses: What the search found, with their scores.
            guesses: Arrays `(frames, phones)`, logits; the log probabilities that
                they give to a text are added.
        """
        if not hypotheses:
            return ""
        texts = [h.text for h in hypotheses if self._pronunciation.knows(h.text)]
        known = dict(zip(texts, self._scores(texts, guesses), strict=True))
        unknown = max(known.values(), default=0.0) + _UNKNOWN
        totals = [
            h.score + self._weight * known.get(h.text, unknown) for h in hypotheses
        ]
        return hypotheses[int(np.argmax(totals))].text

    def _scores(self, texts, guesses):
        if not texts:
            return []
        scorer = decoders.PhraseScorer(self._pronunciation, texts)
        return sum(scorer.log_probabilities(guess[None])[0] for guess in guesses)
