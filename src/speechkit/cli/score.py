"""`speechkit score`: error rates of recognised texts."""

import argparse
import dataclasses
import json
import re
import sys

from speechkit import metrics, text
from speechkit._reading import STANDARD_INPUT, keeping_streams
from speechkit.cli import _score_report
from speechkit.cli._score_arguments import DESCRIPTION, add_arguments
from speechkit.cli._text_formats import find_encoding
from speechkit.cli._text_pairs import read_both
from speechkit.cli._texts import Reading, find_speakers, without_hyphens


def add_parser(commands) -> None:
    """Adds the arguments of `speechkit score`."""
    parser = commands.add_parser(
        "score",
        help="error rates of recognised texts",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(run=run)
    add_arguments(parser)


def run(arguments: argparse.Namespace) -> None:
    """Prints the report.

    Raises:
        ValueError: If a file cannot be used, or there is nothing to score.
    """
    _check_streams(arguments)
    with keeping_streams():
        score, labels = _score(arguments, arguments.hypothesis)
        _check_not_empty(arguments.reference, score)
        comparison = None
        if arguments.compare is not None:
            other, _ = _score(arguments, arguments.compare)
            comparison = metrics.matched_pairs_test(score, other)
    report = _score_report.make_report(
        score,
        unit=arguments.unit,
        confidence=arguments.confidence,
        num_samples=arguments.samples,
        comparison=comparison,
        labels=_checked_labels(arguments, labels),
    )
    write = {
        "text": _score_report.to_text,
        "json": _score_report.to_json,
        "html": _score_report.to_html,
    }[arguments.format]
    color = sys.stdout is not None and sys.stdout.isatty()
    content = write(report, arguments.confusions, arguments.alignments, color)
    print(_encodable(content, arguments.format))


def _check_streams(arguments):
    """Raises if standard input, which `-` means, would be read for two files."""
    inputs = [arguments.reference, arguments.hypothesis, arguments.compare]
    if inputs.count(STANDARD_INPUT) > 1:
        raise ValueError("Only one of the files can be -, the standard input")


def _encodable(content, format_name):
    """Returns a report in which JSON and HTML write by number what cannot be printed.

    Of a table the command itself does so.
    """
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    try:
        content.encode(encoding)
    except UnicodeEncodeError:
        if format_name == "json":
            # Text stands in strings alone, where an escape means the same.
            return re.sub(r"[^\x00-\x7f]", lambda c: json.dumps(c[0])[1:-1], content)
        if format_name == "html":
            return content.encode("ascii", "xmlcharrefreplace").decode()
    return content


def _checked_labels(arguments, labels):
    """Returns the labels that the report shows.

    Raises:
        ValueError: If there are none to show, or none can be shown.
    """
    if not arguments.labels:
        return {}
    if not labels:
        raise ValueError(
            f"`{arguments.reference}` must be a `.stm` with labels, and with comments "
            'that declare them, such as `;; LABEL "F" "Female" "…"`, for `--labels`'
        )
    if arguments.format == "html":
        raise ValueError("`--labels` is for `--format text` and `--format json`")
    return labels


def _check_not_empty(path, score):
    if not (score.counts.reference_length or score.counts.errors):
        raise ValueError(
            f"`{path}` must hold at least one word, or there is nothing to score. "
            f"Received: {len(score.utterances)} utterances without words"
        )


def _score(arguments, hypothesis_path):
    reference_path = arguments.reference
    sides = read_both(reference_path, hypothesis_path, _reading(arguments))
    reference, hypothesis = sides
    compared = hypothesis_path is not arguments.hypothesis
    for note in (*(() if compared else reference.notes), *hypothesis.notes):
        print(f"speechkit score: note: {note}", file=sys.stderr)
    if arguments.skip_missing:
        reference = _of_names(reference, hypothesis.texts)
    if arguments.delete_hyphens:
        if arguments.unit == "words":
            raise ValueError(
                "`--delete-hyphens` needs `--unit characters` or `--unit mixed`. "
                "Received: --unit words"
            )
        reference, hypothesis = map(without_hyphens, (reference, hypothesis))
    if arguments.normalize is not None:
        change = text.for_scoring(arguments.normalize)
        reference = _normalize(reference_path, reference, change)
        hypothesis = _normalize(hypothesis_path, hypothesis, change)
    speakers = reference.speakers or hypothesis.speakers
    if arguments.speaker_pattern is not None:
        speakers = find_speakers(reference.texts, arguments.speaker_pattern)
    known = speakers.keys() == reference.texts.keys()
    _check_names(reference_path, reference, hypothesis_path, hypothesis)
    score = metrics.score(
        reference.texts,
        hypothesis.texts,
        speakers=speakers if known else None,
        unit=arguments.unit,
        costs=arguments.costs,
        count_fragments=arguments.fragments,
    )
    return score, reference.labels


def _reading(arguments):
    column = arguments.text_column
    return Reading(
        formats=(arguments.reference_format, arguments.hypothesis_format),
        columns=(column, arguments.hypothesis_column or column),
        name_column=arguments.name_column,
        encoding=find_encoding(arguments.encoding),
        optional_words=arguments.optional_words,
        lower_case=arguments.lower_case,
        common_time=arguments.common_time,
    )


def _of_names(texts, names):
    found = {name: value for name, value in texts.texts.items() if name in names}
    speakers = {name: who for name, who in texts.speakers.items() if name in names}
    return dataclasses.replace(texts, texts=found, speakers=speakers)


def _normalize(path, texts, change):
    """Returns texts in which nothing is notation any more."""
    changed = {}
    for name, value in texts.texts.items():
        words = value.words if isinstance(value, text.Reference) else [value]
        if words is None:
            raise ValueError(
                f"`{path}`, utterance {name}, must be without alternatives and "
                "optional words for `--normalize`"
            )
        changed[name] = change(" ".join(words))
    return dataclasses.replace(texts, texts=changed)


def _check_names(reference_path, reference, hypothesis_path, hypothesis):
    """Names the files where `metrics.score` could only name the utterances."""
    missing = [name for name in reference.texts if name not in hypothesis.texts]
    unknown = [name for name in hypothesis.texts if name not in reference.texts]
    if missing or unknown:
        first = (missing or unknown)[0]
        raise ValueError(
            f"`{hypothesis_path}` must have the utterances of `{reference_path}`. "
            f"Received: {len(missing)} missing, {len(unknown)} unknown; "
            f"the first is {first!r}"
        )
