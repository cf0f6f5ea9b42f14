"""What runtimes need to know of a file, and why TFLite Micro cannot run it."""

from speechkit.export.files import _flatbuffer

# Kernels of the runtime in the wheel `tflite-micro` 0.dev20261023182759.
_NAMES = """
ABS ADD ADD_N ARG_MAX ARG_MIN ASSIGN_VARIABLE AVERAGE_POOL_2D BATCH_MATMUL
BATCH_TO_SPACE_ND BROADCAST_ARGS BROADCAST_TO CALL_ONCE CAST CEIL CONCATENATION
CONV_2D COS CUMSUM DEPTH_TO_SPACE DEPTHWISE_CONV_2D DEQUANTIZE DIV
DYNAMIC_UPDATE_SLICE ELU EMBEDDING_LOOKUP EQUAL EXP EXPAND_DIMS FILL FLOOR FLOOR_DIV
FLOOR_MOD FULLY_CONNECTED GATHER GATHER_ND GREATER GREATER_EQUAL HARD_SWISH IF
L2_NORMALIZATION L2_POOL_2D LEAKY_RELU LESS LESS_EQUAL LOG LOG_SOFTMAX LOGICAL_AND
LOGICAL_NOT LOGICAL_OR LOGISTIC MAX_POOL_2D MAXIMUM MEAN MINIMUM MIRROR_PAD MUL NEG
NOT_EQUAL PACK PAD PADV2 PRELU QUANTIZE READ_VARIABLE REDUCE_ALL REDUCE_MAX REDUCE_MIN
RELU RELU6 RESHAPE RESIZE_BILINEAR RESIZE_NEAREST_NEIGHBOR REVERSE_V2 ROUND RSQRT
SELECT_V2 SHAPE SIN SLICE SOFTMAX SPACE_TO_BATCH_ND SPACE_TO_DEPTH SPLIT SPLIT_V SQRT
SQUARE SQUARED_DIFFERENCE SQUEEZE STRIDED_SLICE SUB SUM SVDF TANH TRANSPOSE
TRANSPOSE_CONV UNIDIRECTIONAL_SEQUENCE_LSTM UNPACK VAR_HANDLE WHILE ZEROS_LIKE
"""
MICRO_OPERATORS = frozenset(_NAMES.split())


def needs(content: bytes, kind: str, num_samples: int | None) -> list[str]:
    """Returns sentences on what a runtime has to have or do for right answers.

    Args:
        content: The file.
        kind: `"clip"` or `"stream"`.
        num_samples: Length of the clips; `None` for any.
    """
    names, found = _flatbuffer.operators(content), []
    has_loops = bool(names & {"IF", "WHILE"})
    if has_loops and kind == "stream":
        found.append(
            "The interpreter of LiteRT; loops whose states go in and out are wrong in "
            "CompiledModel and LiteRT.js"
        )
    elif has_loops and num_samples is None:
        found.append(
            "Before each clip, resize the input to another length and back and "
            "allocate the tensors, or run without the XNNPACK delegate; otherwise "
            "answers may be wrong from the second clip on"
        )
    if "UNIDIRECTIONAL_SEQUENCE_LSTM" in names:
        found.append(
            "The interpreter of LiteRT or of TFLite Micro; CompiledModel and LiteRT.js "
            "have no variable tensors"
        )
    return found


def micro_obstacles(content: bytes, kind: str) -> list[str]:
    """Returns the reasons why TFLite Micro cannot run a file.

    Args:
        content: The file.
        kind: `"clip"` or `"stream"`.
    """
    found = []
    if kind == "stream":
        found.append("runs only the first of the functions of a stream")
    if _has_open_shapes(content):
        found.append("takes only tensors of known shapes: see num_samples")
    missing = _flatbuffer.operators(content) - MICRO_OPERATORS
    if missing:
        found.append("lacks " + ", ".join(sorted(missing)))
    return found


def _has_open_shapes(content):
    signatures = (
        tensor.shapeSignature
        for graph in _flatbuffer.unpack(content).subgraphs
        for tensor in graph.tensors
    )
    return any(s is not None and min(s, default=0) < 0 for s in signatures)
