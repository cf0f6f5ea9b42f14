"""A layer of augmentation as a user writes one, on the public names alone."""

from typing import ClassVar

import keras

from speechkit import layers


class Offset(layers.AugmentationLayer):
    """Adds a random constant to each clip, in training only; in the padding, too."""

    neutral_draws: ClassVar = {"level": 0.0}

    def __init__(self, largest=0.5, *, seed=None, **kwargs):
        super().__init__(seed=seed, **kwargs)
        self.largest = largest

    def get_config(self):
        return {**super().get_config(), "largest": self.largest}

    def draw_parameters(self, values, *, mask):
        return {"level": self.draw_uniform(values, (-self.largest, self.largest))}

    def transform(self, values, draws, *, mask):
        return values + keras.ops.expand_dims(draws["level"], axis=1), mask


def holders(**kwargs):
    """Returns each public layer that holds augmentation, around an `Offset`."""
    schedule = keras.optimizers.schedules.PolynomialDecay(0.5, 10, 1.0)
    return {
        "Compose": layers.Compose(
            [Offset(0.25, seed=1), layers.Gain(seed=2)], **kwargs
        ),
        "RandomApply": layers.RandomApply(Offset(0.25, seed=1), seed=2, **kwargs),
        "RandomChoice": layers.RandomChoice(
            [Offset(0.25, seed=1), layers.Speed(seed=2)], seed=3, **kwargs
        ),
        "ScheduledStrength": layers.ScheduledStrength(
            Offset(0.25, seed=1), schedule, **kwargs
        ),
    }
