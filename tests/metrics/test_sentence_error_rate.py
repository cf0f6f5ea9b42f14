"""Tests of the numbers of `SentenceErrorRate` against a comparison of texts."""

import numpy as np
import pytest

from speechkit.decoders import CTCGreedyDecoder
from speechkit.metrics import SentenceErrorRate, score
from speechkit.text import CharacterVocabulary

VOCABULARY = CharacterVocabulary(" abc")
# A reference, and what differs from it in spaces or in more.
PAIRS = [
    ("ab c", "ab c "),
    ("ab c", " ab c"),
    ("ab c", "ab  c"),
    ("ab c", "abc"),
    ("ab c", "a b c"),
    ("", "  "),
    ("", "a"),
    ("a", " "),
    ("b a", "a b"),
]


def test_rate_is_the_share_of_texts_that_differ(corpus, labels_of):
    references, hypotheses = corpus
    metric = SentenceErrorRate()

    for start in range(0, 60, 16):
        batch = slice(start, start + 16)
        metric.update_state(labels_of(references[batch]), labels_of(hypotheses[batch]))

    wrong = [a != b for a, b in zip(references, hypotheses, strict=True)]
    assert 0 < sum(wrong) < 60
    assert float(metric.result()) == pytest.approx(sum(wrong) / 60)


def test_a_weight_counts_a_clip_by_its_part(labels_of):
    metric = SentenceErrorRate()

    metric.update_state(labels_of(["a", "b"]), labels_of(["a", "c"]), [1.0, 0.25])

    assert float(metric.result()) == pytest.approx(0.25 / 1.25)


@pytest.mark.parametrize(("reference", "hypothesis"), PAIRS)
def test_spaces_count_as_in_a_score_of_texts(reference, hypothesis):
    metric = SentenceErrorRate(space_label=VOCABULARY.space_label)

    metric.update_state(*map(VOCABULARY.encode_batch, ([reference], [hypothesis])))

    judged = score([reference], [hypothesis])
    assert float(metric.result()) == judged.sentence_error_rate
    assert float(metric.hits) == judged.counts.hits


def test_the_decoder_may_say_which_label_is_the_space():
    scores = np.eye(5)[None, [2, 1, 0, 1, 3, 1]]
    decoder = CTCGreedyDecoder(VOCABULARY)
    metric = SentenceErrorRate(decoder)

    metric.update_state(VOCABULARY.encode_batch(["a b"]), np.log(scores + 1e-9))

    assert float(metric.result()) == 0


def test_rejects_a_label_below_zero():
    with pytest.raises(ValueError, match="`space_label` must be an integer of 0 or m"):
        SentenceErrorRate(space_label=-1)
