"""Texts to labels and back."""

from speechkit.text.character_vocabulary import CharacterVocabulary
from speechkit.text.splitting import split_characters, split_mixed, split_words
from speechkit.text.transcripts.ctm import TimedWord, read_ctm, write_ctm
from speechkit.text.transcripts.reference import (
    Arc,
    Reference,
    any_reference,
    parse_reference,
)
from speechkit.text.transcripts.segment_words import words_of_segments
from speechkit.text.transcripts.stm import Segment, read_stm, write_stm
from speechkit.text.transcripts.trn import read_trn, write_trn

__all__ = [
    "Arc",
    "CharacterVocabulary",
    "Reference",
    "Segment",
    "TimedWord",
    "any_reference",
    "parse_reference",
    "read_ctm",
    "read_stm",
    "read_trn",
    "split_characters",
    "split_mixed",
    "split_words",
    "words_of_segments",
    "write_ctm",
    "write_stm",
    "write_trn",
]
