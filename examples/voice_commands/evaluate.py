"""Evaluation: a threshold from held-out clips, scores and pictures of others."""

import dataclasses

import numpy as np

from examples.progress_bar import progress
from examples.voice_commands import data
from examples.voice_commands.config import Config
from examples.voice_commands.data import Corpus
from speechkit import datasets, models


@dataclasses.dataclass(frozen=True)
class Answers:
    """What a model says to the clips of a split.

    Attributes:
        recordings: The clips that are commands.
        probabilities: `(clips, labels)`, of these clips.
        others: `(clips, labels)`, of clips that are not commands.
    """

    recordings: list[datasets.Recording]
    probabilities: np.ndarray
    others: np.ndarray


def answer(
    model: models.CommandRecognizer, corpus: Corpus, split: str, config: Config
) -> Answers:
    """Returns the probabilities of all clips of a split.

    Where a corpus has no clips that are not commands, the commands played backwards
    take their place.
    """
    recordings = corpus.commands(split)
    others = corpus.others(split)
    batches = data.batches(corpus, recordings, config)
    if others:
        other_batches = data.batches(corpus, others, config)
    else:
        other_batches = batches.map(lambda x, y: (data.reverse(x), y))
    description = f"recognise {split}"
    return Answers(
        recordings,
        _predict(model, batches, description),
        _predict(model, other_batches, f"{description}, no commands"),
    )


def choose_threshold(answers: Answers, corpus: Corpus) -> float:
    """Returns the probability from which a clip counts as understood.

    It is the one that does best at both: understanding right what is a command and
    rejecting what is none, each as a share of its clips.
    """
    is_right = answers.probabilities.argmax(axis=1) == _classes(answers, corpus)
    accepted = answers.probabilities.max(axis=1)
    rejected = answers.others.max(axis=1)
    candidates = np.arange(0.0, 1.0, 0.01)
    understood = [(is_right & (accepted >= t)).mean() for t in candidates]
    refused = [(rejected < t).mean() for t in candidates]
    return float(round(candidates[np.argmax(np.add(understood, refused))], 2))


def score(answers: Answers, corpus: Corpus, threshold: float) -> dict:
    """Returns the scores of a split, as JSON."""
    classes = _classes(answers, corpus)
    best = answers.probabilities.argmax(axis=1)
    understood = answers.probabilities.max(axis=1) >= threshold
    right_share = answers.probabilities[np.arange(len(classes)), classes]
    worst = np.argsort(right_share, kind="stable")[:10]
    return {
        "clips": len(classes),
        "accuracy": float((best == classes).mean()),
        "threshold": threshold,
        "understood_right": float(((best == classes) & understood).mean()),
        "understood_wrong": float(((best != classes) & understood).mean()),
        "not_understood": float((~understood).mean()),
        "other_clips": len(answers.others),
        "others_rejected": float((answers.others.max(axis=1) < threshold).mean()),
        "worst_clips": [
            {
                "path": str(answers.recordings[i].path),
                "command": corpus.labels[classes[i]],
                "probability": round(float(right_share[i]), 4),
                "heard": corpus.labels[best[i]],
            }
            for i in worst
        ],
    }


def _classes(answers, corpus):
    return np.array([corpus.encode(r.text) for r in answers.recordings])


def _predict(model, batches, description):
    batches = progress(batches, description=description, unit="batches")
    return np.concatenate([model.predict_on_batch(inputs) for inputs, _ in batches])
