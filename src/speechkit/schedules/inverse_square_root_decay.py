"""A learning rate that rises, and then falls with the root of the steps."""

import keras
from keras import ops

from speechkit import _checks


@keras.saving.register_keras_serializable(package="speechkit")
class InverseSquareRootDecay(keras.optimizers.schedules.LearningRateSchedule):
    """Raises the learning rate along a line, then divides it by the root of the steps.

    The first step has `peak / warmup_steps`, step number `warmup_steps` has the peak,
    and one with four times that number has half of it: no end of training need be
    known. The schedule of the first Transformer, called Noam, is that of
    `peak_learning_rate=factor / math.sqrt(units * warmup_steps)`.

    Args:
        peak_learning_rate: Highest learning rate.
        warmup_steps: Number of steps to it.
        name: Name of the schedule.

    Raises:
        ValueError: If `peak_learning_rate` is not above 0 or `warmup_steps` is no
            integer of 1 or more.

    Example:
        >>> schedule = InverseSquareRootDecay(1e-3, warmup_steps=100)
        >>> [round(float(schedule(step)), 6) for step in (0, 99, 399)]
        [1e-05, 0.001, 0.0005]

    References:
        Vaswani et al., Attention is all you need, 2017, section 5.3.
    """

    def __init__(
        self,
        peak_learning_rate: float,
        warmup_steps: int,
        *,
        name: str = "inverse_square_root_decay",
    ):
        super().__init__()
        self.peak_learning_rate = _checks.check_number(
            "peak_learning_rate", peak_learning_rate, above=True
        )
        self.warmup_steps = _checks.check_int("warmup_steps", warmup_steps)
        self.name = name

    def __call__(self, step):
        share = (ops.cast(step, "float32") + 1) / self.warmup_steps
        return self.peak_learning_rate * ops.minimum(share, ops.rsqrt(share))

    def get_config(self):
        return {
            "peak_learning_rate": self.peak_learning_rate,
            "warmup_steps": self.warmup_steps,
            "name": self.name,
        }
