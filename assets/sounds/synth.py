"""A small synthesiser: sounds are lists of floats at RATE, made of tones, noise, envelopes, filters and echoes.

Pure, and the same on every run: noise comes from a generator seeded by its caller. Standard library only, so plain
loops: a second of a tone takes about 10 ms, of a filter 15 ms.
"""

import array
import math
import random
import sys
import wave

RATE = 44100
_TABLE = 2048


def _table(harmonics):
    """One cycle, from (number, level) of each harmonic; its peak is 1."""
    cycle = [sum(level * math.sin(2 * math.pi * number * i / _TABLE) for number, level in harmonics)
             for i in range(_TABLE)]
    peak = max(map(abs, cycle))
    return [sample / peak for sample in cycle]


# Few harmonics each, falling faster than the textbook's: below 1.5 kHz nothing folds back, and nothing is shrill.
SINE = _table([(1, 1)])
SOFT = _table([(n, n ** -2.0) for n in range(1, 6)])
SAW = _table([(n, n ** -1.15) for n in range(1, 15)])
SQUARE = _table([(n, n ** -1.15) for n in range(1, 14, 2)])
PULSE = _table([(n, math.sin(math.pi * n / 4) * n ** -1.1) for n in range(1, 13)])
ORGAN = _table([(1, 1), (2, 0.5), (4, 0.25), (8, 0.1)])


def hz(note):
    """The frequency of a note such as 'A4' (440), 'C#5' or 'Eb3'."""
    semitone = "C D EF G A B".index(note[0]) + note.count("#") - note.count("b") + 12 * (int(note[-1]) + 1)
    return 440 * 2 ** ((semitone - 69) / 12)


def samples_of(seconds):
    return max(1, int(seconds * RATE))


# --- Curves: a number per sample --------------------------------------------------------------------------------------


def glide(seconds, *points):
    """From each value to the next in equal parts of the time, by equal ratios."""
    count, curve = samples_of(seconds), []
    for i, (start, end) in enumerate(zip(points, points[1:])):
        part = count * (i + 1) // (len(points) - 1) - len(curve)
        ratio, value = (end / start) ** (1 / max(1, part)), start
        for _ in range(part):
            curve.append(value)
            value *= ratio
    return curve


def decay(seconds, half, attack=0.002):
    """Rises in `attack` seconds, then halves every `half` seconds."""
    count, rise = samples_of(seconds), samples_of(attack)
    ratio, value, curve = 0.5 ** (1 / (half * RATE)), 1.0, []
    for i in range(count):
        if i < rise:
            curve.append(i / rise)
        else:
            curve.append(value)
            value *= ratio
    return curve


def swell(seconds, peak=0.5):
    """From nothing up to 1 at `peak` of the time, and down to nothing: a raised cosine on either side."""
    count = samples_of(seconds)
    top = max(1, int(count * peak))
    rest = max(1, count - top)
    return [0.5 - 0.5 * math.cos(math.pi * (i / top if i < top else (count - i) / rest)) for i in range(count)]


def hold(seconds, attack=0.005, release=0.02):
    """1, but for its ends."""
    count, rise, fall = samples_of(seconds), samples_of(attack), samples_of(release)
    return [min(1.0, i / rise, (count - i) / fall) for i in range(count)]


def tremolo(seconds, rate_hz, depth):
    step = 2 * math.pi * rate_hz / RATE
    return [1 - depth * (0.5 - 0.5 * math.cos(step * i)) for i in range(samples_of(seconds))]


# --- Sources ----------------------------------------------------------------------------------------------------------


def tone(seconds, pitch, cycle=SINE):
    """`pitch` is in Hz, or a curve of it."""
    curve = pitch if isinstance(pitch, list) else [pitch] * samples_of(seconds)
    scale, phase, out = _TABLE / RATE, 0.0, []
    for value in curve:
        out.append(cycle[int(phase)])
        phase = (phase + value * scale) % _TABLE
    return out


