"""The choice of a kernel, and what compiled kernels share.

A formula may have several kernels, in a folder of `ops/` such as `ctc` or `recurrence`:

    dispatch.py    the public function; lists its kernels and asks which one to call
    reference.py   the formula in `keras.ops`, short; every backend but TensorFlow uses
                   it, and it judges the others
    graph/         TensorFlow operations with a gradient written out by hand
    compiled/      functions over NumPy arrays that Numba compiles (`*_numba.py`), and
                   `call_tensorflow.py`, which calls them from a graph

**Who chooses.** `choosing.choose`, and nobody else, each time a formula is called or
traced. The user's setting (`speechkit.config`) comes first. Compiled code then has to
be possible: TensorFlow on a processor, float32 or float64, no XLA, a form for training.
Last it has to work: before its first use, a kernel solves a tiny problem in each dtype
(`choosing_tensorflow.failure_of_trial`). Whatever goes wrong there (import, compiler,
result) sends its calls to the graph, with one warning.

**How a graph calls compiled code.** `calling_tensorflow.call` wraps a plain Python
function, such as `gru_numba.forward`, by `tf.numpy_function`. It gets NumPy arrays and
the number of threads it may take. It allocates its results, divides the clips among
threads and calls the compiled loop, which releases Python's lock. A gradient is a
second such function.

**Memory.** `memory.empty` makes arrays that TensorFlow takes without a copy, out of
memory that earlier ones have given back.

**Threads.** `threads.in_threads` runs a function on parts of a batch in one pool for
the process. Clips never share a result, so nothing waits for anything but the end.

**Compiling.** `compiling` has the decorators that all compiled code uses, that of the
beam search included, and `compiled_for`, which lets one loop over time serve several
kinds of cells. `matmul_numba` multiplies a few rows by the same matrix again and again;
`exponentials_numba` computes many exponentials at once. Each is kept because training
or the benchmarks are slower by a tenth or more without it.

**Cache.** Numba keeps machine code on disk, in `cache.folder()`. Its name holds a
digest of the sources, so a change compiles anew. If compiled code imports from another
folder, add that to the list there; a test fails until you do.

**A new compiled kernel.** Write `compiled/…_numba.py` with the decorators of
`compiling`, and a `call_tensorflow.py` that imports it inside the function, since Numba
may be missing. Give it the signature of the graph's kernel and of the reference. In
`dispatch.py`, list the three in a `choosing.Kernels` with a tiny problem that runs
every branch, and call what `choosing.choose` returns. Add it to the tests of agreement.
"""
