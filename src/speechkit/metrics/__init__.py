"""References and hypotheses to counts and rates."""

from speechkit.metrics.character_error_rate import CharacterErrorRate
from speechkit.metrics.word_error_rate import WordErrorRate

__all__ = ["CharacterErrorRate", "WordErrorRate"]
