"""The file that `codec_bench --packed-out` writes: packed frames, and what each must be read as."""
import struct
from collections import namedtuple

FIRST, RESTART = 1, 2
Frame = namedtuple("Frame", "tick flags world_hash bits own world")


def read_file(path):
    """The hash of the layout, and the frames."""
    with open(path, "rb") as file:
        data = file.read()
    frames, at = [], 8
    while at < len(data):
        numbers = struct.unpack_from("<III", data, at)
        at += 12
        parts = []
        for _ in range(3):
            size = struct.unpack_from("<I", data, at)[0]
            parts.append(data[at + 4:at + 4 + size])
            at += 4 + size
        frames.append(Frame(*numbers, *parts))
    return struct.unpack_from("<Q", data)[0], frames
