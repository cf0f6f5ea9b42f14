"""One case for each kind of model: how to make a small one for 8 kHz."""

import keras

from speechkit import layers, models, text


@keras.saving.register_keras_serializable(package="tests")
class WakeWord(models.WaveformModel):
    """A user's model: a stream of probabilities of two words, a number a frame."""

    part_names = ()

    def __init__(self, sampling_rate, *, units=8, **kwargs):
        features = layers.LogMelSpectrogram(sampling_rate, num_mel_bins=8)
        super().__init__(
            sampling_rate,
            front_end=[features],
            encoder=[layers.BatchNormGRU(units)],
            head=[
                layers.LastFrame(),
                keras.layers.Dense(2, "softmax", dtype="float32"),
            ],
            **kwargs,
        )
        self.units = units

    def get_config(self):
        return {**super().get_config(), "units": self.units}


def _encoder():
    return [layers.ConvolutionBlock(8, 5, strides=2), layers.BatchNormGRU(8)]


CASES = {
    models.CommandRecognizer: lambda **kw: models.CommandRecognizer(
        ["on", "off"],
        sampling_rate=8000,
        waveform_augmentation=[layers.Speed(), layers.WhiteNoise()],
        feature_augmentation=[
            layers.FrequencyWarp(sampling_rate=8000),
            layers.SpecAugment(max_frequency_width=4, max_time_width=8),
        ],
        encoder=_encoder(),
        **kw,
    ),
    models.CTCRecognizer: lambda **kw: models.CTCRecognizer(
        text.CharacterVocabulary(" ab"), sampling_rate=8000, encoder=_encoder(), **kw
    ),
    models.DeepSpeech2: lambda **kw: models.DeepSpeech2(
        text.CharacterVocabulary(" ab"),
        sampling_rate=8000,
        num_convolutions=1,
        num_layers=1,
        units=8,
        direction="forward",
        lookahead=2,
        **kw,
    ),
    models.WaveformModel: lambda **kw: models.WaveformModel(
        8000,
        front_end=[layers.LogMelSpectrogram(8000, num_mel_bins=8, dtype="float32")],
        encoder=[layers.SVDF(8, 4)],
        head=[
            layers.MultiHeadAttentionPooling(2),
            keras.layers.Dense(2),
            keras.layers.Softmax(dtype="float32"),
        ],
        waveform_augmentation=[layers.Gain()],
        feature_augmentation=[layers.TimeMasking(2)],
        **kw,
    ),
    WakeWord: lambda **kw: WakeWord(8000, **kw),
}
