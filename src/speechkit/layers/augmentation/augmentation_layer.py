"""The base of all augmentation: draw for each clip, then change it accordingly."""

import abc
from collections.abc import Mapping
from typing import ClassVar

import keras
from keras import ops

from speechkit import _checks
from speechkit.layers import _waveforms
from speechkit.ops.time import lengths, masks, precision


class AugmentationLayer(keras.layers.Layer, abc.ABC):
    """Changes each clip at random, in training only; a subclass says how.

    A subclass draws in `draw_parameters`, one row for each clip, and changes the clips
    in `transform`, which is a function of its arguments alone, so the draws can be kept
    and applied again. At inference the input passes through unchanged.

    The two methods get values in float32, or float64 if the layer computes in that,
    with zeros in the padding. After `transform` the padding becomes zero again. All
    random numbers come from `seed_generator`, most easily through `draw_uniform` and
    `draw_index`.

    `ScheduledStrength` weakens the draws. For it, a subclass names the draws that
    change nothing in `neutral_draws`, such as `{"gain_db": 0.0}`, or overrides
    `weaken`.

    Args:
        seed: Seed of the draws. `None` means a different one each time.
        **kwargs: Arguments of `keras.layers.Layer`, such as `name` and `dtype`.

    Call arguments:
        training: Whether to augment.

    Input shape:
        `(batch, samples)` or `(batch, frames, features)`, as the subclass wants it.

    Output shape:
        That of the input, unless the subclass overrides `compute_output_shape`.

    Example:
        >>> class Polarity(AugmentationLayer):
        ...     def draw_parameters(self, values, *, mask):
        ...         signs = self.draw_uniform(values, (-1.0, 1.0))
        ...         return {"sign": keras.ops.sign(signs)}
        ...
        ...     def transform(self, values, draws, *, mask):
        ...         return values * draws["sign"][:, None], mask
        >>> waveforms = keras.ops.ones((8, 16000))
        >>> keras.ops.shape(Polarity()(waveforms, training=True))
        (8, 16000)
    """

    neutral_draws: ClassVar[Mapping[str, float]] = {}

    def __init__(self, *, seed: int | None = None, **kwargs):
        super().__init__(autocast=False, **kwargs)
        self.seed = _checks.check_seed("seed", seed)
        self.seed_generator = keras.random.SeedGenerator(self.seed)
        self.supports_masking = True

    def call(self, inputs, training=False, mask=None):
        if not training:
            return _cast(inputs, self.compute_dtype)
        return self.augment(inputs, mask)[0]

    def compute_output_shape(self, input_shape):
        return tuple(input_shape)

    def get_config(self):
        return {**super().get_config(), "seed": self.seed}

    def augment(self, inputs, mask=None):
        """Changes clips as in training and returns the draws, too.

        Args:
            inputs: The input of the layer.
            mask: `(batch, time)`. `None` means the mask that `inputs` carry, if any.

        Returns:
            A pair of the output and the draws. Draws are a dictionary of tensors whose
            first axis is the batch; those of a layer that holds others are a structure
            of such dictionaries.
        """
        outputs, new_mask, draws = self._draw_and_transform(
            *self._prepare(inputs, mask)
        )
        return self._finish(outputs, new_mask), draws

    def draw(self, inputs, mask=None):
        """Returns the draws that `augment` would make for these clips.

        Args:
            inputs: The input of the layer.
            mask: `(batch, time)`. `None` means the mask that `inputs` carry, if any.
        """
        return self.augment(inputs, mask)[1]

    def apply(self, inputs, draws, *, mask=None):
        """Changes clips by earlier draws: nothing is random any more.

        Args:
            inputs: The input of the layer.
            draws: The draws that `augment` or `draw` returned, or rows of them.
            mask: `(batch, time)`. `None` means the mask that `inputs` carry, if any.
        """
        values, mask = self._prepare(inputs, mask)
        return self._finish(*self._checked_transform(values, draws, mask))

    @abc.abstractmethod
    def draw_parameters(self, values, *, mask):
        """Returns the draws: a dictionary of tensors, one row for each clip.

        Args:
            values: `(batch, time)` or `(batch, time, features)`, zero in the padding.
            mask: `(batch, time)`, or `None` if all is valid.
        """

    @abc.abstractmethod
    def transform(self, values, draws, *, mask):
        """Returns the changed values and their mask.

        Args:
            values: `(batch, time)` or `(batch, time, features)`, zero in the padding.
            draws: The draws that `draw_parameters` returned, or rows of them.
            mask: `(batch, time)`, or `None` if all is valid. It is returned as it is
                by a layer that keeps the time axis.
        """

    def weaken(self, draws, strength):
        """Returns the draws that change a clip less.

        The draws that `neutral_draws` names move towards its numbers in a straight
        line; the others stay as they are.

        Args:
            draws: The draws that `draw_parameters` returned.
            strength: A number from 0, no change, to 1, the draws as they are.

        Raises:
            ValueError: If `neutral_draws` names something that was not drawn.
        """
        missing = self.neutral_draws.keys() - draws.keys()
        if missing:
            raise ValueError(
                f"`{type(self).__name__}.neutral_draws` must name what "
                f"`draw_parameters` returns. Received: {sorted(missing)}"
            )
        weaker = {
            name: neutral + strength * (draws[name] - neutral)
            for name, neutral in self.neutral_draws.items()
        }
        return {**draws, **weaker}

    def draw_uniform(self, values, bounds=(0.0, 1.0), *, shape=()):
        """Returns `(batch, *shape)` random numbers between two bounds.

        Args:
            values: The clips; they give the batch and the type of the numbers.
            bounds: Lowest and highest number.
            shape: Shape of the numbers of one clip.
        """
        size = (ops.shape(values)[0], *shape)
        return keras.random.uniform(
            size, *bounds, dtype=values.dtype, seed=self.seed_generator
        )

    def draw_index(self, values, count):
        """Returns `(batch,)` random int32, each of 0 to `count - 1` equally often.

        Args:
            values: The clips; they give the batch.
            count: How many different indices there are.
        """
        indices = ops.floor(self.draw_uniform(values, (0.0, count)))
        # A uniform number may be rounded up to its bound.
        return ops.cast(ops.minimum(indices, count - 1), "int32")

    def _draw_and_transform(self, values, mask):
        """Returns the changed values, their mask and the draws."""
        draws = self._checked_draws(values, mask)
        return (*self._checked_transform(values, draws, mask), draws)

    def _checked_draws(self, values, mask):
        """Returns the draws of the subclass; raises `TypeError` if they are none."""
        if values.shape[0] == 0:  # the draws of a silent clip, none of which is kept
            draws = self._checked_draws(*_one_clip(values, mask))
            return keras.tree.map_structure(lambda rows: rows[:0], draws)
        draws = self.draw_parameters(values, mask=mask)
        if not isinstance(draws, dict | tuple):
            raise TypeError(
                f"`{type(self).__name__}.draw_parameters` must return a dictionary of "
                f"tensors, one row for each clip. Received: {draws!r}"
            )
        return draws

    def _checked_transform(self, values, draws, mask):
        """Returns changed values, zero in the padding, and their mask."""
        if values.shape[0] == 0:  # FFTs and maxima want a clip
            clip, mask = _one_clip(values, mask)
            draws = self._checked_draws(clip, mask)
            outputs, mask = self._checked_transform(clip, draws, mask)
            return outputs[:0], None if mask is None else mask[:0]
        result = self.transform(values, draws, mask=mask)
        if not isinstance(result, tuple) or len(result) != 2:
            raise TypeError(
                f"`{type(self).__name__}.transform` must return two things, the values "
                f"and their mask or `None`. Received: {result!r}"
            )
        values, mask = result
        return lengths.zero_padding(values, mask), mask

    def _prepare(self, inputs, mask):
        """Returns the inputs in working precision, zero in the padding; the mask."""
        if not self.built:
            self.build(tuple(inputs.shape))
        dtype = precision.working_dtype(self.compute_dtype)
        if mask is None:
            mask = masks.get_mask(inputs)
        return lengths.zero_padding(_cast(inputs, dtype), mask), mask

    def _finish(self, outputs, mask):
        """Returns the outputs in the precision of the layer, with their mask."""
        return masks.set_mask(ops.cast(outputs, self.compute_dtype), mask)


def _cast(inputs, dtype):
    """Returns waveforms or features in a dtype; waveforms may not be integers."""
    if len(inputs.shape) == 2:
        return _waveforms.as_samples(inputs, dtype)
    return ops.cast(inputs, dtype)


def _one_clip(values, mask):
    """Returns a silent clip and its mask, in the shape of the clips of no batch."""
    clip = ops.zeros((1, *ops.shape(values)[1:]), values.dtype)
    if mask is not None:
        mask = ops.ones((1, ops.shape(mask)[1]), "bool")
    return clip, mask
