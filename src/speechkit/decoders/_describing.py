"""From labels with scores and times to hypotheses."""

import math
from collections.abc import Iterator, Sequence

import numpy as np

from speechkit.decoders._class_texts import MARKER, ClassTexts
from speechkit.decoders.hypothesis import Hypothesis, TimedText
from speechkit.ops.ctc.prefix_beams import NEVER

# Text, first frame, frame after the last, mean log probability.
_Piece = tuple[str, int, int, float]


def hypothesis(
    classes: ClassTexts,
    labels: Sequence[int],
    spans: np.ndarray,
    means: np.ndarray,
    scores: Sequence[float],
    confidence: float,
) -> Hypothesis:
    """Returns one reading of a clip.

    Args:
        classes: The texts of the classes.
        labels: The labels, without blanks.
        spans: `(labels, 2)`: the first frame of each label, and the one after its last.
        means: `(labels,)`: mean of its log probabilities over these frames.
        scores: Acoustic score, language score and hotword score.
        confidence: Share among all readings that were followed.
    """
    texts = [classes.texts[label] for label in labels]
    pieces = [*zip(texts, *spans.T.tolist(), means.tolist(), strict=True)]
    acoustic, language, hotwords = map(float, scores)
    return Hypothesis(
        text=classes.text_of(labels),
        labels=tuple(map(int, labels)),
        score=acoustic + language + hotwords,
        acoustic_score=acoustic,
        language_score=language,
        hotword_score=hotwords,
        confidence=confidence,
        words=tuple(_words(classes, labels, pieces)),
        timed_labels=tuple(_timed(piece[0], [piece]) for piece in pieces),
    )


def possible(readings: Sequence[Hypothesis]) -> list[Hypothesis]:
    """Returns the readings that have a probability.

    `NEVER` stands for the logarithm of 0, also where it is added to other scores.

    Raises:
        ValueError: If a score is NaN.
    """
    for reading in readings:
        if math.isnan(reading.score):
            raise ValueError(
                f"The score of the reading {reading.text!r} is NaN, so the readings "
                "have no order. A decoder must score each with a number, or with −inf "
                "if it is impossible."
            )
    return [reading for reading in readings if reading.score > NEVER / 2]


def shares(scores: np.ndarray) -> np.ndarray:
    """Returns the share of each score, a natural logarithm, in the sum of all."""
    parts = np.exp(scores - scores.max(initial=-math.inf))
    return parts / parts.sum()


def _words(
    classes: ClassTexts, labels: Sequence[int], pieces: list[_Piece]
) -> Iterator[TimedText]:
    """Yields the words with their times; each label is one if there are no words."""
    begin = 0
    for place in range(len(labels) + 1):
        if place < len(labels) and not _separates(classes, labels[place]):
            continue
        if place > begin and (text := classes.text_of(labels[begin:place])):
            yield _timed(text, pieces[begin:place])
        is_delimiter = place < len(labels) and labels[place] == classes.delimiter
        begin = place + 1 if is_delimiter else place


def _separates(classes, label):
    if not classes.has_words or label == classes.delimiter:
        return True
    return classes.texts[label].startswith(MARKER)


def _timed(text: str, pieces: list[_Piece]) -> TimedText:
    frames = sum(end - start for _, start, end, _ in pieces)
    log_prob = sum((end - start) * mean for _, start, end, mean in pieces)
    confidence = min(math.exp(log_prob / frames), 1.0)
    return TimedText(text, pieces[0][1], pieces[-1][2], confidence)
