"""The classes of a model as characters: how words and phrases become numbers."""

import functools
from collections.abc import Iterable, Sequence

import numpy as np

from speechkit.decoders._beam_search.inputs import Classes
from speechkit.decoders._class_texts import MARKER, ClassTexts
from speechkit.text import _spelling

# Where labels are the words, each stands for one character of private use.
_PRIVATE = 0xF0000


class Alphabet:
    """The characters of the classes as numbers from 1 up; 0 is the end of a word.

    Args:
        class_texts: The texts of the classes.
    """

    def __init__(self, class_texts: ClassTexts):
        self.texts = class_texts.texts
        self.delimiter = class_texts.delimiter
        self.has_words = class_texts.has_words
        self._blank = class_texts.blank
        self._vocabulary = class_texts.vocabulary
        pieces = {text: label for label, text in enumerate(self.texts) if text}
        if self.delimiter >= 0:
            del pieces[self.texts[self.delimiter]]
        self._inner = {t: i for t, i in pieces.items() if not t.startswith(MARKER)}
        marked = {t[1:]: i for t, i in pieces.items() if t.startswith(MARKER)}
        self._begins = marked if marked and "" not in marked else self._inner | marked
        longest = max(map(len, self._inner), default=0)
        self._longest = max(longest, *map(len, self._begins))
        # A label never begins or ends within another one.
        self._private = not self.has_words and self._longest > 1
        self._spellings = [text.removeprefix(MARKER) for text in self.texts]
        if self._private:
            self._spellings = [chr(_PRIVATE + i) for i in range(len(self.texts))]
        for silent in {self.delimiter, self._blank} - {-1}:
            self._spellings[silent] = ""
        characters = sorted(set("".join(self._spellings)))
        self._codes = np.array([ord(character) for character in characters], "uint32")

    def __len__(self) -> int:
        return len(self._codes)

    def classes(self) -> Classes:
        """Returns the classes as arrays."""
        lengths = [len(spelling) for spelling in self._spellings]
        starts = np.array([text.startswith(MARKER) for text in self.texts])
        starts[self.delimiter] |= self.delimiter >= 0
        return Classes(
            self._blank,
            self.delimiter,
            starts,
            np.cumsum([0, *lengths]).astype("int32"),
            self._numbers("".join(self._spellings)).astype("int32"),
            max(starts + np.array(lengths)),
        )

    def spells(self, phrase: str) -> bool:
        """Returns whether classes in a row spell each word of a phrase."""
        return bool(self._labels_of(phrase))

    def spells_within(self, phrase: str) -> bool:
        """Returns whether a text of the classes can hold a hotword.

        Where its script has no spaces, it may begin and end within a class.
        """
        if self.spells(phrase):
            return True
        is_inside = not self._private and _spelling.is_unspaced(phrase)
        return is_inside and self._occurs(" ".join(phrase.split()))

    def spells_word(self, word: str) -> bool:
        """Returns whether classes in a row spell one word."""
        return self.spells(word) and (not self.has_words or word.split() == [word])

    def lacks(self, phrase: str) -> list[str]:
        """Returns the characters of a phrase that no class has; or its sounds."""
        if self._private:
            known, parts = set(self.texts), self._tokens(phrase)
            if parts:
                return [part for part in parts if part not in known]
        known = set("".join(self.texts))
        return [x for x in phrase if x not in known and not x.isspace()]

    def spell(self, words: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
        """Returns the words that can be spelled, as numbers padded with −1, and which.

        Spaces within become the end of a word.
        """
        if self._private:
            words = [self._in_labels(word) for word in words]
        lengths = np.array([len(word) for word in words], "int64")
        rows = np.repeat(np.arange(len(words)), lengths)
        columns = np.arange(len(rows)) - np.repeat(
            np.cumsum(lengths) - lengths, lengths
        )
        matrix = np.full((len(words), int(lengths.max(initial=0))), -1, "int64")
        matrix[rows, columns] = self._numbers("".join(words))
        known = (matrix != -2).all(axis=1) & (lengths > 0)
        return matrix[known], np.flatnonzero(known)

    def phrases(self, phrases: Iterable[str]) -> list[str]:
        """Returns phrases with single spaces, or without any if there are no words."""
        space = " " if self.has_words or self._private else ""
        return [space.join(phrase.split()) for phrase in phrases]

    def _in_labels(self, phrase):
        """Returns a phrase with one character for each label."""
        labels = self._labels_of(phrase)
        if labels is None:
            return "\0"  # no class has it
        return "".join(chr(_PRIVATE + label) for label in labels)

    def _labels_of(self, phrase):
        """Returns the labels that spell the words of a phrase, or `None`."""
        cuts = [self._cut(word) for word in phrase.split()]
        if None in cuts and self._private:
            # Chinese text, where the classes are its sounds.
            cuts = [self._cut(token) for token in self._tokens(phrase)] or [None]
        return None if None in cuts else [label for cut in cuts for label in cut]

    def _tokens(self, phrase):
        """Returns what the vocabulary makes of a text; nothing if it cannot read it."""
        try:
            return self._vocabulary.split(phrase) if self._vocabulary else []
        except ValueError:
            return []

    def _occurs(self, text):
        """Returns whether a text may stand anywhere in what classes in a row spell."""
        if any(text in piece for piece in self._written):
            return True
        ends = range(1, len(text) + 1)
        reached = {end for x in self._written for end in ends if x[-end:] == text[:end]}
        for start in range(1, len(text)):
            for piece in self._written if start in reached else ():
                if piece.startswith(text[start:]):
                    return True
                if text.startswith(piece, start):
                    reached.add(start + len(piece))
        return len(text) in reached

    @functools.cached_property
    def _written(self):
        """The texts of the classes with a space where a word begins."""
        written = [" " + x[1:] if x.startswith(MARKER) else x for x in self.texts if x]
        if self.delimiter >= 0:
            written[written.index(self.texts[self.delimiter])] = " "
        return written

    def _cut(self, word):
        """Returns the labels that spell a word, the fewest there are, or `None`."""
        best: dict[int, list[int]] = {0: []}
        for end in range(1, len(word) + 1):
            for start in range(max(0, end - self._longest), end):
                pieces = self._inner if start else self._begins
                label = pieces.get(word[start:end])
                if start not in best or label is None:
                    continue
                if end not in best or len(best[end]) > len(best[start]) + 1:
                    best[end] = [*best[start], label]
        return best.get(len(word))

    def _numbers(self, text):
        codes = np.frombuffer(text.encode("utf-32-le"), "uint32")
        places = np.searchsorted(self._codes, codes)
        found = self._codes[np.minimum(places, len(self._codes) - 1)] == codes
        return np.where(codes == ord(" "), 0, np.where(found, places + 1, -2))
