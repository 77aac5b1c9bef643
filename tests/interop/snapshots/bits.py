"""The range coder's reading end: docs/snapshots.md, "The range coder"."""

MASK = 0xFFFFFFFFFFFFFFFF
TOP = 1 << 32


class Damaged(Exception):
    """What is read is no packed snapshot."""


class BitReader:
    def __init__(self, data):
        self.data = data
        self.at = 0  # goes on behind the end, where there are zeros
        self.code = self.range = 0
        self.shift()
        self.shift()
        self.range = MASK

    def shift(self):
        self.range = self.range << 32 & MASK
        word = self.data[self.at:self.at + 4]
        self.at += 4
        if len(word) < 4:
            word = word.ljust(4, b"\0")
        self.code = (self.code << 32 | int.from_bytes(word, "big")) & MASK

    def check(self):
        """Raises if more was read than a sound stream is read."""
        if self.at > len(self.data) + 8:
            raise Damaged("it ends early")

    def bit(self, of_one):
        """Is it 1, whose probability is so many 65536ths?"""
        ones = (self.range >> 16) * of_one
        if self.code < ones:
            self.range = ones
            if ones < TOP:
                self.shift()
            return True
        self.code -= ones
        self.range -= ones
        if self.range < TOP:
            self.shift()
        return False

    def peek_share(self):
        return min(self.code // (self.range >> 15), 32767)

    def share(self, low, high):
        unit = self.range >> 15
        self.code = self.code - unit * low & MASK
        self.range = unit * (high - low)
        if self.range < TOP:
            self.shift()

    def raw(self, count):
        self.range >>= count
        value = min(self.code // self.range, (1 << count) - 1)
        self.code -= value * self.range
        if self.range < TOP:
            self.shift()
        return value
