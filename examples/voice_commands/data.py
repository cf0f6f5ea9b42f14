"""From a folder, a manifest or nothing to labelled, held-out and bad recordings."""

import collections
import contextlib
import dataclasses
import math
import warnings

import tensorflow as tf

from examples.progress_bar import progress
from examples.voice_commands import commands, synthetic_corpus
from examples.voice_commands.config import Config
from speechkit import audio, datasets

NOT_A_COMMAND = commands.NOT_A_COMMAND

# How well-known collections name their files: Speech Commands, then FSDD.
_SPEAKER_PATTERNS = (r"^(?P<speaker>[0-9a-f]{8})_nohash_", r"^\d_(?P<speaker>\w+)_\d+$")

# With fewer speakers, holding one of them out costs more than it tells, and a batch
# should have the voices of all.
_MANY_SPEAKERS = 10


@dataclasses.dataclass(frozen=True)
class Corpus:
    """The recordings of a run.

    Attributes:
        labels: The commands, in the order of the classes.
        splits: Recordings of `train`, `dev` and `test`; those whose text is
            `NOT_A_COMMAND` are there to be rejected.
        sampling_rate: Samples per second that the model hears, in hertz.
        problems: Files that cannot be used.
        held_out: How `test` differs from `train`, in words.
    """

    labels: tuple[str, ...]
    splits: dict[str, tuple[datasets.Recording, ...]]
    sampling_rate: int
    problems: tuple[datasets.Problem, ...]
    held_out: str

    def commands(self, split: str) -> list[datasets.Recording]:
        """Returns the recordings of a split that are commands."""
        return [r for r in self.splits[split] if r.text != NOT_A_COMMAND]

    def others(self, split: str) -> list[datasets.Recording]:
        """Returns the recordings of a split that are not commands."""
        return [r for r in self.splits[split] if r.text == NOT_A_COMMAND]

    def encode(self, text: str) -> int:
        """Returns the class of a text; one more than the last for no command."""
        return len(self.labels) if text == NOT_A_COMMAND else self.labels.index(text)


def load(config: Config) -> Corpus:
    """Returns the recordings to train, choose and test with.

    Raises:
        ValueError: If there are not two commands with clips that can be used.
    """
    recordings = _find(config)
    with progress(
        total=len(recordings), description="check recordings", unit="files"
    ) as bar:
        good, problems = datasets.check_recordings(
            recordings,
            min_seconds=config.min_seconds,
            max_seconds=config.max_seconds,
            progress=lambda done, _: bar.update(done - bar.n),
        )
    for problem in problems:
        print(f"  left out: {problem.path} {problem.reason}")
    labels = _labels(good, config)
    lost = sorted({recording.text for recording in recordings} - {r.text for r in good})
    if lost:
        raise ValueError(
            "Each command must have a clip that can be used. None is left of "
            f"{', '.join(lost)}"
        )
    splits, held_out = _split(good, config.seed)
    if config.languages:
        splits["train"] = (*splits["train"], *_speak(labels, config))
    return Corpus(labels, splits, _sampling_rate(good, config), problems, held_out)


def batches(
    corpus: Corpus,
    recordings,
    config: Config,
    *,
    shuffle: bool = False,
    first_pass: int = 0,
) -> tf.data.Dataset:
    """Returns padded batches of recordings; without `shuffle` in their order."""
    speakers = {recording.speaker for recording in recordings}
    return datasets.padded_batches(
        recordings,
        corpus.encode,
        sampling_rate=corpus.sampling_rate,
        batch_size=config.batch_size,
        shuffle=shuffle,
        seed=config.seed,
        first_pass=first_pass,
        # Clips of one length are often of one speaker.
        bucket_by_length=shuffle and len(speakers) >= _MANY_SPEAKERS,
        cache=shuffle,
    )


def reverse(inputs):
    """Plays clips backwards.

    Backwards, speech keeps its sounds and its loudness, and is never a command.
    """
    waveforms = tf.reverse_sequence(
        inputs["waveforms"], inputs["lengths"], seq_axis=1, batch_axis=0
    )
    return {**inputs, "waveforms": waveforms}


