"""The CTC loss as functions that Numba compiles."""
