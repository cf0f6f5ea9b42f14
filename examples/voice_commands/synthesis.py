"""Speaking on the spot, with the voices of eSpeak NG."""

import contextlib
import ctypes
import itertools
import os
import pathlib
import shutil
import tempfile
from collections.abc import Mapping

import numpy as np

from speechkit import audio

SAMPLING_RATE = 16000
MARGIN_SECONDS = 0.05
PEAK = 0.5

# Variants of eSpeak NG that keep the tones and vowels of Mandarin. By the RMS
# distance of their log-mel spectra, saying the same phrases, any two are 5.5 dB or
# more apart, and a voice of dev or test is 6 dB or more from every one of train.
SPLITS: Mapping[str, tuple[str, ...]] = {
    "train": (
        *("f3", "f5", "annie", "belinda", "alicia", "zac"),  # women, a child
        *("andy", "denis", "ed", "gustave", "iven4", "lee", "m2", "m3", "m6", "m7"),
        *("mario", "michel", "sandro"),  # men, as those above
        *("edward", "mike2", "whisper"),  # other models of the glottis
    ),
    "dev": ("f1", "steph", "boris", "gene", "quincy"),
    "test": ("f4", "linda", "grandma", "m4", "pablo", "storm", "david", "whisperf"),
}
VOICES = tuple(itertools.chain.from_iterable(SPLITS.values()))

# Names of speak_lib.h, the header of eSpeak NG.
_SYNCHRONOUS, _DONT_EXIT, _POSITION_CHARACTER, _CHARS_UTF8 = 2, 0x8000, 1, 1
_RATE, _VOLUME, _PITCH, _PITCH_RANGE = 1, 2, 3, 4
_ON_SAMPLES = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p
)


class Synthesizer:
    """Speaks a language with the voices of eSpeak NG.

    The library has one state for the whole process: keep one synthesizer open at a
    time, used by one thread, and close it or use it in a `with` statement. A
    waveform depends on the language and the arguments of `speak` alone, not on what was
    said before.

    Args:
        language: Name of a language of eSpeak NG, such as `"cmn"`, Mandarin, `"en-us"`
            or `"de"`.

    Raises:
        ValueError: If eSpeak NG has no such language.
        ImportError: If the package `espeakng-loader` is not installed.
        OSError: If the library cannot be loaded or cannot read its data.
        RuntimeError: If another synthesizer is open in this process.

    Example:
        >>> with Synthesizer() as synthesizer:
        ...     waveform = synthesizer.speak("蓝牙开机", voice="f3")
    """

    _current: "Synthesizer | None" = None

    def __init__(self, language: str = "cmn"):
        if Synthesizer._current is not None:
            raise RuntimeError("Close the open `Synthesizer` before opening another.")
        self._chunks: list[bytes] = []
        self._language = language
        self._library, data = _load_library()
        with contextlib.ExitStack() as opened:
            folder = opened.enter_context(tempfile.TemporaryDirectory(prefix="espeak-"))
            opened.callback(self._library.espeak_Terminate)
            self._start(data, pathlib.Path(folder))
            self._opened = opened.pop_all()
        Synthesizer._current = self

    def __enter__(self) -> "Synthesizer":
        return self

    def __exit__(self, *_) -> None:
        self.close()

    def close(self) -> None:
        """Frees the library and removes its temporary data; may be called twice."""
        if Synthesizer._current is self:
            self._opened.close()
            Synthesizer._current = None

    def speak(
        self,
        text: str,
        *,
        voice: str,
        words_per_minute: int = 175,
        pitch: int = 50,
        pitch_range: int = 50,
    ) -> np.ndarray:
        """Returns `text` spoken, 0.05 s of silence at both ends, with a peak of 0.5.

        Args:
            text: What to say, in characters or digits.
            voice: One of `VOICES`.
            words_per_minute: Speed from 80 to 450; 175 is about four syllables a
                second.
            pitch: Height of the voice from 0 to 99; 50 is the voice's own, 30 and 70
                lie four semitones below and above it.
            pitch_range: Span of the tones from 0 (a monotone) to 99; 50 is the
                voice's own.

        Returns:
            Samples in float32 at `SAMPLING_RATE`, 16 kHz.

        Raises:
            ValueError: If an argument is out of its range or `text` has no sound.
            RuntimeError: If the synthesizer is closed.
        """
        self._set_voice(voice)
        self._set(_RATE, "words_per_minute", words_per_minute, 80, 450)
        self._set(_PITCH, "pitch", pitch, 0, 99)
        self._set(_PITCH_RANGE, "pitch_range", pitch_range, 0, 99)
        samples = self._synthesize(text)
        if not samples.any():
            raise ValueError(f"`text` must be speakable. Received: text={text!r}")
        waveform = samples.astype(np.float32)
        return _trim(
            audio.resample(waveform, from_rate=self._native_rate, to_rate=SAMPLING_RATE)
        )

    def phonemes(self, text: str) -> str:
        """Returns how `text` is read, in eSpeak NG's letters.

        The digits are the tones: 55 is the first, 35 the second, 214 the third, 51
        the fourth and 11 the neutral one.
        """
        self._set_voice(VOICES[0])
        rest, phonemes = ctypes.c_char_p(text.encode()), []
        while rest.value is not None:
            phonemes.append(
                self._library.espeak_TextToPhonemes(ctypes.byref(rest), _CHARS_UTF8, 0)
            )
        return b" ".join(phonemes).decode()

    def _start(self, data: pathlib.Path, folder: pathlib.Path) -> None:
        _copy_data(data, folder / "espeak-ng-data")
        # The Windows library opens files by names in the code page of the machine.
        path = str(folder).encode("mbcs") if os.name == "nt" else os.fsencode(folder)
        self._native_rate = self._library.espeak_Initialize(
            _SYNCHRONOUS, 0, path, _DONT_EXIT
        )
        if self._native_rate <= 0:
            accepted = "accepted is a temporary folder with a path of up to 144 bytes"
            raise OSError(f"{folder}: eSpeak NG cannot read its data; {accepted}")
        self._on_samples = _ON_SAMPLES(self._keep)  # the library does not own it
        self._library.espeak_SetSynthCallback(self._on_samples)
        if self._library.espeak_SetVoiceByName(self._language.encode()):
            raise ValueError(
                "`language` must be the name of a language of eSpeak NG, such as "
                f"'cmn', 'en-us' or 'de'. Received: language={self._language!r}"
            )

    def _synthesize(self, text: str) -> np.ndarray:
        # Louder, some voices would meet a limiter that remembers the last phrase.
        self._library.espeak_SetParameter(_VOLUME, 40, 0)
        self._library.espeak_ng_SetRandSeed(0)  # of the breath
        self._chunks.clear()
        encoded = text.encode()
        self._library.espeak_Synth(
            encoded, len(encoded) + 1, 0, _POSITION_CHARACTER, 0, _CHARS_UTF8, 0, 0
        )
        return np.frombuffer(b"".join(self._chunks), dtype=np.int16)

    def _keep(self, address: int | None, count: int, _events: int | None) -> int:
        if address and count > 0:
            self._chunks.append(ctypes.string_at(address, 2 * count))
        return 0  # go on

    def _set_voice(self, voice: str) -> None:
        if Synthesizer._current is not self:  # the library would crash
            raise RuntimeError("This `Synthesizer` is closed.")
        if voice not in VOICES:
            listed = ", ".join(repr(name) for name in VOICES)
            raise ValueError(f"`voice` must be one of {listed}. Received: {voice=}")
        self._library.espeak_SetVoiceByName(f"{self._language}+{voice}".encode())

    def _set(self, parameter: int, name: str, value: int, low: int, high: int) -> None:
        if not isinstance(value, int) or not low <= value <= high:
            accepted = f"`{name}` must be an integer from {low} to {high}."
            raise ValueError(f"{accepted} Received: {name}={value!r}")
        self._library.espeak_SetParameter(parameter, value, 0)


