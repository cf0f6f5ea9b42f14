"""CTC prefix beam search, frame by frame.

A prefix carries the probability of all paths that collapse to it, apart for those that
end in a blank and those that end in its last label (Graves, "Supervised sequence
labelling with recurrent neural networks", 2012; Hannun et al., "First-pass large
vocabulary continuous speech recognition using bi-directional recurrent DNNs", 2014).

A longer prefix can meet no other but the beam that is its own node, so the search looks
for a beam's parent among the beams, and needs no table of prefixes in a step.
"""

import math

from speechkit.decoders._beam_search.arrays import (
    BEST,
    FLOOR,
    LABEL,
    PARENT,
    PLACE,
)
from speechkit.decoders._beam_search.inputs import LABELS, NOTHING
from speechkit.decoders._beam_search.prefixes import descend, extend
from speechkit.decoders._beam_search.ranking import select, sort
from speechkit.ops.runtime.compiling import borrow, compiled_inline
from speechkit.ops.runtime.logarithms_numba import log_add


@compiled_inline
def search(task, tree, beams, work, log_probs):
    """Goes through `(frames, classes)` natural logarithms of probabilities."""
    task, tree, beams = borrow(task), borrow(tree), borrow(beams)
    work, log_probs = borrow(work), borrow(log_probs)
    for frame in range(len(log_probs)):
        row = log_probs[frame]
        num_tokens = pick_tokens(task, row, work)
        best = stay(task, tree, beams, work, row)
        count = _spread(task, tree, beams, work, num_tokens, best)
        renew(tree, beams, work, count)


@compiled_inline
def pick_tokens(task, row, work):
    """Lists the labels worth a try, best first; returns how many there are."""
    limits, count, best = task.limits, 0, 0
    for label in range(len(row)):
        if row[label] > row[best]:
            best = label
    for label in range(len(row)):
        probable = row[label] >= limits.token_threshold or label == best
        if probable and label != task.classes.blank:
            work.tokens[count] = label
            work.keys[label] = row[label]
            count += 1
    if count > limits.max_tokens:
        select(work.keys, work.tokens, count, limits.max_tokens)
        count = limits.max_tokens
    sort(work.keys, work.tokens, count)
    return count


@compiled_inline
def stay(task, tree, beams, work, row):
    """Scores the beams that get no new label; returns the best score."""
    count, best = beams.used[0], -math.inf
    for place in range(len(work.order)):
        work.order[place] = place
    for beam in range(count):
        label = tree.integers[beams.nodes[beam], LABEL]
        work.stay_blank[beam] = beams.total[beam] + row[task.classes.blank]
        work.stay_label[beam] = -math.inf
        if label >= 0:
            # Delimiters in a row are one, with or without a blank between them.
            again = label == task.classes.delimiter
            base = beams.total[beam] if again else beams.label[beam]
            work.stay_label[beam] = base + row[label]
        work.eldest[beam] = -1
    for beam in range(count):
        _meet_parent(tree, beams, work, row, beam)
    for beam in range(count):
        value = log_add(work.stay_blank[beam], work.stay_label[beam])
        work.values[beam] = value
        work.scores[beam] = value + beams.added[beam]
        work.origins[beam] = beam
        work.labels[beam] = -1
        best = max(best, work.scores[beam])
    return best


@compiled_inline
def _meet_parent(tree, beams, work, row, beam):
    """Adds the paths by which the parent of a beam becomes the beam."""
    node = beams.nodes[beam]
    parent = tree.integers[node, PARENT]
    if parent < 0 or tree.integers[parent, PLACE] < 0:
        return
    origin, label = tree.integers[parent, PLACE], tree.integers[node, LABEL]
    doubled = tree.integers[parent, LABEL] == label
    base = beams.blank[origin] if doubled else beams.total[origin]
    work.stay_label[beam] = log_add(work.stay_label[beam], base + row[label])
    work.next_sister[beam] = work.eldest[origin]
    work.eldest[origin] = beam


