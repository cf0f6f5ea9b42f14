"""Tables of n-grams to an ARPA file."""

import gzip
import io
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

import numpy as np

from speechkit import _checks
from speechkit._replacing import replacing
from speechkit.decoders.language_models._ngram_trie import NGramTable


def write(path: Path, words: Sequence[str], tables: Sequence[NGramTable]) -> None:
    """Writes a file that is there whole or not at all; `.gz` compresses it.

    Raises:
        ValueError: If a word has white space within, or a number is not finite.
    """
    _check(words, tables)
    with replacing(path) as temporary:
        if path.suffix == ".gz":
            # Without a name and a time, equal tables are equal files.
            with (
                temporary.open("wb") as raw,
                gzip.GzipFile("", "wb", fileobj=raw, mtime=0) as packed,
                io.TextIOWrapper(packed, encoding="utf-8", newline="\n") as file,
            ):
                _write(file, words, tables)
        else:
            with temporary.open("w", encoding="utf-8", newline="\n") as file:
                _write(file, words, tables)


def _check(words, tables):
    for word in words:
        if _checks.check_writable("words", word).split() != [word]:
            raise ValueError(
                f"`words` must be words without white space. Received: {word!r}"
            )
    for table in tables:
        if not (np.isfinite(table.log_probs) & np.isfinite(table.backoffs)).all():
            raise ValueError(
                "`tables` must have finite logarithms to be written. "
                "Received: NaN or an infinite one"
            )


def _write(file: TextIO, words, tables):
    file.write("\\data\\\n")
    for order, table in enumerate(tables, start=1):
        file.write(f"ngram {order}={len(table.words)}\n")
    for order, table in enumerate(tables, start=1):
        file.write(f"\n\\{order}-grams:\n")
        file.writelines(_lines(words, table, with_backoff=order < len(tables)))
    file.write("\n\\end\\\n")


def _lines(words, table, *, with_backoff):
    rows = zip(
        table.log_probs.tolist(),
        table.words.tolist(),
        table.backoffs.tolist(),
        strict=True,
    )
    for log_prob, ngram, backoff in rows:
        text = " ".join([words[word] for word in ngram])
        # Nine digits bring a float32 back exactly.
        end = f"\t{backoff:.9g}" if with_backoff else ""
        yield f"{log_prob:.9g}\t{text}{end}\n"
