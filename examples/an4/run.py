"""Trains a recogniser on AN4 and scores it: `python examples/an4/run.py`."""

import argparse
import dataclasses
import pathlib
import sys
from collections.abc import Sequence

if __package__ in (None, ""):  # started as a file: only its own folder is searched
    sys.path[0] = str(pathlib.Path(__file__).resolve().parents[2])

import speechkit_command

if __name__ == "__main__":
    speechkit_command.start_quietly()

from examples import resuming, saving
from examples.an4 import config as configuration
from examples.an4 import data, decode, lexicon, pictures, score, train
from examples.an4.config import Config
from speechkit import export


def run(config: Config) -> dict:
    """Runs every step and returns the scores on `dev`, also in `dev/score.json`."""
    if (config.out / "checkpoint.npz").is_file():  # it has learned something
        resuming.check_settings(config.settings(), config.out)
    splits = data.load(config)
    with resuming.claimed(config.out):
        return _run_in_folder(splits, config)


def main(arguments: Sequence[str] | None = None) -> int:
    """Reads the command line and runs; see `speechkit_command.exit_status`."""
    options = _parser().parse_args(arguments)

    def command():
        run(_configuration(options))

    return speechkit_command.exit_status(
        command,
        "error",
        failure=2,
        debug=options.debug,
        interrupted=resuming.INTERRUPTED,
    )


def _run_in_folder(splits, config):
    saving.save_json(config.settings(), config.out / "settings.json")
    train.train_language_model(splits, config)
    lexicon.keep(config)
    model, history = train.train(splits, config)
    if config.streaming:
        export.to_streaming_tflite(
            model,
            config.out / "streaming.tflite",
            chunk_seconds=config.chunk_seconds(),
        )
    recognizer = decode.of_model(model, config)
    manifest = data.manifest_of(config)
    scores = score.score(recognizer, splits["dev"], manifest, config.out / "dev")
    pictures.draw(model, splits["dev"][0], history, config)
    print(f"\n{len(splits['dev'])} clips of dev\n{score.describe(scores)}")
    print(
        f"{model.count_params():,} parameters, trained in "
        f"{sum(history['seconds']) / 60:.1f} minutes. Everything is in {config.out}.\n"
        f"Score a manifest: python examples/an4/evaluate.py --model {config.out} "
        "--manifest FILE.csv"
    )
    return scores


def _configuration(options):
    config = Config(options.data, options.out, options.train_on, options.seed)
    quick = configuration.QUICK if options.quick else {}
    changes = dict(map(configuration.parse_setting, options.set))
    return dataclasses.replace(config, **{**quick, **changes})


def _parser():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--data",
        type=pathlib.Path,
        required=True,
        help="folder with manifest.csv, or a manifest, with the splits train and dev",
    )
    parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path("runs/an4"))
    parser.add_argument("--train-on", choices=("train", "all"), default="train")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--quick", action="store_true", help="a few minutes of training"
    )
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="another value of a setting in config.py, such as units=128",
    )
    parser.add_argument(
        "--debug", action="store_true", help="show the traceback of an error"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
