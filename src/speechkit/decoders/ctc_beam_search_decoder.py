"""CTC beam search on the host, with language models, hotwords and constraints."""

import os
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from speechkit import _checks
from speechkit.decoders._beam_search import tasks
from speechkit.decoders._beam_search.inputs import Limits, Task
from speechkit.decoders._beam_search.outside_language import OutsideLanguage
from speechkit.decoders.ctc_beam_stream import CTCBeamStream
from speechkit.decoders.hypothesis import Hypothesis
from speechkit.decoders.language_models.kenlm_language_model import KenLMLanguageModel
from speechkit.decoders.language_models.shallow_fusion import ShallowFusion
from speechkit.ops.ctc import dispatch as ctc

_HOTWORD_WEIGHT = 10.0


class CTCBeamSearchDecoder:
    """Finds the most probable texts of CTC logits by prefix beam search.

    The probability of a text is that of all its paths. Words are what stands between
    delimiters, of which any number in a row counts as one and those at the ends as
    none; or what begins with `▁`. With neither, each label is a word of its own.

    Needs the extra `compiled`. The first use compiles the search, which takes some
    seconds, and keeps it on disk.

    Args:
        classes: Text of each class, in order; that of the blank does not matter.
        blank_index: Class of the blank; negative counts from the last class.
        word_delimiter: Text of the class between words; `None` means that there is
            none.
        beam_width: How many texts are followed from frame to frame.
        beam_threshold: Texts whose score is lower than the best by more are dropped;
            a natural logarithm.
        token_threshold: Labels of a lower log probability are not tried, but for the
            best of the frame.
        max_tokens: How many labels are tried in a frame; `None` means all.
        fusion: The language model and its weights; `None` means none.
        allowed_words: If given, nothing but these words is found.
        allowed_phrases: If given, nothing but one of these phrases is found.

    Raises:
        ValueError: If an argument is out of range.
        ImportError: If numba is not installed.

    Example:
        >>> decoder = CTCBeamSearchDecoder(["", *"ab"], beam_width=10)
        >>> log_probs = np.log([[[0.3, 0.6, 0.1], [0.5, 0.4, 0.1]]])
        >>> (hypotheses,) = decoder.decode(log_probs, num_hypotheses=2)
        >>> [hypothesis.text for hypothesis in hypotheses]
        ['a', '']
    """

    def __init__(
        self,
        classes: Sequence[str],
        *,
        blank_index: int = 0,
        word_delimiter: str | None = " ",
        beam_width: int = 100,
        beam_threshold: float = -10.0,
        token_threshold: float = -5.0,
        max_tokens: int | None = None,
        fusion: ShallowFusion | None = None,
        allowed_words: Iterable[str] | None = None,
        allowed_phrases: Iterable[str] | None = None,
    ):
        _import_numba()
        blank = _check_classes(classes, blank_index)
        self._fusion = fusion
        self._alphabet = tasks.Alphabet(classes, blank, word_delimiter)
        num_tokens = len(classes) if max_tokens is None else max_tokens
        limits = Limits(
            _checks.check_int("beam_width", beam_width),
            _check_threshold("beam_threshold", beam_threshold),
            _check_threshold("token_threshold", token_threshold),
            _checks.check_int("max_tokens", num_tokens),
        )
        # Behind these, nothing but a language model or a rule can bring a label back.
        is_plain = fusion is None and allowed_words is None and allowed_phrases is None
        fewer = min(limits.max_tokens, beam_width + 1) if is_plain else num_tokens
        self._plain_limits = limits._replace(max_tokens=fewer)
        self._task = Task(
            self._alphabet.classes(),
            limits,
            tasks.language(fusion, self._alphabet),
            tasks.lexicon(allowed_words, fusion, self._alphabet),
            tasks.phrases(allowed_phrases, self._alphabet),
            tasks.hotwords({}, self._alphabet),
        )

    def decode(
        self,
        logits,
        lengths=None,
        *,
        num_hypotheses: int = 1,
        hotwords: Mapping[str, float] | Iterable[str] = (),
        num_threads: int | None = None,
    ) -> list[list[Hypothesis]]:
        """Returns the best texts of each clip, best first.

        A clip has none if nothing that is allowed fits.

        Args:
            logits: `(batch, frames, classes)`: logits or log probabilities.
            lengths: `(batch,)`: valid frames; `None` means all.
            num_hypotheses: How many texts for a clip, at most.
            hotwords: Words or phrases to prefer; with their weights, or 10 each: what
                is added to the score where they occur.
            num_threads: How many clips are decoded at once; `None` means one for each
                core.

        Raises:
            ValueError: If shapes or lengths do not match, or a number is not finite.
        """
        clips = _clips(logits, lengths)
        task = self._with(hotwords)

        def decode(clip):
            stream = CTCBeamStream(task, self._alphabet, self._language()).feed(clip)
            return stream.hypotheses(num_hypotheses, final=True)

        with ThreadPoolExecutor(num_threads or os.cpu_count()) as pool:
            return list(pool.map(decode, clips))

    def stream(
        self, *, hotwords: Mapping[str, float] | Iterable[str] = ()
    ) -> CTCBeamStream:
        """Returns a search that takes the frames of one clip as they come.

        Args:
            hotwords: As for `decode`.
        """
        return CTCBeamStream(self._with(hotwords), self._alphabet, self._language())

    def _language(self):
        """Returns the language model, if it is not among the arrays of the search."""
        fusion = self._fusion
        if fusion is None or not isinstance(fusion.model, KenLMLanguageModel):
            return None
        return OutsideLanguage(fusion.model, fusion.boundaries)

    def _with(self, hotwords):
        if not isinstance(hotwords, Mapping):
            hotwords = dict.fromkeys(hotwords, _HOTWORD_WEIGHT)
        if not hotwords:
            return self._task._replace(limits=self._plain_limits)
        from speechkit.decoders._beam_search.hotwords import link

        for phrase, weight in hotwords.items():
            _checks.check_number(f"hotwords[{phrase!r}]", weight, -1e6)
        automaton = tasks.hotwords(hotwords, self._alphabet)
        link(automaton, self._task.classes.longest)
        return self._task._replace(hotwords=automaton)


