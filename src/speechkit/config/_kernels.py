"""Which kernels compute what has several."""

import contextlib
import os
from collections.abc import Iterator

from speechkit import _checks

_VARIABLE = "SPEECHKIT_KERNELS"
_CHOICES = ("auto", "graph", "compiled")

# What `set_kernels` was given last; until then, the environment decides.
_chosen: str | None = None


def kernels() -> str:
    """Returns the name of the kernels that this process uses.

    Until `set_kernels` is called it is the value of the environment variable
    `SPEECHKIT_KERNELS`, or `"auto"` if there is none.

    Returns:
        `"auto"`, `"graph"` or `"compiled"`; `set_kernels` explains them.

    Raises:
        ValueError: If the environment variable has another value.

    Example:
        >>> kernels()
        'auto'
    """
    if _chosen is not None:
        return _chosen
    return _checks.check_choice(
        _VARIABLE, os.environ.get(_VARIABLE) or "auto", _CHOICES
    )


def set_kernels(kernels: str) -> None:
    """Sets the kernels that this process uses.

    The CTC loss and, in training, the recurrent layers can run as a graph of
    TensorFlow operations or as machine code that Numba compiles, where
    it is installed, which is faster on a processor. The two agree on every result.

    A `tf.function` keeps the kernels with which it was traced, and a compiled Keras
    model traces on its first batch. So set the kernels before training; for a model
    that has been trained, call `compile` again. For the same reason a
    `tf.function` that was traced outside of XLA must not be called later inside a
    function with `jit_compile=True`: it may call compiled kernels, which XLA cannot.

    Args:
        kernels: One of:

            - `"auto"`: Compiled kernels wherever they work. Numba first proves itself
              on a tiny problem. If it fails for any reason, or its code cannot be
              kept on disk, the graph is used and one warning says why. If Numba is
              not installed, the graph is used without a warning.
            - `"graph"`: Graphs only. Numba is never imported.
            - `"compiled"`: Compiled kernels wherever they exist. Where one exists but
              cannot be used (no Numba, a GPU, XLA, a backend other than TensorFlow,
              and for recurrent layers half precision), an error says why. The CTC loss
              of half precision is computed in float32.

    Raises:
        ValueError: If `kernels` is none of these.

    Example:
        >>> set_kernels("graph")
        >>> kernels()
        'graph'
        >>> set_kernels("auto")
    """
    global _chosen
    _chosen = _checks.check_choice("kernels", kernels, _CHOICES)


@contextlib.contextmanager
def kernel_scope(kernels: str) -> Iterator[None]:
    """Sets the kernels for a `with` block, and restores the previous setting after it.

    The setting is that of the whole process, other threads included.

    Args:
        kernels: `"auto"`, `"graph"` or `"compiled"`, as for `set_kernels`.

    Raises:
        ValueError: If `kernels` is none of these.

    Example:
        >>> with kernel_scope("graph"):
        ...     print(kernels())
        graph
    """
    global _chosen
    before = _chosen
    set_kernels(kernels)
    try:
        yield
    finally:
        _chosen = before
