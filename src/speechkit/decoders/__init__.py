"""Logits and probabilities to labels, hypotheses, times and commands."""

from speechkit.decoders.command_decoder import Command, CommandDecoder
from speechkit.decoders.ctc_alignment import AlignedSpan, CTCAlignment, ctc_align
from speechkit.decoders.ctc_beam_search_decoder import CTCBeamSearchDecoder
from speechkit.decoders.ctc_beam_stream import CTCBeamStream
from speechkit.decoders.ctc_greedy_decoder import CTCGreedyDecoder
from speechkit.decoders.ctc_prefix_beam_search import CTCPrefixBeamSearch
from speechkit.decoders.decoder import Decoder
from speechkit.decoders.hypothesis import Hypothesis, TimedText
from speechkit.decoders.language_models.kenlm_language_model import KenLMLanguageModel
from speechkit.decoders.language_models.language_model import LanguageModel
from speechkit.decoders.language_models.ngram_language_model import NGramLanguageModel
from speechkit.decoders.language_models.shallow_fusion import ShallowFusion
from speechkit.decoders.phrase_scorer import PhraseScorer

__all__ = [
    "AlignedSpan",
    "CTCAlignment",
    "CTCBeamSearchDecoder",
    "CTCBeamStream",
    "CTCGreedyDecoder",
    "CTCPrefixBeamSearch",
    "Command",
    "CommandDecoder",
    "Decoder",
    "Hypothesis",
    "KenLMLanguageModel",
    "LanguageModel",
    "NGramLanguageModel",
    "PhraseScorer",
    "ShallowFusion",
    "TimedText",
    "ctc_align",
]
