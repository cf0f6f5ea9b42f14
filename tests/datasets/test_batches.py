"""Tests of `padded_batches`: what is in the batches, in which order, at what cost."""

import dataclasses
import itertools
import time

import keras
import numpy as np
import pytest
import soundfile
import tensorflow as tf

from speechkit import audio
from speechkit.datasets import padded_batches

RATE = 8000


def batches_of(recordings, encode=len, **options):
    options = {"sampling_rate": RATE, "batch_size": 4, **options}
    return padded_batches(recordings, encode, **options)


def one_pass(dataset):
    """The numbers of the recordings in each batch; see `make_recordings`."""
    firsts = [inputs["waveforms"].numpy()[:, 0] for inputs, _ in dataset]
    return [[round(1024 * value) - 1 for value in batch] for batch in firsts]


def padding_of(batches, lengths):
    return sum(max(lengths[i] for i in b) * len(b) for b in batches) - sum(lengths)


@pytest.mark.parametrize("cache", [False, True], ids=["decoded", "cached"])
def test_batches_hold_the_recordings_in_their_order(make_recordings, cache):
    lengths = [500, 300, 400, 100, 300, 200]
    dataset = batches_of(make_recordings(lengths), bucket_by_length=False, cache=cache)

    for _ in range(2):
        start = 0
        for inputs, labels in dataset:
            numbers = np.arange(start, min(start + 4, 6))
            longest = max(lengths[i] for i in numbers)
            expected = [
                [(i + 1) / 1024] * lengths[i] + [0] * (longest - lengths[i])
                for i in numbers
            ]
            np.testing.assert_array_equal(inputs["waveforms"], expected)
            np.testing.assert_array_equal(inputs["lengths"], np.take(lengths, numbers))
            np.testing.assert_array_equal(labels, 1 + numbers % 3)
            start += 4


def test_shapes_and_types_are_known_before_the_first_batch(make_recordings):
    recordings = make_recordings([100] * 6)

    inputs, labels = batches_of(recordings).element_spec
    _, sequences = batches_of(recordings, lambda text: [1]).element_spec

    assert inputs["waveforms"] == tf.TensorSpec([None, None], tf.float32)
    assert inputs["lengths"] == tf.TensorSpec([None], tf.int32)
    assert labels == tf.TensorSpec([None], tf.int32)
    assert sequences == tf.TensorSpec([None, None], tf.int32)


def test_the_end_of_a_pass_does_not_wait_for_tensorflows_tuner(make_recordings):
    recordings = make_recordings([100, 200])

    batches = batches_of(recordings).map(lambda inputs, labels: (inputs, labels))

    assert batches.options().autotune.enabled is False


@pytest.mark.parametrize("bucket", [False, True], ids=["plain", "buckets"])
@pytest.mark.parametrize("shuffle", [False, True], ids=["ordered", "shuffled"])
@pytest.mark.parametrize(("clips", "count"), [(8, 2), (9, 3), (3, 1)])
def test_each_pass_has_every_recording_once(
    make_recordings, shuffle, bucket, clips, count
):
    recordings = make_recordings(range(100, 100 + clips))
    dataset = batches_of(recordings, shuffle=shuffle, bucket_by_length=bucket)

    batches = one_pass(dataset)

    assert len(dataset) == len(batches) == count
    assert sorted(itertools.chain(*batches)) == list(range(clips))
    assert sum(len(batch) != 4 for batch in batches) == (clips % 4 > 0)


@pytest.mark.parametrize("bucket", [False, True], ids=["plain", "buckets"])
@pytest.mark.parametrize("cache", [False, True], ids=["decoded", "cached"])
def test_passes_differ_and_the_seed_repeats_them(make_recordings, cache, bucket):
    recordings = make_recordings([400] * 20)
    options = {"shuffle": True, "bucket_by_length": bucket, "cache": cache}

    def three_passes(seed):
        dataset = batches_of(recordings, seed=seed, **options)
        return [one_pass(dataset) for _ in range(3)]

    first, again, other = three_passes(1), three_passes(1), three_passes(2)

    assert first == again
    assert first[0] != first[1] != first[2] != first[0]
    assert first[0] != other[0]