def chorus(seconds, pitch, cycle=SAW, spread=0.006):
    """Three of a tone, a little apart."""
    curve = pitch if isinstance(pitch, list) else [pitch] * samples_of(seconds)
    return mix(*((0, 0.4, tone(seconds, [value * (1 + d) for value in curve], cycle)) for d in (-spread, 0, spread)))


def bell(seconds, pitch, ratio=3.5, brightness=2.0, half=0.1):
    """Frequency modulation whose depth dies away: struck metal or glass. Its level dies away too."""
    step, fade = 2 * math.pi * pitch / RATE, decay(seconds, half)
    dim = decay(seconds, half / 2)
    return [level * math.sin(step * i + brightness * depth * math.sin(step * ratio * i))
            for i, (level, depth) in enumerate(zip(fade, dim))]


def noise(seconds, seed):
    draw = random.Random(seed).uniform
    return [draw(-1, 1) for _ in range(samples_of(seconds))]


# --- Changes ----------------------------------------------------------------------------------------------------------


def shaped(samples, *curves):
    """Times each curve, as long as the shortest."""
    for curve in curves:
        samples = [sample * level for sample, level in zip(samples, curve)]
    return samples


def filtered(kind, samples, cutoff, q=0.8):
    """State-variable filter ('low', 'band', 'high'); `cutoff` is in Hz up to 5000, or a curve of it."""
    curve = cutoff if isinstance(cutoff, list) else [cutoff] * len(samples)
    low = band = 0.0
    out, damp, step = [], 1 / q, math.pi / RATE
    which = ("low", "band", "high").index(kind)
    for sample, value in zip(samples, curve):
        f = 2 * math.sin(step * min(value, 5000))
        low += f * band
        high = sample - low - damp * band
        band += f * high
        out.append((low, band, high)[which])
    return out


def driven(samples, amount):
    """Warm overload: tanh, which rounds what it cuts."""
    return [math.tanh(amount * sample) for sample in samples]


def echoed(samples, delay, level, repeats=3):
    return mix(*((i * delay, level ** i, samples) for i in range(repeats + 1)))


def mix(*layers):
    """Layers of (begins at second, level, samples)."""
    starts = [(int(at * RATE), level, samples) for at, level, samples in layers]
    out = [0.0] * max(start + len(samples) for start, _, samples in starts)
    for start, level, samples in starts:
        for i, sample in enumerate(samples, start):
            out[i] += level * sample
    return out


# --- The end ----------------------------------------------------------------------------------------------------------

_PEAK = 0.85      # what the loudest sample may reach
_LOUDNESS = 0.22  # of the loudest 50 ms, as an ear hears it


def _loudness(samples):
    """Root mean square of the loudest 50 ms, without the lows that small speakers and ears hardly give."""
    heard = filtered("high", samples, 200, q=0.7)
    window = samples_of(0.05)
    squares = [sum(s * s for s in heard[i:i + window // 4]) for i in range(0, len(heard), window // 4)]
    return math.sqrt(max(sum(squares[i:i + 4]) for i in range(len(squares))) / window)


def finished(samples, fade=0.02):
    """Without rumble, from nothing to nothing, and as loud as the others, as far as its peak allows."""
    samples = filtered("high", samples, 35, q=0.7)
    fade = min(samples_of(fade), len(samples) // 3)
    rise = samples_of(0.001)
    for i in range(rise):
        samples[i] *= i / rise
    for i in range(fade):
        samples[-1 - i] *= i / fade
    gain = min(_LOUDNESS / _loudness(samples), _PEAK / max(map(abs, samples)))
    return [sample * gain for sample in samples]


def write_wav(path, samples):
    """16-bit mono."""
    data = array.array("h", (round(32767 * sample) for sample in samples))
    if sys.byteorder == "big":
        data.byteswap()
    with wave.open(path, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(data.tobytes())
