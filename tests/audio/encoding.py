"""Sound files of FFmpeg's formats, as the tests of reading need them."""

import dataclasses
import fractions

import av
import numpy as np


@dataclasses.dataclass(frozen=True)
class Encoding:
    """How FFmpeg writes a file, and what such a file does not state.

    `padding` is how many samples more than were written may come out, and `delay` by
    how many they come late.
    """

    name: str
    container: str
    codec: str
    rate: int = 16000
    sample_format: str = "fltp"
    options: tuple[tuple[str, str], ...] = ()
    padding: int = 0
    delay: int = 0


def encode(path, samples, encoding, channels=1):
    """Writes samples, float32 from -1 to 1, into a file."""
    layout = {1: "mono", 2: "stereo"}[channels]
    options = dict(encoding.options)
    with av.open(path, "w", format=encoding.container, options=options) as container:
        stream = container.add_stream(encoding.codec, rate=encoding.rate)
        stream.codec_context.layout = layout
        stream.codec_context.format = encoding.sample_format
        if encoding.container != "adts":
            stream.codec_context.bit_rate = 64000
        for start in range(0, len(samples), 4800):
            block = np.tile(samples[start : start + 4800], (channels, 1))
            if encoding.sample_format.startswith("s16"):
                block = np.round(block * 32767).astype(np.int16)
            if not encoding.sample_format.endswith("p"):
                block = np.ascontiguousarray(block.T).reshape(1, -1)
            frame = av.AudioFrame.from_ndarray(
                block, format=encoding.sample_format, layout=layout
            )
            frame.sample_rate, frame.pts = encoding.rate, start
            frame.time_base = fractions.Fraction(1, encoding.rate)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


LIVE = (("live", "1"),)
FAST_START = (("movflags", "faststart"),)
FRAGMENTED = (("movflags", "frag_keyframe+empty_moov"),)
# AMR looks 5 ms ahead, of which FFmpeg's 3GP claims 10 samples too much. WMA loses half
# a frame in FFmpeg itself.
ENCODINGS = (
    Encoding("voice.m4a", "ipod", "aac"),
    Encoding("voice.mp4", "mp4", "aac", 44100),
    Encoding(
        "faststart.mp4", "mp4", "aac", 48000, options=(("movflags", "faststart"),)
    ),
    Encoding(
        "fragments.mp4", "mp4", "aac", options=FRAGMENTED, padding=1024, delay=1024
    ),
    Encoding("lossless.m4a", "ipod", "alac", sample_format="s16p"),
    Encoding("film.mov", "mov", "aac"),
    Encoding("phone.3gp", "3gp", "amr_nb", 8000, "s16", delay=-10),
    Encoding("phone.amr", "amr", "amr_nb", 8000, "s16", padding=160, delay=40),
    Encoding("voice.aac", "adts", "aac", padding=2048, delay=1024),
    Encoding("browser.webm", "webm", "libopus", 48000, "flt"),
    Encoding("live.webm", "webm", "libopus", 48000, "flt", options=LIVE),
    Encoding("voice.mkv", "matroska", "libopus", 48000, "flt"),
    Encoding("lossless.mkv", "matroska", "flac", sample_format="s16"),
    Encoding("message.opus", "ogg", "libopus", 48000, "flt"),
    Encoding("message.ogg", "ogg", "libopus", 16000, "s16"),
    Encoding("voice.wma", "asf", "wmav2", padding=2048, delay=-512),
    Encoding("voice.avi", "avi", "libmp3lame", padding=2304, delay=1105),
    Encoding("lossless.wv", "wv", "wavpack", sample_format="s16p"),
    Encoding("lossless.tta", "tta", "tta", sample_format="s16"),
)
