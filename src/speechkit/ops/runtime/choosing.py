"""Which kernel computes a formula: the one place that decides."""

import contextlib
import contextvars
import functools
import typing
import warnings
from collections.abc import Callable, Iterator

import keras

from speechkit import config
from speechkit._optional import pip_install
from speechkit.ops.runtime import cache

if keras.backend.backend() == "tensorflow":
    from speechkit.ops.runtime import choosing_tensorflow

_FORM = contextvars.ContextVar("form", default="loop")


class Kernels(typing.NamedTuple):
    """The kernels of one formula: functions that take the same arguments.

    Attributes:
        name: The formula, for messages.
        graph: A graph of TensorFlow operations; the reference on other backends.
        compiled: Calls functions that Numba compiles. Imports them when called, so
            that Numba may be missing or broken.
        reference: `keras.ops` only; judges the trial of the compiled kernel.
        problem: Takes the name of a dtype. Returns a small problem for the trial: the
            arguments that have a gradient, and those that follow them.
    """

    name: str
    graph: Callable
    compiled: Callable
    reference: Callable
    problem: Callable[[str], tuple[tuple, tuple]]


def choose(kernels: Kernels, dtype) -> Callable:
    """Returns the kernel for the call that is made or traced now.

    Args:
        kernels: The kernels to choose from.
        dtype: Type of the floating-point arguments.

    Raises:
        RuntimeError: If the setting is `"compiled"` and this kernel cannot be used.
    """
    setting = config.kernels()
    if setting == "graph" or not is_traced_as("loop"):
        return kernels.graph
    dtype = keras.backend.standardize_dtype(dtype)
    limit = _limit(dtype)
    failure = None if limit else _failure(kernels, dtype, setting)
    if not (limit or failure):
        return kernels.compiled
    if setting == "compiled":
        raise RuntimeError(
            f"The compiled kernel of {kernels.name} cannot be used: {limit or failure}"
        )
    if failure:
        _warn_once(failure)
    return kernels.graph


@contextlib.contextmanager
def traced_as(form: str) -> Iterator[None]:
    """Sets the form of the recurrences in graphs that are traced in a `with` block.

    Args:
        form: `"loop"`, a single one. The others are for TFLite and have no gradient:
            `"nested"`, loops within loops; `"unrolled"`, one step after the other, for
            few frames where loops are slow or wrong; or `"fused"`, as `"nested"`, and
            with a long short-term memory as the converter makes one operator of it.
    """
    token = _FORM.set(form)
    try:
        yield
    finally:
        _FORM.reset(token)


def is_traced_as(form: str) -> bool:
    """Returns whether graphs that are traced now have a form; see `traced_as`."""
    return _FORM.get() == form


def _limit(dtype):
    """Returns why no compiled kernel serves such a call; `None` if one may."""
    if keras.backend.backend() != "tensorflow":
        return "it needs the TensorFlow backend of Keras"
    if dtype not in ("float32", "float64"):
        return f"it computes in float32 or float64, not in {dtype}"
    if not choosing_tensorflow.has_numba():
        return f"Numba is not installed: {pip_install('numba')}"
    return choosing_tensorflow.limit()


def _failure(kernels, dtype, setting):
    """Returns why the compiled kernel does not work; `None` if it does."""
    if setting == "auto" and cache.folder() is None:
        return "no folder to keep compiled code in can be written to"
    return _failure_of_trial(kernels, dtype)


@functools.cache
def _failure_of_trial(kernels, dtype):
    return choosing_tensorflow.failure_of_trial(kernels, dtype)


@functools.cache
def _warn_once(failure):
    warnings.warn(
        f"Compiled kernels do not work here: {failure}. TensorFlow graphs take their "
        "place; `speechkit.config.set_kernels('graph')` silences this warning.",
        RuntimeWarning,
        stacklevel=4,
    )
