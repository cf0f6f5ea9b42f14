"""A learning rate that rises, stays and falls."""

import math

import keras
from keras import ops

from speechkit import _checks


@keras.saving.register_keras_serializable(package="speechkit")
class TriStageDecay(keras.optimizers.schedules.LearningRateSchedule):
    """Raises the learning rate along a line, holds it, and lets it fall exponentially.

    After the last stage it stays where it is. SpecAugment was trained like this.

    Args:
        peak_learning_rate: Highest learning rate.
        warmup_steps: Number of steps to it; 0 begins with it.
        hold_steps: Number of steps that have it.
        decay_steps: Number of steps from it to the last learning rate.
        initial_scale: Learning rate of the first step, as a share of the highest.
        final_scale: Learning rate at the end, as a share of the highest; above 0.
        name: Name of the schedule.

    Raises:
        ValueError: If a number of steps is no integer of 0 or more, of 1 or more for
            `decay_steps`, or a rate or share is out of range.

    Example:
        >>> schedule = TriStageDecay(
        ...     1e-3, 100, hold_steps=400, decay_steps=500, final_scale=0.01
        ... )
        >>> [round(float(schedule(step)), 6) for step in (0, 100, 500, 750, 2000)]
        [1e-05, 0.001, 0.001, 0.0001, 1e-05]

    References:
        Park et al., SpecAugment, 2019, section 4.1. https://arxiv.org/abs/1904.08779
    """

    def __init__(
        self,
        peak_learning_rate: float,
        warmup_steps: int,
        *,
        hold_steps: int,
        decay_steps: int,
        initial_scale: float = 0.01,
        final_scale: float = 0.01,
        name: str = "tri_stage_decay",
    ):
        super().__init__()
        self.peak_learning_rate = _checks.check_number(
            "peak_learning_rate", peak_learning_rate, above=True
        )
        self.warmup_steps = _checks.check_int("warmup_steps", warmup_steps, minimum=0)
        self.hold_steps = _checks.check_int("hold_steps", hold_steps, minimum=0)
        self.decay_steps = _checks.check_int("decay_steps", decay_steps)
        self.initial_scale = _checks.check_probability("initial_scale", initial_scale)
        _checks.check_number("final_scale", final_scale, above=True)
        self.final_scale = _checks.check_probability("final_scale", final_scale)
        self.name = name

    def __call__(self, step):
        step = ops.cast(step, "float32")
        risen = ops.minimum(step / max(1, self.warmup_steps), 1)
        if not self.warmup_steps:
            risen = ops.ones_like(risen)
        start = self.warmup_steps + self.hold_steps
        fallen = ops.clip((step - start) / self.decay_steps, 0, 1)
        scale = self.initial_scale + (1 - self.initial_scale) * risen
        decay = ops.exp(math.log(self.final_scale) * fallen)
        return self.peak_learning_rate * scale * decay

    def get_config(self):
        names = (
            "peak_learning_rate",
            "warmup_steps",
            "hold_steps",
            "decay_steps",
            "initial_scale",
            "final_scale",
            "name",
        )
        return {name: getattr(self, name) for name in names}
