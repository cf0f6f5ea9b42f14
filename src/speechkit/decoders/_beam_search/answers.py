"""The beams of a search as texts with scores and times."""

import math

import numpy as np

from speechkit.decoders._beam_search.arrays import Beams, Tree
from speechkit.decoders._beam_search.best_path import best_path
from speechkit.decoders._beam_search.endings import conclude_all, spelled
from speechkit.decoders._beam_search.inputs import Task
from speechkit.decoders._beam_search.tasks import MARKER, Alphabet
from speechkit.decoders.hypothesis import Hypothesis, TimedText


def hypotheses(
    task: Task,
    tree: Tree,
    beams: Beams,
    alphabet: Alphabet,
    log_probs: np.ndarray,
    num_hypotheses: int,
    *,
    final: bool,
    language=None,
) -> list[Hypothesis]:
    """Returns the best readings, best first; with `final` they are whole sentences."""
    count = int(beams.used[0])
    nodes, scores = np.zeros(count, "int32"), np.zeros((count, 3))
    conclude_all(task, tree, beams, final, nodes, scores)
    if final and language is not None:
        scores[:, 1] += language.end_scores(task, tree, nodes)
    nodes, scores = _merged(nodes, scores)
    totals = scores.sum(axis=1)
    shares = np.exp(totals - totals.max(initial=-math.inf))
    shares /= shares.sum()
    return [
        _hypothesis(
            alphabet, spelled(tree, nodes[i]), scores[i], float(shares[i]), log_probs
        )
        for i in np.argsort(-totals, kind="stable")[:num_hypotheses]
    ]


def _merged(nodes, scores):
    """Returns one row for each text that is allowed, with all its paths."""
    allowed = scores[:, 1] > -math.inf
    nodes, scores = nodes[allowed], scores[allowed]
    kept, firsts, places = np.unique(nodes, return_index=True, return_inverse=True)
    acoustic = np.full(len(kept), -math.inf)
    np.logaddexp.at(acoustic, places, scores[:, 0])
    return kept, np.column_stack([acoustic, scores[firsts, 1:]])


def _hypothesis(alphabet, labels, scores, confidence, log_probs):
    spans, means = best_path(log_probs, labels, alphabet.blank, alphabet.delimiter)
    labels = labels.tolist()
    texts = [alphabet.texts[label] for label in labels]
    pieces = [*zip(texts, *spans.T.tolist(), means.tolist(), strict=True)]
    sure = np.minimum(np.exp(means), 1.0).tolist()
    acoustic, language, bonus = scores.tolist()
    return Hypothesis(
        text=_text(alphabet, labels),
        labels=tuple(labels),
        total_score=acoustic + language + bonus,
        acoustic_score=acoustic,
        language_score=language,
        hotword_score=bonus,
        confidence=confidence,
        words=tuple(_words(alphabet, labels, pieces)),
        timed_labels=tuple(map(TimedText, texts, *spans.T.tolist(), sure)),
    )


def _text(alphabet, labels):
    texts = [
        " " if label == alphabet.delimiter else alphabet.texts[label]
        for label in labels
    ]
    text = "".join(texts)
    return " ".join(text.replace(MARKER, " ").split()) if alphabet.has_markers else text


def _words(alphabet, labels, pieces):
    """Yields the words with their times; each label is one if there are no words."""
    begin = 0
    for place in range(len(labels) + 1):
        if place < len(labels) and not _separates(alphabet, labels[place]):
            continue
        if place > begin and (text := _text(alphabet, labels[begin:place])):
            yield _timed(text, pieces[begin:place])
        is_delimiter = place < len(labels) and labels[place] == alphabet.delimiter
        begin = place + 1 if is_delimiter else place


def _separates(alphabet, label):
    if not alphabet.has_words or label == alphabet.delimiter:
        return True
    return alphabet.texts[label].startswith(MARKER)


def _timed(text, pieces):
    """Returns a text made of pieces: text, first frame, end, mean log probability."""
    frames = sum(end - start for _, start, end, _ in pieces)
    log_prob = sum((end - start) * mean for _, start, end, mean in pieces)
    confidence = min(math.exp(log_prob / frames), 1.0)
    return TimedText(text, pieces[0][1], pieces[-1][2], confidence)
