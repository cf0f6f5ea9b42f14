"""The choice of a kernel of the CTC loss, for tests."""

import contextlib

import pytest

from speechkit import config
from speechkit.ops.ctc import dispatch, reference

NAMES = ("compiled", "graph", "reference")


@contextlib.contextmanager
def kernel_scope(name):
    """Sets the kernel of the CTC loss; the reference, which TensorFlow never takes."""
    with pytest.MonkeyPatch.context() as patch:
        if name == "reference":
            kernels = dispatch._KERNELS._replace(graph=reference.ctc_loss)
            patch.setattr(dispatch, "_KERNELS", kernels)
        with config.kernel_scope("compiled" if name == "compiled" else "graph"):
            yield
