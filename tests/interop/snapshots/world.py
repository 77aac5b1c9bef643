"""A World in a FlatBuffer as lanes and runs, what a run says, and a World's hash: docs/snapshots.md, "Slow state"."""
import struct

import bfbs
from bits import Damaged
from constants import KEY_MAX, RUN_DEPTH_MAX, RUN_TABLES_MAX
from layout import Hasher
from state import GroupValues, World


def read_world(layout, data):
    root = bfbs.Table.root(data)
    return World([read_group(group, root) for group in layout.groups], [read_slow(slow, root) for slow in layout.slow])


def read_group(group, root):
    at, size = root.vector(group.entry)
    rows = {}
    for place in range(at, at + size * group.bytes, group.bytes):
        key = scalar(root.data, place + group.key.offset, group.key.base) & KEY_MAX
        rows[key] = [read_lane(lane, root.data, place) for lane in group.lanes]
    keys = sorted(rows)
    return GroupValues(keys, [rows[key] for key in keys])


def scalar(data, at, base):
    return struct.unpack_from("<" + bfbs.SCALARS[base], data, at)[0]


def read_lane(lane, data, place):
    value = scalar(data, place + lane.offset, lane.base)
    if lane.base == bfbs.ULONG:
        value = struct.unpack("<q", struct.pack("<Q", value))[0]
    if not lane.is_float:
        return value
    limit = 2147483647 if lane.bits == 32 else 9007199254740992
    return min(max(round(value / lane.quantum), -limit), limit)


def read_slow(slow, root):
    if slow.key is None:
        return {0: run_of(slow.element, root, True)}
    runs = {}
    for table in root.tables(slow.entry):
        key = table.scalar(slow.key.offset, bfbs.SCALARS[slow.key.base], slow.key.default)
        runs[key & KEY_MAX] = run_of(slow.element, table, False)
    return dict(sorted(runs.items()))


def is_left_out(field, is_world):
    return is_world and field.shape in (bfbs.STRUCTS_VECTOR, bfbs.TABLES_VECTOR)


def run_of(of, table, is_world):
    run = b""
    for field in of.fields:
        if is_left_out(field, is_world):
            continue
        at = table.place(field.offset)
        run += bytes([1 if at else 0]) + (child_of(field, table, at) if at else b"")
    return run


def struct_of(of, data, at):
    out = bytearray(of.bytes)
    for field in of.fields:
        size = field.child.bytes if field.child is not None else field.bytes
        inner = at + field.offset
        out[field.offset:field.offset + size] = (struct_of(field.child, data, inner) if field.child is not None else
                                                 data[inner:inner + size])
    return bytes(out)


def child_of(field, table, at):
    data = table.data
    if field.shape == bfbs.SCALAR:
        return data[at:at + field.bytes]
    if field.shape == bfbs.STRUCT:
        return struct_of(field.child, data, at)
    if field.shape == bfbs.TABLE:
        return run_of(field.child, table.table(field.offset), False)
    at, size = table.vector(field.offset)
    length = struct.pack("<I", size)
    if field.shape == bfbs.TEXT:
        return length + data[at:at + size]
    if field.shape == bfbs.SCALARS_VECTOR:
        return length + data[at:at + size * field.bytes]
    if field.shape == bfbs.STRUCTS_VECTOR:
        return length + b"".join(struct_of(field.child, data, at + i * field.child.bytes) for i in range(size))
    if field.shape == bfbs.TABLES_VECTOR:
        return length + b"".join(run_of(field.child, child, False) for child in table.tables(field.offset))
    texts = []
    for place in range(at, at + 4 * size, 4):
        text = place + struct.unpack_from("<I", data, place)[0]
        texts.append(data[text:text + 4 + struct.unpack_from("<I", data, text)[0]])
    return length + b"".join(texts)


class RunReader:
    """What a run says, which may be anything: a dict of the fields that are there."""

    def __init__(self, run):
        self.run, self.at, self.tables = run, 0, 0

    @staticmethod
    def read(of, run, is_world):
        reader = RunReader(run)
        fields = reader.table(of, is_world, 1 if is_world else 2)
        if reader.at != len(run):
            raise Damaged("a run goes on after its end")
        return fields

    def take(self, size):
        if size > len(self.run) - self.at:
            raise Damaged("a run ends early")
        self.at += size
        return self.run[self.at - size:self.at]

    def length(self, element_bytes_min):
        length = struct.unpack("<I", self.take(4))[0]
        if length * element_bytes_min > len(self.run) - self.at:
            raise Damaged("a run ends early")
        return length

    def table(self, of, is_world, depth):
        self.tables += 1
        if depth > RUN_DEPTH_MAX or self.tables > RUN_TABLES_MAX:
            raise Damaged("a run has too many tables")
        fields = {}
        for field in of.fields:
            if is_left_out(field, is_world):
                continue
            if self.take(1)[0]:
                fields[field.name] = self.child(field, depth)
            elif field.is_required:
                raise Damaged("a run lacks what is required")
        return fields

    def child(self, field, depth):
        if field.shape == bfbs.SCALAR:
            return scalar(self.take(field.bytes), 0, field.base)
        if field.shape == bfbs.STRUCT:
            return self.take(field.child.bytes)
        if field.shape == bfbs.TEXT:
            return self.take(self.length(1))
        if field.shape == bfbs.TABLE:
            return self.table(field.child, False, depth + 1)
        if field.shape == bfbs.TEXTS_VECTOR:
            return [self.take(self.length(1)) for _ in range(self.length(4))]
        if field.shape == bfbs.TABLES_VECTOR:
            return [self.table(field.child, False, depth + 1) for _ in range(self.length(len(field.child.fields)))]
        size = field.child.bytes if field.child is not None else field.bytes
        return [self.take(size) for _ in range(self.length(size))]


def check_runs(layout, world):
    """Raises where the slow state is none."""
    if len(world.slow[-1]) != 1:
        raise Damaged("the World has no state of its own")
    for slow, runs in zip(layout.slow, world.slow):
        for run in runs.values():
            RunReader.read(slow.element, run, slow.key is None)


def public_hash(layout, world):
    hasher = Hasher()
    for group, values in zip(layout.groups, world.groups):
        for key, row in zip(values.keys, values.rows):
            hasher.add("<I%dq" % group.public, key, *row[:group.public])
    for runs in world.slow:
        for key, run in runs.items():
            hasher.add("<I", key).bytes(run)
    return (hasher.value ^ hasher.value >> 32) & 0xFFFFFFFF
