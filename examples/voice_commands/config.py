"""Every number of the example, in one place."""

import dataclasses
import pathlib


@dataclasses.dataclass(frozen=True)
class Config:
    """What one run does.

    Attributes:
        data: Folder with one sub-folder per command, or a manifest. `None` means the
            24 Mandarin commands, synthesised on the spot.
        out: Folder for everything the run makes.
        epochs: Passes over the training clips. `None` means as many as make
            `train_seconds` seconds of sound.
        languages: Languages in which eSpeak NG says the commands of `data`, too, for
            training; see `synthesis`.
        speaker_pattern: Regular expression whose group `speaker` is found in the file
            names of a folder. `None` means that the usual namings are tried.
        text_pattern: Regular expression whose group `text`, found in the file names, is
            the command; the sub-folders are the speakers then. `None` means that the
            sub-folders are the commands.
        seed: Seed of the weights, the order of the clips and the augmentation.
        min_seconds: Shortest clip that is used, in seconds.
        max_seconds: Longest clip that is used, in seconds.
        max_sampling_rate: Recordings with more samples per second are reduced to it, in
            hertz.
        batch_size: Clips per step.
        train_seconds: Sound to train on altogether, in seconds.
        max_epochs: Most passes over the training clips.
        learning_rate: Largest learning rate.
        patience: Share of the passes that may go by without a lower loss on held-out
            clips before training stops.
        label_smoothing: Probability that training takes from the right command and
            gives to all.
    """

    data: pathlib.Path | None = None
    out: pathlib.Path = pathlib.Path("runs/voice_commands")
    epochs: int | None = None
    languages: tuple[str, ...] = ()
    speaker_pattern: str | None = None
    text_pattern: str | None = None
    seed: int = 0
    min_seconds: float = 0.1
    max_seconds: float = 10.0
    max_sampling_rate: int = 16000
    batch_size: int = 32
    train_seconds: float = 80_000
    max_epochs: int = 30
    learning_rate: float = 2e-3
    patience: float = 0.5
    label_smoothing: float = 0.1

    def settings(self) -> dict:
        """Returns what must stay the same for a run to be resumed, as JSON."""
        settings = dataclasses.asdict(self)
        del settings["out"]
        return {**settings, "data": self.data and str(self.data.resolve())}
