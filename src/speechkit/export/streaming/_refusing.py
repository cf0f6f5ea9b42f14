"""What stands in the place of a layer that cannot stream."""

from typing import Any, NoReturn

from speechkit.export.files import _forms

_OWN = "a `layers.StreamingLayer` of your own"
_CAUSAL = "recurrent or causal convolution layers"
_FRAMES = "`layers.Frame` before it, which makes frames of samples"
_ANSWER = "a recurrence with return_sequences=False, or frames"
_ADVICE = {
    "Activation": _FRAMES,
    "AdditiveAttention": _CAUSAL,
    "Attention": _CAUSAL,
    "BatchNormalization": "axis=-1",
    "Bidirectional": "a forward recurrence, or `LookaheadConvolution` behind one",
    "Conv1DTranspose": "`UpSampling1D` and a causal `Conv1D`",
    "ConvLSTM1D": "`Conv1D` and `Flatten` in `TimeDistributed`, and an `LSTM`",
    "ConvLSTM2D": "`Conv2D` and `Flatten` in `TimeDistributed`, and an `LSTM`",
    "Dense": _FRAMES,
    "Cropping1D": "padding='causal' in the convolution that is cropped",
    "Cropping2D": "`ZeroPadding2D` of the time before only, with nothing to crop",
    "EinsumDense": "`Dense`, which sees one frame at a time",
    "Flatten": "`TimeDistributed(Flatten())` for the axes of a frame, or `LastFrame` "
    "for an answer",
    "GetItem": "`LastFrame` for the last frame, or `Dense` for some of the features",
    "GlobalAveragePooling1D": _ANSWER,
    "GlobalAveragePooling2D": _ANSWER,
    "GlobalMaxPooling1D": _ANSWER,
    "GlobalMaxPooling2D": _ANSWER,
    "GroupNormalization": "`LayerNormalization`, which sees one frame at a time",
    "GroupQueryAttention": _CAUSAL,
    "Lambda": f"`keras.layers.Activation` for a function of single numbers, or {_OWN}",
    "LayerNormalization": "axis=-1",
    "LevelNormalization": "`PCEN`, which follows the level",
    "Masking": "no mask: all samples of a stream are valid",
    "Max": _ANSWER,
    "Mean": _ANSWER,
    "MeanVarianceNormalization": "`GlobalMeanVarianceNormalization` or "
    "`SlidingMeanVarianceNormalization`",
    "MultiHeadAttention": _CAUSAL,
    "MultiHeadAttentionPooling": "`LastFrame`",
    "Normalization": "axis=-1",
    "PReLU": "shared_axes=[1]",
    "Permute": "an order that leaves axis 1 where it is",
    "RMSNormalization": "axis=-1",
    "Reshape": "`keras.layers.Reshape((-1, …))` with all features of a frame",
    "Softmax": "axis=-1",
    "StatisticsPooling": "`LastFrame`",
    "Sum": _ANSWER,
    "UnitNormalization": "axis=-1",
    "UpSampling2D": "`UpSampling1D`",
}


def refuse(operation: Any, advice: str | None = None) -> NoReturn:
    """Raises the error of an operation that cannot stream.

    Args:
        operation: The layer or operation.
        advice: What can stand in its place; `None` means what is known of its class.
    """
    kind = type(operation).__name__
    raise ValueError(
        "`model` must be made of layers that can stream. Received: "
        f"{operation.name!r} ({kind}); use {advice or _ADVICE.get(kind, _OWN)}"
    )


def refuse_own_call(operation: Any) -> None:
    """Raises where the `call` of an operation is of neither Keras nor this library.

    What its class inherits then says nothing of what it computes.
    """
    if not _forms.is_known(type(operation).call):
        refuse(operation, f"{_OWN}: its class has a `call` that nobody else knows")
