"""What a search for hotwords found, and what the search without them found, as one."""

import numpy as np

from speechkit.decoders._beam_search.endings import whole_score
from speechkit.decoders._beam_search.hotwords import won_by

_Readings = tuple[list[np.ndarray], np.ndarray]


def joined(task, plain: _Readings, wider: _Readings, log_probs, *, final: bool):
    """Returns the labels of all readings, and their scores with hotwords.

    Two of them get the probability of all their paths, not only of those that a search
    followed: the best of all, and the best without hotwords. So the answer is not worse
    than that without hotwords, pruning or not.

    Args:
        task: That of the search for hotwords.
        plain: The labels of each reading without hotwords, and its scores.
        wider: Likewise, of the search for hotwords.
        log_probs: `(frames, classes)`: all frames.
        final: Whether the clip ends here.
    """
    classes = task.classes
    first = [int(plain[1].sum(axis=1).argmax())] if plain[0] else []
    rows = {}
    for labels, scores in zip(*plain, strict=True):
        scores[2] = won_by(task.hotwords, classes, labels, final)
        rows[labels.tobytes()] = labels, scores
    for labels, scores in zip(*wider, strict=True):
        _, same = rows.setdefault(labels.tobytes(), (labels, scores))
        same[0] = max(same[0], scores[0])
    if not rows:
        return plain
    texts, scores = map(list, zip(*rows.values(), strict=True))
    scores = np.array(scores)
    for place in {int(scores.sum(axis=1).argmax()), *first}:
        whole = whole_score(log_probs, texts[place], classes.blank, classes.delimiter)
        scores[place, 0] = max(scores[place, 0], whole)
    return texts, scores
