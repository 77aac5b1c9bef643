"""Reads the bits of packed snapshots one after the other: docs/snapshots.md, "The bits of a frame"."""
from bits import BitReader, Damaged
from constants import KEY_MAX, PAIRS_MAX, PAST_MAX, WORLD_BYTES_MAX
from entity import EntityReader
from guesses import beside, cheapest, cost_of, difference, fit, note_cost, noted_square
from models import read_bit, read_symbol, wrapped
from state import EntityHistory, GroupValues, Times, World


class WorldReader:
    """`state` is that of the snapshot before, and becomes this one's; after an error it is of no use."""

    def __init__(self, layout, state, data):
        self.layout, self.state, self.bits = layout, state, BitReader(data)
        self.world_bytes = 0
        self.groups = []

    def read(self, tick):
        times = Times(self.state.past, tick)
        for index, group in enumerate(self.layout.groups):
            self.read_group(index, group, times)
        slow = [self.read_slow(models, before)
                for models, before in zip(self.state.slow, self.state.world.slow)]
        self.bits.check()
        self.state.past.insert(0, (tick, World(self.groups, slow)))
        enough = len(times.pairs) == PAIRS_MAX
        del self.state.past[max(i for i, _ in times.pairs) + 1 if enough else PAST_MAX:]
        self.state.snapshots += 1

    # --- groups

    def read_group(self, index, group, times):
        models, history = self.state.groups[index], self.state.history[index]
        old = self.state.world.groups[index]
        stays = self.read_gone(models, old.keys)
        born = self.read_born(models, old, WORLD_BYTES_MAX // group.bytes)
        if not all(group.holds_key(key) for key in born):
            raise Damaged("it has a birth that cannot be")
        keys = sorted(stays + born)
        self.count_bytes(len(keys) * group.bytes)
        history = {key: history.get(key) or EntityHistory(group.public) for key in keys}
        self.state.history[index] = history
        place = {key: i for i, key in enumerate(old.keys)}
        entities = EntityReader(group, index, self.state, times, self.bits)
        rows = []
        for i, key in enumerate(keys):
            now = [0] * len(group.lanes)
            if key in place:
                next_hit = i + 1 < len(keys) and history[keys[i + 1]].hits & 1
                entities.read(key, place[key], now, history[key], int(next_hit))
            else:
                self.read_birth(index, group, times.tick, now)
            rows.append(now)
            self.bits.check()
        self.groups.append(GroupValues(keys, rows))

    def count_bytes(self, more):
        self.world_bytes += more
        if self.world_bytes > WORLD_BYTES_MAX:
            raise Damaged("it is too large")

    def read_gone(self, models, old):
        if not old or not read_bit(self.bits, models.any_gone):
            return old[:]
        stays, before = [], 0
        for key in old:
            before = int(read_bit(self.bits, models.gone[before]))
            if not before:
                stays.append(key)
        return stays

    def read_born(self, models, old, born_max):
        born, key = [], -1
        more = read_bit(self.bits, models.any_born)
        while more:
            expected = key + 1 if born else models.next_key
            key_now = expected + models.keys[1 if born else 0].read(self.bits)
            if len(born) == born_max or not key < key_now <= KEY_MAX or key_now in old.by_key:
                raise Damaged("it has a birth that cannot be")
            self.bits.check()
            born.append(key_now)
            key = key_now
            more = read_bit(self.bits, models.more_born)
        if born:
            models.next_key = key + 1
        return born

    # --- who is new

    def read_birth(self, index, group, tick, now):
        models = self.state.groups[index]
        owner = None
        for i, (lane, of) in enumerate(zip(group.lanes, models.lanes)):
            now[i] = self.read_born_lane(group, i, lane, of, owner, tick, now)
            if i == group.owner:
                owner = self.find_owner(index, models.owner_group, now[i])

    def find_owner(self, index, owner_group, player):
        """The entity whose key is the owner's PlayerId: as it is now, if that has been read already."""
        if owner_group < 0:
            return None
        groups = self.groups if owner_group < index else self.state.world.groups
        return groups[owner_group].by_key.get(player)

    def read_born_lane(self, group, i, lane, models, owner, tick, now):
        of_owner = owner[models.owner_lane] if owner is not None and models.owner_lane >= 0 else 0
        rate = now[lane.rate] if lane.rate >= 0 else 0
        has_neighbour = group.has_neighbour(i)
        guesses = [0, models.last_birth, of_owner, fit(lane, models.tick_offset + tick), fit(lane, of_owner + rate),
                   beside(models.square, now[i - 1]) if has_neighbour else 0]
        choice = cheapest(models.birth_cost, (0, 1, 2, 3) + (4,) * (lane.rate >= 0) + (5,) * has_neighbour)
        if choice == 5 and read_bit(self.bits, models.birth_sign):
            guesses[5] = -guesses[5]
        symbol = read_symbol(self.bits, models.at_birth[choice])
        value = fit(lane, guesses[choice] + models.numbers.read(self.bits, symbol))
        if choice != 5 and value < 0:
            guesses[5] = -guesses[5]
        for which, guess in enumerate(guesses):
            note_cost(models.birth_cost, which, cost_of(difference(lane, value, guess)))
        if has_neighbour:
            models.square = noted_square(models.square, now[i - 1], value)
        models.last_birth = value
        models.tick_offset = wrapped(value - tick)
        return value

    # --- slow state

    def read_slow(self, models, before):
        bits = self.bits
        if not read_bit(bits, models.any_change):
            return before
        now = {}
        for key, run in before.items():
            if read_bit(bits, models.gone):
                continue
            if read_bit(bits, models.changed):
                run = self.read_run(models, run)
            else:
                self.count_bytes(len(run) + 1)
            now[key] = run
        expected = 0
        more = read_bit(bits, models.any_born)
        while more:
            off = models.keys.read(bits)
            key = expected + off
            if off < 0 or key > KEY_MAX or key in now:
                raise Damaged("it has a birth that cannot be")
            bits.check()
            now[key] = self.read_run(models, b"")
            expected = key + 1
            more = read_bit(bits, models.more_born)
        bits.check()
        return dict(sorted(now.items()))

    def read_run(self, models, before):
        bits, size = self.bits, len(before)
        if not read_bit(bits, models.same_length):
            size += models.lengths.read(bits)
        if not 0 <= size <= WORLD_BYTES_MAX:
            raise Damaged("it has a run that is too large")
        self.count_bytes(size + 1)
        run = bytearray(size)
        for i in range(size):
            if i < len(before) and read_bit(bits, models.same[min(i, 63)]):
                run[i] = before[i]
                continue
            node = 1
            for _ in range(8):
                node = 2 * node + read_bit(bits, models.byte[node])
            run[i] = node & 0xFF
            bits.check()
        return bytes(run)


def decode(layout, state, tick, data):
    """Raises Damaged, and then `state` is of no use any more."""
    WorldReader(layout, state, data).read(tick)
