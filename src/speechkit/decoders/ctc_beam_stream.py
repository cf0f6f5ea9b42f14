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
        task: Arrays of the search, as `CTCBeamSearchDecoder` makes them.
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

    def __init__(self, task, classes, *, language=None):
        self._task = task
        self._language = language
        self._classes = classes
        width, num_classes = task.limits.beam_width, len(classes.texts)
        self._tree = arrays.new_tree(task, 1 + width)
        self._beams = arrays.new_beams(width)
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
            self._language.score_words(self._task, self._tree, self._beams)
        self._pieces = [np.concatenate(self._pieces)]
        return hypotheses(
            self._task,
            self._tree,
            self._beams,
            self._classes,
            self._pieces[0],
            num_hypotheses,
            final=final,
            language=self._language,
        )

    def _take(self, log_probs) -> "CTCBeamStream":
        """Takes the next frames as log probabilities in float32, and returns itself."""
        from speechkit.decoders._beam_search.steps import search

        width = self._task.limits.beam_width
        capacity = int(self._tree.size[0]) + width * len(log_probs)
        self._tree = arrays.grown_tree(self._tree, capacity)
        for piece in self._between_words(log_probs):
            search(self._task, self._tree, self._beams, self._work, piece)
        self._pieces.append(log_probs)
        return self

    def _between_words(self, log_probs):
        """Yields pieces in which no word ends but in the first frame.

        Before each, a language model outside of the search scores the words.
        """
        if self._language is None:
            yield log_probs
            return
        ends = self._task.classes.starts
        probable = log_probs[:, ends] >= self._task.limits.token_threshold
        may_end = probable.any(axis=1) | ends[log_probs.argmax(axis=1)]
        for piece in np.split(log_probs, np.flatnonzero(may_end)):
            self._language.score_words(self._task, self._tree, self._beams)
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
