"""Reverberation: a clip in a room."""

import functools
import os
from collections.abc import Sequence
from typing import ClassVar

import keras
import numpy as np
from keras import ops

from speechkit import _checks
from speechkit.layers import _waveforms
from speechkit.layers.augmentation import _recordings
from speechkit.layers.augmentation.augmentation_layer import AugmentationLayer
from speechkit.ops.effects import rooms, spectral_filtering
from speechkit.ops.time import lengths, statistics


@keras.saving.register_keras_serializable(package="speechkit")
class Reverb(AugmentationLayer):
    """Places each clip in a random room, in training only.

    A clip is convolved with one of the impulse responses. The direct sound, the largest
    sample of a response, is not delayed: a clip keeps its length and its place in time,
    and the reverberation after its end is cut. It keeps its power, too. At inference
    the input passes through unchanged.

    Args:
        responses: Measured responses: paths of sound files, and arrays `(samples,)`.
            Files are read when they are first needed. `None` simulates rectangular
            rooms of random size by the image method.
        sampling_rate: Samples per second of the waveforms, in hertz.
        num_rooms: Number of simulated rooms.
        reverberation_seconds: Shortest and longest time in which the sound of a
            simulated room falls by 60 dB, by Eyring's formula; between bare parallel
            walls it lasts about half as long again.
        seed: Seed of the rooms and the draws. `None` means a different one each time.
        **kwargs: Arguments of `keras.layers.Layer`, such as `name` and `dtype`.

    Call arguments:
        training: Whether to augment.

    Input shape:
        `(batch, samples)`.

    Output shape:
        `(batch, samples)`.

    Raises:
        ValueError: If `responses` is no list or empty, or another argument out of
            range.

    Example:
        >>> layer = Reverb(sampling_rate=16000, num_rooms=4, seed=0)
        >>> keras.ops.shape(layer(keras.ops.ones((8, 16000)), training=True))
        (8, 16000)

    References:
        Allen and Berkley, Image method for efficiently simulating small-room
        acoustics, 1979.
    """

    neutral_draws: ClassVar = {"wet": 0.0}

    def __init__(
        self,
        responses: Sequence[str | os.PathLike[str] | np.ndarray] | None = None,
        *,
        sampling_rate: int,
        num_rooms: int = 16,
        reverberation_seconds: tuple[float, float] = (0.1, 0.5),
        seed: int | None = None,
        **kwargs,
    ):
        super().__init__(seed=seed, **kwargs)
        if responses is not None:
            responses = _recordings.check_recordings("responses", responses)
        self.responses = responses
        self.num_rooms = _checks.check_int("num_rooms", num_rooms)
        self.reverberation_seconds = _checks.check_range(
            "reverberation_seconds", reverberation_seconds, minimum=0.01
        )
        self.sampling_rate = _checks.check_int("sampling_rate", sampling_rate)
        self.input_spec = _waveforms.waveform_spec()

    def get_config(self):
        config = {
            "responses": self.responses,
            "num_rooms": self.num_rooms,
            "reverberation_seconds": self.reverberation_seconds,
            "sampling_rate": self.sampling_rate,
        }
        return {**super().get_config(), **config}

    @functools.cached_property
    def _bank(self):
        """The responses from the direct sound on, `(responses, taps)`."""
        if self.responses is None:
            responses = self._simulated()
        else:
            responses = _recordings.read_recordings(self.responses, self.sampling_rate)
        responses = [r[np.argmax(np.abs(r)) :] for r in responses]
        longest = max(map(len, responses))
        return np.stack([np.pad(r, (0, longest - len(r))) for r in responses])

    def _simulated(self):
        # Keras's generator has a seed even where the layer has none.
        random = np.random.default_rng(self.seed_generator.get_config()["seed"])
        times = random.uniform(*self.reverberation_seconds, size=self.num_rooms)
        return [rooms.drawn_response(random, self.sampling_rate, t) for t in times]

    def draw_parameters(self, values, *, mask):
        number = self.num_rooms if self.responses is None else len(self.responses)
        wet = ops.ones((ops.shape(values)[0],), dtype=values.dtype)
        return {"response": self.draw_index(values, number), "wet": wet}

    def transform(self, values, draws, *, mask):
        bank = ops.convert_to_tensor(self._bank, dtype=values.dtype)
        responses = ops.take(bank, draws["response"], axis=0)
        count = ops.shape(values)[1]
        echoing = spectral_filtering.convolved(values, responses)[:, :count]
        echoing = lengths.zero_padding(echoing, mask)
        power = statistics.masked_power(values, mask)
        gain = statistics.gain_to_power(echoing, mask, power)
        wet = ops.expand_dims(draws["wet"], axis=1)
        return values + wet * (gain * echoing - values), mask
