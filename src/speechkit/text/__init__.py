"""Texts to labels and back."""

from speechkit.text.character_vocabulary import CharacterVocabulary
from speechkit.text.splitting import split_characters, split_mixed, split_words
from speechkit.text.transcripts.reference import (
    Arc,
    Reference,
    any_reference,
    parse_reference,
)

__all__ = [
    "Arc",
    "CharacterVocabulary",
    "Reference",
    "any_reference",
    "parse_reference",
    "split_characters",
    "split_mixed",
    "split_words",
]
