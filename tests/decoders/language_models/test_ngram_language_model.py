"""Tests of `NGramLanguageModel` against the formulas, written out over dictionaries."""

import itertools
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from speechkit.decoders import NGramLanguageModel, _trie

# The 3-gram "a b c" has no 2-gram "b c", and "b a c" no context "b a".
ARPA = """
\\data\\
ngram 1=6
ngram 2=3
ngram 3=2

\\1-grams:
-1.25\t<unk>\t-0.125
-99\t<s>\t-0.5
-0.75\t</s>
-0.5\ta\t-0.25
-0.875\tb\t-1
-1.5\tc

\\2-grams:
-0.125\t<s> a\t-0.0625
-0.375\ta b\t-2
-0.25 <unk> a 0.5

\\3-grams:
-0.03125\ta b c
-0.015625\tb a c

\\end\\
"""
WORDS = ["a", "b", "c", "other", "</s>"]


@pytest.fixture
def path(tmp_path):
    (tmp_path / "model.arpa").write_text(ARPA, encoding="utf-8")
    return tmp_path / "model.arpa"


def ngrams_of(arpa):
    """Returns what the lines of an ARPA file say, by n-gram."""
    fields = [line.replace("\t", " ").split() for line in arpa.splitlines()]
    entries, order = {}, 0
    for first, *rest in filter(None, fields):
        if first.endswith("-grams:"):
            order = int(first[1])
        elif order and rest:
            backoff = float(rest[order]) if len(rest) > order else 0.0
            entries[tuple(rest[:order])] = (float(first), backoff)
    return entries


def backed_off(entries, context, word):
    """Returns the score of a word as the definition of ARPA files has it."""
    if (*context, word) in entries:
        return entries[(*context, word)][0]
    _, backoff = entries.get(context, (0, 0))
    return backoff + backed_off(entries, context[1:], word)


def test_scores_equal_the_definition_of_backing_off(path):
    model, entries = NGramLanguageModel.read(path), ngrams_of(ARPA)

    for length in range(5):
        for words in itertools.product(WORDS, repeat=length):
            known = [w if w != "other" else "<unk>" for w in ("<s>", *words, "</s>")]
            expected = [
                backed_off(entries, tuple(known[max(0, i - 2) : i]), known[i])
                for i in range(1, len(known))
            ]
            np.testing.assert_allclose(
                model.word_scores(words), expected, rtol=1e-6, atol=1e-6
            )


def test_boundaries_are_scored_when_asked_for(path):
    model = NGramLanguageModel.read(path)

    assert model.score("a", begin=False, end=False) == -0.5
    assert model.score("a", begin=True, end=False) == -0.125
    assert model.score("a", begin=False, end=True) == -0.5 - 0.25 - 0.75
    assert model.score("", end=False) == 0


def test_unknown_words_of_a_file_without_one_score_minus_100(tmp_path):
    path = tmp_path / "model.arpa"
    unigrams = "-1\t<s>\n-2\t</s>\n-3\ta"
    path.write_text(f"\\data\\\nngram 1=3\n\n\\1-grams:\n{unigrams}\n\n\\end\\\n")

    model = NGramLanguageModel.read(path)

    assert model.word_scores("a b") == [-3, -100, -2]


@pytest.mark.parametrize("name", ["copy.arpa", "copy.arpa.gz"])
def test_a_written_file_gives_the_same_scores(path, name):
    model = NGramLanguageModel.train(["a b c 家", "b c", "c a"], order=3)

    again = NGramLanguageModel.read(model.write(path.parent / name))

    assert (path.parent / name).read_bytes()[:2] == (
        b"\x1f\x8b" if name.endswith("gz") else b"\\d"
    )
    for words in itertools.product(["a", "b", "c", "家", "other"], repeat=4):
        assert again.word_scores(words) == model.word_scores(words)


def test_perplexity_is_the_inverse_geometric_mean(path):
    model = NGramLanguageModel.read(path)
    scores = [*model.word_scores("a b"), *model.word_scores("c")]

    perplexity = model.perplexity(["a b", "c"])

    assert perplexity == pytest.approx(np.prod(10.0 ** -np.array(scores)) ** 0.2)


SENTENCES = st.lists(st.lists(st.sampled_from("abcd"), max_size=6), min_size=1)


@settings(max_examples=30, deadline=None)
@given(SENTENCES, st.integers(1, 4), st.lists(st.sampled_from("abcde"), max_size=4))
def test_trained_probabilities_sum_to_one(sentences, order, context):
    model = NGramLanguageModel.train(sentences, order)

    following = [word for word in model.words if word != "<s>"]
    log_probs = [model.word_scores([*context, w], end=False)[-1] for w in following]

    assert np.sum(10.0 ** np.array(log_probs)) == pytest.approx(1, abs=1e-5)


