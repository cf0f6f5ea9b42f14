"""Scores NIST's own test of sclite, and compares with what sclite printed.

The folder must hold `csrnab.ref`, `csrnab.hyp` and `test1.pra` of its distribution.

Usage: python -m benchmarks.sclite_agreement FOLDER
"""

import sys
from pathlib import Path

from speechkit.metrics import ErrorCounts, Score, by_speaker, score
from speechkit.text import parse_reference, read_trn


def main(folder: Path) -> None:
    """Prints our counts a speaker, and how many utterances sclite aligned alike."""
    # As sclite does unless told otherwise: neither texts nor names have a case.
    texts, hypotheses = (
        {name.lower(): text.lower() for name, text in read_trn(folder / file).items()}
        for file in ("csrnab.ref", "csrnab.hyp")
    )
    references = {name: parse_reference(text) for name, text in texts.items()}
    speakers = {name: name[:3] for name in texts}
    printed = read_report(folder / "test1.pra")
    for costs in ("sclite", "levenshtein"):
        result = score(references, hypotheses, speakers=speakers, costs=costs)
        print(f"costs={costs!r}")
        for name, part in {**by_speaker(result), "all": result}.items():
            print(f"  {name}: {describe(part)}")
        print(f"  like sclite: {compare(result, printed)}")


def read_report(path: Path) -> dict[str, tuple[ErrorCounts, list]]:
    """Returns the counts and the pairs of each utterance in a report of sclite."""
    report, name, counts, rows = {}, "", ErrorCounts(), {}
    for line in path.read_text(encoding="utf-8").splitlines():
        kind, _, rest = line.partition(":")
        if kind == "id":
            name = rest.strip(" ()")
        elif kind.startswith("Scores"):
            counts = ErrorCounts(*map(int, rest.split(")")[1].split()))
        elif kind in ("REF", "HYP"):
            rows[kind] = [None if not w.strip("*") else w for w in rest.lower().split()]
        elif kind == "Eval":
            report[name] = (counts, list(zip(rows["REF"], rows["HYP"], strict=True)))
    return report


def describe(part: Score) -> str:
    """Returns the numbers of a line of sclite's table."""
    counts = part.counts
    return (
        f"{len(part.utterances)} sentences, {counts.reference_length} words, "
        f"{counts.hits} correct, {counts.substitutions} sub, {counts.deletions} del, "
        f"{counts.insertions} ins, {part.sentence_errors} wrong sentences"
    )


def compare(result: Score, printed: dict) -> str:
    """Returns how many utterances have the counts and the pairs that were printed."""
    same = [
        (u.alignment.counts == counts, u.alignment.pairs == pairs)
        for u in result.utterances
        for counts, pairs in (printed[u.utterance_id],)
    ]
    counts, pairs = (sum(column) for column in zip(*same, strict=True))
    return f"counts of {counts}, pairs of {pairs} of {len(same)} sentences"


if __name__ == "__main__":
    main(Path(sys.argv[1]))
