"""The CTC loss as a graph of TensorFlow's operations."""