def test_slow_files_do_not_change_the_order(make_recordings, monkeypatch):
    recordings = make_recordings([400] * 12)
    expected = one_pass(batches_of(recordings, batch_size=2, shuffle=True))
    read = audio.read

    def read_slowly(path, rate, **piece):
        time.sleep(0.05 * (path.stem[-1] in "037"))
        return read(path, rate, **piece)

    monkeypatch.setattr(audio, "read", read_slowly)

    assert one_pass(batches_of(recordings, batch_size=2, shuffle=True)) == expected


def test_buckets_without_shuffle_have_the_least_padding(make_recordings, random):
    lengths = random.integers(100, 1000, 8).tolist()
    dataset = batches_of(make_recordings(lengths), batch_size=2)

    batches = one_pass(dataset)

    orders = itertools.permutations(range(8))
    every = (padding_of(np.reshape(order, (4, 2)), lengths) for order in orders)
    assert padding_of(batches, lengths) == min(every)
    longest = [max(lengths[i] for i in batch) for batch in batches]
    assert longest == sorted(longest)


def test_shuffled_buckets_save_most_of_the_padding(make_recordings, random):
    lengths = random.integers(100, 2000, 120).tolist()
    recordings = make_recordings(lengths)

    def padding(bucket):
        dataset = batches_of(recordings, shuffle=True, bucket_by_length=bucket)
        return padding_of(one_pass(dataset), lengths)

    # Sorting leaves 4 % of the padding of random batches; shuffling adds a little.
    assert padding(bucket=True) < 0.1 * padding(bucket=False)


def test_shuffled_buckets_come_in_any_order_and_meet_others(make_recordings, random):
    lengths = random.integers(1000, 2000, 120).tolist()
    dataset = batches_of(make_recordings(lengths), shuffle=True)

    first, second = one_pass(dataset), one_pass(dataset)

    longest = [max(lengths[i] for i in batch) for batch in first]
    assert abs(np.corrcoef(longest, np.arange(30))[0, 1]) < 0.5
    shared = {frozenset(batch) for batch in first} & {frozenset(b) for b in second}
    assert len(shared) < 6


def test_smaller_batch_is_not_always_that_of_the_longest(make_recordings):
    dataset = batches_of(make_recordings(range(100, 1000, 100)), shuffle=True)

    smallest = [min(one_pass(dataset), key=len) for _ in range(8)]

    assert {len(batch) for batch in smallest} == {1}
    assert len({batch[0] for batch in smallest}) > 1


def test_label_sequences_are_padded_with_minus_1(make_recordings):
    recordings = make_recordings([100] * 5)

    def encode(text):
        return list(range(7, 7 + 2 * len(text)))

    batches = [y.numpy() for _, y in batches_of(recordings, encode, batch_size=3)]

    assert [batch.dtype for batch in batches] == [np.int32, np.int32]
    np.testing.assert_array_equal(
        batches[0],
        [[7, 8, -1, -1, -1, -1], [7, 8, 9, 10, -1, -1], [7, 8, 9, 10, 11, 12]],
    )
    np.testing.assert_array_equal(batches[1], [[7, 8, -1, -1], [7, 8, 9, 10]])


