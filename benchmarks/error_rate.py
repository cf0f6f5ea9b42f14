"""Error rates beside jiwer and torchmetrics: seconds, and the memory of a long pair.

Ours and the peers run by turns, and the least time of each counts.
"""

import multiprocessing
import sys
import time
from collections.abc import Callable

import jiwer
import numpy as np

from benchmarks import measuring
from speechkit import metrics, text

ROUNDS = 7
NUM_PAIRS = 5000
LONG = 100_000


def make_pairs(number: int, shortest: int, longest: int) -> tuple[list, list]:
    """Returns sentences of random words, and the same with errors of about 20 %."""
    random = np.random.default_rng(0)
    letters = [*"abcdefghijklmnopqrstuvwxyz"]
    words = ["".join(random.choice(letters, n)) for n in random.integers(2, 9, 3000)]

    def misheard(sentence):
        for word in sentence:
            chance = random.random()
            if chance > 0.05:  # otherwise it is lost
                yield words[random.integers(3000)] if chance < 0.15 else word
            if chance > 0.95:
                yield words[random.integers(3000)]

    lengths = random.integers(shortest, longest, number, endpoint=True)
    references = [[words[i] for i in random.integers(3000, size=n)] for n in lengths]
    hypotheses = [list(misheard(sentence)) for sentence in references]
    return [" ".join(s) for s in references], [" ".join(s) for s in hypotheses]


def race(runners: dict[str, Callable]) -> dict[str, float]:
    """Returns the least seconds of each runner; they run by turns."""
    times = measuring.seconds_by_turns(runners, ROUNDS)
    return {name: min(values) for name, values in times.items()}


def race_on_pairs() -> None:
    """Prints the times for many sentences, as counts alone and with alignments."""
    pairs = make_pairs(NUM_PAIRS, 8, 30)
    runners = {
        "count_errors": lambda: metrics.count_errors(*pairs),
        "score, with alignments": lambda: metrics.score(*pairs),
        "jiwer.process_words": lambda: jiwer.process_words(*pairs),
    }
    try:
        from torchmetrics.functional.text import word_error_rate
    except ImportError:
        print("torchmetrics is not installed")
    else:
        runners["torchmetrics"] = lambda: word_error_rate(*reversed(pairs))
    seconds = race(runners)
    rate = metrics.count_errors(*pairs).error_rate
    print(f"{NUM_PAIRS} sentences of 8 to 30 words, error rate {rate:.1%}")
    for name, value in seconds.items():
        counts, aligned = seconds["count_errors"], seconds["score, with alignments"]
        print(
            f"  {name:24} {value * 1e3:8.1f} ms, {value / counts:6.1f} × counts, "
            f"{value / aligned:5.1f} × alignments"
        )


def race_in_graph() -> None:
    """Prints the times of an update of the metrics with a batch of 32 sentences."""
    import tensorflow as tf

    pairs = make_pairs(32, 8, 30)
    vocabulary = text.CharacterVocabulary(" abcdefghijklmnopqrstuvwxyz")
    labels = [vocabulary.encode_batch(side) for side in pairs]
    print(f"update with 32 sentences, {labels[0].shape[1]} labels wide")
    for jit_compile in (False, True):
        runners = {}
        for metric in (metrics.WordErrorRate(1), metrics.CharacterErrorRate()):
            update = tf.function(metric.update_state, jit_compile=jit_compile)
            update(*labels)
            runners[type(metric).__name__] = lambda update=update: update(*labels)
        for name, value in race(runners).items():
            kind = "XLA" if jit_compile else "graph"
            print(f"  {name:24} {value * 1e3:8.1f} ms, {kind}")


def align_long_pair(queue) -> None:
    """Puts the seconds of one long pair, and by how much its peak of memory grew."""
    import resource  # on Unix alone

    (reference,), (hypothesis,) = make_pairs(1, LONG, LONG)
    unit = 1e6 if sys.platform == "darwin" else 1e3
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.perf_counter()
    alignment = metrics.align(reference, hypothesis)
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    grown = (peak - before) / unit
    queue.put((seconds, grown, peak / unit, alignment.counts.error_rate))


def main() -> None:
    """Prints a table for each race."""
    race_on_pairs()
    race_in_graph()
    context = multiprocessing.get_context("spawn")
    queue = context.Queue()
    process = context.Process(target=align_long_pair, args=(queue,))
    process.start()
    seconds, grown, peak, rate = queue.get()
    process.join()
    print(f"one pair of {LONG} words, error rate {rate:.1%}")
    print(f"  align {seconds:.1f} s; the imports took up to {peak - grown:.0f} MB,")
    print(f"  and the alignment {grown:.0f} MB beyond that")


if __name__ == "__main__":
    main()
