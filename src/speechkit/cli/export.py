"""`speechkit export`: a `.keras` model to a `.tflite` file with its certificate."""

import argparse
from pathlib import Path

from speechkit import _checks, audio
from speechkit._reading import TextLines


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
    add(
        "--num-samples",
        type=_num_samples,
        help="of every clip, or any; by default any for a file without loops, and for "
        "one with loops that of the longest recording, or 1 s",
    )
    add("--streaming", action="store_true", help="takes a clip chunk by chunk")
    add("--chunk-seconds", type=float, help="of each chunk with --streaming; 0.1 s")
    add(
        "--decoder",
        choices=("auto", "greedy", "prefix-beam", "none"),
        default="auto",
        help="gives CTC labels in the file: by default greedy if the model has a blank",
    )
    add("--beam-width", type=int, help="with --decoder prefix-beam; by default 8")
    add(
        "--fuse-lstm",
        action="store_true",
        help="one operator for each: fast, not for browsers",
    )
    add("--sampling-rate", type=int, help="of a model that does not tell its own")
    add(
        "--labels",
        nargs="+",
        help="of the classes of a model that does not tell its own; or a file with one "
        "in each line",
    )
    add("--threshold", type=float, help="least probability of what is understood")
    add(
        "--keep-refused",
        action="store_true",
        help="write a file, too, that answers otherwise than the model",
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

    metadata = _metadata(arguments, model)
    options = {
        "metadata": metadata,
        "quantization": arguments.quantization,
        "decoder": _decoder(arguments, model),
        "keep_refused": arguments.keep_refused,
    }
    rate = metadata.get("sampling_rate")
    if arguments.recordings:
        if rate is None:
            raise ValueError(
                "`--sampling-rate` must be given with `--recordings`: the model does "
                "not tell its own"
            )
        options["recordings"] = [audio.read(p, rate) for p in arguments.recordings]
    if arguments.streaming:
        for name in ("num_samples", "fuse_lstm"):
            if value := getattr(arguments, name):
                raise ValueError(
                    f"`--{name.replace('_', '-')}` must be left out with "
                    f"`--streaming`. Received: {value}"
                )
        if arguments.chunk_seconds is not None:
            options["chunk_seconds"] = arguments.chunk_seconds
        export.to_streaming_tflite(model, arguments.out, **options)
    else:
        if arguments.chunk_seconds is not None:
            raise ValueError(
                "`--chunk-seconds` must come with `--streaming`. "
                f"Received: {arguments.chunk_seconds}"
            )
        options["num_samples"] = arguments.num_samples
        options["fuse_lstm"] = arguments.fuse_lstm
        export.to_tflite(model, arguments.out, **options)


def _num_samples(text):
    """Returns a number, or any text for the exporter to refuse."""
    return int(text) if text.isdecimal() else text


def _metadata(arguments, model):
    """Returns the facts that the model tells, and those that are given besides."""
    metadata = dict(getattr(model, "export_metadata", dict)())
    rate, known = arguments.sampling_rate, metadata.get("sampling_rate")
    if rate is not None:
        _checks.check_int("--sampling-rate", rate)
        if known not in (None, rate):
            raise ValueError(
                f"`--sampling-rate` must be {known}, that of the model. "
                f"Received: {rate}"
            )
        metadata["sampling_rate"] = rate
    if arguments.labels is not None:
        metadata["labels"] = _labels(arguments.labels, model, metadata.get("labels"))
    if arguments.threshold is not None:
        _checks.check_probability("--threshold", arguments.threshold)
        metadata["threshold"] = arguments.threshold
    return metadata


def _labels(given, model, own):
    """Returns the labels of the command line, or those in the file that it names."""
    if len(given) == 1 and Path(given[0]).is_file():
        lines = map(str.strip, TextLines(given[0]))
        given = [line for line in lines if line]
    outputs = getattr(model, "outputs", None) or [None]
    classes = None if outputs[0] is None else outputs[0].shape[-1]
    classes = len(own) if own else classes
    if classes not in (None, len(given)):
        raise ValueError(
            f"`--labels` must be {classes}, one for each class of the model. "
            f"Received {len(given)}: {' '.join(given)}"
        )
    return list(given)


def _decoder(arguments, model):
    """Returns the argument `decoder` of `export.to_tflite`."""
    from speechkit import decoders
    from speechkit.export.files import _forms

    width = arguments.beam_width
    if width is not None and arguments.decoder != "prefix-beam":
        raise ValueError(
            "`--beam-width` must come with `--decoder prefix-beam`. "
            f"Received: --decoder {arguments.decoder}"
        )
    if arguments.decoder == "none":
        return None
    if arguments.decoder == "auto":
        return "auto"
    vocabulary = _forms.vocabulary_of(model)
    if vocabulary is None:
        raise ValueError(
            f"`--decoder` must be auto or none for a model without a vocabulary. "
            f"Received: {arguments.decoder}"
        )
    if arguments.decoder == "greedy":
        return decoders.CTCGreedyDecoder(vocabulary)
    options = {} if width is None else {"beam_width": width}
    return decoders.CTCPrefixBeamSearch(vocabulary, **options)
