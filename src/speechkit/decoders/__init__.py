"""Logits and probabilities to labels, times and commands."""

from speechkit.decoders.command_decoder import Command, CommandDecoder
from speechkit.decoders.ctc_alignment import AlignedSpan, CTCAlignment, ctc_align
from speechkit.decoders.ctc_greedy_decoder import CTCGreedyDecoder
from speechkit.decoders.phrase_scorer import PhraseScorer

__all__ = [
    "AlignedSpan",
    "CTCAlignment",
    "CTCGreedyDecoder",
    "Command",
    "CommandDecoder",
    "PhraseScorer",
    "ctc_align",
]
