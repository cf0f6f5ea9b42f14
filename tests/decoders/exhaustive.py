"""The judge of the beam searches: all paths, and scores by their definitions."""

import itertools
import math

import numpy as np


def log_softmax(logits):
    logits = np.asarray(logits, "float64")
    return logits - np.log(np.exp(logits).sum(axis=-1, keepdims=True))


def paths(log_probs, blank):
    """Yields each path, the labels that it collapses to, and its log probability."""
    frames, classes = log_probs.shape
    for path in itertools.product(range(classes), repeat=frames):
        labels = tuple(c for c, _ in itertools.groupby(path) if c != blank)
        yield path, labels, log_probs[np.arange(frames), list(path)].sum()


def texts(log_probs, classes, blank, join="".join):
    """Returns the log probability of each text, and the labels that spell it."""
    acoustic = {}
    for _, labels, log_prob in paths(log_probs, blank):
        text = join(classes[label] for label in labels)
        acoustic[text] = np.logaddexp(acoustic.get(text, -math.inf), log_prob)
    return acoustic


def single_spaces(pieces):
    return " ".join("".join(pieces).split())


def language_score(words, fusion):
    """Returns what a model and its weights give to words."""
    model, boundaries = fusion.model, fusion.boundaries
    log_prob = math.log(10) * model.score(words, begin=boundaries, end=boundaries)
    unknown = sum(word not in model.words for word in words)
    return (
        fusion.weight * log_prob
        + fusion.word_bonus * len(words)
        + fusion.unknown_score * unknown * (fusion.unit == "word")
    )


def hotword_score(words, hotwords):
    """Returns the weights of the phrases at all places where they occur."""
    score = 0.0
    for phrase, weight in hotwords.items():
        phrase = phrase.split()
        places = range(len(words) - len(phrase) + 1)
        score += weight * sum(words[i : i + len(phrase)] == phrase for i in places)
    return score


class AllPaths:
    """All paths of a few frames, laid out once for many clips.

    Args:
        frames: Number of frames.
        classes: Text of each class; the first is the blank.
        join: From the texts of labels to a text.
    """

    def __init__(self, frames, classes, join=single_spaces):
        self._paths = np.array([*itertools.product(range(len(classes)), repeat=frames)])
        collapsed = [
            join(classes[c] for c, _ in itertools.groupby(path) if c)
            for path in self._paths.tolist()
        ]
        self.texts, self._places = np.unique(collapsed, return_inverse=True)
        self.texts = self.texts.tolist()

    def log_probs(self, log_probs):
        """Returns the log probability of each of `texts`."""
        scores = log_probs[np.arange(len(log_probs)), self._paths].sum(axis=1)
        sums = np.full(len(self.texts), -math.inf)
        np.logaddexp.at(sums, self._places, scores)
        return sums
