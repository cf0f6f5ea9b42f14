"""N-gram language models: from an ARPA file or from a text."""

import base64
import os
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

import keras
import numpy as np

from speechkit import _checks
from speechkit._reading import TextFileError
from speechkit.decoders.language_models import (
    _arpa_reading,
    _arpa_writing,
    _kneser_ney,
    _ngram_trie,
)
from speechkit.decoders.language_models.language_model import (
    BEGIN,
    END,
    UNKNOWN,
    LanguageModel,
)

# How a space is written where the words of a model are single characters.
SPACE = "<space>"
# What KenLM gives to the unknown word of a file that has none.
_UNKNOWN_LOG_PROB = -100.0


@keras.saving.register_keras_serializable(package="speechkit")
class NGramLanguageModel(LanguageModel):
    """Gives each word of a sentence its probability after the words before it.

    Scores are common logarithms (base 10), as in the file. A word that the model does
    not know scores as `<unk>`, or −100 if the file has no such word. Equal to KenLM's
    scores, and needs no compiler.

    Args:
        words: The words, `<s>` and `</s>` among them.
        tables: The n-grams of each order, from 1 up: word numbers `(ngrams, order)`,
            common logarithms of probabilities and of backoff weights `(ngrams,)`.

    Attributes:
        words: The words, one for what is unknown among them.
        order: Length of the longest n-grams.
        num_ngrams: How many n-grams of each order there are.
        index: Number of each word.
        unknown: Number of the unknown word.
        trie: The n-grams as arrays; a state is the number of a node.

    Raises:
        ValueError: If `<s>` or `</s>` is not among the words, or an n-gram comes twice.

    Example:
        >>> model = NGramLanguageModel.train(["turn on", "turn off"], order=2)
        >>> [round(10 ** model.score(text), 3) for text in ("turn on", "on off")]
        [0.136, 0.006]
    """

    def __init__(
        self,
        words: Sequence[str],
        tables: Sequence[tuple[np.ndarray, np.ndarray, np.ndarray]],
    ):
        ngrams = [_ngram_trie.NGramTable(*table) for table in tables]
        self.words, ngrams = _with_unknown(list(words), ngrams)
        self.order = len(ngrams)
        self.num_ngrams = tuple(len(table.words) for table in ngrams)
        self.index = {word: number for number, word in enumerate(self.words)}
        for word in (BEGIN, END):
            if word not in self.index:
                raise ValueError(f"`words` must hold {word!r}. Received no such word")
        self.unknown = self.index.get(UNKNOWN, self.index.get("<UNK>", -1))
        self.trie = _ngram_trie.build(ngrams)

    @classmethod
    def read(cls, path: str | os.PathLike[str]) -> "NGramLanguageModel":
        """Returns the model of an ARPA file, plain or compressed by gzip.

        Raises:
            ValueError: If the file is broken or ends early; says the line.
        """
        path = Path(path)
        words, tables, line_of = _arpa_reading.read(path)
        try:
            return cls(words, tables)
        except _ngram_trie.RepeatedError as error:
            line = line_of(error.order, error.place)
            raise TextFileError(path, line, _arpa_reading.REPEATED) from None

    @classmethod
    def train(
        cls, sentences: Iterable[str | Sequence[str]], order: int = 3
    ) -> "NGramLanguageModel":
        """Returns the model of sentences by interpolated modified Kneser–Ney.

        Meant for texts of up to some hundred thousand words.

        Args:
            sentences: Words between spaces, or a sequence of words or of characters
                each; a space as a character becomes `<space>`.
            order: Length of the longest n-grams.

        Raises:
            ValueError: If there is no sentence, or a word has a space within.
        """
        _checks.check_int("order", order)
        index = {UNKNOWN: 0, BEGIN: 1, END: 2}
        numbered = []
        for sentence in sentences:
            words = sentence.split() if isinstance(sentence, str) else sentence
            tokens = [BEGIN, *map(_token, words), END]
            numbered.append([index.setdefault(token, len(index)) for token in tokens])
        if not numbered:
            raise ValueError("`sentences` must be at least one. Received: none")
        return cls(list(index), _kneser_ney.estimate(numbered, order, len(index), 1))

    def write(self, path: str | os.PathLike[str]) -> Path:
        """Writes the model as an ARPA file, compressed if `path` ends in `.gz`."""
        path = Path(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        _arpa_writing.write(path, self.words, _ngram_trie.tables(self.trie))
        return path

    def first_state(self, *, begin: bool = True) -> int:
        """Returns the context of a first word: `<s>`, or without `begin` nothing."""
        return int(self.trie.states[1 + self.index[BEGIN]]) if begin else 0

    def step(self, state: int, word: str) -> tuple[float, int]:
        """Returns the common logarithm of a word after a context, and the next one."""
        number = self.index.get(word, self.unknown)
        return _ngram_trie.score(self.trie, state, number)

    def get_config(self) -> dict:
        """Returns the whole model: its ARPA file, compressed, in base 64."""
        with tempfile.TemporaryDirectory() as folder:
            content = self.write(Path(folder, "model.arpa.gz")).read_bytes()
        return {"arpa": base64.b64encode(content).decode("ascii")}

    @classmethod
    def from_config(cls, config: dict) -> "NGramLanguageModel":
        """Returns the model that `get_config` described."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "model.arpa.gz")
            path.write_bytes(base64.b64decode(config["arpa"]))
            return cls.read(path)


def _with_unknown(words, tables):
    """Returns the same with a word for what is unknown, if there is none."""
    if UNKNOWN in words or "<UNK>" in words:
        return words, tables
    unigrams = tables[0]
    grown = _ngram_trie.NGramTable(
        np.append(unigrams.words, [[len(words)]], axis=0),
        np.append(unigrams.log_probs, np.float32(_UNKNOWN_LOG_PROB)),
        np.append(unigrams.backoffs, np.float32(0)),
    )
    return [*words, UNKNOWN], [grown, *tables[1:]]


def _token(word):
    if word == " ":
        return SPACE
    if word.split() != [word]:
        raise ValueError(
            f"`sentences` must have words without spaces. Received: {word!r}"
        )
    return word
