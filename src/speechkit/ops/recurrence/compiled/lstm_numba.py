"""The long short-term memory and its gradient, compiled for the host."""

import typing

from speechkit.ops.recurrence.compiled import gradient_loop_numba, loop_numba
from speechkit.ops.recurrence.compiled.activations_numba import sigmoid, tanh
from speechkit.ops.recurrence.compiled.loop_numba import add, copy
from speechkit.ops.runtime import memory
from speechkit.ops.runtime.compiling import compiled_for


class _Forward(typing.NamedTuple):
    """What a step reads and writes; see `forward`."""

    carries: typing.Any
    opened: typing.Any


class _Backward(typing.NamedTuple):
    """What a step back reads; see `backward`."""

    grad_carries: typing.Any
    carries: typing.Any
    opened: typing.Any


def forward(
    values, input_kernel, bias, kernel, dropout_mask, state, carry, num_threads
):
    """Returns states and carries, and what the gradient needs.

    Args:
        values: As for `loop_numba.forward`, as all that is not named here.
        input_kernel: Its gates, as those of `kernel`, in the order of
            `recurrence.lstm`.
        bias: `(4 * units,)`.
        kernel: `(units, 4 * units)`.
        dropout_mask: `(batch, units)`.
        state: `(batch, units)`.
        carry: `(batch, units)`.
        num_threads: Threads to compute in, at most.

    Returns:
        States and carries, `(1 + frames, batch, units)`, from before the first frame
        on; and the gates after their activations, `(frames, batch, 4 * units)`.
    """
    frames, (batch, units) = len(values), state.shape
    carries, opened = (
        memory.empty(shape, values.dtype)
        for shape in ((1 + frames, batch, units), (frames, batch, 4 * units))
    )
    carries[0] = carry
    states = loop_numba.forward(
        _Forward(carries, opened),
        values,
        input_kernel,
        bias,
        kernel,
        dropout_mask,
        state,
        num_threads,
    )
    return states, carries, opened


def backward(
    grad_states, grad_carries, kernel, dropout_mask, carries, opened, num_threads
):
    """Returns the gradients of gates, bias, state and carry.

    Args:
        grad_states: `(frames, batch, units)`.
        grad_carries: `(frames, batch, units)`; or of one frame, which stands for all.
        kernel: As for `forward`.
        dropout_mask: As for `forward`.
        carries: What `forward` returned.
        opened: What `forward` returned.
        num_threads: As for `forward`.
    """
    cell = _Backward(grad_carries, carries, opened)
    return gradient_loop_numba.backward(
        cell, grad_states, kernel, dropout_mask, num_threads
    )


@compiled_for(_Forward, loop_numba.step)
def _step(cell, frame, clip, gates, bias, products, before, state):
    # A loop with few arrays is computed several numbers at once.
    opened = cell.opened[frame, clip]
    carry_before, carry = cell.carries[frame, clip], cell.carries[frame + 1, clip]
    units = state.size
    for place in range(opened.size):
        opened[place] = gates[place] + products[place] + bias[place]
    both, rest = opened[: 2 * units], opened[2 * units :]
    enter, forget = both[:units], both[units:]
    candidate, leave = rest[:units], rest[units:]
    for place in range(both.size):
        both[place] = sigmoid(both[place])
    for unit in range(units):
        candidate[unit] = tanh(candidate[unit])
    for unit in range(units):
        leave[unit] = sigmoid(leave[unit])
    for unit in range(units):
        carry[unit] = forget[unit] * carry_before[unit] + enter[unit] * candidate[unit]
    for unit in range(units):
        state[unit] = leave[unit] * tanh(carry[unit])


@compiled_for(_Backward, gradient_loop_numba.step_back)
def _step_back(cell, frame, clip, grad_state, besides, grad_products, grad_gates):
    grad_carry, units = besides, grad_state.size
    add(cell.grad_carries[min(frame, len(cell.grad_carries) - 1), clip], grad_carry)
    opened = cell.opened[frame, clip]
    before, carry = cell.carries[frame, clip], cell.carries[frame + 1, clip]
    enter, forget = opened[:units], opened[units : 2 * units]
    candidate, leave = opened[2 * units : 3 * units], opened[3 * units :]
    grad_enter, grad_forget = grad_products[:units], grad_products[units : 2 * units]
    grad_candidate = grad_products[2 * units : 3 * units]
    grad_leave = grad_products[3 * units :]
    one = opened.dtype.type(1)
    squashed = grad_leave
    for unit in range(units):
        squashed[unit] = tanh(carry[unit])
    for unit in range(units):
        slope = one - squashed[unit] * squashed[unit]
        grad_carry[unit] += grad_state[unit] * leave[unit] * slope
    for unit in range(units):
        slope = leave[unit] * (one - leave[unit])
        grad_leave[unit] = grad_state[unit] * squashed[unit] * slope
    for unit in range(units):
        slope = enter[unit] * (one - enter[unit])
        grad_enter[unit] = grad_carry[unit] * candidate[unit] * slope
    for unit in range(units):
        slope = forget[unit] * (one - forget[unit])
        grad_forget[unit] = grad_carry[unit] * before[unit] * slope
    for unit in range(units):
        slope = one - candidate[unit] * candidate[unit]
        grad_candidate[unit] = grad_carry[unit] * enter[unit] * slope
    for unit in range(units):
        grad_carry[unit] *= forget[unit]
    copy(grad_products, grad_gates)
