"""What a rectangular room adds to a sound: its impulse response by the image method."""

import numpy as np

SPEED_OF_SOUND = 343.0  # metres a second, at 20 °C
# Samples on each side of the place where an echo arrives between two samples.
_HALF_WIDTH = 16


def impulse_response(
    size, source, listener, reflection: float, sampling_rate: int, seconds: float
) -> np.ndarray:
    """Returns the impulse response of a rectangular room, `(samples,)`, in float64.

    Every path by way of the walls is a straight line from a mirror image of the source.
    An echo over `d` metres and `k` reflections arrives after `d / 343` seconds with
    the amplitude `reflection ** k / d`, so that the direct sound over a metre has 1.

    Args:
        size: Length, width and height of the room, in metres.
        source: Place of the source, in metres from one corner.
        listener: Place of the microphone.
        reflection: Share of the amplitude that a wall gives back.
        sampling_rate: Samples per second, in hertz.
        seconds: Length of the response.

    References:
        Allen and Berkley, Image method for efficiently simulating small-room
        acoustics, 1979.
    """
    farthest = seconds * SPEED_OF_SOUND
    squares, reflections = np.zeros(1), np.zeros(1, dtype=int)
    for axis in range(3):
        distances, counts = _images(size[axis], source[axis], listener[axis], farthest)
        squares = (squares[:, None] + np.square(distances)).ravel()
        reflections = (reflections[:, None] + counts).ravel()
        near = squares <= farthest**2
        squares, reflections = squares[near], reflections[near]
    distances = np.sqrt(squares)
    amplitudes = reflection**reflections / distances
    arrivals = distances / SPEED_OF_SOUND * sampling_rate
    return _impulses(arrivals, amplitudes, round(seconds * sampling_rate))


def reflection(size, seconds: float) -> float:
    """Returns what walls must give back for a reverberation time, by Eyring's formula.

    Args:
        size: Length, width and height of the room, in metres.
        seconds: Time in which the sound falls by 60 dB.
    """
    x, y, z = size
    surface = 2 * (x * y + y * z + z * x)
    # exp(−0.161 V / (S T)) is what a wall gives back of the energy.
    return float(np.exp(-0.161 * x * y * z / (surface * seconds) / 2))


def drawn_response(random, sampling_rate: int, seconds: float) -> np.ndarray:
    """Returns the response of a room of random size, with speaker and microphone.

    Args:
        random: A NumPy generator.
        sampling_rate: Samples per second, in hertz.
        seconds: Reverberation time.
    """
    size = random.uniform((3.0, 3.0, 2.4), (8.0, 6.0, 3.5))
    source, listener = random.uniform(0.5, size - 0.5, size=(2, 3))
    response = impulse_response(
        size, source, listener, reflection(size, seconds), sampling_rate, seconds
    )
    return without_rumble(response, sampling_rate)


def without_rumble(response: np.ndarray, sampling_rate: int) -> np.ndarray:
    """Returns an impulse response after a high-pass of second order at 100 Hz.

    All echos of the image method push the same way, so that the lowest frequencies,
    which no room carries like that, would add up to an offset; Allen and Berkley take
    them away, too.

    Args:
        response: `(samples,)`.
        sampling_rate: Samples per second, in hertz.
    """
    count = len(response)
    corner = np.pi * 100 / sampling_rate
    angles = np.linspace(0, np.pi / 2, count + 1)
    sine, cosine = np.sin(angles) * np.cos(corner), np.cos(angles) * np.sin(corner)
    below = np.square(cosine) - np.square(sine) + 1j * np.sqrt(2) * sine * cosine
    spectrum = np.fft.rfft(response, 2 * count) * -np.square(sine) / below
    return np.fft.irfft(spectrum, 2 * count)[:count]


def _images(length, source, listener, farthest):
    """Returns distances along one axis, and how many walls lie between."""
    most = int(farthest / (2 * length)) + 1
    rooms = np.arange(-most, most + 1)
    distances = [2 * rooms * length + source, 2 * rooms * length - source]
    counts = [2 * np.abs(rooms), np.abs(rooms) + np.abs(rooms - 1)]
    return np.concatenate(distances) - listener, np.concatenate(counts)


def _impulses(arrivals, amplitudes, count):
    """Returns the sum of impulses that arrive between samples, by windowed sincs."""
    response = np.zeros(count + 2 * _HALF_WIDTH + 1)
    whole = np.floor(arrivals).astype(int)
    for offset in range(-_HALF_WIDTH + 1, _HALF_WIDTH + 1):
        away = offset - (arrivals - whole)
        window = np.square(np.cos(0.5 * np.pi * away / _HALF_WIDTH))
        values = amplitudes * np.sinc(away) * window
        places = np.clip(whole + offset + _HALF_WIDTH, 0, len(response) - 1)
        response += np.bincount(places, values, minlength=len(response))
    return response[_HALF_WIDTH : _HALF_WIDTH + count]
