"""Alignments and scores as pages for a browser."""

import html

from speechkit.metrics.scoring._score_rows import HEAD, score_rows
from speechkit.metrics.scoring.alignment import Alignment
from speechkit.metrics.scoring.score import Score

_NAMES = {
    "H": "hit",
    "S": "substitution",
    "D": "deletion",
    "I": "insertion",
    "O": "optional",
    "X": "optional",
}
_STYLE = """
body { font-family: sans-serif; margin: 2em; color: #222; }
table { border-collapse: collapse; margin: 0.4em 0 1.2em; }
.scores td, .scores th { border: 1px solid #bbb; padding: 0.2em 0.7em; }
.scores td + td { text-align: right; }
.alignment { display: flex; flex-wrap: wrap; margin: 0.3em 0 1.2em; }
.alignment span { display: inline-grid; padding: 0.1em 0.35em; border-radius: 3px; }
.alignment b { font-weight: normal; min-height: 1.2em; }
.substitution { background: #fde9b8; } .deletion { background: #f8c9c4; }
.insertion { background: #c5e4f7; } .optional { background: #d5efd0; }
"""


def alignment_to_html(alignment: Alignment) -> str:
    """Writes an alignment as an HTML element: token over token, errors in colour.

    The classes of the tokens are `hit`, `substitution`, `deletion`, `insertion` and
    `optional`; `score_to_html` gives them colours.

    Example:
        >>> from speechkit import metrics
        >>> "substitution" in alignment_to_html(metrics.align("on", "off"))
        True
    """
    steps = "".join(
        f'<span class="{_NAMES[letter]}" title="{_NAMES[letter]}">'
        f"<b>{html.escape(reference or '')}</b><b>{html.escape(hypothesis or '')}</b>"
        "</span>"
        for letter, (reference, hypothesis) in zip(
            alignment.operations, alignment.pairs, strict=True
        )
    )
    return f'<div class="alignment">{steps}</div>'


def score_to_html(score: Score, *, title: str = "Errors", note: str = "") -> str:
    """Writes a score as a whole page: the rates, then every utterance with errors.

    The page needs nothing else: no script, no style sheet, no network.

    Args:
        score: What to write.
        title: Title of the page.
        note: What to say below the table.

    Example:
        >>> from speechkit import metrics
        >>> score_to_html(metrics.score(["on"], ["off"])).startswith("<!doctype html>")
        True
    """
    title = html.escape(title)
    wrong = [u for u in score.utterances if u.alignment.counts.errors]
    shown = "\n".join(
        f"<h3>{html.escape(u.utterance_id)}</h3>{alignment_to_html(u.alignment)}"
        for u in wrong
    )
    return (
        f'<!doctype html>\n<html><head><meta charset="utf-8"><title>{title}</title>'
        f"<style>{_STYLE}</style></head>\n<body><h1>{title}</h1>\n{_table(score)}\n"
        f"<p>{html.escape(note)}</p>\n"
        f"<h2>Utterances with errors: {len(wrong)} of {len(score.utterances)}</h2>\n"
        f"{shown}\n</body></html>\n"
    )


def _table(score):
    titles = "".join(f"<th>{name}</th>" for name in HEAD)
    rows = "".join(
        f"<tr>{''.join(f'<td>{html.escape(cell)}</td>' for cell in row)}</tr>"
        for row in score_rows(score)
    )
    return f'<table class="scores"><tr>{titles}</tr>{rows}</table>'
