"""The keyword spotters by name."""

from collections.abc import Callable

from speechkit import _checks
from speechkit.models._keyword_spotting import causal, convolutional, recurrent
from speechkit.models._keyword_spotting.recipe import Recipe

_ONE_SIZE: dict[str, Callable[[int], Recipe]] = {
    "dnn": causal.dnn,
    "cnn": causal.cnn,
    "crnn": recurrent.crnn,
    "gru": recurrent.gru,
    "lstm": recurrent.lstm,
    "svdf": causal.svdf,
    "ds_cnn": convolutional.ds_cnn,
    "ds_cnn_small": convolutional.ds_cnn_small,
    "ds_cnn_medium": convolutional.ds_cnn_medium,
    "ds_cnn_large": convolutional.ds_cnn_large,
    "mhatt_rnn": recurrent.mhatt_rnn,
    "audionet": recurrent.audionet,
}
_ANY_WIDTH: dict[str, Callable[[int, float], Recipe]] = {
    "tc_resnet": convolutional.tc_resnet,
    "tc_resnet8": convolutional.tc_resnet8,
    "tc_resnet14": convolutional.tc_resnet14,
}


def recipe_of(preset: str, sampling_rate: int, width: float) -> Recipe:
    """Returns the recipe of a network.

    Args:
        preset: Its name.
        sampling_rate: Samples per second of the waveforms, in hertz.
        width: Multiplies the number of filters.

    Raises:
        ValueError: If there is no such network, or it has one size only and `width` is
            not 1.
    """
    _checks.check_choice("preset", preset, [*_ONE_SIZE, *_ANY_WIDTH])
    _checks.check_number("width", width, above=True)
    if preset in _ANY_WIDTH:
        return _ANY_WIDTH[preset](sampling_rate, width)
    if width != 1:
        raise ValueError(
            f"`width` must be 1 for {preset!r}, which has one size; others have "
            f"{', '.join(map(repr, _ANY_WIDTH))}. Received: width={width!r}"
        )
    return _ONE_SIZE[preset](sampling_rate)