@pytest.mark.parametrize("multiple", [None, 64], ids=["padded", "rounded"])
def test_intermediate_labels_come_with_the_input(make_recordings, multiple):
    recordings = make_recordings([100, 200, 300])
    texts = [recording.text for recording in recordings]

    ((inputs, labels),) = batches_of(
        recordings,
        len,
        encode_intermediate=lambda text: [len(text)] * (1 + texts.index(text) % 3),
        bucket_by_length=False,
        pad_to_multiple=multiple,
    )

    expected = np.full((3, 3), -1)
    for row, text in enumerate(texts):
        count = 1 + texts.index(text) % 3
        expected[row, :count] = len(text)
    np.testing.assert_array_equal(inputs["intermediate_labels"][:, :3], expected)
    np.testing.assert_array_equal(labels, [len(text) for text in texts])


def test_empty_transcripts_leave_one_label_of_padding(make_recordings):
    dataset = batches_of(make_recordings([100] * 2), lambda text: [])

    ((_, labels),) = list(dataset)

    np.testing.assert_array_equal(labels, [[-1], [-1]])


def test_rounded_lengths_leave_few_shapes(make_recordings, random):
    recordings = make_recordings(random.integers(1, 1000, 60).tolist())
    dataset = batches_of(recordings, lambda text: [1] * len(text), pad_to_multiple=250)

    shapes = {(x["waveforms"].shape, y.shape) for x, y in dataset}

    assert shapes <= {((4, 250 * n), (4, 3)) for n in (1, 2, 3, 4)}


def test_files_of_another_rate_are_resampled(make_recordings):
    fast = make_recordings([400, 200], rate=2 * RATE)

    ((inputs, _),) = list(batches_of(fast, bucket_by_length=False))

    np.testing.assert_array_equal(inputs["lengths"], [200, 100])
    np.testing.assert_allclose(
        inputs["waveforms"][0], audio.read(fast[0].path, RATE), atol=0
    )


def test_buckets_compare_lengths_at_the_rate_of_the_batches(make_recordings):
    slow = make_recordings([400, 300])
    fast = dataclasses.replace(slow[0], path=slow[0].path.with_name("fast.wav"))
    soundfile.write(fast.path, np.full(700, 3 / 1024), 2 * RATE, subtype="FLOAT")

    dataset = batches_of([*slow, fast], batch_size=1)

    assert [int(x["lengths"][0]) for x, _ in dataset] == [300, 350, 400]


def test_cached_passes_do_not_decode(make_recordings):
    recordings = make_recordings([100] * 9)
    dataset = batches_of(recordings, cache=True, shuffle=True)
    first = one_pass(dataset)

    for recording in recordings:
        recording.path.unlink()

    second = one_pass(dataset)
    assert sorted(itertools.chain(*second)) == sorted(itertools.chain(*first))
    assert second != first


def test_longer_recordings_are_left_out(make_recordings):
    recordings = make_recordings([800, 1601, 1600, 400])

    dataset = batches_of(recordings, max_seconds=0.2, bucket_by_length=False)

    assert one_pass(dataset) == [[0, 2, 3]]
    assert len(dataset) == 1


def test_fit_shuffles_each_epoch(make_recordings):
    recordings = [
        dataclasses.replace(recording, text=str(number))
        for number, recording in enumerate(make_recordings([100] * 12))
    ]
    seen = []

    def loss(labels, outputs):
        seen.extend(np.ravel(labels).tolist())
        return keras.ops.mean(outputs)

    waveforms = keras.Input((None,), name="waveforms")
    inputs = {"waveforms": waveforms, "lengths": keras.Input((), name="lengths")}
    mean = keras.layers.Lambda(lambda x: keras.ops.mean(x, axis=1, keepdims=True))
    model = keras.Model(inputs, keras.layers.Dense(1)(mean(waveforms)))
    model.compile(loss=loss, run_eagerly=True)

    batches = batches_of(recordings, int, shuffle=True)
    model.fit(batches, epochs=3, shuffle=False, verbose=0)

    epochs = np.reshape(seen, (3, 12)).tolist()
    assert [sorted(epoch) for epoch in epochs] == [list(range(12))] * 3
    assert epochs[0] != epochs[1] != epochs[2] != epochs[0]


