"""`speechkit inspect`: what is inside a `.tflite` file."""

import argparse
import json
from pathlib import Path

from speechkit.cli._opening import open_runner


def add_parser(commands) -> None:
    """Adds the arguments of `speechkit inspect`."""
    parser = commands.add_parser("inspect", help="what is inside a .tflite file")
    parser.set_defaults(run=run)
    parser.add_argument("file", type=Path, help="a .tflite file of `speechkit export`")
    parser.add_argument("--format", choices=("text", "json"), default="text")


def run(arguments: argparse.Namespace) -> None:
    """Prints the certificate.

    Raises:
        ValueError: If the file cannot be read or has no certificate.
    """
    certificate = open_runner(arguments.file).certificate
    if not certificate:
        raise ValueError(
            f"`{arguments.file}` must have a certificate. It is of an older version or "
            "of another tool"
        )
    if arguments.format == "json":
        text = json.dumps(certificate, ensure_ascii=False, indent=2)
    else:
        try:
            text = "\n".join(_lines(certificate))
        except (AttributeError, LookupError, TypeError, ValueError) as error:
            raise ValueError(
                f"`{arguments.file}` must have a certificate of this version. Its own "
                f"lacks {error}, or has it in another form; --format json shows it"
            ) from error
    print(text)


def _lines(certificate):
    front_end, parity = certificate["front_end"], certificate["parity"]
    layers = " → ".join(layer["class"] for layer in front_end["layers"])
    labels = certificate["labels"]
    takes = {"clip": "whole clips", "stream": "a stream, chunk by chunk"}
    length = certificate["num_samples"]
    of_length = f", of {length} samples" if length else ""
    yield f"takes          {takes[certificate['kind']]}{of_length}"
    yield f"samples        {front_end['sampling_rate']} Hz, {front_end['samples']}"
    yield f"front end      {layers or 'none'} ({front_end['hash'][:12]})"
    yield f"labels         {len(labels)}: {' '.join(map(repr, labels[:8]))}"
    yield f"quantization   {_quantization(**certificate['quantization'])}"
    yield f"decoder        {certificate['decoder'] or 'none'}"
    yield f"size           {certificate['size_bytes'] / 1000:.1f} kB"
    yield f"parameters     {certificate['parameters']}"
    if certificate["multiply_adds"] is not None:
        yield f"multiply-adds  {certificate['multiply_adds']} a run"
    yield (
        f"difference     {parity['largest_difference']:.1e} at most, "
        f"{parity['relative_rms']:.2%} RMS, over {parity['recordings']} recordings"
        + ("" if certificate["accepted"] else "; refused, and kept to look at")
    )
    if certificate["score"]:
        score = certificate["score"]
        yield f"score          {score['model']:.4f} model, {score['file']:.4f} file"
    yield from speed_lines(certificate)
    for need in certificate["runtime_needs"]:
        yield f"runtimes       {need}"
    obstacles = certificate["micro_obstacles"]
    yield f"TFLite Micro   {'; '.join(obstacles) or 'can run it'}"


def _quantization(requested, bytes):
    """Returns what was asked for and what the constants of the file are."""
    sizes = ", ".join(f"{size / 1000:.1f} kB {kind}" for kind, size in bytes.items())
    left = requested == "float16" and "float16" not in bytes
    no_smaller = "; float16 makes it no smaller" if left else ""
    return f"{requested}: {sizes or 'no constants'}{no_smaller}"


def speed_lines(measured: dict):
    """Yields what was measured of a file, as lines."""
    latency, memory = measured["latency"], measured["peak_memory_bytes"]
    yield (
        f"latency        {latency['median_ms']:.3f} ms median, "
        f"{latency['percentile_99_ms']:.3f} ms 99th percentile, for "
        f"{latency['audio_seconds']:.3g} s of audio on one thread"
    )
    yield f"real time      × {measured['real_time_factor']:.5f}"
    yield f"peak memory    {'unknown' if memory is None else f'{memory / 1e6:.1f} MB'}"
