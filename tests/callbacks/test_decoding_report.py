"""Tests of what `DecodingReport` shows and logs, for texts known by hand."""

import keras
import pytest

from speechkit.callbacks import DecodingReport


def fit(model, batch, callbacks, epochs=1):
    inputs, labels = batch
    return model.fit(
        inputs, labels, epochs=epochs, verbose=0, callbacks=callbacks
    ).history


def test_rate_and_texts_are_shown_after_each_epoch(model, batch, decoder):
    lines = []
    report = DecodingReport([batch], decoder, write=lines.append)

    history = fit(model, batch, [report], epochs=2)

    # "ab a" is right; "abc" for "abb" is one wrong word of three.
    assert history["val_wer"] == pytest.approx([1 / 3, 1 / 3])
    assert lines[0] == "epoch 1: val_wer 33.3%"
    assert lines[2].splitlines()[:2] == ["REF:  abb", "HYP:  abc"]
    assert lines[3] == "epoch 2: val_wer 33.3%"


def test_characters_are_counted_under_another_name(model, batch, decoder):
    report = DecodingReport(
        [batch, batch],
        decoder,
        unit="characters",
        name="val_cer",
        write=list,
    )

    assert fit(model, batch, [report])["val_cer"] == pytest.approx([1 / 7])


def test_early_stopping_and_model_checkpoint_monitor_it(
    model, batch, decoder, tmp_path
):
    path = tmp_path / "best.weights.h5"
    callbacks = [
        DecodingReport([batch], decoder, write=list),
        keras.callbacks.EarlyStopping("val_wer", mode="min", patience=2),
        keras.callbacks.ModelCheckpoint(
            path, "val_wer", mode="min", save_best_only=True, save_weights_only=True
        ),
    ]

    history = fit(model, batch, callbacks, epochs=9)

    assert len(history["val_wer"]) == 3
    assert path.is_file()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"unit": "letters"}, "`unit` must be one of"),
        ({"num_shown": -1}, "`num_shown` must be an integer of 0 or more"),
    ],
)
def test_rejects_wrong_arguments(batch, decoder, arguments, message):
    with pytest.raises(ValueError, match=message):
        DecodingReport([batch], decoder, **arguments)


def test_rejects_batches_without_a_clip(model, batch, decoder):
    report = DecodingReport([], decoder)

    with pytest.raises(ValueError, match="`batches` must hold at least one clip"):
        fit(model, batch, [report])