def test_file_that_does_not_decode_is_named_by_tensorflow(make_recordings, random):
    recordings = make_recordings([100] * 3)
    path = recordings[1].path.with_suffix(".flac")
    soundfile.write(path, random.normal(scale=0.1, size=RATE), RATE)
    path.write_bytes(path.read_bytes()[:-100])
    broken = dataclasses.replace(recordings[1], path=path)
    dataset = batches_of([recordings[0], broken, recordings[2]])

    with pytest.raises(tf.errors.InvalidArgumentError) as caught:
        list(dataset)

    assert f"`{path}` is truncated or damaged" in caught.value.message


def test_file_with_a_bad_header_is_named_at_once(make_recordings):
    recordings = make_recordings([100] * 3)
    recordings[2].path.write_bytes(b"")

    with pytest.raises(audio.AudioError, match=r"0002.wav` is empty"):
        batches_of(recordings)


@pytest.mark.parametrize(
    ("encode", "received"),
    [
        pytest.param(lambda text: 0.5, "0.5 for 'a'", id="float"),
        pytest.param(lambda text: None, "None for 'a'", id="none"),
        pytest.param(lambda text: -1, "-1 for 'a'", id="negative"),
        pytest.param(lambda text: [1, -1], r"\[1, -1\] for 'a'", id="padding"),
        pytest.param(list, r"\['a'\] for 'a'", id="characters"),
        pytest.param(lambda text: [[1]], r"\[\[1\]\] for 'a'", id="nested"),
        pytest.param(
            lambda text: 1 if text == "a" else [1], r"\[1\] for 'aa'", id="mixed"
        ),
    ],
)
def test_rejects_labels_that_are_not_integers(make_recordings, encode, received):
    with pytest.raises(ValueError, match=f"`encode` must .* Received: {received}"):
        batches_of(make_recordings([100] * 3), encode)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("sampling_rate", 0),
        ("batch_size", 0),
        ("seed", -1),
        ("max_seconds", -1),
        ("pad_to_multiple", 0),
    ],
)
def test_rejects_numbers_out_of_range(make_recordings, name, value):
    with pytest.raises(ValueError, match=f"`{name}` must .* Received: {name}={value}"):
        batches_of(make_recordings([100]), **{name: value})


def test_rejects_no_recordings(make_recordings):
    with pytest.raises(ValueError, match=r"at least one recording\. Received: none"):
        batches_of([])
    with pytest.raises(ValueError, match=r"one recording of at most 0.01 s\. Received"):
        batches_of(make_recordings([100]), max_seconds=0.01)


def test_sorta_grad_sorts_the_first_pass_alone(make_recordings, random):
    lengths = random.integers(100, 900, size=23)
    batches = batches_of(make_recordings(lengths), shuffle=True, sorta_grad=True)
    usual = batches_of(make_recordings(lengths), shuffle=True)

    first, second = one_pass(batches), one_pass(batches)

    order = [lengths[i] for batch in first for i in batch]
    assert order == sorted(lengths)
    assert [one_pass(usual), one_pass(usual)][1] == second


@pytest.mark.parametrize("sorta_grad", [False, True])
def test_later_passes_are_those_of_a_run_without_interruption(
    make_recordings, sorta_grad
):
    recordings = make_recordings([100 * (i % 7 + 1) for i in range(23)])
    options = {"shuffle": True, "seed": 3, "sorta_grad": sorta_grad}
    whole = batches_of(recordings, **options)
    passes = [one_pass(whole) for _ in range(4)]

    rest = batches_of(recordings, **options, first_pass=2)

    assert [one_pass(rest), one_pass(rest)] == passes[2:]
    assert passes[2] != passes[0]


def test_rejects_a_first_pass_below_0(make_recordings):
    with pytest.raises(ValueError, match="`first_pass` must be an integer of 0 or"):
        batches_of(make_recordings([100]), first_pass=-1)