def add_reversed(inputs, labels, num_labels: int):
    """Adds a quarter of a batch once more, backwards, as what is no command."""
    count = tf.maximum(tf.shape(labels)[0] // 4, 1)
    backwards = reverse({name: values[:count] for name, values in inputs.items()})
    inputs = {
        name: tf.concat([values, backwards[name]], axis=0)
        for name, values in inputs.items()
    }
    return inputs, tf.concat([labels, tf.fill([count], num_labels)], axis=0)


def add_babble(inputs, labels):
    """Lets another clip of the batch speak in the background of one in three.

    The clip is 5 to 20 dB louder than the one behind it.
    """
    waveforms = inputs["waveforms"]
    count = tf.shape(waveforms)[0]
    behind = tf.gather(waveforms, tf.random.shuffle(tf.range(count)))
    level = tf.random.uniform((count, 1), 5.0, 20.0)
    chosen = tf.cast(tf.random.uniform((count, 1)) < 1 / 3, tf.float32)
    gain = chosen * 10.0 ** (-level / 20) * _level(waveforms) / _level(behind)
    return {**inputs, "waveforms": waveforms + gain * behind}, labels


def soften(labels, num_labels: int, smoothing: float):
    """Returns target probabilities; for what is no command all are equal."""
    targets = tf.one_hot(labels, num_labels)
    uniform = tf.fill(tf.shape(targets), 1 / num_labels)
    is_command = (labels < num_labels)[:, None]
    return tf.where(
        is_command, (1 - smoothing) * targets + smoothing * uniform, uniform
    )


def _level(waveforms):
    """Returns `(batch, 1)`: the root mean square of each row, never zero."""
    return tf.sqrt(tf.reduce_mean(waveforms**2, axis=1, keepdims=True) + 1e-10)


def _find(config):
    """Returns all recordings that the configuration points at."""
    if config.data is None:
        if config.languages:
            raise ValueError(
                "`--speak` must come with `--data`, whose commands it says"
            )
        return _synthesize(synthetic_corpus.synthesize_corpus, config)
    if not config.data.exists():
        raise ValueError(f"`--data` must be a folder or a manifest. No {config.data}")
    manifest = config.data / "manifest.csv" if config.data.is_dir() else config.data
    if manifest.is_file():
        return datasets.read_manifest(manifest)
    if config.speaker_pattern is not None or config.text_pattern is not None:
        return datasets.read_folder(
            config.data,
            speaker_pattern=config.speaker_pattern,
            text_pattern=config.text_pattern,
        )
    recordings = datasets.read_folder(config.data)
    for pattern in _SPEAKER_PATTERNS:
        # Not every name tells a speaker in this way.
        with contextlib.suppress(ValueError), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # they came from the line above
            return datasets.read_folder(config.data, speaker_pattern=pattern)
    return recordings


def _speak(labels, config):
    """Returns synthetic clips of commands, which are of no speaker."""
    speak = synthetic_corpus.synthesize_texts
    return _synthesize(speak, config, texts=labels, languages=config.languages)


def _synthesize(synthesize, config, **arguments):
    """Returns the recordings of a corpus that is spoken into the folder of the run."""
    folder = config.out / "synthetic_speech"
    with progress(description="synthesise speech", unit="phrases") as bar:

        def update(done, total):
            bar.total = total
            bar.update(done - bar.n)

        synthesize(folder, progress=update, **arguments)
    return datasets.read_manifest(folder / "manifest.csv")


def _labels(recordings, config):
    found = {recording.text for recording in recordings} - {NOT_A_COMMAND}
    if len(found) < 2:
        raise ValueError(
            f"`--data` must hold clips of two or more commands that can be used. "
            f"Found {len(found)} in {config.data}"
        )
    if config.data is None:
        return commands.COMMANDS
    return tuple(sorted(found))


def _split(recordings, seed):
    """Returns the parts and how they were made."""
    given = {recording.split for recording in recordings}
    speakers = {recording.speaker for recording in recordings}
    if {"train", "dev", "test"} <= given:
        parts = {
            name: tuple(r for r in recordings if r.split == name)
            for name in ("train", "dev", "test")
        }
        return parts, "the split named test in the manifest"
    if {"train", "dev"} <= given or {"train", "test"} <= given:
        held_out = "test" if "test" in given else "dev"
        test = tuple(r for r in recordings if r.split == held_out)
        rest = [r for r in recordings if r.split == "train"]
        parts = _divide(rest, {"train": 0.9, "dev": 0.1}, seed)
        return {**parts, "test": test}, f"the split named {held_out} in the manifest"
    fractions = {"train": 0.8, "dev": 0.1, "test": 0.1}
    parts = _divide(recordings, fractions, seed=seed)
    if None not in speakers and len(speakers) >= _MANY_SPEAKERS:
        return parts, "other speakers than those of training"
    return parts, "other clips, of speakers who may be in training too"


def _divide(recordings, fractions, seed):
    """Divides by speaker if there are enough of them, otherwise clip by clip."""
    speakers = {recording.speaker for recording in recordings}
    if len(speakers) < _MANY_SPEAKERS:
        anonymous = [dataclasses.replace(r, speaker=None) for r in recordings]
        parts = datasets.split_by_speaker(anonymous, fractions, seed=seed)
        original = {(r.path, r.start_seconds): r for r in recordings}
        parts = {
            name: tuple(original[r.path, r.start_seconds] for r in part)
            for name, part in parts.items()
        }
    else:
        parts = datasets.split_by_speaker(recordings, fractions, seed=seed)
    missing = {r.text for r in recordings} - {r.text for r in parts["train"]}
    if missing:
        raise ValueError(
            "Each command must have more clips, or more speakers: none is left to "
            f"train {', '.join(sorted(missing))}"
        )
    return parts


def _sampling_rate(recordings, config):
    """Returns the most common rate of the files, but no more than is wanted."""
    rates = collections.Counter(audio.info(r.path).sampling_rate for r in recordings)
    ((most_common, _),) = rates.most_common(1)
    return min(most_common, config.max_sampling_rate)


def num_epochs(corpus: Corpus, config: Config) -> int:
    """Returns how many passes over the training clips a run makes."""
    if config.epochs is not None:
        return config.epochs
    seconds = sum(recording.measure() for recording in corpus.splits["train"])
    return max(1, min(math.ceil(config.train_seconds / seconds), config.max_epochs))
