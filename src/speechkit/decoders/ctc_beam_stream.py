"""A beam search that takes the frames of one clip as they come."""

import numpy as np

from speechkit import _checks
from speechkit.decoders import _inputs
from speechkit.decoders._beam_search import arrays
from speechkit.decoders.hypothesis import Hypothesis


class CTCBeamStream:
    """Decodes one clip in pieces; made by `CTCBeamSearchDecoder.stream`.

    However a clip is cut into pieces, the answer is that of the whole clip. It
    remembers all frames of the clip, so begin a new stream with each utterance.

    Args:
        tasks: Arrays of the search, as `CTCBeamSearchDecoder` makes them, and those of
            the search for hotwords if there are any.
        classes: Texts of the classes, likewise.
        language: Language model that Python asks after each word. `None` means that the
            search asks alone.

    Example:
        >>> from speechkit.decoders import CTCBeamSearchDecoder
        >>> stream = CTCBeamSearchDecoder(["", "a", "b"]).stream()
        >>> stream.feed([[0.0, 9.0, 0.0]]).hypotheses()[0].text
        'a'
        >>> stream.feed([[0.0, 0.0, 9.0]]).hypotheses(final=True)[0].text
        'ab'
    """

    def __init__(self, tasks, classes, *, language=None):
        self._searches = [arrays.new_search(task) for task in tasks]
        self._language = language
        self._classes = classes
        width, num_classes = tasks[0].limits.beam_width, len(classes.texts)
        self._work = arrays.new_work(width, num_classes)
        self._pieces = [np.zeros((0, num_classes), "float32")]

    def feed(self, logits) -> "CTCBeamStream":
        """Takes the next frames, and returns itself.

        Args:
            logits: `(frames, classes)`: logits or log probabilities.

        Raises:
            ValueError: If the shape is another, or a frame has no softmax.
        """
        return self._take(self._log_probs(logits))

    def hypotheses(
        self, num_hypotheses: int = 1, *, final: bool = False
    ) -> list[Hypothesis]:
        """Returns the best readings of the frames so far, best first.

        Args:
            num_hypotheses: How many at most.
            final: Whether the clip ends here: the last word is whole, a language model
                scores the end, and only what is allowed remains.
        """
        from speechkit.decoders._beam_search.answers import hypotheses

        _checks.check_int("num_hypotheses", num_hypotheses)
        if self._language is not None:
            for search in self._searches:
                self._language.score_words(*search)
        self._pieces = [np.concatenate(self._pieces)]
        return hypotheses(
            self._searches,
            self._classes,
            self._pieces[0],
            num_hypotheses,
            final=final,
            language=self._language,
        )

    def _take(self, log_probs) -> "CTCBeamStream":
        """Takes the next frames as log probabilities in float32, and returns itself."""
        from speechkit.decoders._beam_search.hotword_steps import search_hotwords
        from speechkit.decoders._beam_search.steps import search

        grown = []
        for task, tree, beams in self._searches:
            capacity = int(tree.size[0]) + task.limits.beam_width * len(log_probs)
            tree = arrays.grown_tree(tree, capacity)
            advance = search_hotwords if task.hotwords.reach > 0 else search
            for piece in self._between_words(task, tree, beams, log_probs):
                advance(task, tree, beams, self._work, piece)
            grown.append(arrays.Search(task, tree, beams))
        self._searches = grown
        self._pieces.append(log_probs)
        return self

    def _between_words(self, task, tree, beams, log_probs):
        """Yields pieces in which no word ends but in the first frame.

        Before each, a language model outside of the search scores the words.
        """
        if self._language is None:
            yield log_probs
            return
        ends = task.classes.starts
        floor = task.limits.token_threshold - task.hotwords.reach
        probable = log_probs[:, ends] >= floor
        may_end = probable.any(axis=1) | ends[log_probs.argmax(axis=1)]
        for piece in np.split(log_probs, np.flatnonzero(may_end)):
            self._language.score_words(task, tree, beams)
            yield piece

    def _log_probs(self, logits):
        logits = np.asarray(logits).astype("float32")
        num_classes = len(self._classes.texts)
        if logits.ndim != 2 or logits.shape[1] != num_classes:
            raise ValueError(
                f"`logits` must have the axes (frames, classes) with {num_classes} "
                f"classes. Received shape: {logits.shape}"
            )
        _inputs.check_softmax(logits)
        return _inputs.log_softmax(logits)
