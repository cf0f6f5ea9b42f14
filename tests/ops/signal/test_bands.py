"""Tests of the banded product against the plain one."""

import keras
import numpy as np
import pytest

from speechkit.ops.signal import bands, mel


@pytest.mark.parametrize(
    ("num_mel_bins", "fft_length"), [(80, 512), (128, 2048), (1, 64), (3, 8192)]
)
def test_product_equals_the_plain_one(random, num_mel_bins, fft_length):
    filters = mel.mel_filter_bank(num_mel_bins, fft_length, 16000, 0.0, 8000.0)
    spectra = random.uniform(size=(2, 3, 1 + fft_length // 2))

    product = bands.band_product(keras.ops.array(spectra), bands.bands(filters))

    np.testing.assert_allclose(product, spectra @ filters, rtol=1e-6)


def test_blocks_are_too_small_to_be_quantised():
    filters = mel.mel_filter_bank(80, 512, 16000, 0.0, 8000.0)

    blocks = bands.bands(filters)

    # TensorFlow Lite leaves weights of fewer than 1024 elements as they are.
    assert max(block.weights.size for block in blocks) < 1024
    assert len(blocks) < 10
