"""What both ends know after a snapshot: docs/snapshots.md, "The state"."""
from constants import CONTEXTS, PAIRS_MAX, UNEXPECTED_COST
from guesses import BIRTH_GUESSES, GUESSES, ONWARD, RATE_EULER, SAME, is_open
from learner import Learner
from models import MixedSymbols, Mixer, NumberModels, ResidualModels, bit_model, symbol_model


class GroupValues:
    """The entities of a group by rising key, each a list of its lanes' values."""

    def __init__(self, keys, rows):
        self.keys, self.rows = keys, rows
        self.by_key = dict(zip(keys, rows))


class World:
    def __init__(self, groups, slow):
        self.groups, self.slow = groups, slow  # slow: of each vector of tables a dict of runs by key


class LaneModels:
    def __init__(self, group, i):
        lane = group.lanes[i]
        self.numbers, self.moved = NumberModels(), MixedSymbols()
        self.missed = [[bit_model() for _ in range(count)] for count in CONTEXTS]
        self.miss_mixer, self.after_miss = Mixer(), symbol_model()
        self.at_birth = [symbol_model() for _ in range(BIRTH_GUESSES)]
        self.learner = Learner()
        self.first = self.second = SAME
        self.is_quiet = True
        self.partners = []
        self.open = [which for which in range(GUESSES) if is_open(group, i, which)]
        self.cost, self.miss_cost, self.birth_cost = [0] * GUESSES, [0] * GUESSES, [0] * BIRTH_GUESSES
        if not lane.jumps and (lane.rate >= 0 or lane.is_linear):
            self.cost = [UNEXPECTED_COST] * GUESSES
            self.cost[RATE_EULER if lane.rate >= 0 else ONWARD] = 0
        self.round_sign, self.birth_sign = [bit_model() for _ in range(4)], bit_model()
        self.square = self.tick_offset = self.last_birth = 0
        self.owner_lane = -1  # of the owner's entity, the one of the same name


class GroupModels:
    def __init__(self, layout, group):
        self.lanes = [LaneModels(group, i) for i in range(group.public)]
        self.hit = [[bit_model() for _ in range(64)] for _ in range(3)]
        self.hit_mixers = [Mixer() for _ in range(4)]
        self.quiet = [bit_model() for _ in range(2)]
        self.any_gone, self.any_born, self.more_born = bit_model(), bit_model(), bit_model()
        self.gone = [bit_model() for _ in range(2)]
        self.keys = [ResidualModels() for _ in range(2)]
        self.next_key = 0
        self.owner_group = -1
        if group.owner >= 0:
            self.find_owners(layout, group)

    def find_owners(self, layout, group):
        self.owner_group = next((i for i, other in enumerate(layout.groups) if other.owner < 0), -1)
        if self.owner_group < 0:
            return
        owners = layout.groups[self.owner_group]
        for lane, models in zip(group.lanes, self.lanes):
            for i, of_owner in enumerate(owners.lanes[:owners.public]):
                if of_owner.name == lane.name:
                    models.owner_lane = i


class SlowModels:
    def __init__(self):
        self.any_change, self.changed, self.gone, self.any_born, self.more_born, self.same_length = (
            bit_model() for _ in range(6))
        self.same = [bit_model() for _ in range(64)]
        self.byte = [bit_model() for _ in range(256)]
        self.lengths, self.keys = ResidualModels(), ResidualModels()


class EntityHistory:
    def __init__(self, lanes):
        self.hits = self.usual_cost = self.alike_cost = 0
        self.residuals = [0] * lanes


class State:
    """`last`: the tick and the World that are built on; None: nothing is."""

    def __init__(self, layout, last=None):
        if last is None:
            last = (0, World([GroupValues([], []) for _ in layout.groups], [{} for _ in layout.slow]))
        self.past = [last]  # the newest first
        self.groups = [GroupModels(layout, group) for group in layout.groups]
        self.slow = [SlowModels() for _ in layout.slow]
        self.history = [{key: EntityHistory(group.public) for key in values.keys}
                        for group, values in zip(layout.groups, last[1].groups)]
        self.snapshots = 0

    @property
    def world(self):
        return self.past[0][1]


class Times:
    """When the snapshots were. Ticks are counted in 32 bits."""

    def __init__(self, past, tick):
        ticks = [then for then, _ in past]
        self.tick = tick
        self.ticks = 1 if ticks[0] == 0 or tick <= ticks[0] else tick - ticks[0]
        self.ticks_before = max(ticks[0] - ticks[1] & 0xFFFFFFFF, 1) if len(ticks) > 1 else 1
        self.far = 0
        while self.far + 1 < len(ticks) and ticks[0] - ticks[self.far + 1] & 0xFFFFFFFF <= self.ticks:
            self.far += 1
        self.pairs = [(i, j) for i in range(1, len(ticks)) for j in range(i)
                      if ticks[j] == ticks[i] + self.ticks & 0xFFFFFFFF][:PAIRS_MAX]
