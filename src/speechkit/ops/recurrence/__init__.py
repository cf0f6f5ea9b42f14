"""Recurrences over time: one formula, several kernels."""
