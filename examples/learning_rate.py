"""The learning rate of the examples: up in a line, down in half a cosine."""

import keras


def warmed_up_cosine(
    highest: float, num_steps: int, warmup_share: float = 0.1
) -> keras.optimizers.schedules.CosineDecay:
    """Returns a schedule from a twentieth of `highest` up to it, and then down.

    Args:
        highest: The largest learning rate.
        num_steps: Steps of the whole training.
        warmup_share: Share of the steps in which it rises.
    """
    warmup_steps = max(1, round(warmup_share * num_steps))
    return keras.optimizers.schedules.CosineDecay(
        highest / 20,
        max(1, num_steps - warmup_steps),
        alpha=0.01,
        warmup_target=highest,
        warmup_steps=warmup_steps,
    )