def kneser_ney(sentences, order, context, word):
    """Returns a probability by the formulas of Chen and Goodman (1998)."""
    padded = [("<s>", *sentence, "</s>") for sentence in sentences]
    vocabulary = {w for sentence in padded for w in sentence} - {"<s>"} | {"<unk>"}
    length = len(context) + 1

    def occurrences(n):
        return [s[i : i + n] for s in padded for i in range(len(s) - n + 1)]

    counts = Counter(occurrences(length))
    if length < order:
        left = Counter(ngram[1:] for ngram in set(occurrences(length + 1)))
        counts = {n: counts[n] if n[0] == "<s>" else left[n] for n in counts}
        counts.pop(("<s>",), None)
    lower = (
        kneser_ney(sentences, order, context[1:], word)
        if context
        else 1 / len(vocabulary)
    )
    after = {n: c for n, c in counts.items() if n[:-1] == context}
    if not after:
        return lower
    n1, n2, n3, n4 = (sum(c == j for c in counts.values()) for j in (1, 2, 3, 4))
    y = n1 / (n1 + 2 * n2)
    discounts = [0, 1 - 2 * y * n2 / n1, 2 - 3 * y * n3 / n2, 3 - 4 * y * n4 / n3]
    taken = sum(discounts[min(c, 3)] for c in after.values())
    count = counts.get((*context, word), 0)
    kept = count - discounts[min(count, 3)]
    return (kept + taken * lower) / sum(after.values())


def test_trained_probabilities_equal_the_formulas(random):
    numbers = random.zipf(1.5, size=(200, 8)) % 300
    sentences = [tuple(map(str, row)) for row in numbers]
    model = NGramLanguageModel.train(sentences, order=3)
    contexts = [(), ("1",), ("<s>", "2"), ("2", "1"), ("99", "99")]

    for context, word in itertools.product(contexts, [*"129", "</s>", "<unk>"]):
        words = [w for w in (*context, word) if w != "<s>"]
        score = model.word_scores(words, begin="<s>" in context, end=False)[-1]
        expected = kneser_ney(sentences, 3, context, word)
        assert 10**score == pytest.approx(expected, rel=1e-6)


def test_characters_are_words_when_given_one_by_one():
    model = NGramLanguageModel.train(map(list, ["a b", "a c"]), order=2)

    assert "<space>" in model.words
    assert model.score(["a", "<space>", "b"]) > model.score(["b", "<space>", "a"])


def test_rejects_texts_to_train_from_that_are_none():
    with pytest.raises(ValueError, match="`sentences` must be at least one"):
        NGramLanguageModel.train([])
    with pytest.raises(ValueError, match=r"without spaces\. Received: 'a b'"):
        NGramLanguageModel.train([["a b"]])
    with pytest.raises(ValueError, match="`order` must be an integer of 1 or more"):
        NGramLanguageModel.train(["a"], order=0)


def test_a_failed_write_leaves_the_old_file(path, monkeypatch):
    model = NGramLanguageModel.read(path)
    monkeypatch.setattr(model, "words", [])

    with pytest.raises(IndexError):
        model.write(path)

    assert path.read_text(encoding="utf-8") == ARPA
    assert list(path.parent.iterdir()) == [path]


def make_model(words, bigrams, log_prob=-1.0):
    def table(rows):
        values = np.full(len(rows), log_prob, "float32")
        return np.array(rows, "int32"), values, np.zeros_like(values)

    return NGramLanguageModel(words, [table([[n] for n in range(len(words))]), bigrams])


TWICE = (np.array([[0, 2], [2, 1], [0, 2]]), np.zeros(3), np.zeros(3))
ONCE = (TWICE[0][:2], np.zeros(2), np.zeros(2))


def test_rejects_an_ngram_that_comes_twice():
    message = "`tables` must have each n-gram once. Received: row 2 of the 2-grams"
    with pytest.raises(ValueError, match=message):
        make_model(["<s>", "</s>", "a"], TWICE)


def test_reading_builds_the_trie_once(path, monkeypatch):
    calls = []
    build = _trie.build
    monkeypatch.setattr(_trie, "build", lambda rows: calls.append(1) or build(rows))

    NGramLanguageModel.read(path)

    assert len(calls) == 1


@pytest.mark.parametrize(
    ("word", "log_prob", "message"),
    [
        ("a b", -1, "`words` must be words without white space. Received: 'a b'"),
        ("a\0", -1, "`words` must be Unicode text without NUL"),
        ("a", -np.inf, "`tables` must have finite logarithms to be written"),
        ("a", np.nan, "`tables` must have finite logarithms to be written"),
    ],
)
def test_no_file_is_written_that_could_not_be_read(tmp_path, word, log_prob, message):
    model = make_model(["<s>", "</s>", word], ONCE, log_prob)

    with pytest.raises(ValueError, match=message):
        model.write(tmp_path / "a.arpa")

    assert list(tmp_path.iterdir()) == []
