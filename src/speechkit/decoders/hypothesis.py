"""What a beam search answers."""

import dataclasses


@dataclasses.dataclass(frozen=True)
class TimedText:
    """A label or a word, and when it was said.

    Attributes:
        text: The label or the word.
        start_frame: First frame.
        end_frame: Frame after the last.
        confidence: Geometric mean of the probabilities of its labels over their frames,
            from 0 to 1.
    """

    text: str
    start_frame: int
    end_frame: int
    confidence: float

    def seconds(self, seconds_per_frame: float) -> tuple[float, float]:
        """Returns when it starts and ends, in seconds."""
        return self.start_frame * seconds_per_frame, self.end_frame * seconds_per_frame


@dataclasses.dataclass(frozen=True)
class Hypothesis:
    """One reading of a clip.

    Scores are natural logarithms, the larger the better.

    Attributes:
        text: What was said.
        labels: The labels of the text, without blanks.
        total_score: Sum of the three scores.
        acoustic_score: Probability of the labels, over all paths that were followed.
        language_score: What the language model gave, weighted.
        hotword_score: What the hotwords gave.
        confidence: Share of this hypothesis among all that were followed, from 0 to 1.
        words: The words in order, with times from the most probable path.
        timed_labels: Likewise, the labels.
    """

    text: str
    labels: tuple[int, ...]
    total_score: float
    acoustic_score: float
    language_score: float
    hotword_score: float
    confidence: float
    words: tuple[TimedText, ...]
    timed_labels: tuple[TimedText, ...]
