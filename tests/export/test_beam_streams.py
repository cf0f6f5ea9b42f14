"""Tests of files that search for labels while a stream goes on."""

import keras
import numpy as np
import pytest

from speechkit import decoders, export, layers

RATE = 1000
CHUNK = 80
WIDTH = 8
CLASSES = ["", "a", "b", "c"]


def make_model():
    """Returns a causal model whose best class changes often and is never certain."""
    keras.utils.set_random_seed(0)
    return keras.Sequential(
        [
            keras.Input((None,)),
            layers.LogMelSpectrogram(
                RATE, frame_length=40, frame_step=20, num_mel_bins=6
            ),
            keras.layers.LayerNormalization(),
            keras.layers.Dense(4, kernel_initializer=keras.initializers.Orthogonal(2)),
        ]
    )


@pytest.fixture(scope="module")
def runner(tmp_path_factory):
    path = tmp_path_factory.mktemp("beam") / "model.tflite"
    decoder = decoders.CTCPrefixBeamSearch(CLASSES, beam_width=WIDTH)
    options = {"sampling_rate": RATE, "decoder": decoder}
    path = export.to_streaming_tflite(
        make_model(), path, chunk_seconds=CHUNK / RATE, **options
    )
    return export.StreamingRunner(path)


def most_probable(frames):
    """Returns labels and their log probability, found by the decoder of the host."""
    search = decoders.CTCBeamSearchDecoder(
        CLASSES,
        beam_width=WIDTH,
        beam_threshold=-np.inf,
        token_threshold=-np.inf,
    )
    ((best, *_),) = search.decode(frames[None])
    return list(best.labels), best.score


def test_labels_so_far_are_those_of_the_host(runner, random):
    runner.reset()
    frames = []

    for _ in range(12):
        frames.append(runner.step(random.normal(size=CHUNK)))

        labels, _ = most_probable(np.concatenate(frames))
        assert runner.labels == labels

    assert len(runner.labels) > 5


def test_score_is_the_log_probability_of_all_frames(runner, random):
    run, found, frames = runner._functions["init"], {}, []
    first = runner.metadata["streaming"]["first_samples"]

    for length in (first, CHUNK, CHUNK, CHUNK):
        piece = random.normal(size=(1, length)).astype("float32")
        states = {name: found[name] for name in found if name.startswith("state_")}
        found = run(waveforms=piece, **states)
        run = runner._functions["stream"]
        frames.append(found["output"][0])

    labels, score = most_probable(np.concatenate(frames))
    np.testing.assert_allclose(found["score"], [score], rtol=1e-5)
    assert found["count"] == len(labels)


def test_labels_that_leave_the_file_are_not_lost(runner, random):
    runner.reset()
    clip = random.normal(size=75 * CHUNK)

    frames = runner.step(clip)

    labels, _ = most_probable(frames)
    assert len(labels) > 80  # the file holds 64
    assert runner.labels == labels


def test_the_next_clip_begins_without_labels(runner, random):
    runner.reset()
    clip = random.normal(size=10 * CHUNK)
    runner(clip)
    labels = runner.labels

    runner(random.normal(size=10 * CHUNK))
    runner(clip)

    assert runner.labels == labels


def test_rejects_a_search_in_8_bits(tmp_path):
    decoder = decoders.CTCPrefixBeamSearch(CLASSES)
    options = {"quantization": "int8", "decoder": decoder}
    for export_to in (
        lambda path: export.to_tflite(make_model(), path, **options),
        lambda path: export.to_streaming_tflite(
            make_model(), path, sampling_rate=RATE, **options
        ),
    ):
        with pytest.raises(
            ValueError, match="`decoder` must be a CTCGreedyDecoder or None with int8"
        ):
            export_to(tmp_path / "m.tflite")
