"""References and hypotheses to counts and rates."""

from speechkit.metrics.character_error_rate import CharacterErrorRate
from speechkit.metrics.error_rate import ErrorRate
from speechkit.metrics.keywords.confusion_counts import confusion_counts
from speechkit.metrics.keywords.detection_area import DetectionArea
from speechkit.metrics.keywords.detection_curve import DetectionCurve, detection_curve
from speechkit.metrics.keywords.equal_error_rate import EqualErrorRate
from speechkit.metrics.keywords.false_accepts_per_hour import FalseAcceptsPerHour
from speechkit.metrics.keywords.false_reject_rate import FalseRejectRate
from speechkit.metrics.match_error_rate import MatchErrorRate
from speechkit.metrics.mixed_error_rate import MixedErrorRate
from speechkit.metrics.scoring.aligning import align
from speechkit.metrics.scoring.alignment import Alignment
from speechkit.metrics.scoring.alignment_html import alignment_to_html, score_to_html
from speechkit.metrics.scoring.alignment_text import alignment_to_text
from speechkit.metrics.scoring.bootstrap import Interval, bootstrap_interval
from speechkit.metrics.scoring.confusions import Confusion, confusions
from speechkit.metrics.scoring.counting import count_errors
from speechkit.metrics.scoring.error_counts import ErrorCounts
from speechkit.metrics.scoring.groups import by_length, by_speaker
from speechkit.metrics.scoring.matched_pairs import MatchedPairs, matched_pairs_test
from speechkit.metrics.scoring.score import Score, Utterance
from speechkit.metrics.scoring.score_text import score_to_text
from speechkit.metrics.scoring.scoring import score
from speechkit.metrics.sentence_error_rate import SentenceErrorRate
from speechkit.metrics.tone_error_rate import ToneErrorRate
from speechkit.metrics.word_error_rate import WordErrorRate
from speechkit.metrics.word_information_lost import WordInformationLost
from speechkit.metrics.word_information_preserved import WordInformationPreserved

__all__ = [
    "Alignment",
    "CharacterErrorRate",
    "Confusion",
    "DetectionArea",
    "DetectionCurve",
    "EqualErrorRate",
    "ErrorCounts",
    "ErrorRate",
    "FalseAcceptsPerHour",
    "FalseRejectRate",
    "Interval",
    "MatchErrorRate",
    "MatchedPairs",
    "MixedErrorRate",
    "Score",
    "SentenceErrorRate",
    "ToneErrorRate",
    "Utterance",
    "WordErrorRate",
    "WordInformationLost",
    "WordInformationPreserved",
    "align",
    "alignment_to_html",
    "alignment_to_text",
    "bootstrap_interval",
    "by_length",
    "by_speaker",
    "confusion_counts",
    "confusions",
    "count_errors",
    "detection_curve",
    "matched_pairs_test",
    "score",
    "score_to_html",
    "score_to_text",
]
