"""Self-conditioning: intermediate guesses that help the layers above."""

import keras
from keras import ops

from speechkit import _checks
from speechkit.layers.streaming_layer import StreamingLayer
from speechkit.ops.time import lengths


@keras.saving.register_keras_serializable(package="speechkit")
class SelfConditioning(StreamingLayer):
    """Guesses labels half-way and adds a projection of the guess to each frame.

    A dense layer guesses the classes of the labels in each frame, and the probabilities
    go through another one and are added to the features. The guess is trained with CTC
    on labels of its own, such as phones, in the middle of a network that is trained on
    characters: see `intermediate_labels` of `CTCRecognizer`. Padded frames are zero.

    Args:
        num_classes: Number of classes of the intermediate labels; class 0 is the blank.
        loss_weight: Weight of the loss of the guesses, which is added to that of the
            model.
        **kwargs: Arguments of `keras.layers.Layer`, such as `name` and `dtype`.

    Input shape:
        `(batch, frames, features)`.

    Output shape:
        `(batch, frames, features)`.

    Raises:
        ValueError: If `num_classes` is less than 2 or `loss_weight` is negative.

    Example:
        >>> states = keras.ops.ones((8, 49, 64))
        >>> keras.ops.shape(SelfConditioning(34)(states))
        (8, 49, 64)

    References:
        Nozaki and Komatsu, Relaxing the Conditional Independence Assumption of
        CTC-based ASR by Conditioning on Intermediate Predictions, 2021.
        https://arxiv.org/abs/2104.02724
    """

    def __init__(self, num_classes: int, loss_weight: float = 0.5, **kwargs):
        super().__init__(autocast=False, **kwargs)
        self.num_classes = _checks.check_int("num_classes", num_classes, minimum=2)
        self.loss_weight = _checks.check_number("loss_weight", loss_weight)
        self._guess = keras.layers.Dense(
            self.num_classes, dtype="float32", autocast=False, name="guess"
        )
        self.input_spec = keras.layers.InputSpec(ndim=3)
        self.supports_masking = True

    def build(self, input_shape):
        features = input_shape[-1]
        self._guess.build(input_shape)
        self._back = keras.layers.Dense(features, dtype=self.dtype_policy, name="back")
        self._back.build((*input_shape[:-1], self.num_classes))
        self.built = True

    def call(self, inputs, mask=None):
        values = lengths.zero_padding(ops.cast(inputs, self.compute_dtype), mask)
        guess = ops.cast(ops.softmax(self._logits(values)), self.compute_dtype)
        # `ops.add` would mistake a tensor with one clip and no frame for a bias.
        return lengths.zero_padding(values + self._back(guess), mask)

    def compute_output_shape(self, input_shape):
        return tuple(input_shape)

    def logits(self, inputs, mask=None):
        """Returns the guesses before softmax, `(batch, frames, num_classes)`.

        Args:
            inputs: The input of the layer.
            mask: `(batch, frames)`. `None` means that all frames are valid.
        """
        values = lengths.zero_padding(ops.cast(inputs, self.compute_dtype), mask)
        if not self.built:
            self.build(values.shape)
        return self._logits(values)

    def count_multiply_adds(self, input_shape):
        """Returns the multiply–adds for one clip of a shape that is known."""
        return 2 * input_shape[1] * input_shape[2] * self.num_classes

    def get_config(self):
        config = {"num_classes": self.num_classes, "loss_weight": self.loss_weight}
        return {**super().get_config(), **config}

    def _logits(self, values):
        return self._guess(ops.cast(values, "float32"))
