"""Binary n-gram language models of KenLM, scored by KenLM itself."""

import mmap
import os
from pathlib import Path

import keras

from speechkit._reading import open_bytes
from speechkit.decoders.language_models.language_model import BEGIN, END, LanguageModel

MAGIC = b"mmap lm http://kheafield.com/code"
# The words stand at the end of a file, the unknown one first.
_FIRST_WORD = b"<unk>\0"


@keras.saving.register_keras_serializable(package="speechkit")
class KenLMLanguageModel(LanguageModel):
    """Gives each word of a sentence its probability after the words before it.

    Scores are those of the package `kenlm`, which must be installed, as common
    logarithms. It reads what KenLM's `build_binary` wrote; for an ARPA file,
    `NGramLanguageModel` needs no other package and makes a beam search faster.

    Args:
        path: The binary file. It must hold its words, as it does by default.

    Attributes:
        words: The words, the unknown one first.
        order: Length of the longest n-grams.
        index: Number of each word.
        unknown: Number of the unknown word.

    Raises:
        ImportError: If `kenlm` is not installed.
        ValueError: If the file is no binary file of KenLM, or is broken.
    """

    def __init__(self, path: str | os.PathLike[str]):
        kenlm = _import_kenlm()
        self._path = path = Path(path)
        if not is_binary(path):
            raise ValueError(f"`{path}` must be a binary file of KenLM")
        try:
            self._model = kenlm.Model(str(path))
        except (OSError, RuntimeError) as error:
            raise ValueError(f"`{path}` must be whole. KenLM says: {error}") from error
        self.words = _read_words(path)
        self.order = int(self._model.order)
        self.index = {word: number for number, word in enumerate(self.words)}
        self.unknown = 0
        self._new_state = kenlm.State

    def first_state(self, *, begin: bool = True):
        """Returns the context of a first word: `<s>`, or without `begin` nothing."""
        state = self._new_state()
        if begin:
            self._model.BeginSentenceWrite(state)
        else:
            self._model.NullContextWrite(state)
        return state

    def step(self, state, word: str):
        """Returns the common logarithm of a word after a context, and the next one."""
        after = self._new_state()
        return self._model.BaseScore(state, word, after), after

    def get_config(self) -> dict:
        """Returns the path of the file, which must be there to make the model again."""
        return {"path": str(self._path.resolve())}

    @classmethod
    def from_config(cls, config: dict) -> "KenLMLanguageModel":
        """Returns the model that `get_config` described."""
        return cls(**config)


def is_binary(path: str | os.PathLike[str]) -> bool:
    """Returns whether a file begins as the binary files of KenLM do.

    Raises:
        ValueError: If it cannot be read.
    """
    with open_bytes(Path(path)) as file:
        return file.read(len(MAGIC)) == MAGIC


def _import_kenlm():
    try:
        import kenlm
    except ImportError as error:
        raise ImportError(
            "KenLMLanguageModel needs the package: pip install kenlm. Without it, "
            "NGramLanguageModel reads the ARPA file that the binary was built from"
        ) from error
    return kenlm


def _read_words(path):
    with (
        path.open("rb") as file,
        mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content,
    ):
        begin = content.rfind(_FIRST_WORD)
        texts = content[begin:].split(b"\0") if begin >= 0 else []
    words = [text.decode("utf-8") for text in texts if text]
    if not {BEGIN, END} <= set(words):
        raise ValueError(
            f"`{path}` must hold its words. Received a binary file that was built "
            "without them"
        )
    return words
