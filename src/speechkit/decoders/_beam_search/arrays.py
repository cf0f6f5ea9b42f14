"""What a beam search remembers, as arrays that compile.

The constants are the columns of `Tree.integers`, of `Tree.numbers` and of
`Work.bounds`.
"""

from typing import NamedTuple

import numpy as np

from speechkit.decoders._beam_search.inputs import START, Task

(PARENT, LABEL, CHILD, SIBLING, PLACE, LEXICON, PHRASE, HOTWORD, STATE, LENGTH) = range(
    10
)
WORD_STATE = 10
LANGUAGE, BONUS, PENDING, WORD_SCORE = range(4)

BEST, FLOOR = range(2)


class Tree(NamedTuple):
    """Prefixes that the search has seen, one node each; node 0 is the empty one.

    Attributes:
        integers: `(nodes, 11)`.
        numbers: `(nodes, 4)`.
        size: `(1,)`: how many nodes are in use.
    """

    integers: np.ndarray
    numbers: np.ndarray
    size: np.ndarray


class Beams(NamedTuple):
    """The prefixes that the search follows, best first.

    Attributes:
        used: `(1,)`: how many there are.
        nodes: `(beam_width,)`: their nodes.
        blank: Logarithm of the probability of the paths that end in a blank.
        label: Likewise, of those that end in the last label.
        total: Likewise, of both.
        added: What language model and hotwords add.
    """

    used: np.ndarray
    nodes: np.ndarray
    blank: np.ndarray
    label: np.ndarray
    total: np.ndarray
    added: np.ndarray


class Work(NamedTuple):
    """Room for one step.

    Attributes:
        old: The beams before the step.
        stay_blank: `(beam_width,)`: `Beams.blank` of a beam that gets no new label.
        stay_label: Likewise, `Beams.label`.
        eldest: `(beam_width,)`: first beam that is one label longer; −1 if none.
        next_sister: `(beam_width,)`: the next such beam.
        taken: `(classes,)`: whether a label leads to a beam that is there already.
        tokens: `(classes,)`: labels worth a try, best first.
        keys: `(classes,)`: their log probabilities.
        scores: `(4 * beam_width,)`: scores of candidates.
        values: Their logarithms of acoustic probabilities.
        origins: The beams they come from.
        labels: Their new labels; −1 for none.
        order: `(4 * beam_width,)`: numbers of the candidates.
        earned: Scores without what hotwords lend; the search for hotwords alone uses
            it, and what follows.
        hoped: Likewise, with the most that a hotword may yet win.
        picked: `(classes,)`: whether a label is worth a try for each beam.
        bounds: The best score in a frame, and the least that is kept.
        integers: `(4 * beam_width, 11)`: their rows of `Tree.integers`.
        numbers: `(4 * beam_width, 4)`: likewise, of `Tree.numbers`.
    """

    old: Beams
    stay_blank: np.ndarray
    stay_label: np.ndarray
    eldest: np.ndarray
    next_sister: np.ndarray
    taken: np.ndarray
    tokens: np.ndarray
    keys: np.ndarray
    scores: np.ndarray
    values: np.ndarray
    origins: np.ndarray
    labels: np.ndarray
    order: np.ndarray
    earned: np.ndarray
    hoped: np.ndarray
    picked: np.ndarray
    bounds: np.ndarray
    integers: np.ndarray
    numbers: np.ndarray


class Search(NamedTuple):
    """One search through a clip: what it is given, and how far it has come."""

    task: Task
    tree: Tree
    beams: Beams


def new_search(task: Task) -> Search:
    """Returns a search before the first frame."""
    width = task.limits.beam_width
    return Search(task, new_tree(task, 1 + width), new_beams(width))


def new_tree(task: Task, capacity: int) -> Tree:
    """Returns a tree that holds the empty prefix, with room for more."""
    integers = np.zeros((capacity, 11), "int32")
    integers[0, [PARENT, CHILD, SIBLING, PLACE]] = -1, -1, -1, 0
    integers[0, LABEL] = task.classes.delimiter
    integers[0, HOTWORD] = START
    integers[0, STATE] = task.language.first_state
    numbers = np.zeros((capacity, 4))
    numbers[0, WORD_SCORE] = np.nan
    return Tree(integers, numbers, np.ones(1, "int64"))


def grown_tree(tree: Tree, capacity: int) -> Tree:
    """Returns the tree with room for at least `capacity` nodes."""
    if capacity <= len(tree.integers):
        return tree
    capacity, used = max(capacity, 2 * len(tree.integers)), int(tree.size[0])
    # Memory that is zero to begin with is not touched before it is used.
    integers = np.zeros((capacity, tree.integers.shape[1]), "int32")
    numbers = np.zeros((capacity, tree.numbers.shape[1]))
    integers[:used], numbers[:used] = tree.integers[:used], tree.numbers[:used]
    return Tree(integers, numbers, tree.size)


def new_beams(beam_width: int) -> Beams:
    """Returns the beams before the first frame: the empty prefix alone."""
    numbers = [np.full(beam_width, -np.inf) for _ in range(4)]
    beams = Beams(np.ones(1, "int64"), np.zeros(beam_width, "int32"), *numbers)
    beams.blank[0] = beams.total[0] = beams.added[0] = 0
    return beams


def new_work(beam_width: int, num_classes: int) -> Work:
    """Returns room for the steps of one clip."""
    room = 4 * beam_width

    def zeros(shape, dtype="float64"):
        return np.zeros(shape, dtype)

    return Work(
        old=new_beams(beam_width),
        stay_blank=zeros(beam_width),
        stay_label=zeros(beam_width),
        eldest=zeros(beam_width, "int32"),
        next_sister=zeros(beam_width, "int32"),
        taken=zeros(num_classes, "bool"),
        tokens=zeros(num_classes, "int32"),
        keys=zeros(num_classes),
        scores=zeros(room),
        values=zeros(room),
        origins=zeros(room, "int32"),
        labels=zeros(room, "int32"),
        order=zeros(room, "int32"),
        earned=zeros(room),
        hoped=zeros(room),
        picked=zeros(num_classes, "bool"),
        bounds=zeros(2),
        integers=zeros((room, 11), "int32"),
        numbers=zeros((room, 4)),
    )