def _load_library() -> tuple[ctypes.CDLL, pathlib.Path]:
    try:
        import espeakng_loader
    except ImportError as error:
        raise ImportError(
            "`Synthesizer` needs eSpeak NG: pip install 'espeakng-loader>=0.2.4'"
        ) from error
    path = espeakng_loader.get_library_path()
    try:
        library = ctypes.CDLL(path)
    except OSError as error:
        message = f"{path}: cannot be loaded ({error}); accepted is eSpeak NG 1.52"
        raise OSError(message) from error
    _declare(library)
    return library, pathlib.Path(espeakng_loader.get_data_path())


def _declare(library: ctypes.CDLL) -> None:
    """Tells `ctypes` the arguments that are not plain integers."""
    number, unsigned = ctypes.c_int, ctypes.c_uint
    text, pointer = ctypes.c_char_p, ctypes.c_void_p
    library.espeak_Initialize.argtypes = [number, number, text, number]
    library.espeak_Synth.argtypes = [
        *(text, ctypes.c_size_t, unsigned, number),
        *(unsigned, unsigned, pointer, pointer),
    ]
    library.espeak_TextToPhonemes.argtypes = [pointer, number, number]
    library.espeak_TextToPhonemes.restype = text
    library.espeak_ng_SetRandSeed.argtypes = [ctypes.c_long]


def _copy_data(source: pathlib.Path, target: pathlib.Path) -> None:
    """Copies the data of all languages, with voices that do not tremble.

    The tremble (flutter) and the roughness of a voice run on from phrase to phrase,
    so that a waveform would depend on what was said before.
    """
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("!v"))
    (target / "voices/!v").mkdir()
    variants = {path.name.lower(): path for path in (source / "voices/!v").iterdir()}
    for voice in VOICES:
        settings = variants[voice].read_bytes() + b"\nflutter 0\nroughness 0\n"
        (target / "voices/!v" / voice).write_bytes(settings)


def _trim(waveform: np.ndarray) -> np.ndarray:
    magnitude = np.abs(waveform)
    peak = magnitude.max()
    (loud,) = np.nonzero(magnitude > peak / 100)  # 40 dB below the peak
    speech = waveform[loud[0] : loud[-1] + 1] * (PEAK / peak)
    return np.pad(speech, round(MARGIN_SECONDS * SAMPLING_RATE))
