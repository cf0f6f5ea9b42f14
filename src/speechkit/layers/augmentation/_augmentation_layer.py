"""What all augmentation shares: draw for each clip, then change by what was drawn."""

import abc
from typing import ClassVar

import keras
from keras import ops

from speechkit.ops.time import lengths, masks, precision


class AugmentationLayer(keras.layers.Layer, abc.ABC):
    """Draws numbers for each clip and changes the clips by them, in training only.

    A subclass says in `_draw` what is drawn, one row a clip, and in `_change` what
    that does; `_change` is a function of its arguments alone, so what was drawn can be
    kept and applied again. All randomness comes from one seed generator of the layer.
    """

    # What leaves a clip as it is, for the draws that fade towards it.
    _NEUTRAL: ClassVar[dict[str, float]] = {}

    def __init__(self, seed: int | None = None, **kwargs):
        super().__init__(autocast=False, **kwargs)
        self.seed = seed
        self._seeds = keras.random.SeedGenerator(seed)
        self.supports_masking = True

    def call(self, inputs, training=False, mask=None):
        if not training:
            return ops.cast(inputs, self.compute_dtype)
        return self.augment(inputs, mask)[0]

    def augment(self, inputs, mask=None):
        """Changes clips as in training and returns what was drawn, too.

        Args:
            inputs: What the layer takes.
            mask: `(batch, time)`. `None` means the mask that `inputs` carry, if any.

        Returns:
            The output, and the draws: a dictionary of tensors whose first axis is the
            batch; for a layer that holds others, a structure of these.
        """
        outputs, new_mask, draws = self._augmented(*self._prepared(inputs, mask))
        return self._finished(outputs, new_mask), draws

    def draw(self, inputs, mask=None):
        """Returns what `augment` would draw for these clips."""
        return self.augment(inputs, mask)[1]

    def apply(self, inputs, draws, mask=None):
        """Changes clips by what was drawn earlier: no randomness is left.

        Args:
            inputs: What the layer takes.
            draws: What `augment` or `draw` returned, or rows of it.
            mask: `(batch, time)`. `None` means the mask that `inputs` carry, if any.
        """
        values, mask = self._prepared(inputs, mask)
        return self._finished(*self._change(values, draws, mask))

    def compute_output_shape(self, input_shape):
        return tuple(input_shape)

    def get_config(self):
        return {**super().get_config(), "seed": self.seed}

    @abc.abstractmethod
    def _draw(self, values, mask):
        """Returns the draws for prepared values."""

    @abc.abstractmethod
    def _change(self, values, draws, mask):
        """Returns the changed values and their mask."""

    def _weakened(self, draws, strength):
        """Returns draws for a strength from 0, no change, to 1."""
        return {
            name: self._NEUTRAL[name] + strength * (draw - self._NEUTRAL[name])
            if name in self._NEUTRAL
            else draw
            for name, draw in draws.items()
        }

    def _augmented(self, values, mask):
        """Returns the changed values, their mask and the draws."""
        draws = self._draw(values, mask)
        return (*self._change(values, draws, mask), draws)

    def _prepared(self, inputs, mask):
        """Returns the inputs in working precision, zero in the padding; the mask."""
        if not self.built:
            self.build(tuple(inputs.shape))
        dtype = precision.working_dtype(self.compute_dtype)
        if mask is None:
            mask = masks.get_mask(inputs)
        return lengths.zero_padding(ops.cast(inputs, dtype), mask), mask

    def _finished(self, outputs, mask):
        """Returns the outputs as the layer gives them, with their mask."""
        return masks.set_mask(ops.cast(outputs, self.compute_dtype), mask)

    def _uniform(self, values, low=0.0, high=1.0, shape=()):
        """Returns `(batch, *shape)`, uniform from `low` to `high`."""
        size = (ops.shape(values)[0], *shape)
        return keras.random.uniform(
            size, low, high, dtype=values.dtype, seed=self._seeds
        )

    def _one_of(self, values, number):
        """Returns `(batch,)` int32, each of 0 to `number - 1` equally often."""
        drawn = ops.floor(self._uniform(values, 0.0, number))
        # A uniform number may be rounded up to its bound.
        return ops.cast(ops.minimum(drawn, number - 1), "int32")
