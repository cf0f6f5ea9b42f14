"""Interpolated modified Kneser–Ney: n-gram probabilities from a text.

Names follow Chen and Goodman, "An empirical study of smoothing techniques for language
modeling", 1998.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

import numpy as np

from speechkit.decoders.language_models._ngram_trie import NGramTable

NGram = tuple[int, ...]
# For texts too small to estimate a discount from, those of KenLM.
_FALLBACK = (0.5, 1.0, 1.5)
_BEGIN_LOG_PROB = -99.0


def estimate(
    sentences: Iterable[Sequence[int]], order: int, num_words: int, begin: int
) -> list[NGramTable]:
    """Returns the tables of all orders.

    Args:
        sentences: Word numbers, from that of the beginning to that of the end.
        order: Length of the longest n-grams; less where all sentences are shorter.
        num_words: Number of words, an unknown one and the beginning among them.
        begin: Word number of the beginning, which is never predicted.
    """
    counts = _adjusted(_counts(sentences, order), begin)
    probabilities: dict[NGram, float] = {(): 1 / (num_words - 1)}
    backoffs: dict[NGram, float] = {}
    for of_order in counts:
        _interpolate(of_order, probabilities, backoffs)
    unigrams = [(word,) for word in range(num_words)]
    for unigram in unigrams:
        probabilities.setdefault(unigram, backoffs[()] * probabilities[()])
    listed: list[Iterable[NGram]] = [unigrams, *filter(None, counts[1:])]
    tables = [_table(ngrams, probabilities, backoffs) for ngrams in listed]
    tables[0].log_probs[begin] = _BEGIN_LOG_PROB
    return tables


def _counts(sentences, order):
    """Returns how often each n-gram occurs, by order."""
    counts: list[Counter[NGram]] = [Counter() for _ in range(order)]
    for sentence in sentences:
        words = tuple(sentence)
        for length, of_order in enumerate(counts, start=1):
            of_order.update(zip(*(words[i:] for i in range(length)), strict=False))
    return counts


def _adjusted(counts, begin):
    """Returns, below the highest order, after how many words an n-gram occurs.

    Nothing comes before the beginning, so its n-grams keep their counts.
    """
    adjusted = [*counts[:-1], counts[-1]]
    for place, longer in enumerate(counts[1:]):
        different = Counter(ngram[1:] for ngram in longer)
        kept = {n: c for n, c in counts[place].items() if n[0] == begin}
        adjusted[place] = different | Counter(kept)
    # The beginning itself is given, never predicted.
    adjusted[0] = Counter({n: c for n, c in adjusted[0].items() if n != (begin,)})
    return adjusted


def _discounts(counts):
    """Returns what is taken from a count of 1, of 2, and of 3 or more."""
    times = Counter(min(count, 5) for count in counts.values())
    if not all(times[j] for j in (1, 2, 3, 4)):
        return _FALLBACK
    scale = times[1] / (times[1] + 2 * times[2])
    discounts = tuple(j - (j + 1) * scale * times[j + 1] / times[j] for j in (1, 2, 3))
    in_range = all(0 <= d <= j for j, d in enumerate(discounts, start=1))
    return discounts if in_range else _FALLBACK


def _interpolate(counts, probabilities, backoffs):
    """Adds the n-grams of one order and the backoffs of their contexts."""
    discounts = _discounts(counts)
    totals: dict[NGram, int] = defaultdict(int)
    taken: dict[NGram, float] = defaultdict(float)
    for ngram, count in counts.items():
        totals[ngram[:-1]] += count
        taken[ngram[:-1]] += discounts[min(count, 3) - 1]
    for context, total in totals.items():
        backoffs[context] = taken[context] / total
    for ngram, count in counts.items():
        context = ngram[:-1]
        kept = (count - discounts[min(count, 3) - 1]) / totals[context]
        probabilities[ngram] = kept + backoffs[context] * probabilities[ngram[1:]]


def _table(ngrams, probabilities, backoffs):
    ngrams = list(ngrams)
    log_probs = [math.log10(probabilities[ngram]) for ngram in ngrams]
    log_backoffs = [math.log10(backoffs.get(ngram, 1.0)) for ngram in ngrams]
    return NGramTable(
        np.array(ngrams, "int32").reshape(len(ngrams), -1),
        np.array(log_probs, "float32"),
        np.array(log_backoffs, "float32"),
    )
