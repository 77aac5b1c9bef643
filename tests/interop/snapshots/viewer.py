"""A client's end of a stream of packed snapshots: what it is shown after each."""
import codec
import own
import world
from bits import Damaged
from packed_file import FIRST, RESTART
from state import GroupValues, State, World


class Viewer:
    def __init__(self, layout, player):
        self.layout, self.player = layout, player
        self.state = self.shown = None

    def read(self, frame):
        """Raises Damaged; then nothing more can be read until a frame builds on nothing."""
        try:
            self.read_sound(frame)
        except Damaged:
            self.state = self.shown = None
            raise

    def read_sound(self, frame):
        if frame.flags & FIRST:
            self.state, self.shown = State(self.layout), None
        elif self.state is None:
            raise Damaged("it builds on a frame that is not there")
        elif frame.tick <= self.state.past[0][0]:
            raise Damaged("it builds on a frame of no earlier tick")
        elif frame.flags & RESTART:
            self.state = State(self.layout, self.state.past[0])
        codec.decode(self.layout, self.state, frame.tick, frame.bits)
        for_all = self.state.world
        shown = World([GroupValues(group.keys, [row[:] for row in group.rows]) for group in for_all.groups],
                      for_all.slow)
        own.decode_own(self.layout, self.player, self.shown, frame.own, frame.tick, shown)
        world.check_runs(self.layout, shown)
        self.shown = shown

    def hash(self):
        return world.public_hash(self.layout, self.state.world)
