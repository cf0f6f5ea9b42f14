"""The decorators of compiled functions, and tools that compiled code needs."""

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
# Inlining lets the compiler see that borrowed arrays are not counted.
compiled_inline = _decorator(forceinline=True)
# May fuse a product and a sum into one operation, without rounding in between.
compiled_contracted = _decorator(forceinline=True, fastmath={"contract"})
# May reorder sums, to add several terms at once.
compiled_in_any_order = _decorator(fastmath={"reassoc", "contract"})


def compiled_for(kind, function):
    """Registers the overload of a function for one type of its first argument.

    One compiled loop can then run different steps, chosen by the type of a named tuple.

    Args:
        kind: The named-tuple type of the first argument.
        function: The function that the loop calls; has no body.
    """

    def decorate(of_kind):
        @overload(function, jit_options=_INLINE_SETTINGS, strict=False)
        def choose(first, *_):
            return of_kind if getattr(first, "instance_class", None) is kind else None

        return of_kind

    return decorate


def in_type_of(value, number):
    """Returns an integer converted to the dtype of a value.

    Numba computes in float64 where float32 meets an integer.
    """


@overload(in_type_of)
def _in_type_of(value, number):
    kind = value
    return lambda value, number: kind(number)


@intrinsic
def borrow(typing_context, value):
    """Returns the same arrays, or tuples of arrays, without reference counting.

    Counting references to tuples of many arrays takes longer than a step of the beam
    search. Only a function that Python calls may borrow its arguments, since Python
    holds them until it returns.
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
