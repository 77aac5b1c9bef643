"""What comes next, learned: bits, symbols and numbers. docs/snapshots.md, "Models"."""
from constants import (BIT_MAX, BIT_MIN, CONTEXTS, DIGIT_MODELS, FAST_RATES, LEAST_SHARE, LOGISTIC_STEP, MIX_FIRST,
                       MIX_MAX, SEEN_BEGUN, SEEN_MAX, SLOW_RATES, SQUASH_MAX, STRETCH_MAX, SURE, SYMBOLS, WEIGHT_EQUAL,
                       WIDEST)

SHARE_ONE = 1 << 15
SYMBOL_RATES = tuple(65536 * 2 // (2 * seen + 5) for seen in range(SEEN_MAX + 1))


def logistic_tables():
    one, step = 1 << 40, LOGISTIC_STEP
    squash = [0] * (2 * STRETCH_MAX + 1)
    power = one
    for i in range(STRETCH_MAX + 1):
        p = min((power >> 10) * 65536 // ((power >> 10) + (one >> 10)), SQUASH_MAX)
        squash[STRETCH_MAX + i] = p
        squash[STRETCH_MAX - i] = 65536 - p
        upper, lower = power >> 20, power & 0xFFFFF
        power = upper * (step >> 20) + (upper * (step & 0xFFFFF) >> 20) + (lower * (step >> 20) >> 20)
    stretch, x = [], -STRETCH_MAX
    for i in range(4096):
        while x < STRETCH_MAX and squash[x + STRETCH_MAX] < 16 * i + 8:
            x += 1
        stretch.append(x)
    return squash, stretch


SQUASH, STRETCH = logistic_tables()


# --- Bits. A model is a list: its slow and its fast probability and how many bits it has seen, up to 15.


def bit_model():
    return [32768, 32768, 0]


def learn_bit(model, bit):
    slow, fast, seen = model
    target = BIT_MAX if bit else BIT_MIN
    model[0] = slow + ((target - slow) * SLOW_RATES[seen] >> 16)
    model[1] = fast + ((target - fast) * FAST_RATES[seen] >> 16) & 0xFFF0
    if seen < 15:
        model[2] = seen + 1


def read_bit(bits, model):
    bit = bits.bit(model[0] + model[1] >> 1)
    learn_bit(model, bit)
    return bit


class Mixer:
    """Weighs three models of the same bit."""

    def __init__(self):
        self.weights = [MIX_FIRST] * 3

    def read(self, bits, models):
        sure = models[0][0] + models[0][1] >> 1
        if sure < SURE or sure > 65536 - SURE:
            bit = bits.bit(sure)
            for model in models:
                learn_bit(model, bit)
            return bit
        weights = self.weights
        inputs = [STRETCH[(model[0] + model[1] >> 1) >> 4] for model in models]
        x = inputs[0] * weights[0] + inputs[1] * weights[1] + inputs[2] * weights[2] >> 14
        p = SQUASH[min(max(x, -STRETCH_MAX), STRETCH_MAX) + STRETCH_MAX]
        bit = bits.bit(p)
        error = (65535 if bit else 0) - p >> 4
        for i in range(3):
            moved = weights[i] + (inputs[i] * error + 4096 >> 13)
            weights[i] = min(max(moved, -MIX_MAX), MIX_MAX)
            learn_bit(models[i], bit)
        return bit


# --- Symbols. A model is a list: the shares up to each symbol but the last, and how many symbols it has seen, up to 60.

EVEN = [(i + 1) * (SHARE_ONE // SYMBOLS) for i in range(SYMBOLS - 1)] + [0]
TARGETS = [[(i + 1) * LEAST_SHARE if i < symbol else SHARE_ONE - (SYMBOLS - 1 - i) * LEAST_SHARE
            for i in range(SYMBOLS - 1)] for symbol in range(SYMBOLS)]


def symbol_model():
    return EVEN[:]


def learn_symbol(model, symbol):
    seen = model.pop()
    rate = SYMBOL_RATES[seen]
    model[:] = [upto + ((target - upto) * rate >> 16) for upto, target in zip(model, TARGETS[symbol])]
    model.append(min(seen + 1, SEEN_MAX))


def read_symbol(bits, model):
    at = bits.peek_share()
    symbol = 0
    while symbol < SYMBOLS - 1 and model[symbol] <= at:
        symbol += 1
    bits.share(model[symbol - 1] if symbol else 0, model[symbol] if symbol < SYMBOLS - 1 else SHARE_ONE)
    learn_symbol(model, symbol)
    return symbol


class SymbolMixer:
    """Weighs three models of the same symbol."""

    def __init__(self):
        self.weights = [SHARE_ONE - 2 * WEIGHT_EQUAL, WEIGHT_EQUAL, WEIGHT_EQUAL]

    def read(self, bits, models):
        a, b, c = models
        u, v, w = self.weights
        at = bits.peek_share()
        symbol, low, high = 0, 0, SHARE_ONE
        while symbol < SYMBOLS - 1:
            high = u * a[symbol] + v * b[symbol] + w * c[symbol] >> 15
            if high > at:
                break
            symbol, low, high = symbol + 1, high, SHARE_ONE
        bits.share(low, high)
        shares = [(model[symbol] if symbol < SYMBOLS - 1 else SHARE_ONE) - (model[symbol - 1] if symbol else 0)
                  for model in models]
        parts = [weight * share for weight, share in zip(self.weights, shares)]
        of_one = (1 << 45) // sum(parts)
        for i in (1, 2):
            weight = self.weights[i]
            part = parts[i] * of_one >> 30
            self.weights[i] = weight + (part - weight >> 4) + (WEIGHT_EQUAL - weight >> 10)
        self.weights[0] = SHARE_ONE - self.weights[1] - self.weights[2]
        for model in models:
            learn_symbol(model, symbol)
        return symbol


# --- Numbers


def wrapped(value):
    """As 64 bits with a sign."""
    return (value + (1 << 63) & (1 << 64) - 1) - (1 << 63)


def symbol_of(residual):
    return min(2 * abs(residual).bit_length() - (residual > 0), 15) if residual else 0


class NumberModels:
    """A number of which somebody else reads the first symbol."""

    def __init__(self):
        self.wide = symbol_model()
        self.digits = [symbol_model() for _ in range(DIGIT_MODELS)]

    def read(self, bits, symbol):
        if symbol == 0:
            return 0
        is_negative, width = symbol & 1 == 0, (symbol + 1) // 2
        if symbol == SYMBOLS - 1:
            more = read_symbol(bits, self.wide)
            if more < SYMBOLS - 1:
                is_negative, width = more & 1 != 0, WIDEST + 1 + more // 2
            else:
                is_negative = bits.raw(1) != 0
                width = bits.raw(6) + 1
        size, left = 1, width - 1
        if left > 0:
            first = min(left, 4)
            left -= first
            model = self.digits[min(width - 2, DIGIT_MODELS - 1)]
            size = size << first | read_symbol(bits, model) & (1 << first) - 1
        while left > 0:
            count = min(left, 16)
            left -= count
            size = size << count | bits.raw(count)
        return wrapped(-size if is_negative else size)


class MixedSymbols:
    """The first symbol of a number, from three contexts."""

    def __init__(self):
        self.mixer = SymbolMixer()
        self.all = symbol_model()
        self.models = None

    def read(self, bits, context):
        if self.models is None:
            self.models = [[symbol_model() for _ in range(count)] for count in CONTEXTS]
        models = [of[i] for of, i in zip(self.models, context)]
        for model in models:
            if model[-1] == 0:
                model[:] = self.all
                model[-1] = SEEN_BEGUN
        symbol = self.mixer.read(bits, models)
        learn_symbol(self.all, symbol)
        return symbol


class ResidualModels:
    """A number about which nothing more is known."""

    def __init__(self):
        self.numbers = NumberModels()
        self.first = symbol_model()

    def read(self, bits):
        return self.numbers.read(bits, read_symbol(bits, self.first))
