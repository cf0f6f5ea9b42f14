"""CTC beam search on the host, with language models, hotwords and constraints."""

import os
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor

import keras
import numpy as np

from speechkit import _checks
from speechkit._optional import import_optional
from speechkit.decoders._beam_search import tasks
from speechkit.decoders._beam_search.alphabet import Alphabet
from speechkit.decoders._beam_search.inputs import Limits, Task
from speechkit.decoders._beam_search.outside_language import OutsideLanguage
from speechkit.decoders.ctc_beam_stream import CTCBeamStream
from speechkit.decoders.decoder import Decoder
from speechkit.decoders.hypothesis import Hypothesis
from speechkit.decoders.language_models.ngram_language_model import NGramLanguageModel
from speechkit.decoders.language_models.shallow_fusion import ShallowFusion
from speechkit.text import _spelling

_HOTWORD_WEIGHT = 10.0
# Sums of heavier ones would leave no digit for the acoustic score.
_HEAVIEST = 1e9


@keras.saving.register_keras_serializable(package="speechkit")
class CTCBeamSearchDecoder(Decoder):
    """Finds the most probable texts of CTC logits by prefix beam search.

    The probability of a text is that of all its paths. Words are what stands between
    delimiters, of which any number in a row counts as one and those at the ends as
    none; or what begins with `▁`. With neither, each label is a word of its own.
    Subwords that spell a text in two ways are two answers, each with its own score.

    Needs Numba: `pip install 'numba>=0.61'`. The first use compiles the search, which
    takes some seconds, and keeps it on disk. A call searches on the host, one
    call for each batch, in the graphs of TensorFlow and JAX, too, but not in what XLA
    compiles for TensorFlow.

    Args:
        vocabulary: A vocabulary of `speechkit.text`, or the text of each class in
            order.
        beam_width: How many texts are followed from frame to frame.
        beam_threshold: Texts whose score is lower than the best by more are dropped;
            a natural logarithm.
        token_threshold: Labels of a lower log probability are not tried, but for the
            best of the frame.
        max_tokens: How many labels are tried in a frame; `None` means all.
        fusion: The language model and its weights; `None` means none.
        allowed_words: If given, nothing but these words is found.
        allowed_phrases: If given, nothing but one of these phrases is found.
        **kwargs: Arguments of `Decoder`, such as `blank_index` and `word_delimiter`,
            and of `keras.layers.Layer`, such as `name`.

    Call arguments:
        logits: `(batch, frames, classes)`: logits or log probabilities.
        mask: Boolean `(batch, frames)`; see `Decoder`.

    Input shape:
        `(batch, frames, classes)`.

    Output shape:
        `(batch, frames)` integers, −1 after the last label.

    Raises:
        ValueError: If an argument is out of range, if the classes cannot spell a word
            or phrase that is allowed, or the words of the language model, or as
            `Decoder` does.
        ImportError: If Numba is not installed, or kept from compiling.

    Example:
        >>> decoder = CTCBeamSearchDecoder(["", *"ab"], beam_width=10)
        >>> log_probs = np.log([[[0.3, 0.6, 0.1], [0.5, 0.4, 0.1]]])
        >>> (hypotheses,) = decoder.decode(log_probs, num_hypotheses=2)
        >>> [hypothesis.text for hypothesis in hypotheses]
        ['a', '']
    """

    def __init__(
        self,
        vocabulary,
        *,
        beam_width: int = 100,
        beam_threshold: float = -10.0,
        token_threshold: float = -5.0,
        max_tokens: int | None = None,
        fusion: ShallowFusion | None = None,
        allowed_words: Iterable[str] | None = None,
        allowed_phrases: Iterable[str] | None = None,
        **kwargs,
    ):
        numba = import_optional("numba", "numba", "CTCBeamSearchDecoder")
        if numba.config.DISABLE_JIT:
            raise ImportError(
                "`CTCBeamSearchDecoder` needs Numba to compile: unset "
                "NUMBA_DISABLE_JIT, or use `CTCPrefixBeamSearch`"
            )
        super().__init__(vocabulary, **kwargs)
        self.beam_width = _checks.check_int("beam_width", beam_width)
        self.beam_threshold = _check_threshold("beam_threshold", beam_threshold)
        self.token_threshold = _check_threshold("token_threshold", token_threshold)
        self.max_tokens = _checks.to_plain(max_tokens)
        self.fusion = _check_fusion(fusion)
        self._alphabet = alphabet = Alphabet(self._classes)
        self.allowed_words = self._texts(
            "allowed_words", allowed_words, alphabet.spells_word
        )
        self.allowed_phrases = self._texts(
            "allowed_phrases", allowed_phrases, alphabet.spells
        )
        self._set_task()

    def hypotheses(
        self, log_probs: np.ndarray, num_hypotheses: int
    ) -> list[Hypothesis]:
        """Returns the best texts of one clip; none if nothing that is allowed fits."""
        (found,) = self._decode([log_probs], num_hypotheses)
        return found

    def decode(
        self,
        logits,
        logit_lengths=None,
        *,
        num_hypotheses: int = 1,
        hotwords: Mapping[str, float] | Iterable[str] = (),
        num_threads: int | None = None,
    ) -> list[list[Hypothesis]]:
        """Returns the best texts of each clip, best first.

        A clip has none if nothing that is allowed fits.

        Args:
            logits: `(batch, frames, classes)`: logits or log probabilities.
            logit_lengths: `(batch,)` integers: valid frames of each clip. `None` means
                the mask that the logits carry, if any; else all frames are valid.
            num_hypotheses: How many texts for a clip, at most.
            hotwords: Words or phrases to prefer; with their weights, or 10 each: what
                is added to the score where they occur as whole words. A phrase with a
                character of a script without spaces, such as Chinese or Thai, counts
                inside words and pieces of words, too. For the labels of a
                `PinyinVocabulary` it is written in characters or in pinyin. An answer
                never scores worse than the one without hotwords would, but a search
                for hotwords takes a few times as long.
            num_threads: How many clips are decoded at once; `None` means one for each
                core.

        Raises:
            ValueError: If shapes or lengths do not match, a valid frame has no softmax,
                or the classes cannot spell a hotword.
        """
        _checks.check_int("num_hypotheses", num_hypotheses)
        clips = self._clips(logits, logit_lengths)
        searched = self._with(hotwords)
        return self._search(searched, clips, num_hypotheses, num_threads)

    def stream(
        self, *, hotwords: Mapping[str, float] | Iterable[str] = ()
    ) -> CTCBeamStream:
        """Returns a search that takes the frames of one clip as they come.

        Args:
            hotwords: As for `decode`.

        Raises:
            ValueError: If the classes cannot spell a hotword.
        """
        return self._stream(self._with(hotwords))

    def get_config(self):
        fusion = self.fusion
        if fusion is not None:
            fusion = keras.saving.serialize_keras_object(fusion)
        return {
            **super().get_config(),
            "beam_width": self.beam_width,
            "beam_threshold": self.beam_threshold,
            "token_threshold": self.token_threshold,
            "max_tokens": self.max_tokens,
            "fusion": fusion,
            "allowed_words": self.allowed_words,
            "allowed_phrases": self.allowed_phrases,
        }

    @classmethod
    def from_config(cls, config):
        fusion = config["fusion"]
        if isinstance(fusion, dict):
            fusion = keras.saving.deserialize_keras_object(fusion)
        return super().from_config({**config, "fusion": fusion})

    def _texts(self, name, texts, spells):
        """Returns the texts of a rule after checking that the classes spell them."""
        if texts is None:
            return None
        texts = _checks.check_texts(name, texts)
        _spelling.check_spelled(name, texts, spells, self._alphabet.lacks)
        return texts

    def _set_task(self):
        """Sets what does not change from clip to clip."""
        num_classes = len(self._classes.texts)
        num_tokens = num_classes if self.max_tokens is None else self.max_tokens
        limits = Limits(
            self.beam_width,
            self.beam_threshold,
            self.token_threshold,
            _checks.check_int("max_tokens", num_tokens),
        )
        # Behind these, nothing but a language model or a rule can bring a label back.
        rules = (self.fusion, self.allowed_words, self.allowed_phrases)
        is_plain = all(rule is None for rule in rules)
        fewer = min(num_tokens, self.beam_width + 1) if is_plain else num_tokens
        self._plain_limits = limits._replace(max_tokens=fewer)
        self._task = Task(
            self._alphabet.classes(),
            limits,
            tasks.language(self.fusion, self._alphabet),
            tasks.lexicon(self.allowed_words, self.fusion, self._alphabet),
            tasks.phrases(self.allowed_phrases, self._alphabet),
            tasks.hotwords({}, self._alphabet),
        )

    def _decode(self, clips, num_hypotheses):
        return self._search(self._with(()), clips, num_hypotheses, None)

    def _search(self, searched, clips, num_hypotheses, num_threads):
        def search(clip):
            return (
                self._stream(searched)
                ._take(clip)
                .hypotheses(num_hypotheses, final=True)
            )

        with ThreadPoolExecutor(num_threads or os.cpu_count()) as pool:
            return list(pool.map(search, clips))

    def _stream(self, searched):
        language, fusion = None, self.fusion
        if fusion is not None and not isinstance(fusion.model, NGramLanguageModel):
            # It is not among the arrays of the search.
            language = OutsideLanguage(fusion.model, fusion.boundaries)
        return CTCBeamStream(searched, self._classes, language=language)

    def _with(self, hotwords):
        """Returns the tasks of the searches: one without hotwords, one with them."""
        plain = self._task._replace(limits=self._plain_limits)
        phrases = _checks.check_texts("hotwords", hotwords)
        if not phrases:
            return [plain]
        _spelling.check_spelled(
            "hotwords", phrases, self._alphabet.spells_within, self._alphabet.lacks
        )
        if not isinstance(hotwords, Mapping):
            hotwords = dict.fromkeys(phrases, _HOTWORD_WEIGHT)
        from speechkit.decoders._beam_search.hotwords import link

        for phrase, weight in hotwords.items():
            _checks.check_number(
                f"hotwords[{phrase!r}]", weight, -_HEAVIEST, maximum=_HEAVIEST
            )
        automaton = tasks.hotwords(hotwords, self._alphabet)
        link(automaton)
        return [plain, self._task._replace(hotwords=automaton)]


def _check_threshold(name, value):
    value = _checks.to_plain(value)
    if not isinstance(value, int | float) or not value <= 0:
        raise ValueError(
            f"`{name}` must be a number of 0 or less, or -inf. "
            f"Received: {name}={value!r}"
        )
    return float(value)


def _check_fusion(fusion):
    if fusion is not None and not isinstance(fusion, ShallowFusion):
        raise ValueError(
            f"`fusion` must be a ShallowFusion or None. Received: fusion={fusion!r}"
        )
    return fusion
