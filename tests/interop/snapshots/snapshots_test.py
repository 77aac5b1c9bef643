#!/usr/bin/env python3
"""Reads packed snapshots with a decoder that was written from docs/snapshots.md and shares no code with the server.

    snapshots_test.py SNAPSHOT_FRAMES CODEC_BENCH FLATC FOLDER_OF_SCRIM.FBS [unittest's own]

SNAPSHOT_FRAMES makes the Worlds, CODEC_BENCH packs them; both are compared lane by lane and run by run.
"""
import os
import pickle
import random
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True  # into the sources' folder

import bfbs
import constants
import page
import world
from bits import Damaged
from layout import Layout
from packed_file import FIRST, RESTART, Frame, read_file
from viewer import Viewer

FRAMES = 1000
SKIP = 11  # one of so many Worlds is not packed, so that snapshots are not equally far apart
RESTART = 200
HERE = os.path.dirname(os.path.abspath(__file__))
PAGE = os.path.join(HERE, "..", "..", "..", "docs", "snapshots.md")


class Stream:
    """Packed frames of a schema's Worlds."""

    def __init__(self, folder, schema, player, is_arena):
        name = os.path.splitext(os.path.basename(schema))[0]
        bfbs_path, worlds, packed = (os.path.join(folder, name + end) for end in (".bfbs", ".worlds", ".packed"))
        run(FLATC, "--binary", "--schema", "--bfbs-builtins", "-I", SCHEMAS, "-o", folder, schema)
        run(SNAPSHOT_FRAMES, "arena" if is_arena else bfbs_path, str(FRAMES * SKIP // (SKIP - 1)), worlds)
        run(CODEC_BENCH, "--schema", bfbs_path, "--frames", worlds, "--ticks", "2", "--json", "--packed-out", packed,
            "--viewer", str(player), "--skip", str(SKIP), "--restart", str(RESTART))
        with open(bfbs_path, "rb") as file:
            self.layout = Layout(bfbs.Schema(file.read()))
        self.hash, self.frames = read_file(packed)
        self.player = player


def run(*command):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError("%s: %s" % (" ".join(command), done.stdout))


def first_difference(layout, left, right):
    """Empty: there is none."""
    for group, a, b in zip(layout.groups, left.groups, right.groups):
        if a.keys != b.keys:
            return "%s: %s != %s" % (group.name, a.keys, b.keys)
        for key, row, other in zip(a.keys, a.rows, b.rows):
            for lane, value, expected in zip(group.lanes, row, other):
                if value != expected:
                    return "%s %d.%s: %d != %d" % (group.name, key, lane.name, value, expected)
    for slow, a, b in zip(layout.slow, left.slow, right.slow):
        if a != b:
            return "%s: %s != %s" % (slow.name or "the rest", a, b)
    return ""


def damaged(data, rng):
    data = bytearray(data)
    way = rng.randrange(4)
    if way == 0 and data:
        for _ in range(1 + rng.randrange(3)):
            data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    elif way == 1:
        del data[rng.randrange(len(data) + 1):]
    elif way == 2:
        data += rng.randbytes(1 + rng.randrange(20))
    else:
        data[:] = rng.randbytes(rng.randrange(60))
    return bytes(data)


class Snapshots(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        with tempfile.TemporaryDirectory() as folder:
            cls.arena = Stream(folder, os.path.join(SCHEMAS, "arena.fbs"), 2, True)
            cls.changing = Stream(folder, os.path.join(HERE, "changing.fbs"), 3, False)

    def expect_read(self, stream):
        self.assertGreaterEqual(len(stream.frames), FRAMES)
        viewer = Viewer(stream.layout, stream.player)
        for i, frame in enumerate(stream.frames):
            viewer.read(frame)
            expected = world.read_world(stream.layout, frame.world)
            self.assertEqual(first_difference(stream.layout, viewer.shown, expected), "", "frame %d" % i)
            self.assertEqual(viewer.hash(), frame.world_hash, "frame %d" % i)

    def test_reads_a_fight_of_the_arena(self):
        self.expect_read(self.arena)

    def test_reads_tables_strings_owners_births_and_deaths(self):
        self.expect_read(self.changing)

    def test_knows_the_hash_that_a_client_says_in_packs(self):
        for stream in (self.arena, self.changing):
            self.assertEqual(stream.layout.hash, stream.hash)

    def test_reads_the_example_of_the_page(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "demo.fbs")
            with open(path, "w", encoding="utf-8") as file:
                file.write(page.schema(PAGE))
            run(FLATC, "--binary", "--schema", "--bfbs-builtins", "-I", SCHEMAS, "-o", folder, path)
            with open(os.path.join(folder, "demo.bfbs"), "rb") as file:
                layout = Layout(bfbs.Schema(file.read()))
        self.assertEqual("%x" % layout.hash, page.packs(PAGE))
        viewer = Viewer(layout, 0)
        rows = page.frames(PAGE)
        self.assertGreater(len(rows), 3)
        for i, (tick, bits, world_hash, ships, title) in enumerate(rows):
            viewer.read(Frame(int(tick), 0 if i else FIRST | RESTART, 0, bytes.fromhex(bits), b"", b""))
            group = viewer.shown.groups[0]
            said = "; ".join("%d, %d, %d" % (key, *row) for key, row in zip(group.keys, group.rows))
            own = world.RunReader.read(layout.world, viewer.shown.slow[-1][0], True)
            self.assertEqual((said, own["title"].decode(), "%08x" % viewer.hash()), (ships, title, world_hash))

    def test_has_the_constants_of_the_page(self):
        of_page = page.constants(PAGE)
        ours = {name: value for name, value in vars(constants).items() if name.isupper()}
        self.assertEqual(of_page, ours)

    def is_refused(self, stream, state, frame):
        """If it is not, its hash tells whether it is the World that was packed."""
        viewer = Viewer(stream.layout, stream.player)
        viewer.state, viewer.shown = pickle.loads(state)
        try:
            viewer.read(frame)
        except Damaged:
            return True
        is_same = first_difference(stream.layout, viewer.state.world, world_for_all(stream, frame)) == ""
        self.assertEqual(viewer.hash() == frame.world_hash, is_same)
        return False

    def test_of_damaged_bytes_is_an_error_or_another_world(self):
        rng = random.Random(7)
        refused = []
        for stream in (self.arena, self.changing):
            viewer = Viewer(stream.layout, stream.player)
            for i, frame in enumerate(stream.frames[:60]):
                if i % 3 == 0:
                    state = pickle.dumps((viewer.state, viewer.shown))
                    for _ in range(5):
                        other = frame._replace(bits=damaged(frame.bits, rng), own=damaged(frame.own, rng))
                        refused.append(self.is_refused(stream, state, other))
                viewer.read(frame)
        self.assertGreater(refused.count(True), 50)
        self.assertGreater(refused.count(False), 20)

    def test_refuses_what_builds_on_no_frame_before(self):
        viewer = Viewer(self.arena.layout, 0)
        first, second = self.arena.frames[:2]
        with self.assertRaises(Damaged):
            viewer.read(second)
        viewer.read(first)
        with self.assertRaises(Damaged):
            viewer.read(second._replace(tick=first.tick))
        with self.assertRaises(Damaged):
            viewer.read(second)

    def test_of_a_damaged_run_is_an_error_or_other_fields(self):
        rng = random.Random(8)
        layout = self.changing.layout
        errors = 0
        for frame in self.changing.frames[:300]:
            of = world.read_world(layout, frame.world)
            for slow, runs in zip(layout.slow, of.slow):
                for run_bytes in runs.values():
                    world.RunReader.read(slow.element, run_bytes, slow.key is None)
                    try:
                        world.RunReader.read(slow.element, damaged(run_bytes, rng), slow.key is None)
                    except Damaged:
                        errors += 1
        self.assertGreater(errors, 100)


def world_for_all(stream, frame):
    """What everybody is sent: nothing that is owner_only."""
    of = world.read_world(stream.layout, frame.world)
    for group, values in zip(stream.layout.groups, of.groups):
        for row in values.rows:
            row[group.public:] = [0] * (len(group.lanes) - group.public)
    return of


if __name__ == "__main__":
    SNAPSHOT_FRAMES, CODEC_BENCH, FLATC, SCHEMAS = sys.argv[1:5]
    unittest.main(argv=sys.argv[:1] + sys.argv[5:])
