"""Every number of the example, in one place."""

import dataclasses
import json
import pathlib

from examples import resuming
from speechkit import text

# What `--quick` changes.
QUICK = {"epochs": 16}


@dataclasses.dataclass(frozen=True)
class Config:
    """What one run does; chosen on the split `dev` of AN4.

    Attributes:
        data: Folder with `manifest.csv`, or a manifest.
        out: Folder for everything the run makes.
        train_on: `"train"`, or `"all"` for `train` and `dev`.
        seed: Seed of the weights, the order of the clips and the augmentation.
        sampling_rate: Samples per second that the model hears, in hertz.
        characters: What texts consist of.
        lexicon: Dictionary in CMU's format, beside the data: the network learns its
            phones, too. Without the file, or if empty, it does not.
        frame_seconds: Length of a frame of the features.
        frame_step_seconds: Time between two frames.
        num_mel_bins: Number of log-mel features.
        num_convolutions: As in `DeepSpeech2`, like the next two.
        num_stacked_frames: Frames that are joined where nothing is convolved.
        num_layers: Number of recurrent layers.
        units: Size of a state in one direction.
        num_guesses: Where it does: 1 in the middle, 2 at the end, too.
        cell: `"gru"`, `"lstm"` or `"simple_rnn"`.
        normalization: `"batch"` or `None`.
        dense: Whether there is a dense layer before that of the logits.
        dropout: Share of the input of each recurrent layer but the first, and of the
            layer behind them.
        streaming: Whether the model runs forward only, with features normalised over
            all training clips and a lookahead, so that it can follow a stream.
        lookahead: Frames of its output that such a model waits for.
        augment: Whether training hears the clips changed.
        speed: Least and largest speed at which clips are played.
        noise_share: Share of the clips that are heard with noise.
        noise_snr_db: Least and largest ratio of speech to noise, in decibels.
        frequency_warp: Least and largest stretch of the frequency axis.
        max_frequency_width: As in `SpecAugment`, like the next three.
        num_frequency_masks: Number of bands that are hidden.
        max_time_width: Largest width of a time mask, in frames.
        num_time_masks: Number of stretches that are hidden.
        epochs: Passes over the training clips.
        batch_size: Clips per step.
        learning_rate: Largest learning rate.
        warmup_share: Share of the steps in which the learning rate rises.
        weight_decay: As in `AdamW`.
        label_smoothing: As in `CTCLoss`.
        average_epochs: About how many of the last epochs the averaged weights reach
            over.
        lm_order: Words of an n-gram of the language model.
        lm_weight: Weight of the language model, as in `ShallowFusion`; so are the
            next two.
        lm_word_bonus: Added for each word.
        lm_unknown_score: Added for a word that is not in the training texts.
        beam_width: As in `CTCBeamSearchDecoder`.
        num_hypotheses: How many texts of the search are told apart by their phones,
            where the network learned some.
        phone_weight: Weight of the log probability of the phones.
    """

    data: pathlib.Path
    out: pathlib.Path
    train_on: str = "train"
    seed: int = 0
    sampling_rate: int = 16000
    characters: str = " ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    lexicon: str = "an4.dic"
    frame_seconds: float = 0.016
    frame_step_seconds: float = 0.008
    num_mel_bins: int = 80
    num_convolutions: int = 0
    num_stacked_frames: int = 4
    num_layers: int = 3
    units: int = 256
    num_guesses: int = 2
    cell: str = "gru"
    normalization: str | None = "batch"
    dense: bool = False
    dropout: float = 0.2
    streaming: bool = False
    lookahead: int = 15
    augment: bool = False
    speed: tuple[float, float] = (0.9, 1.1)
    noise_share: float = 0.0
    noise_snr_db: tuple[float, float] = (10.0, 40.0)
    frequency_warp: tuple[float, float] = (0.9, 1.12)
    max_frequency_width: int = 16
    num_frequency_masks: int = 2
    max_time_width: int = 18
    num_time_masks: int = 2
    epochs: int = 24
    batch_size: int = 16
    learning_rate: float = 1.5e-3
    warmup_share: float = 0.1
    weight_decay: float = 1e-2
    label_smoothing: float = 0.05
    average_epochs: float = 1.0
    lm_order: int = 3
    lm_weight: float = 0.7
    lm_word_bonus: float = 1.0
    lm_unknown_score: float = -6.0
    beam_width: int = 100
    num_hypotheses: int = 60
    phone_weight: float = 1.0

    def vocabulary(self) -> text.CharacterVocabulary:
        """Returns the labels of the characters."""
        return text.CharacterVocabulary(self.characters)

    def output_step_seconds(self) -> float:
        """Returns the time between two frames of the output, in seconds."""
        num_frames = 2 if self.num_convolutions else self.num_stacked_frames
        return self.frame_step_seconds * num_frames

    def chunk_seconds(self) -> float:
        """Returns the length of the pieces of a stream: frames of about 0.1 s."""
        step = self.output_step_seconds()
        return step * max(1, round(0.1 / step))

    def settings(self) -> dict:
        """Returns what must stay the same for a run to be resumed, as JSON."""
        settings = dataclasses.asdict(self)
        del settings["out"]
        settings["data"] = str(self.data.resolve())
        return settings


def read_settings(out: pathlib.Path) -> Config:
    """Returns the configuration of a run from its folder.

    Raises:
        ValueError: If the folder is not that of a run.
    """
    path = out / "settings.json"
    try:
        settings = resuming.read_settings(path)
        data = pathlib.Path(settings["data"])
        return Config(**{**settings, "data": data, "out": out})
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"`{out}` must be the folder of a run. {error}") from None


def parse_setting(text: str) -> tuple[str, object]:
    """Returns the name and the value of `NAME=VALUE`, the value in JSON or a word.

    Raises:
        ValueError: If there is no such setting.
    """
    name, _, value = text.partition("=")
    names = {field.name for field in dataclasses.fields(Config)} - {"data", "out"}
    if name not in names or not value:
        raise ValueError(
            f"`--set` must be NAME=VALUE with a NAME of {', '.join(sorted(names))}. "
            f"Received: {text}"
        )
    try:
        return name, json.loads(value)
    except json.JSONDecodeError:
        return name, value