def _import_numba():
    try:
        import numba  # noqa: F401
    except ImportError as error:
        raise ImportError(
            "CTCBeamSearchDecoder needs the extra: pip install 'speechkit[compiled]'"
        ) from error


def _check_classes(classes, blank_index):
    """Returns the class of the blank, counted from 0."""
    is_texts = not isinstance(classes, str) and all(isinstance(c, str) for c in classes)
    if not is_texts or len(classes) < 2:
        raise ValueError(
            "`classes` must be a sequence of at least two texts. "
            f"Received: classes={classes!r}"
        )
    return ctc.check_blank_index(blank_index, len(classes))


def _check_threshold(name, value):
    if not isinstance(value, int | float) or not value <= 0:
        raise ValueError(
            f"`{name}` must be a number of 0 or less, or -inf. "
            f"Received: {name}={value!r}"
        )
    return float(value)


def _clips(logits, lengths):
    """Returns the valid frames of each clip."""
    logits = np.asarray(logits)
    if logits.ndim != 3:
        raise ValueError(
            "`logits` must have the axes (batch, frames, classes). "
            f"Received shape: {logits.shape}"
        )
    if lengths is None:
        return list(logits)
    lengths = np.asarray(lengths)
    batch, frames, _ = logits.shape
    in_range = np.all((lengths >= 0) & (lengths <= frames))
    is_whole = np.issubdtype(lengths.dtype, np.integer)
    if lengths.shape != (batch,) or not in_range or not is_whole:
        raise ValueError(
            f"`lengths` must be {batch} integers from 0 to {frames}. "
            f"Received: lengths={lengths.tolist()}"
        )
    return [clip[:length] for clip, length in zip(logits, lengths, strict=True)]
