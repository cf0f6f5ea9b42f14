"""How functions over NumPy arrays are compiled, and what they pass to one another."""

import numba
from numba import types
from numba.extending import intrinsic, overload

from speechkit.ops.runtime import cache

_INLINE_SETTINGS = {"forceinline": True, "error_model": "numpy"}

if numba.config.DISABLE_JIT:
    raise ImportError("Numba is kept from compiling: NUMBA_DISABLE_JIT is set")


def _decorator(**settings):
    """Returns a decorator that compiles once and keeps the code on disk."""
    folder = cache.folder()
    compiler = numba.njit(
        nogil=True, error_model="numpy", cache=folder is not None, **settings
    )

    def decorate(function):
        # Numba asks for its folder when it decorates.
        before, numba.config.CACHE_DIR = numba.config.CACHE_DIR, str(folder)
        try:
            return compiler(function)
        finally:
            numba.config.CACHE_DIR = before

    return decorate


compiled = _decorator()
# Inlining lets the compiler see that borrowed arrays have no owner.
compiled_inline = _decorator(forceinline=True)
# A product may be added without being rounded first.
compiled_contracted = _decorator(forceinline=True, fastmath={"contract"})
# Terms and factors may be taken in any order, so that sums add several terms at once.
compiled_in_any_order = _decorator(fastmath={"reassoc", "contract"})


def compiled_for(kind, function):
    """Compiles what compiled code runs where it calls a function with a named tuple.

    So one loop serves several kinds of steps, and is kept on disk with each of them.

    Args:
        kind: The type of the named tuple, which is the first argument.
        function: What is called: without a body, with the same arguments.
    """

    def decorate(of_kind):
        @overload(function, jit_options=_INLINE_SETTINGS, strict=False)
        def choose(first, *_):
            return of_kind if getattr(first, "instance_class", None) is kind else None

        return of_kind

    return decorate


def in_type_of(value, number):
    """Returns an integer as a number of the type of a value.

    Beside an integer, a number in float32 would become one in float64.
    """


@overload(in_type_of)
def _in_type_of(value, number):
    kind = value
    return lambda value, number: kind(number)


@intrinsic
def borrow(typing_context, value):
    """Returns the same arrays, or tuples of arrays, without an owner.

    Counting owners takes longer than a step of the search where tuples of many arrays
    go from function to function. Only a function that Python calls may borrow its
    arguments: Python holds them until it returns.
    """

    def generate(context, builder, signature, arguments):
        return _without_owner(context, builder, value, arguments[0])

    return value(value), generate


def _without_owner(context, builder, kind, value):
    if isinstance(kind, types.Array):
        array = context.make_array(kind)(context, builder, value)
        array.meminfo = array.meminfo.type(None)
        array.parent = array.parent.type(None)
        return array._getvalue()
    if isinstance(kind, types.BaseTuple):
        for place, item_kind in enumerate(kind.types):
            item = builder.extract_value(value, place)
            item = _without_owner(context, builder, item_kind, item)
            value = builder.insert_value(value, item, place)
    return value
