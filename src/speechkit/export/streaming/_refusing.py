"""What stands in the place of a layer that cannot stream."""

from typing import Any, NoReturn

_OWN = "a `layers.StreamingLayer` of your own"
_CAUSAL = "recurrent or causal convolution layers"
_ANSWER = "a recurrence with return_sequences=False, or frames"
_ADVICE = {
    "AdditiveAttention": _CAUSAL,
    "Attention": _CAUSAL,
    "Bidirectional": "a forward recurrence, or `LookaheadConvolution` behind one",
    "Conv1DTranspose": "`UpSampling1D` and a causal `Conv1D`",
    "ConvLSTM1D": "`Conv1D` and `Flatten` in `TimeDistributed`, and an `LSTM`",
    "ConvLSTM2D": "`Conv2D` and `Flatten` in `TimeDistributed`, and an `LSTM`",
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
    "LevelNormalization": "`PCEN`, which follows the level",
    "Masking": "no mask: all samples of a stream are valid",
    "Max": _ANSWER,
    "Mean": _ANSWER,
    "MeanVarianceNormalization": "`GlobalMeanVarianceNormalization` or "
    "`SlidingMeanVarianceNormalization`",
    "MultiHeadAttention": _CAUSAL,
    "MultiHeadAttentionPooling": "`LastFrame`",
    "PReLU": "shared_axes=[1]",
    "Permute": "an order that leaves axis 1 where it is",
    "Reshape": "`keras.layers.Reshape((-1, …))` with all features of a frame",
    "StatisticsPooling": "`LastFrame`",
    "Sum": _ANSWER,
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
    package = type(operation).call.__module__.partition(".")[0]
    if package not in ("keras", "speechkit"):
        refuse(operation, f"{_OWN}: its class has a `call` that nobody else knows")
