"""From words with times to a reference."""

from collections.abc import Iterable

from speechkit.text.transcripts import _notation
from speechkit.text.transcripts.ctm import TimedAlternatives, TimedWord
from speechkit.text.transcripts.reference import Reference, build_reference


def reference_from_words(
    words: Iterable[TimedWord | TimedAlternatives], *, optional_words: bool = True
) -> Reference:
    """Makes what `parse_reference` makes of a text, of words with times.

    Nothing in the words is notation but `@` for nothing, a star behind a mispronounced
    word, and brackets around an optional one.

    Args:
        words: Words and alternatives, in order.
        optional_words: Whether `(word)` may be left out, as in `parse_reference`.

    Example:
        >>> reference_from_words([TimedWord("a", "1", 0.1, 0.2, "{")]).words
        ('{',)
    """

    def read(run):
        return [_notation.read_word(word.word, optional_words) for word in run]

    return build_reference(
        [
            _notation.Choice([read(run) for run in word.alternatives])
            if isinstance(word, TimedAlternatives)
            else _notation.read_word(word.word, optional_words)
            for word in words
        ]
    )
