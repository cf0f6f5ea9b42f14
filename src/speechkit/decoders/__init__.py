"""Logits and probabilities to labels and commands."""

from speechkit.decoders.command_decoder import Command, CommandDecoder
from speechkit.decoders.ctc_greedy_decoder import CTCGreedyDecoder
from speechkit.decoders.ngram_language_model import NGramLanguageModel

__all__ = ["CTCGreedyDecoder", "Command", "CommandDecoder", "NGramLanguageModel"]
