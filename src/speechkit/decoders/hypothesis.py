"""What a decoder finds: texts with their scores and times."""

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
        text: The text of the labels.
        labels: The labels, without blanks.
        score: What the decoder looks for the largest of: the sum of the acoustic score,
            the language score and the hotword score.
        acoustic_score: Log probability of the labels, summed over the paths that the
            decoder followed; that of `CTCGreedyDecoder` is the best path alone.
        language_score: Score of the language model times its weight, and the bonus for
            each word; 0 without a language model.
        hotword_score: Sum of the weights of the hotwords that occur.
        confidence: Share of this hypothesis among all that the decoder followed, from 0
            to 1; always 1 from a decoder that follows one.
        words: The words in order, with times from the most probable path.
        timed_labels: Likewise, the labels.
    """

    text: str
    labels: tuple[int, ...]
    score: float
    acoustic_score: float
    language_score: float
    hotword_score: float
    confidence: float
    words: tuple[TimedText, ...]
    timed_labels: tuple[TimedText, ...]
