"""The choice of a kernel, and what compiled kernels share."""
