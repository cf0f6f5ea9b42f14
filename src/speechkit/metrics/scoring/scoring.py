"""From references and hypotheses to a score."""

from collections.abc import Mapping, Sequence

from speechkit._names import by_form
from speechkit.metrics.scoring.aligning import align
from speechkit.metrics.scoring.counting import check_lengths
from speechkit.metrics.scoring.score import Score, Utterance
from speechkit.text.transcripts.reference import Reference

_Text = str | Sequence[str]


def score(
    references: Mapping[str, _Text | Reference] | Sequence[_Text | Reference],
    hypotheses: Mapping[str, _Text | Reference] | Sequence[_Text | Reference],
    *,
    speakers: Mapping[str, str] | Sequence[str] | None = None,
    unit: str = "words",
    costs: str = "levenshtein",
    count_fragments: bool = False,
) -> Score:
    """Aligns each hypothesis with its reference.

    Args:
        references: By the names of the utterances, or in some order; then the
            utterances are named `"1"`, `"2"`, … Each is what `align` takes.
        hypotheses: By the same names, or in the same order. Names are the same if they
            look alike, however Unicode writes their accents.
        speakers: Who speaks, by the same names or in the same order. `None` if unknown.
        unit: What a text is split into, as in `align`.
        costs: What an error costs, as in `align`.
        count_fragments: Whether parts of words are right, as in `align`.

    Raises:
        TypeError: If one side has names and the other has not, or a text is none.
        ValueError: If utterances are missing on one side, or there is no such unit or
            cost.

    Example:
        >>> result = score({"u1": "turn left", "u2": "stop"}, {"u2": "", "u1": "left"})
        >>> result.counts.deletions, result.sentence_error_rate
        (2, 1.0)
    """
    by_name = _by_name("references", references)
    named = isinstance(references, Mapping)
    recognized = _matching("hypotheses", hypotheses, by_name, named)
    known = {}
    if speakers is not None:
        known = _matching("speakers", speakers, by_name, named)
    return Score(
        tuple(
            Utterance(
                name,
                align(
                    text,
                    recognized[name],
                    unit=unit,
                    costs=costs,
                    count_fragments=count_fragments,
                ),
                known.get(name),
            )
            for name, text in by_name.items()
        )
    )


def _by_name(name, values):
    if isinstance(values, Mapping):
        return values
    check_lengths(values, values)
    return {str(place): value for place, value in enumerate(values, start=1)}


def _matching(name, values, references, named):
    """Returns the values by the names of the references, each of which has one."""
    if isinstance(values, Mapping) != named:
        kinds = ("a sequence", "a mapping")
        raise TypeError(
            f"`{name}` must be {kinds[named]} like `references`. "
            f"Received: {name} of type {type(values).__name__}"
        )
    if not named:
        check_lengths([*references], values, name)
        return dict(zip(references, values, strict=True))
    if values.keys() != references.keys():
        forms = by_form("`references`", {key: key for key in references})
        values = {
            forms.get(form, form): value
            for form, value in by_form(f"`{name}`", values).items()
        }
    missing = [key for key in references if key not in values]
    unknown = [key for key in values if key not in references]
    if missing or unknown:
        raise ValueError(
            f"`{name}` must have the utterances of `references`. "
            f"Received: {_listed(missing)} missing, {_listed(unknown)} unknown"
        )
    return values


def _listed(names):
    shown = ", ".join(map(repr, names[:3]))
    return f"{len(names)} ({shown}{', …' if len(names) > 3 else ''})" if names else "0"
