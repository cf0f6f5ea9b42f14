"""What the tests of error rates share: sentences, and their labels."""

import numpy as np
import pytest

CHARACTERS = "? abcdef"  # label 0 is the blank


@pytest.fixture
def corpus(random):
    """Two lists of 60 sentences, the second like the first but for some characters."""

    def sentence():
        words = random.integers(1, 7, size=random.integers(1, 8))
        return " ".join("".join(random.choice([*"abcdef"], n)) for n in words)

    def misheard(text):
        kept = [c for c in text if random.random() > 0.1]
        return "".join(
            c if random.random() > 0.15 else random.choice([*"ab c"]) for c in kept
        )

    references = [sentence() for _ in range(60)]
    return references, [misheard(text) for text in references]


@pytest.fixture
def labels_of():
    """A function that turns sentences into labels, padded with −1."""

    def labels(texts):
        rows = np.full((len(texts), max(map(len, texts), default=0)), -1, "int32")
        for row, text in zip(rows, texts, strict=True):
            row[: len(text)] = [CHARACTERS.index(c) for c in text]
        return rows

    return labels
