"""Texts to labels and back; normalisation, and the files of shared tasks."""

from speechkit.text.character_vocabulary import CharacterVocabulary
from speechkit.text.label_decoder_tensorflow import LabelDecoder
from speechkit.text.label_encoder_tensorflow import LabelEncoder
from speechkit.text.normalization.abbreviations import AbbreviationNormalizer
from speechkit.text.normalization.normalizer import ChainNormalizer, Change, Normalizer
from speechkit.text.normalization.presets import for_scoring
from speechkit.text.normalization.signs import (
    InvisibleNormalizer,
    NumberSignNormalizer,
)
from speechkit.text.normalization.spoken import NumberNormalizer, SimplifiedNormalizer
from speechkit.text.normalization.writing import (
    ApostropheNormalizer,
    HalfWidthNormalizer,
    LowerCaseNormalizer,
    PunctuationNormalizer,
    UnicodeNormalizer,
    WhitespaceNormalizer,
)
from speechkit.text.pinyin import to_pinyin
from speechkit.text.pinyin_vocabulary import PinyinVocabulary
from speechkit.text.splitting import split_characters, split_mixed, split_words
from speechkit.text.subword_vocabulary import SubwordVocabulary
from speechkit.text.transcripts.ctm import (
    TimedAlternatives,
    TimedWord,
    read_ctm,
    write_ctm,
)
from speechkit.text.transcripts.reference import (
    Arc,
    Reference,
    any_reference,
    parse_reference,
)
from speechkit.text.transcripts.segment_words import words_of_segments
from speechkit.text.transcripts.stm import Segment, read_stm, write_stm
from speechkit.text.transcripts.timed_reference import reference_from_words
from speechkit.text.transcripts.trn import read_trn, write_trn
from speechkit.text.vocabulary import Vocabulary
from speechkit.text.word_vocabulary import WordVocabulary

__all__ = [
    "AbbreviationNormalizer",
    "ApostropheNormalizer",
    "Arc",
    "ChainNormalizer",
    "Change",
    "CharacterVocabulary",
    "HalfWidthNormalizer",
    "InvisibleNormalizer",
    "LabelDecoder",
    "LabelEncoder",
    "LowerCaseNormalizer",
    "Normalizer",
    "NumberNormalizer",
    "NumberSignNormalizer",
    "PinyinVocabulary",
    "PunctuationNormalizer",
    "Reference",
    "Segment",
    "SimplifiedNormalizer",
    "SubwordVocabulary",
    "TimedAlternatives",
    "TimedWord",
    "UnicodeNormalizer",
    "Vocabulary",
    "WhitespaceNormalizer",
    "WordVocabulary",
    "any_reference",
    "for_scoring",
    "parse_reference",
    "read_ctm",
    "read_stm",
    "read_trn",
    "reference_from_words",
    "split_characters",
    "split_mixed",
    "split_words",
    "to_pinyin",
    "words_of_segments",
    "write_ctm",
    "write_stm",
    "write_trn",
]
