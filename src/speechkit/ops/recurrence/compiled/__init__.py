"""Recurrences as functions that Numba compiles."""
