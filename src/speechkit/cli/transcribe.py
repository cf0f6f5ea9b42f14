"""`speechkit transcribe`: what a `.tflite` file understands in recordings."""

import argparse
from pathlib import Path

from speechkit import audio
from speechkit.cli._opening import open_runner


def add_parser(commands) -> None:
    """Adds the arguments of `speechkit transcribe`."""
    parser = commands.add_parser("transcribe", help="text or commands of recordings")
    parser.set_defaults(run=run)
    add = parser.add_argument
    add("file", type=Path, help="a .tflite file of `speechkit export`")
    add("audio", type=Path, nargs="+", help="recordings of any format")
    add(
        "--decoder",
        choices=("greedy", "prefix-beam", "beam"),
        help="of a CTC model's output; by default the one in the file",
    )
    add("--beam-width", type=int, help="of a beam search")
    add("--language-model", type=Path, help="an ARPA file, for --decoder beam")
    add("--language-weight", type=float, help="of the language model; by default 0.5")
    add("--word-bonus", type=float, help="for each word, with the model; 1.5")


def run(arguments: argparse.Namespace) -> None:
    """Prints one line for each recording; with several, after its name.

    Raises:
        ValueError: If a file cannot be used, or the options do not fit together.
    """
    runner = open_runner(arguments.file)
    rate = runner.metadata.get("sampling_rate")
    if rate is None:
        raise ValueError(
            f"`{arguments.file}` must tell its sampling rate: `speechkit export` puts "
            "it in with `--sampling-rate`"
        )
    decoder = _decoder(arguments, runner.certificate)
    for path in arguments.audio:
        answer = runner.transcribe(audio.read(path, rate), rate, decoder=decoder)
        name = f"{path}\t" if len(arguments.audio) > 1 else ""
        print(name + ("(not understood)" if answer is None else answer))


def _decoder(arguments, certificate):
    """Returns the decoder that is asked for; `None` for that of the file."""
    kind, language_model = arguments.decoder, arguments.language_model
    if language_model is not None and kind != "beam":
        raise ValueError(
            "`--language-model` must come with `--decoder beam`. "
            f"Received: --decoder {kind}"
        )
    if arguments.beam_width is not None and kind in (None, "greedy"):
        raise ValueError(
            "`--beam-width` must come with `--decoder beam` or `prefix-beam`. "
            f"Received: --decoder {kind}"
        )
    for name in ("language_weight", "word_bonus"):
        value = getattr(arguments, name)
        if value is not None and language_model is None:
            raise ValueError(
                f"`--{name.replace('_', '-')}` must come with `--language-model`. "
                f"Received: {value}"
            )
    if kind is None:
        return None
    if "vocabulary" not in certificate:
        raise ValueError(
            f"`{arguments.file}` must be made of a CTC model with a vocabulary for "
            "`--decoder`. It is not"
        )
    from speechkit import decoders
    from speechkit.export.running._answers import vocabulary_of

    vocabulary = vocabulary_of(certificate)
    options = {}
    if arguments.beam_width is not None:
        options["beam_width"] = arguments.beam_width
    if language_model is not None:
        options["fusion"] = decoders.ShallowFusion(
            decoders.NGramLanguageModel.read(language_model),
            weight=_or(arguments.language_weight, 0.5),
            word_bonus=_or(arguments.word_bonus, 1.5),
        )
    kinds = {
        "greedy": decoders.CTCGreedyDecoder,
        "prefix-beam": decoders.CTCPrefixBeamSearch,
        "beam": decoders.CTCBeamSearchDecoder,
    }
    return kinds[kind](vocabulary, **options)


def _or(value, default):
    return default if value is None else value
