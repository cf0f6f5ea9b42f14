"""From recordings to the batches that models take."""

import concurrent.futures
import os
from collections.abc import Callable, Iterable, Sequence

import numpy as np
import numpy.typing as npt
import tensorflow as tf

from speechkit._checks import check_bool, check_int, check_number
from speechkit.datasets._clips import make_loader, stack_waveforms
from speechkit.datasets._labels import encode_texts, stack_labels
from speechkit.datasets._planning import Indexes, make_plan
from speechkit.datasets.recording import Recording
from speechkit.ops.ctc.dispatch import check_blank_index

Encode = Callable[[str], int | Sequence[int]]

# More would wait for Python's lock, and each holds a batch in memory.
_NUM_THREADS = min(8, os.cpu_count() or 1)
# Ready while the model works on the one before; more would only take memory.
_NUM_READY_BATCHES = 2


def padded_batches(
    recordings: Iterable[Recording],
    encode: Encode,
    *,
    encode_intermediate: Encode | None = None,
    num_classes: int | None = None,
    blank_index: int | None = 0,
    sampling_rate: int,
    batch_size: int,
    shuffle: bool = False,
    seed: int = 0,
    first_pass: int = 0,
    sorta_grad: bool = False,
    bucket_by_length: bool = True,
    cache: bool = False,
    max_seconds: float | None = None,
    pad_to_multiple: int | None = None,
) -> tf.data.Dataset:
    """Makes batches of waveforms and labels for `keras.Model.fit`.

    Files are decoded while the model works, several batches at a time. Every pass
    over the dataset, such as an epoch of `fit`, is shuffled differently; the same
    seed gives the same passes. The last batch may be smaller; the number of batches
    is known. The headers of all files are read at once, so most bad files are found
    here, and the others when their batch is due: see `check_recordings`.

    Call `model.fit(batches, shuffle=False)`: Keras leaves the order to the dataset,
    and newer versions warn unless told that this is meant.

    Args:
        recordings: What to read.
        encode: Gives the label of a text, an integer, or its labels, a sequence.
        encode_intermediate: Gives other labels of a text, a sequence such as phones,
            which are added to the input as `intermediate_labels`: see `CTCRecognizer`.
        num_classes: Number of classes of the model, which the labels of `encode` must
            stay below. `None` checks no limit.
        blank_index: Class of the CTC blank, which a sequence of labels must not hold;
            with `num_classes`, negative counts from the last. `None` means none.
        sampling_rate: Rate of the waveforms, in hertz; files of another are resampled.
        batch_size: Number of recordings in a batch.
        shuffle: Whether the batches, and who meets in them, change with each pass.
        seed: Number from 0 up that decides on the order.
        first_pass: How many passes count as done: the number of finished epochs, when
            training goes on after an interruption.
        sorta_grad: Whether the very first pass goes from short recordings to long,
            whatever `shuffle` says of the others: long ones are hard to learn from at
            the start (SortaGrad; Amodei et al., Deep Speech 2, 2015, section 3.3).
        bucket_by_length: Whether recordings of similar length share a batch, which
            saves padding. Without `shuffle` they are then sorted from short to long;
            pass `False` to keep the order of `recordings`.
        cache: Whether to keep the waveforms in memory, 4 bytes a sample, so that only
            the first pass decodes.
        max_seconds: Longest recording that is taken, in seconds; longer ones are left
            out. `None` takes all.
        pad_to_multiple: Number of samples that the length of a batch is rounded up to
            a multiple of. A compiled model then meets few shapes: label sequences get
            one length too, that of the longest. `None` pads to the longest of the
            batch.

    Returns:
        A dataset of `({"waveforms": ..., "lengths": ...}, labels)`: float32
        `(batch, samples)` from -1 to 1, zero after the end; int32 `(batch,)`, in
        samples; int32 `(batch,)`, or `(batch, labels)` padded with -1. With
        `encode_intermediate` the dictionary has `intermediate_labels`, int32
        `(batch, labels)` padded with -1, too.

    Raises:
        ValueError: If an argument is wrong, no recording is left or `encode` gives
            what is no label; names the recording.
        AudioError: If a file cannot be read.
    """
    for name, value in (("sampling_rate", sampling_rate), ("batch_size", batch_size)):
        check_int(name, value)
    for name, value in (("seed", seed), ("first_pass", first_pass)):
        check_int(name, value, minimum=0)
    check_bool("shuffle", shuffle)
    check_bool("sorta_grad", sorta_grad)
    check_bool("bucket_by_length", bucket_by_length)
    check_bool("cache", cache)
    if num_classes is not None:
        check_int("num_classes", num_classes)
    if blank_index is not None:
        if num_classes is None:
            check_int("blank_index", blank_index, 0)
        else:
            blank_index = check_blank_index(blank_index, num_classes)
    if pad_to_multiple is not None:
        check_int("pad_to_multiple", pad_to_multiple)
    taken, seconds = _measure(tuple(recordings), max_seconds)
    encoders = [encode] + ([encode_intermediate] if encode_intermediate else [])
    # The labels, and the intermediate ones if there are any.
    limits = [num_classes, None]
    labels = [
        encode_texts(taken, encoder, num_classes=limit, blank_index=blank_index)
        for encoder, limit in zip(encoders, limits, strict=False)
    ]
    label_lengths = [
        max(label.size for label in kind) if pad_to_multiple else None
        for kind in labels
    ]
    load = make_loader(taken, sampling_rate, cache)
    plan = make_plan(
        seconds,
        batch_size,
        bucket_by_length=bucket_by_length,
        shuffle=shuffle,
        seed=seed,
        first_pass=first_pass,
        sort_first=sorta_grad,
    )

    def read_batch(indexes: Indexes) -> tuple[npt.NDArray[np.generic], ...]:
        waveforms = [load(index) for index in indexes.tolist()]
        stacked = [
            stack_labels([kind[index] for index in indexes], length)
            for kind, length in zip(labels, label_lengths, strict=True)
        ]
        return (*stack_waveforms(waveforms, pad_to_multiple or 1), *stacked)

    ranks = [1 + kind[0].ndim for kind in labels]
    return _make_dataset(plan, read_batch, -(-len(taken) // batch_size), ranks)


def _measure(
    recordings: tuple[Recording, ...], max_seconds: float | None
) -> tuple[list[Recording], npt.NDArray[np.float64]]:
    """Returns the recordings that are short enough, and their durations."""
    if max_seconds is not None:
        check_number("max_seconds", max_seconds)
    with concurrent.futures.ThreadPoolExecutor() as pool:
        measured = pool.map(lambda recording: recording.measure(), recordings)
        seconds = np.array(list(measured))
    is_short = seconds <= (np.inf if max_seconds is None else max_seconds)
    if not is_short.any():
        limit = "" if max_seconds is None else f" of at most {max_seconds:g} s"
        raise ValueError(
            f"`recordings` must have at least one recording{limit}. Received: none"
        )
    taken = [recordings[index] for index in np.flatnonzero(is_short)]
    return taken, seconds[is_short]


def _make_dataset(
    plan: Callable[[], Iterable[Indexes]],
    read_batch: Callable[[Indexes], tuple[npt.NDArray[np.generic], ...]],
    num_batches: int,
    label_ranks: Sequence[int],
) -> tf.data.Dataset:
    def load_batch(indexes: tf.Tensor) -> tuple[dict[str, tf.Tensor], tf.Tensor]:
        types = (tf.float32, tf.int32, *[tf.int32] * len(label_ranks))
        arrays = tf.numpy_function(read_batch, [indexes], types)
        waveforms, lengths, labels, *intermediate = [
            tf.ensure_shape(array, [None] * rank)
            for array, rank in zip(arrays, (2, 1, *label_ranks), strict=True)
        ]
        inputs = {"waveforms": waveforms, "lengths": lengths}
        if intermediate:
            (inputs["intermediate_labels"],) = intermediate
        return inputs, labels

    indexes = tf.data.Dataset.from_generator(
        plan, output_signature=tf.TensorSpec([None], tf.int32)
    )
    batches = indexes.map(load_batch, num_parallel_calls=_NUM_THREADS)
    counted = batches.apply(tf.data.experimental.assert_cardinality(num_batches))
    # Nothing is left to tune, and the tuner makes the end of an epoch wait for its next
    # turn, which comes ever later: seconds after the first epochs, then minutes.
    options = tf.data.Options()
    options.autotune.enabled = False
    return counted.prefetch(_NUM_READY_BATCHES).with_options(options)
