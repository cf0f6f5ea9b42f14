"""The tables of `export_matrix`: lines to print, and the page of the documentation."""

from collections.abc import Iterable

HEADER = """\
| model | file | quantization | kB | difference | ms | × real time |
|---|---|---|---|---|---|---|"""
_PAGE = """\
# What every model costs in every file

Written by `python -m benchmarks.export_matrix`, on {recordings} recordings of 1 s at
16 kHz and one core of a server processor. The models have learned nothing: their sizes
and speeds are those of trained ones. Their differences, the root mean square relative
to that of the outputs, need not be: {{doc}}`export` has what quantisation costs those.
A file at 0.01 × real time computes for 10 ms in each second of audio.

{memory}

## Whole clips

Milliseconds are those of a clip of 1 s.

{clips}

## Streams

Milliseconds are those of a chunk of 0.1 s.

{streams}
"""


def row(result: dict, with_form: bool = True) -> str:
    """Returns a line of a table: what a file costs, or why there is none."""
    form = f"{result['form']} | " if with_form else ""
    start = f"| {result['model']} | {form}{result['quantization']} |"
    if "refused" in result:
        return f"{start} {_short(result['refused'])} | | | |"
    return (
        f"{start} {result['size_bytes'] / 1000:.0f} | "
        f"{result['parity']['relative_rms']:.3%} | "
        f"{result['latency']['median_ms']:.2f} | {result['real_time_factor']:.4f} |"
    )


def memory(result: dict) -> str:
    """Returns which export took the most memory."""
    gigabytes = result["export_memory_bytes"] / 1e9
    return (
        f"No export took more than {gigabytes:.1f} GB of memory "
        f"({result['model']}, {result['form']}, {result['quantization']})."
    )


def page(results: Iterable[dict], largest: dict) -> str:
    """Returns the page of the documentation."""
    results = list(results)
    counts = {r["parity"]["recordings"] for r in results if "parity" in r}
    return _PAGE.format(
        recordings=max(counts),
        memory=memory(largest),
        clips=_table(results, "clip"),
        streams=_table(results, "stream"),
    )


def _table(results, form):
    """Returns the rows of one form; a model refused for one reason has one row."""
    lines = [
        "| model | quantization | kB | difference | ms | × real time |",
        "|---|---|---|---|---|---|",
    ]
    for result in results:
        if result["form"] != form:
            continue
        alike = [
            other["quantization"]
            for other in results
            if (other["model"], other["form"]) == (result["model"], form)
            and "refused" in result
            and other.get("refused") == result["refused"]
        ]
        if alike and alike[0] != result["quantization"]:
            continue
        shown = {**result, "quantization": ", ".join(alike) or result["quantization"]}
        lines.append(row(shown, with_form=False))
    return "\n".join(lines)


def _short(reason):
    """Returns a reason in one line that a table can hold."""
    return " ".join(reason.replace("|", " ").split())[:300]
