"""Products of a few rows and the same matrix, again and again, as in a recurrence.

A linear-algebra library packs the matrix for each product, which takes as long as the
product itself for a few rows. Here it is packed once, into tiles of columns, so that
the sums of a block of rows stay in registers. Loops that Numba vectorises by itself
reach about half the speed.
"""

import llvmlite.binding
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from speechkit.ops.runtime import memory
from speechkit.ops.runtime.compiling import compiled_inline

# A block has so many rows: each vector of the matrix that is loaded is used as often.
ROWS = 4


def _vector_and_count():
    """Returns the size of a vector in bytes, and the width of a tile in vectors."""
    features = llvmlite.binding.get_host_cpu_features()
    if features.get("avx512f"):
        return 64, 2  # 32 registers
    if features.get("avx"):
        return 32, 1  # 16 registers
    return 16, 2  # 32 registers of ARM


_VECTOR_BYTES, _NUM_VECTORS = _vector_and_count()


def pack(matrix):
    """Returns a matrix in tiles, `(tiles, rows, width)`, with zeros at the end.

    Args:
        matrix: `(rows, columns)` in float32 or float64.
    """
    num_rows, num_columns = matrix.shape
    width = _VECTOR_BYTES // matrix.dtype.itemsize * _NUM_VECTORS
    num_full, rest = divmod(num_columns, width)
    shape = (num_full + (rest > 0), num_rows, width)
    tiles = memory.empty(shape, matrix.dtype)
    full = matrix[:, : num_columns - rest].reshape(num_rows, num_full, width)
    tiles[:num_full] = full.transpose(1, 0, 2)
    if rest:
        tiles[-1] = 0
        tiles[-1, :, :rest] = matrix[:, num_columns - rest :]
    return tiles


def scratch(num_blocks, width, dtype):
    """Returns zeros `(num_blocks, ROWS, width and more)` for rows or products.

    Rows a power of two apart would have to share few places of the cache.
    """
    zeros = memory.empty((num_blocks, ROWS, (width + 31) // 16 * 16), dtype)
    zeros[:] = 0
    return zeros


@compiled_inline
def multiply(rows, tiles, products):
    """Writes the products of rows and a matrix.

    Args:
        rows: `(blocks, ROWS, features)`; what is beyond the rows of the matrix is not
            used.
        tiles: The matrix, from `pack`.
        products: `(blocks, ROWS, columns)`, at least as wide as all tiles; overwritten.
    """
    width = tiles.shape[2]
    for place in range(len(tiles)):
        for block in range(len(rows)):
            _multiply(rows[block], tiles[place], products[block], place * width)


@intrinsic
def _multiply(typing_context, rows, tile, products, first):
    """Writes the products of the rows of a block and a tile, from a column on."""
    return types.void(rows, tile, products, first), _generate


def _generate(context, builder, signature, arguments):
    """Writes the code of `_multiply`."""
    kinds = signature.args[:3]
    rows, tile, products = (
        context.make_array(kind)(context, builder, value)
        for kind, value in zip(kinds, arguments, strict=False)
    )
    number = context.get_data_type(kinds[0].dtype)
    num_lanes = _VECTOR_BYTES // (kinds[0].dtype.bitwidth // 8)
    vector = ir.VectorType(number, num_lanes)
    places = range(0, num_lanes * _NUM_VECTORS, num_lanes)

    def vector_at(pointer, index, place):
        index = builder.add(index, index.type(place))
        return builder.bitcast(builder.gep(pointer, [index]), vector.as_pointer())

    def row_of(array, row):
        stride = cgutils.unpack_tuple(builder, array.strides)[0]
        offset = builder.mul(stride, stride.type(row))
        return cgutils.pointer_add(builder, array.data, offset)

    def in_all_lanes(value):
        one = builder.insert_element(
            ir.Constant(vector, ir.Undefined), value, ir.IntType(32)(0)
        )
        lanes = ir.Constant(ir.VectorType(ir.IntType(32), num_lanes), None)
        return builder.shuffle_vector(one, one, lanes)

    zero = ir.Constant(vector, None)
    sums = [
        [cgutils.alloca_once_value(builder, zero) for _ in places] for _ in range(ROWS)
    ]
    from_rows = [row_of(rows, row) for row in range(ROWS)]
    depth = cgutils.unpack_tuple(builder, tile.shape)[0]
    width = depth.type(num_lanes * _NUM_VECTORS)
    with cgutils.for_range(builder, depth) as loop:
        begin = builder.mul(loop.index, width)
        weights = [builder.load(vector_at(tile.data, begin, place)) for place in places]
        for from_row, of_row in zip(from_rows, sums, strict=True):
            value = in_all_lanes(builder.load(builder.gep(from_row, [loop.index])))
            for weight, total in zip(weights, of_row, strict=True):
                term = builder.fmul(value, weight, flags=("contract",))
                added = builder.fadd(builder.load(total), term, flags=("contract",))
                builder.store(added, total)
    for row, of_row in enumerate(sums):
        to_row = row_of(products, row)
        for place, total in zip(places, of_row, strict=True):
            target = vector_at(to_row, arguments[3], place)
            builder.store(builder.load(total), target, align=4)
    return context.get_dummy_value()
