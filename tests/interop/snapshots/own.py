"""What is for a client alone: docs/snapshots.md, "The own part"."""
from bits import BitReader
from constants import OWN_CHANGED, OWN_EVEN
from guesses import fit


def owns(group, key, row, viewer):
    return viewer != 0 and (key if group.owner < 0 else row[group.owner]) == viewer


def read_number(bits):
    digits = 0
    while digits < 64 and bits.bit(OWN_EVEN):
        digits += 1
    folded = 1 if digits else 0
    for _ in range(digits - 1):
        folded = folded << 1 | bits.bit(OWN_EVEN)
    return folded >> 1 if folded & 1 == 0 else -(folded >> 1) - 1


def read_lane(bits, lane, before, tick):
    if not bits.bit(OWN_CHANGED):
        return before
    base = tick if bits.bit(OWN_EVEN) else before
    return fit(lane, base + read_number(bits))


def decode_own(layout, viewer, before, data, tick, now):
    """`now`: what everybody is sent, to which this is added; `before`: what the viewer was shown last, or None."""
    bits = BitReader(data)
    for index, (group, values) in enumerate(zip(layout.groups, now.groups)):
        if group.public == len(group.lanes):
            continue
        for key, row in zip(values.keys, values.rows):
            if not owns(group, key, row, viewer):
                continue
            old = before.groups[index].by_key.get(key) if before is not None else None
            if old is None or not owns(group, key, old, viewer):
                old = [0] * len(row)
            for i in range(group.public, len(group.lanes)):
                if not data:
                    row[i] = old[i]
                    continue
                row[i] = read_lane(bits, group.lanes[i], old[i], tick)
                bits.check()
