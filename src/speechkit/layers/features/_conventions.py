"""The settings of well-known front ends, as arguments of the layers."""

_LOGARITHM = ("logarithm", "floor", "dynamic_range_db", "scale", "offset")

LOG_MEL_CONVENTIONS = {
    # librosa.feature.melspectrogram and librosa.power_to_db with their defaults.
    "librosa": {
        "sampling_rate": 22050,
        "frame_length": 2048,
        "frame_step": 512,
        "num_mel_bins": 128,
        "padding": "center",
        "logarithm": "decibels",
        "dynamic_range_db": 80.0,
    },
    # HTK's FBANK with the settings of the HTK Book's first example: 26 channels.
    "htk": {
        "sampling_rate": 16000,
        "frame_length": 400,
        "frame_step": 160,
        "num_mel_bins": 26,
        "window": "hamming_symmetric",
        "power": 1.0,
        "mel_scale": "htk",
        "normalization": None,
        "triangles": "mel",
        "pre_emphasis": 0.97,
        "sample_scale": 32768.0,
        "floor": 1.0,
    },
    # Kaldi's compute-fbank-feats with its defaults, but for dither, which is 0.
    "kaldi": {
        "sampling_rate": 16000,
        "frame_length": 400,
        "frame_step": 160,
        "num_mel_bins": 23,
        "min_freq": 20.0,
        "window": "povey",
        "mel_scale": "htk",
        "normalization": None,
        "triangles": "mel",
        "remove_dc_offset": True,
        "pre_emphasis": 0.97,
        "sample_scale": 32768.0,
        "floor": 2.0**-23,
    },
    # Whisper's log_mel_spectrogram. It drops the last frame, hence one step less.
    "whisper": {
        "sampling_rate": 16000,
        "frame_length": 400,
        "frame_step": 160,
        "fft_length": 400,
        "num_mel_bins": 80,
        "padding": (200, 40),
        "padding_mode": "reflect",
        "logarithm": "log10",
        "dynamic_range_db": 80.0,
        "scale": 0.25,
        "offset": 1.0,
    },
    # torchaudio.transforms.MelSpectrogram and AmplitudeToDB with their defaults, but
    # for the number of filters: of its 128, some are empty.
    "torchaudio": {
        "sampling_rate": 16000,
        "frame_length": 400,
        "frame_step": 200,
        "fft_length": 400,
        "num_mel_bins": 80,
        "padding": "center",
        "padding_mode": "reflect",
        "mel_scale": "htk",
        "normalization": None,
        "logarithm": "decibels",
    },
    # keras.layers.MelSpectrogram with the defaults of Keras 3.15.
    "keras": {
        "sampling_rate": 16000,
        "frame_length": 2048,
        "frame_step": 512,
        "num_mel_bins": 128,
        "min_freq": 20.0,
        "padding": "center",
        "padding_mode": "reflect",
        "mel_scale": "htk",
        "normalization": None,
        "triangles": "mel",
        "logarithm": "decibels",
        "dynamic_range_db": 80.0,
    },
    # The front end of TensorFlow Lite Micro as in its speech example, before noise
    # reduction: 64 times the natural logarithm of the root of the energy.
    "micro": {
        "sampling_rate": 16000,
        "frame_length": 480,
        "frame_step": 320,
        "fft_length": 512,
        "num_mel_bins": 40,
        "min_freq": 125.0,
        "max_freq": 7500.0,
        "window": "hann_half",
        "mel_scale": "htk",
        "normalization": None,
        "triangles": "mel",
        "sample_scale": 32768.0,
        "floor": 1.0,
        "scale": 32.0,
    },
}

# What comes before the logarithm.
MEL_CONVENTIONS = {
    name: {key: value for key, value in settings.items() if key not in _LOGARITHM}
    for name, settings in LOG_MEL_CONVENTIONS.items()
}

MFCC_CONVENTIONS = {
    # librosa.feature.mfcc with its defaults.
    "librosa": {**LOG_MEL_CONVENTIONS["librosa"], "num_coefficients": 20},
    # Kaldi's compute-mfcc-feats with its defaults, but for dither, which is 0.
    "kaldi": {
        **LOG_MEL_CONVENTIONS["kaldi"],
        "num_coefficients": 13,
        "lifter": 22.0,
        "use_energy": True,
    },
}
