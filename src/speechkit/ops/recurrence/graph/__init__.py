"""Recurrences as graphs of TensorFlow's operations."""
