"""Scores a finished run on any manifest: `python examples/an4/evaluate.py`."""

import argparse
import pathlib
import sys
from collections.abc import Sequence

if __package__ in (None, ""):  # started as a file: only its own folder is searched
    sys.path[0] = str(pathlib.Path(__file__).resolve().parents[2])

import speechkit_command

if __name__ == "__main__":
    speechkit_command.start_quietly()

from examples.an4 import config as configuration
from examples.an4 import data, decode, score


def evaluate(
    model: pathlib.Path,
    manifest: pathlib.Path,
    out: pathlib.Path,
    split: str | None = None,
    streaming: bool = False,
) -> dict:
    """Returns the scores of a run on a manifest, also in `out/score.json`."""
    recordings = data.read_manifest(manifest, split)
    recognizer = decode.load(configuration.read_settings(model), streaming)
    return score.score(recognizer, recordings, manifest, out)


def main(arguments: Sequence[str] | None = None) -> int:
    """Reads the command line; returns 0, or 2 after one sentence on what is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--model", type=pathlib.Path, required=True, help="folder that run.py made"
    )
    parser.add_argument(
        "--manifest",
        type=pathlib.Path,
        required=True,
        help="CSV or JSON Lines with path, text and speaker; paths start at its folder",
    )
    parser.add_argument("--split", help="score only this split of the manifest")
    parser.add_argument(
        "--out", type=pathlib.Path, help="where score.json goes; the run by default"
    )
    parser.add_argument(
        "--streaming",
        action="store_true",
        help="hear each clip in pieces of 0.1 s, by the exported file",
    )
    parser.add_argument(
        "--debug", action="store_true", help="show the traceback of an error"
    )
    options = parser.parse_args(arguments)

    def command():
        _evaluate_and_print(options)

    return speechkit_command.exit_status(
        command, "error", failure=2, debug=options.debug
    )


def _evaluate_and_print(options):
    out = options.model if options.out is None else options.out
    result = evaluate(
        options.model, options.manifest, out, options.split, options.streaming
    )
    print(f"\n{result['utterances']} clips\n{score.describe(result)}")
    for utterance in result["language_model"]["worst_utterances"][:5]:
        print(
            f"{utterance['errors']:3} errors  {utterance['path']}\n"
            f"    reference   {utterance['reference']}\n"
            f"    hypothesis  {utterance['hypothesis']}"
        )
    print(f"Scores and alignments are in {out}.")


if __name__ == "__main__":
    sys.exit(main())
