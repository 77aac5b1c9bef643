"""The lanes of an entity that was there before: docs/snapshots.md, "An entity that stays"."""
from constants import CHOOSE_EVERY, EAGER_FOR, INPUT_MAX, NOTE_EVERY, OWN_CLASS, PARTNERS_MAX, QUIET_COST
from guesses import (ALIKE, LEARNED, ROUND, SAME, TICK, beside, cheapest, cost_of, difference, fit, guess_of, note_cost,
                     noted_square, width_of)
from learner import clamped
from models import read_bit, read_symbol, symbol_of, wrapped


class EntityReader:
    """Of one group, in one snapshot."""

    def __init__(self, group, index, state, times, bits):
        self.group, self.index, self.state, self.times, self.bits = group, index, state, times, bits
        self.models = state.groups[index]
        self.lanes = list(enumerate(zip(group.lanes[:group.public], self.models.lanes)))
        self.past = [world.groups[index].by_key for _, world in state.past]
        self.recent_hits = 0xFF
        if state.snapshots % CHOOSE_EVERY == 0:
            for i, (lane, models) in self.lanes:
                self.choose(i, lane, models)
        self.has_quiet = any(models.is_quiet for models in self.models.lanes)

    def choose(self, i, lane, models):
        models.first = cheapest(models.cost, models.open)
        models.second = cheapest(models.miss_cost, models.open)
        models.is_quiet = models.cost[models.first] < QUIET_COST
        models.partners = [j for j in range(i - 1, -1, -1)
                           if self.group.lanes[j].is_signed and j != lane.rate][:PARTNERS_MAX]
        if lane.is_signed and not models.is_quiet:
            models.learner.prepare()

    def read(self, key, row, now, history, next_hit):
        """`row`: its place in the snapshot before; `now`: becomes its values; `next_hit`: was the next one a hit?"""
        state, public = self.state, self.group.public
        self.now, self.old = now, self.past[0][key]
        self.older = self.past[1].get(key) if len(self.past) > 1 else None
        self.key = key
        place = row + state.snapshots
        self.notes = state.snapshots < EAGER_FOR or place % NOTE_EVERY == 0
        self.alike = None  # what it was and became
        self.by_alike = False
        self.activity = self.coded = 0
        is_at_rest = self.older is not None and self.older[:public] == self.old[:public]
        may_alike = history.alike_cost < history.usual_cost + history.usual_cost // 8 + 4
        if self.older is not None and not is_at_rest and (may_alike or place % NOTE_EVERY == 0):
            self.find_alike()
            self.by_alike = self.alike is not None and history.alike_cost < history.usual_cost
        is_hit = self.read_hit(history.hits, next_hit)
        history.hits = (history.hits << 1 | is_hit) & 0xFF
        self.recent_hits = (self.recent_hits << 1 | is_hit) & 0xFF
        residuals = history.residuals
        if is_hit:
            for i, (lane, models) in self.lanes:
                residuals[i] = noted(residuals[i], 0)
                now[i] = self.first_guess(i, lane, models)
        else:
            self.read_lanes(residuals)
        if self.alike is not None:
            self.note_costs(history)

    def find_alike(self):
        least = None
        public, old = self.group.public, self.old
        for before, after in self.times.pairs:
            row = self.past[before].get(self.key)
            if row is None:
                break
            apart = 0
            if row != old:
                for i in range(public):
                    if row[i] != old[i]:
                        apart += width_of(wrapped(row[i] - old[i]))
            if least is None or apart < least:
                least, self.alike = apart, (row, self.past[after].get(self.key))
            if apart == 0:
                break
        if self.alike is not None and self.alike[1] is None:
            self.alike = None

    # --- guesses

    def alike_step(self, i, lane):
        return difference(lane, self.alike[1][i], self.alike[0][i])

    def step_of(self, i, lane):
        return difference(lane, self.old[i], self.older[i]) if self.older is not None else 0

    def rates_of(self, lane):
        return (self.old[lane.rate], self.now[lane.rate]) if lane.rate >= 0 else (0, 0)

    def inputs(self, i, lane, models):
        """What the learner learns the change from."""
        old, now = self.old, self.now
        if lane.rate < 0:
            step = self.step_of(i, lane)
            far = self.past[self.times.far].get(self.key) if self.times.far > 0 else None
            inputs = [step, old[i], step if far is None else difference(lane, old[i], far[i])]
        else:
            before, after = self.rates_of(lane)
            inputs = [after, wrapped(after - before)]
        for partner in models.partners:
            inputs += (now[partner], difference(self.group.lanes[partner], now[partner], old[partner]))
        return [clamped(value, INPUT_MAX) for value in inputs]

    def guess(self, which, i, lane, models):
        old = self.old[i]
        if which == SAME:
            return old
        if which == TICK:
            return fit(lane, models.tick_offset + self.times.tick)
        if which == LEARNED:
            return fit(lane, old + models.learner.predict(self.inputs(i, lane, models)))
        if which == ALIKE:
            return fit(lane, old + self.alike_step(i, lane))
        if which == ROUND:
            if self.now[i - 1] == self.old[i - 1]:
                return old
            size = beside(models.square, self.now[i - 1])
            return -size if old < 0 else size
        return guess_of(which, lane, old, self.step_of(i, lane), *self.rates_of(lane), self.times.ticks,
                        self.times.ticks_before)

    def first_guess(self, i, lane, models):
        return self.guess(ALIKE if self.by_alike else models.first, i, lane, models)

    # --- reads

    def read_hit(self, hits, next_hit):
        few = hits & 3
        near = self.recent_hits & 7 | next_hit << 3
        missed = 8 - bin(self.recent_hits).count("1")
        hit = self.models.hit
        return self.models.hit_mixers[few].read(
            self.bits, (hit[0][hits & 63], hit[1][near | few << 4], hit[2][missed | few << 4]))

    def read_lanes(self, residuals):
        is_loud = self.has_quiet and read_bit(self.bits, self.models.quiet[self.by_alike])
        self.near = 0
        for i, (lane, models) in self.lanes:
            if models.is_quiet and not is_loud:
                self.now[i] = self.first_guess(i, lane, models)
                residuals[i] = noted(residuals[i], 0)
                continue
            self.near = self.read_lane(residuals[i], i, lane, models)
            residuals[i] = noted(residuals[i], self.near)
            self.activity += width_of(self.near)
            self.coded += 1

    def context(self, own, step):
        step_class = 2 * min(width_of(step), 9) - (step > 0) if step else 0
        activity = min((self.activity + self.coded) // (self.coded + 1), 4) if self.coded else 0
        return (OWN_CLASS[own & 15] * 5 + min(width_of(self.near), 4), step_class + (19 if self.by_alike else 0),
                own // 32 * 5 + activity)

    def read_lane(self, own, i, lane, models):
        """Its residual."""
        bits, old, now = self.bits, self.old[i], self.now
        first = self.first_guess(i, lane, models)
        if not self.by_alike and models.first == ROUND and now[i - 1] != self.old[i - 1] and first != 0:
            if read_bit(bits, models.round_sign[min(width_of(old) // 2, 3)]):
                first = -first
        before, after = self.rates_of(lane)
        step = self.step_of(i, lane) if lane.rate < 0 else wrapped(after - before)
        context = self.context(own, step)
        residual = 0
        if self.by_alike or models.first == models.second:
            residual = models.numbers.read(bits, models.moved.read(bits, context))
            value = fit(lane, first + residual)
        elif models.miss_mixer.read(bits, [of[at] for of, at in zip(models.missed, context)]):
            second = self.guess(models.second, i, lane, models)
            value = fit(lane, second + models.numbers.read(bits, read_symbol(bits, models.after_miss)))
            residual = difference(lane, value, first)
        else:
            value = first
        now[i] = value
        if self.notes:
            self.learn(i, lane, models, value)
        if value != old:
            models.tick_offset = wrapped(value - self.times.tick)
        return residual

    # --- learns

    def learn(self, i, lane, models, value):
        old = self.old[i]
        if value == old and models.first == SAME and self.step_of(i, lane) == 0:
            note_cost(models.cost, SAME, 0)
            note_cost(models.cost, TICK, cost_of(32767))
            return
        is_missed = value != self.guess(models.first, i, lane, models)
        for which in models.open:
            guessed = self.guess(which, i, lane, models)
            if which == ROUND and (guessed < 0) != (value < 0):
                guessed = -guessed
            cost = cost_of(difference(lane, value, guessed))
            note_cost(models.cost, which, cost)
            if is_missed:
                note_cost(models.miss_cost, which, cost)
        if self.group.has_neighbour(i):
            models.square = noted_square(models.square, self.now[i - 1], value)
        if lane.is_signed:
            inputs = self.inputs(i, lane, models)
            models.learner.learn(inputs, models.learner.predict(inputs), difference(lane, value, old))

    def note_costs(self, history):
        """What either way of guessing has missed or would have."""
        usual = alike = self.activity
        if self.by_alike:
            self.by_alike = False
            usual = sum(width_of(difference(lane, self.now[i], self.first_guess(i, lane, models)))
                        for i, (lane, models) in self.lanes)
        else:
            alike = sum(width_of(wrapped(difference(lane, self.now[i], self.old[i]) - self.alike_step(i, lane)))
                        for i, (lane, _) in self.lanes)
        history.usual_cost = (3 * history.usual_cost + min(2 * usual, 255) + 2) // 4
        history.alike_cost = (3 * history.alike_cost + min(2 * alike, 255) + 2) // 4


def noted(before, residual):
    """What is kept of a lane: the symbol of its residual, and from bit 4 its usual width of late."""
    if before == 0 and residual == 0:
        return 0
    average, width = before >> 4, 2 * min(width_of(residual), 7)
    return symbol_of(residual) | (3 * average + width + (3 if width > average else 0)) // 4 << 4
