"""The settings of well-known front ends, as arguments of the layers."""

from typing import Any

from speechkit import _checks

# Most are arguments of the layers. `frame_milliseconds` gives length and step of the
# frames in time, of which tools take the whole samples; without it a tool counts in
# samples. `only_sampling_rate` is that of a tool that knows no other.

_LOGARITHM = ("logarithm", "floor", "dynamic_range_db", "scale", "offset")

LOG_MEL_PRESETS: dict[str, dict[str, Any]] = {
    # librosa.feature.melspectrogram and librosa.power_to_db with their defaults.
    "librosa": {
        "frame_length": 2048,
        "frame_step": 512,
        "num_mel_bins": 128,
        "padding": "center",
        "logarithm": "decibels",
        "dynamic_range_db": 80.0,
    },
    # HTK's FBANK with the settings of the HTK Book's first example: 26 channels.
    "htk": {
        "frame_milliseconds": (25, 10),
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
        "frame_milliseconds": (25, 10),
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
        "only_sampling_rate": 16000,
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
        "frame_milliseconds": (30, 20),
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
MEL_PRESETS = {
    name: {key: value for key, value in settings.items() if key not in _LOGARITHM}
    for name, settings in LOG_MEL_PRESETS.items()
}

MFCC_PRESETS: dict[str, dict[str, Any]] = {
    # librosa.feature.mfcc with its defaults.
    "librosa": {**LOG_MEL_PRESETS["librosa"], "num_coefficients": 20},
    # Kaldi's compute-mfcc-feats with its defaults, but for dither, which is 0.
    "kaldi": {
        **LOG_MEL_PRESETS["kaldi"],
        "num_coefficients": 13,
        "lifter": 22.0,
        "use_energy": True,
    },
}


def settings(
    presets: dict[str, dict[str, Any]], preset: str, sampling_rate: int
) -> dict[str, Any]:
    """Returns the arguments of a layer at a sampling rate.

    Args:
        presets: The presets of the layer, by name.
        preset: Name of one of them.
        sampling_rate: Samples per second of the waveforms, in hertz.

    Raises:
        ValueError: If there is no such preset, or it is for another sampling rate.
    """
    _checks.check_choice("preset", preset, presets)
    sampling_rate = _checks.check_int("sampling_rate", sampling_rate)
    arguments = dict(presets[preset])
    if sampling_rate != arguments.pop("only_sampling_rate", sampling_rate):
        raise ValueError(
            f"The preset {preset!r} knows one sampling rate: resample the waveforms to "
            f"{presets[preset]['only_sampling_rate']} Hz, for example with `Resample`. "
            f"Received: sampling_rate={sampling_rate}"
        )
    if "frame_milliseconds" in arguments:
        length, step = arguments.pop("frame_milliseconds")
        arguments["frame_length"] = sampling_rate * length // 1000
        arguments["frame_step"] = sampling_rate * step // 1000
    return arguments
