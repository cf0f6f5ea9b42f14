"""How the output steps of a stream follow its input steps."""

import math
from collections.abc import Sequence
from typing import Any, NamedTuple


class StreamTiming(NamedTuple):
    """What a part that streams declares: see `layers.StreamingLayer`.

    Attributes:
        output_ratio: `(outputs, inputs)`: every `inputs` input steps give `outputs`
            output steps. It is not reduced: after `inputs` steps the part is where it
            was.
        latency: The most input steps that an output step waits for beyond its own;
            below 0 where each comes before its own, as behind zeros.
        receptive_field: Input steps from the first to the last that an output step may
            depend on, or `None` for all that came before.
    """

    output_ratio: tuple[int, int] = (1, 1)
    latency: int = 0
    receptive_field: int | None = 1

    @property
    def past(self) -> int | None:
        """Input steps before its own that an output step may depend on."""
        if self.receptive_field is None:
            return None
        return self.receptive_field - 1 - self.latency


def timing_of(part: Any) -> StreamTiming:
    """Returns the timing that a layer, or another part of a stream, declares."""
    return StreamTiming(part.output_ratio, part.latency, part.receptive_field)


def in_sequence(timings: Sequence[StreamTiming]) -> StreamTiming:
    """Returns the timing of parts that take their input from one another.

    Example:
        >>> frames = StreamTiming((1, 160), latency=399, receptive_field=400)
        >>> pairs = StreamTiming((1, 2), latency=1, receptive_field=2)
        >>> in_sequence([frames, pairs])
        StreamTiming(output_ratio=(1, 320), latency=559, receptive_field=560)
    """
    whole = StreamTiming()
    for part in timings:
        whole = _followed(whole, part)
    return whole


def side_by_side(timings: Sequence[StreamTiming]) -> StreamTiming:
    """Returns the timing of parts that share an input and whose outputs are joined.

    Raises:
        ValueError: If they do not give as many output steps as each other.
    """
    whole, *others = timings
    for part in others:
        whole = _joined(whole, part)
    return whole


def _followed(first, second):
    (outputs, inputs), (next_outputs, next_inputs) = (
        first.output_ratio,
        second.output_ratio,
    )
    # So often must the first pattern come before the second is complete, too.
    repeats = next_inputs // math.gcd(outputs, next_inputs)
    ratio = (repeats * outputs // next_inputs * next_outputs, repeats * inputs)

    # Own steps are rounded down twice, so each output of a block is looked at.
    places = [
        (t * ratio[1] // ratio[0], t * next_inputs // next_outputs)
        for t in range(ratio[0])
    ]
    latency = first.latency + max(
        (between + second.latency) * inputs // outputs - own for own, between in places
    )
    if first.past is None or second.past is None:
        return StreamTiming(ratio, latency, None)
    past = first.past + max(
        own - (between - second.past) * inputs // outputs for own, between in places
    )
    return StreamTiming(ratio, latency, past + 1 + latency)


def _joined(first, second):
    (outputs, inputs), (other_outputs, other_inputs) = (
        first.output_ratio,
        second.output_ratio,
    )
    if outputs * other_inputs != other_outputs * inputs:
        raise ValueError(
            "Branches that are joined must give as many steps as each other. Received "
            f"{outputs} and {other_outputs} output steps for {inputs} and "
            f"{other_inputs} input steps"
        )
    period = math.lcm(inputs, other_inputs)
    ratio = (period // inputs * outputs, period)
    latency = max(first.latency, second.latency)
    if first.past is None or second.past is None:
        return StreamTiming(ratio, latency, None)
    return StreamTiming(ratio, latency, max(first.past, second.past) + 1 + latency)
