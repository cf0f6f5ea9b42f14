"""Toned syllables, or initials and finals, as labels."""

import dataclasses
from collections.abc import Iterable, Mapping, Sequence

import keras

from speechkit import _checks
from speechkit.text import pinyin
from speechkit.text._token_checks import check_tokens
from speechkit.text.vocabulary import Vocabulary


@keras.saving.register_keras_serializable(package="speechkit")
@dataclasses.dataclass(frozen=True)
class PinyinVocabulary(Vocabulary):
    """Turns Chinese text into labels of its sounds, and labels into pinyin.

    Label 0 is the CTC blank; the sounds are labels 1, 2, … in the order given.
    Decoding gives pinyin with spaces, not the characters.

    Attributes:
        sounds: Syllables with tones, or initials and finals, each once.
        unit: `"syllables"` or `"initials_finals"`.
        lexicon: Readings that go first, as in `to_pinyin`.

    Raises:
        ValueError: If `sounds` is empty or has one twice, or there is no such unit.

    Example:
        >>> vocabulary = PinyinVocabulary.from_texts(["蓝牙开机", "关机"])
        >>> vocabulary.decode(vocabulary.encode("开关"))
        'kai1 guan1'
    """

    sounds: Sequence[str]
    unit: str = "syllables"
    lexicon: Mapping[str, str] = dataclasses.field(
        default_factory=dict, hash=False, kw_only=True
    )

    def __post_init__(self):
        _checks.check_choice("unit", self.unit, pinyin.UNITS)
        object.__setattr__(self, "sounds", check_tokens("sounds", self.sounds))
        object.__setattr__(self, "lexicon", pinyin.check_lexicon(self.lexicon))

    @classmethod
    def from_texts(
        cls,
        texts: Iterable[str],
        unit: str = "syllables",
        *,
        lexicon: Mapping[str, str] | None = None,
    ) -> "PinyinVocabulary":
        """Returns the vocabulary of all sounds of `texts`, in sorted order.

        Raises:
            ImportError: If pypinyin is not installed.
        """
        sounds: set[str] = set()
        for text in texts:
            sounds.update(pinyin.to_pinyin(text, unit=unit, lexicon=lexicon))
        return cls(tuple(sorted(sounds)), unit, lexicon=lexicon or {})

    @property
    def tokens(self) -> Sequence[str]:
        """The sounds."""
        return self.sounds

    @property
    def tones(self) -> tuple[int, ...]:
        """Tone of each label from 0 on, −1 for none, as `ToneErrorRate` takes it."""
        last = (sound[-1] for sound in self.sounds)
        return (-1, *(int(end) if end.isdigit() else -1 for end in last))

    def split(self, text: str) -> list[str]:
        """Returns the sounds of Chinese text.

        Raises:
            ImportError: If pypinyin is not installed.
        """
        return pinyin.to_pinyin(text, unit=self.unit, lexicon=self.lexicon)

    def join(self, tokens: Iterable[str]) -> str:
        """Returns pinyin with spaces."""
        return " ".join(tokens)

    def get_config(self) -> dict:
        """Returns the arguments that make this vocabulary again."""
        config = {"sounds": list(self.sounds), "unit": self.unit}
        return {**config, "lexicon": dict(self.lexicon)}
