"""Guesses of a lane's next value, and which is the best: docs/snapshots.md, "Guesses"."""
import math

from constants import COST_ONE, COST_SPEED, SQUARE_SPEED
from learner import towards_nought
from models import wrapped

SAME, ONWARD, RATE_AFTER, RATE_EULER, RATE_MEAN, TICK, LEARNED, ALIKE, ROUND = range(9)
GUESSES = 9
BIRTH_GUESSES = 6


def fit(lane, value):
    """Round the end of the lane's type. 64 bits are kept with a sign, whatever the type."""
    value &= (1 << lane.bits) - 1
    return value - (1 << lane.bits) if (lane.is_signed or lane.bits == 64) and value >> lane.bits - 1 else value


def difference(lane, to, before):
    """The shortest way."""
    way = to - before & (1 << lane.bits) - 1
    return way - (1 << lane.bits) if way >> lane.bits - 1 else way


def scaled(lane, rate):
    return rate if lane.rate_q16 == 65536 else wrapped(rate * lane.rate_q16) >> 16


def guess_of(which, lane, value, step, rate_before, rate, ticks, ticks_before):
    """All but those that need more. `step`: its last change; `rate_before`, `rate`: of its rate's lane."""
    if which == ONWARD:
        if ticks != ticks_before:
            step = towards_nought(wrapped(step * ticks), ticks_before)
        return fit(lane, value + step)
    if which == RATE_AFTER:
        return fit(lane, value + scaled(lane, rate * ticks))
    if which == RATE_EULER:
        return fit(lane, value + scaled(lane, rate_before * ticks +
                                          (wrapped((rate - rate_before) * (ticks + 1 & 0xFFFFFFFF)) >> 1)))
    if which == RATE_MEAN:
        return fit(lane, value + scaled(lane, wrapped((rate + rate_before) * ticks) >> 1))
    return value


def is_open(group, i, which):
    """Does it make sense for this lane?"""
    lane = group.lanes[i]
    may_be_tick = not lane.is_float and lane.bits >= 16
    if lane.jumps:
        return which == SAME or which == TICK and may_be_tick
    if which in (RATE_AFTER, RATE_EULER, RATE_MEAN):
        return lane.rate >= 0
    return {TICK: may_be_tick, LEARNED: lane.is_signed, ALIKE: False, ROUND: group.has_neighbour(i)}.get(which, True)


def beside(square, other):
    """The other side of a right triangle, to the nearest; its hypotenuse squared is in 16ths."""
    rest = towards_nought(square, 16) - other * other
    return (math.isqrt(4 * rest) + 1) // 2 if rest > 0 else 0


def noted_square(square, a, b):
    now = 16 * (a * a + b * b)
    return now if square == 0 else square + towards_nought(now - square, SQUARE_SPEED)


def width_of(value):
    return abs(value).bit_length()


def cost_of(residual):
    return COST_ONE * (abs(residual).bit_length() + 1) if residual else 0


def note_cost(costs, i, cost):
    costs[i] += towards_nought(cost - costs[i], COST_SPEED)


def cheapest(costs, open_ones):
    best = 0
    for i in open_ones:
        if costs[i] < costs[best]:
            best = i
    return best
