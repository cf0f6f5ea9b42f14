"""The best of many, compiled."""

from speechkit.ops.runtime.compiling import compiled_inline


@compiled_inline
def select(keys, order, count, wanted):
    """Moves the numbers of the `wanted` largest keys to the start of `order`."""
    low, high = 0, count - 1
    while low < high:
        pivot = keys[order[(low + high) // 2]]
        left, right = low, high
        while left <= right:
            while keys[order[left]] > pivot:
                left += 1
            while keys[order[right]] < pivot:
                right -= 1
            if left <= right:
                order[left], order[right] = order[right], order[left]
                left += 1
                right -= 1
        if wanted - 1 <= right:
            high = right
        elif wanted - 1 >= left:
            low = left
        else:
            return


@compiled_inline
def sort(keys, order, count):
    """Sorts the numbers in `order` by their keys, largest first."""
    gap = 1
    while gap < count // 3:
        gap = 3 * gap + 1
    while gap > 0:
        for place in range(gap, count):
            item = order[place]
            key, hole = keys[item], place
            while hole >= gap and keys[order[hole - gap]] < key:
                order[hole] = order[hole - gap]
                hole -= gap
            order[hole] = item
        gap //= 3
