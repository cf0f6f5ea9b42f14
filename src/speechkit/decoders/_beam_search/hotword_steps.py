"""The search for hotwords: the prefix beam search, wider where a weight may yet count.

It runs beside the search that knows no hotwords, whose answer it must not lose: a text
is kept for what it has earned, or for what the beginning of a hotword is lent.
"""

import math

from speechkit.decoders._beam_search.arrays import HOTWORD
from speechkit.decoders._beam_search.hotwords import advances, most_hoped
from speechkit.decoders._beam_search.inputs import NOTHING
from speechkit.decoders._beam_search.ranking import select, sort
from speechkit.decoders._beam_search.steps import (
    mark_sisters,
    pick_tokens,
    renew,
    score_longer,
    stay,
)
from speechkit.ops.runtime.compiling import borrow, compiled, compiled_inline


@compiled_inline
def search_hotwords(task, tree, beams, work, log_probs):
    """Goes through `(frames, classes)` natural logarithms of probabilities."""
    task, tree, beams = borrow(task), borrow(tree), borrow(beams)
    work, log_probs = borrow(work), borrow(log_probs)
    for frame in range(len(log_probs)):
        row = log_probs[frame]
        num_tokens = pick_tokens(task, row, work)
        num_tried = _add_tokens(task, row, work, num_tokens)
        stay(task, tree, beams, work, row)
        count = _spread(task, tree, beams, work, num_tokens, num_tried)
        renew(tree, beams, work, count)


@compiled_inline
def _add_tokens(task, row, work, count):
    """Adds the labels that hotwords may make worth a try; returns how many there are.

    The weight of a hotword may make up for an improbable label.
    """
    hotwords = task.hotwords
    floor = task.limits.token_threshold - hotwords.reach
    for place in range(count):
        work.picked[work.tokens[place]] = True
    num_picked = count
    for label in hotwords.labels:
        improbable = row[label] < floor or label == task.classes.blank
        if not improbable and not work.picked[label]:
            work.tokens[count] = label
            work.keys[label] = row[label]
            count += 1
    for place in range(num_picked):
        work.picked[work.tokens[place]] = False
    return count


@compiled_inline
def _spread(task, tree, beams, work, num_tokens, num_tried):
    """Adds longer prefixes to the candidates; returns how many are kept."""
    hotwords, count = task.hotwords, beams.used[0]
    floor = -math.inf
    for beam in range(count):
        hotword = tree.integers[beams.nodes[beam], HOTWORD]
        earned = work.scores[beam] - hotwords.lent[hotword]
        work.earned[beam] = earned
        work.hoped[beam] = earned + hotwords.hopes[hotword]
        floor = max(floor, earned + hotwords.risks[hotword])
    floor += task.limits.beam_threshold
    for beam in range(beams.used[0]):
        mark_sisters(tree, beams, work, beam, True)
        count, floor = _spread_beam(
            task, tree, beams, work, num_tokens, num_tried, beam, count, floor
        )
        mark_sisters(tree, beams, work, beam, False)
    count = _keep_hopeful(work.hoped, work.order, count, floor)
    width = task.limits.beam_width
    count = _keep_best(work.earned, work.scores, work.order, count, width)
    sort(work.scores, work.order, count)
    return count


@compiled_inline
def _spread_beam(task, tree, beams, work, num_tokens, num_tried, beam, count, floor):
    """Adds what one beam becomes; returns the number of candidates and the floor."""
    hotwords, threshold = task.hotwords, task.limits.beam_threshold
    hotword = tree.integers[beams.nodes[beam], HOTWORD]
    bonus = max(task.language.word_bonus, 0.0) if task.language.unit != NOTHING else 0.0
    base = beams.total[beam] + beams.added[beam] - hotwords.lent[hotword] + bonus
    for place in range(num_tried):
        label = work.tokens[place]
        missing = floor - base - work.keys[label]
        if work.taken[label] or missing > hotwords.most + hotwords.reach:
            continue
        if missing > most_hoped(hotwords, hotword, task.classes, label):
            continue
        improbable = place >= num_tokens
        if improbable and not advances(hotwords, hotword, task.classes, label):
            continue
        row = work.order[count]
        value, whole = score_longer(task, tree, beams, work, beam, label, row)
        after = work.integers[row, HOTWORD]
        earned = whole - hotwords.lent[after]
        if whole == -math.inf or earned + hotwords.hopes[after] < floor:
            continue
        floor = max(floor, earned + hotwords.risks[after] + threshold)
        work.scores[row], work.values[row], work.earned[row] = whole, value, earned
        work.hoped[row] = earned + hotwords.hopes[after]
        work.origins[row], work.labels[row] = beam, label
        count += 1
        if count == len(work.scores):
            count = _keep_best(
                work.earned, work.scores, work.order, count, task.limits.beam_width
            )
    return count, floor


@compiled
def _keep_hopeful(hoped, order, count, floor):
    """Moves the candidates that may reach the floor to the front; returns how many."""
    kept = 0
    for place in range(count):
        if hoped[order[place]] >= floor or count == 1:
            order[kept], order[place] = order[place], order[kept]
            kept += 1
    return kept


@compiled
def _keep_best(earned, lent, order, count, width):
    """Moves the best candidates to the front; returns how many there are.

    Half of them are the best without what is lent, half with it.
    """
    if count <= width:
        return count
    first = width - width // 2
    select(earned, order, count, first)
    select(lent, order[first:], count - first, width - first)
    return width
