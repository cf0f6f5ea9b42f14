"""Settings of the process."""

from speechkit.config._kernels import kernel_scope, kernels, set_kernels

__all__ = ["kernel_scope", "kernels", "set_kernels"]
