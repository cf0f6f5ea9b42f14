"""`speechkit export`: a `.keras` model to a `.tflite` file with its certificate."""

import argparse
from pathlib import Path

from speechkit import audio


def add_parser(commands) -> None:
    """Adds the arguments of `speechkit export`."""
    parser = commands.add_parser("export", help="a .keras model to a .tflite file")
    parser.set_defaults(run=run)
    add = parser.add_argument
    add("model", type=Path, help="a .keras file")
    add("out", type=Path, help="the .tflite file to write; a .json file goes beside it")
    add(
        "--quantization",
        choices=("float32", "float16", "dynamic", "int8"),
        default="float32",
    )
    add("--num-samples", type=int, help="of every clip; any number by default")
    add("--streaming", action="store_true", help="takes a clip chunk by chunk")
    add("--chunk-seconds", type=float, default=0.1, help="with --streaming")
    add(
        "--decoder",
        choices=("auto", "greedy", "prefix-beam", "none"),
        default="auto",
        help="gives CTC labels in the file: by default greedy if the model has a blank",
    )
    add("--beam-width", type=int, default=8, help="with --decoder prefix-beam")
    add(
        "--fuse-lstm",
        action="store_true",
        help="one operator for each: fast, not for browsers",
    )
    add("--recordings", type=Path, nargs="*", help="to compare and to calibrate with")


def run(arguments: argparse.Namespace) -> None:
    """Writes the file and prints what `speechkit inspect` would.

    Raises:
        ValueError: If the model cannot be read or exported.
    """
    # LiteRT is an extra, and Keras takes seconds to import.
    from speechkit import models
    from speechkit.cli import inspect

    model = models.load_model(arguments.model, compile=False)
    _write(arguments, model)
    inspect.run(argparse.Namespace(file=arguments.out, format="text"))


def _write(arguments, model):
    from speechkit import export

    options = {
        "quantization": arguments.quantization,
        "decoder": _decoder(arguments, model),
    }
    rate = getattr(model, "sampling_rate", None)
    if arguments.recordings:
        options["recordings"] = [audio.read(p, rate) for p in arguments.recordings]
    if arguments.streaming:
        for name in ("num_samples", "fuse_lstm"):
            if value := getattr(arguments, name):
                raise ValueError(
                    f"`--{name.replace('_', '-')}` must be left out with "
                    f"`--streaming`. Received: {value}"
                )
        options["chunk_seconds"] = arguments.chunk_seconds
        export.to_streaming_tflite(model, arguments.out, **options)
    else:
        options["num_samples"] = arguments.num_samples
        options["fuse_lstm"] = arguments.fuse_lstm
        export.to_tflite(model, arguments.out, **options)


def _decoder(arguments, model):
    """Returns the argument `decoder` of `export.to_tflite`."""
    from speechkit import decoders

    if arguments.decoder == "none":
        return None
    if arguments.decoder == "auto":
        return "auto"
    if not hasattr(model, "vocabulary"):
        raise ValueError(
            f"`--decoder` must be auto or none for a model without a vocabulary. "
            f"Received: {arguments.decoder}"
        )
    if arguments.decoder == "greedy":
        return decoders.CTCGreedyDecoder(model.vocabulary)
    width = arguments.beam_width
    return decoders.CTCPrefixBeamSearch(model.vocabulary, beam_width=width)