@compiled_inline
def _spread(task, tree, beams, work, num_tokens, best):
    """Adds longer prefixes to the candidates; returns how many are kept."""
    width, count = task.limits.beam_width, beams.used[0]
    work.bounds[BEST], work.bounds[FLOOR] = best, best + task.limits.beam_threshold
    for beam in range(beams.used[0]):
        mark_sisters(tree, beams, work, beam, True)
        count = _spread_beam(task, tree, beams, work, num_tokens, beam, count)
        mark_sisters(tree, beams, work, beam, False)
    if count > width:
        count = _shrink(work, count, width)
    sort(work.scores, work.order, count)
    while count > 1 and work.scores[work.order[count - 1]] < work.bounds[FLOOR]:
        count -= 1
    return count


@compiled_inline
def _spread_beam(task, tree, beams, work, num_tokens, beam, count):
    """Adds what one beam becomes; returns how many candidates there are."""
    bonus = max(task.language.word_bonus, 0.0) if task.language.unit != NOTHING else 0.0
    most = beams.total[beam] + beams.added[beam]
    for place in range(num_tokens):
        label = work.tokens[place]
        missing = work.bounds[FLOOR] - most - work.keys[label]
        if missing > bonus:
            break
        if work.taken[label]:
            continue
        # The bonus is for a word that ends.
        if task.language.unit == LABELS or task.classes.starts[label]:
            missing -= bonus
        if missing > 0:
            continue
        # The order names the free rows, too, so nothing that was kept is overwritten.
        row = work.order[count]
        value, score = score_longer(task, tree, beams, work, beam, label, row)
        if score < work.bounds[FLOOR] or score == -math.inf:
            continue
        if score > work.bounds[BEST]:
            work.bounds[BEST] = score
            floor = score + task.limits.beam_threshold
            work.bounds[FLOOR] = max(work.bounds[FLOOR], floor)
        work.scores[row], work.values[row] = score, value
        work.origins[row], work.labels[row] = beam, label
        count += 1
        if count == len(work.scores):
            count = _shrink(work, count, task.limits.beam_width)
    return count


@compiled_inline
def mark_sisters(tree, beams, work, beam, taken):
    """Marks the labels that lead from a beam to one that is there already."""
    sister = work.eldest[beam]
    while sister >= 0:
        work.taken[tree.integers[beams.nodes[sister], LABEL]] = taken
        sister = work.next_sister[sister]


@compiled_inline
def score_longer(task, tree, beams, work, beam, label, row):
    """Fills the row of a longer prefix; returns its acoustic and its whole score."""
    node = beams.nodes[beam]
    doubled = tree.integers[node, LABEL] == label
    if doubled and label == task.classes.delimiter:
        return -math.inf, -math.inf
    base = beams.blank[beam] if doubled else beams.total[beam]
    value = base + work.keys[label]
    integers, numbers = work.integers[row], work.numbers[row]
    added = extend(task, tree, node, label, integers, numbers)
    return value, value + added


@compiled_inline
def _shrink(work, count, width):
    """Keeps the best candidates and raises the floor to the last of them."""
    select(work.scores, work.order, count, width)
    lowest = math.inf
    for place in range(width):
        lowest = min(lowest, work.scores[work.order[place]])
    work.bounds[FLOOR] = max(work.bounds[FLOOR], lowest)
    return width


@compiled_inline
def renew(tree, beams, work, count):
    """Makes the candidates that were kept the beams of the next frame."""
    old = work.old
    for beam in range(beams.used[0]):
        old.nodes[beam] = beams.nodes[beam]
        tree.integers[beams.nodes[beam], PLACE] = -1
    for beam in range(count):
        place = work.order[beam]
        origin, label = work.origins[place], work.labels[place]
        node, value = old.nodes[origin], work.values[place]
        if label < 0:
            beams.blank[beam] = work.stay_blank[origin]
            beams.label[beam] = work.stay_label[origin]
        else:
            integers, numbers = work.integers[place], work.numbers[place]
            node = descend(tree, node, label, integers, numbers)
            beams.blank[beam] = -math.inf
            beams.label[beam] = value
        beams.nodes[beam] = node
        beams.total[beam] = value
        beams.added[beam] = work.scores[place] - value
    for beam in range(count):
        tree.integers[beams.nodes[beam], PLACE] = beam
    beams.used[0] = count
