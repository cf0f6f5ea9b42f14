"""Scores of words and sentences, for the decoders."""
