"""The layers of Keras whose kernels slide over time."""

import keras

CONVOLUTIONS = (
    keras.layers.Conv1D,
    keras.layers.Conv2D,
    keras.layers.DepthwiseConv1D,
    keras.layers.DepthwiseConv2D,
    keras.layers.SeparableConv1D,
    keras.layers.SeparableConv2D,
)
MAX_POOLINGS = (keras.layers.MaxPooling1D, keras.layers.MaxPooling2D)
AVERAGE_POOLINGS = (keras.layers.AveragePooling1D, keras.layers.AveragePooling2D)
POOLINGS = MAX_POOLINGS + AVERAGE_POOLINGS
