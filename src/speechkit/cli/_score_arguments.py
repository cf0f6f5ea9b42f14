"""The arguments of `speechkit score`."""

import argparse
from pathlib import Path

from speechkit._reading import STANDARD_INPUT
from speechkit.cli._text_formats import FORMATS

DESCRIPTION = """\
Scores recognised texts against references and prints the table of a paper.

Files are told apart by their suffix: .trn (NIST transcripts, which may hold
alternatives), .stm or .ctm with .ctm (words with times), .csv, .tsv, .jsonl or .json
(tables with columns), and .txt (plain text with one utterance in each line). A file
with another suffix, such as .ref or .hyp, is read as what is in it, and so is what
another command writes: `<(command)`, or - for the standard input.

As sclite does: --costs sclite --lower-case, and --optional-words for its option -D,
--fragments for -F, --encoding for -e, --unit characters for -c, --delete-hyphens for
its DH, --common-time for -m, --labels for -o lur, --skip-missing.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments."""
    add = parser.add_argument
    add("reference", type=_path, help="the true texts")
    add("hypothesis", type=_path, help="the recognised texts")
    add("--format", choices=("text", "json", "html"), default="text")
    add(
        "--unit",
        choices=("words", "characters", "mixed"),
        default="words",
        help="what is counted: words, characters, or mixed, which is words of letters "
        "and single Chinese characters (default: words)",
    )
    add("--costs", choices=("levenshtein", "sclite"), default="levenshtein")
    add("--normalize", choices=("en", "zh"), help="write alike what sounds alike")
    add("--lower-case", action="store_true", help="texts, and all names")
    add("--optional-words", action="store_true", help="`(word)` may be left out")
    add("--fragments", action="store_true", help="`frag-` is right for `fragment`")
    add("--delete-hyphens", action="store_true", help="from words that are divided")
    add(
        "--common-time",
        choices=("reference", "hypothesis", "both"),
        help="leave out segments of the reference, words of the hypothesis, or both, "
        "beyond the time of the other file",
    )
    add("--labels", action="store_true", help="a table for each category of the .stm")
    add("--skip-missing", action="store_true", help="score what was recognised alone")
    add("--encoding", default="utf-8", help="utf-8, gb, big5, euc, or one of Python")
    add("--reference-format", choices=FORMATS, help="instead of what the suffix says")
    add("--hypothesis-format", choices=FORMATS)
    add("--text-column", default="text", metavar="NAME", help="of a reference table")
    add("--hypothesis-column", metavar="NAME", help="of the other; --text-column")
    add("--name-column", default="path", metavar="NAME", help="of the utterances")
    add("--speaker-pattern", metavar="REGEX", help="with a group (?P<speaker>…)")
    add("--compare", type=_path, metavar="HYPOTHESIS", help="another system's texts")
    add("--confusions", type=int, default=10, metavar="N", help="most frequent errors")
    add("--alignments", action="store_true", help="show every utterance with errors")
    add("--confidence", type=float, default=0.95, help="of the interval")
    add("--samples", type=int, default=1000, help="drawn for the interval")


def _path(name):
    return STANDARD_INPUT if name == "-" else Path(name)
