"""Trains, scores and exports a recogniser: `python -m examples.voice_commands`."""

import argparse
import dataclasses
import pathlib
import sys
import time
from collections.abc import Sequence

import speechkit_command

if __name__ == "__main__":
    speechkit_command.start_quietly()

from examples import resuming, saving
from examples.voice_commands import (
    data,
    evaluate,
    export,
    pictures,
    recognize,
    train,
)
from examples.voice_commands.config import Config


def run(config: Config) -> dict:
    """Runs every step and returns the scores, which are also in `scores.json`."""
    resuming.check_settings(config.settings(), config.out)
    corpus = data.load(config)
    # Only now: a mistyped `--data` must not claim the folder.
    with resuming.claimed(config.out):
        return _run_in_folder(corpus, config)


def main(arguments: Sequence[str] | None = None) -> int:
    """Reads the command line and runs; see `speechkit_command.exit_status`."""
    parser = argparse.ArgumentParser(
        prog="python -m examples.voice_commands", description=__doc__
    )
    default = Config()
    parser.add_argument(
        "--data",
        type=pathlib.Path,
        help="folder with one sub-folder per command, or a manifest; "
        "without it, 24 Mandarin commands are synthesised",
    )
    parser.add_argument("--out", type=pathlib.Path, default=default.out)
    parser.add_argument("--epochs", type=int, help="passes over the training clips")
    parser.add_argument(
        "--speak",
        dest="languages",
        metavar="LANGUAGE",
        type=lambda names: tuple(names.split(",")),
        default=default.languages,
        help="let eSpeak NG say the names of the commands, too, as other voices to "
        "train on, in this language or these accents: 'de', or 'en-us,en-gb-scotland'",
    )
    parser.add_argument("--speaker-pattern", help="regular expression for file names")
    parser.add_argument(
        "--text-pattern",
        help="regular expression for file names that tell the command; the sub-folders "
        "are the speakers then",
    )
    parser.add_argument("--seed", type=int, default=default.seed)
    parser.add_argument(
        "--debug", action="store_true", help="show the traceback of an error"
    )
    options = vars(parser.parse_args(arguments))
    debug = options.pop("debug")
    config = dataclasses.replace(default, **options)

    def command():
        run(config)

    return speechkit_command.exit_status(
        command, "error", failure=2, debug=debug, interrupted=resuming.INTERRUPTED
    )


def _run_in_folder(corpus, config):
    start = time.monotonic()
    resuming.check_settings(config.settings(), config.out)
    saving.save_json(config.settings(), config.out / "settings.json")
    _print_corpus(corpus, config)
    model, history = train.train(corpus, config)
    model.threshold = evaluate.choose_threshold(
        evaluate.answer(model, corpus, "dev", config), corpus
    )
    saving.save_model(model, config.out / "model.keras")
    answers = evaluate.answer(model, corpus, "test", config)
    scores = evaluate.score(answers, corpus, model.threshold)
    parity = export.export_model(model, corpus, config.out / "model.tflite")
    scores = {
        "synthetic_speech": config.data is None,
        "labels": list(corpus.labels),
        "held_out": corpus.held_out,
        **scores,
        "tflite": dataclasses.asdict(parity),
        "parameters": model.count_params(),
        "epochs": len(history["loss"]),
        "minutes": round((time.monotonic() - start) / 60, 1),
    }
    saving.save_json(scores, config.out / "scores.json")
    pictures.draw(corpus, answers, history, config.out)
    _print_scores(scores, config)
    _recognize_one(answers, config)
    return scores


def _print_corpus(corpus, config):
    if config.data is None:
        print("Synthetic speech: eSpeak NG says the commands. Real voices will differ.")
    print(
        f"{len(corpus.labels)} commands at {corpus.sampling_rate} Hz; "
        f"held out are {corpus.held_out}."
    )
    print(f"{'split':8}{'commands':>10}{'other':>10}{'speakers':>10}")
    for split, recordings in corpus.splits.items():
        speakers = {r.speaker for r in recordings} - {None}
        print(
            f"{split:8}{len(corpus.commands(split)):10}{len(corpus.others(split)):10}"
            f"{len(speakers) or '?':>10}"
        )


def _print_scores(scores, config):
    tflite = scores["tflite"]
    print(
        f"\nHeld out: {scores['held_out']}\n"
        f"  accuracy                {scores['accuracy']:8.2%} of {scores['clips']}\n"
        f"With answers below a probability of {scores['threshold']:.2f} rejected:\n"
        f"  understood rightly      {scores['understood_right']:8.2%}\n"
        f"  understood wrongly      {scores['understood_wrong']:8.2%}\n"
        f"  not understood          {scores['not_understood']:8.2%}\n"
        f"  no command, rejected    {scores['others_rejected']:8.2%} "
        f"of {scores['other_clips']}\n"
        f"model.tflite: {tflite['num_same_best']} of {tflite['num_clips']} answers "
        f"are the same, largest difference {tflite['largest_difference']:.1e}\n"
        f"{scores['minutes']} minutes. Everything is in {config.out}: model.keras, "
        "model.tflite, scores.json, pictures."
    )
    print("\nWorst clips:")
    for clip in scores["worst_clips"]:
        print(
            f"  {clip['probability']:.3f}  {clip['command']} heard as "
            f"{clip['heard']}  {clip['path']}"
        )


def _recognize_one(answers, config):
    """Shows what a user would do next, on the first held-out clip."""
    file = answers.recordings[0].path
    print(f"\nRecognise {file}:")
    for name in ("model.keras", "model.tflite"):
        command = recognize.load(config.out / name)(file)
        print(f"  {name:13} {recognize.describe(command)}")
    print(
        "Yours: python -m examples.voice_commands.recognize "
        f"{config.out / 'model.tflite'} RECORDING.wav"
    )


if __name__ == "__main__":
    sys.exit(main())
