"""How a lane's change follows from what is known already, by least squares: docs/snapshots.md, "The learner"."""
from constants import FADE, INPUT_MAX, INPUTS, LEARNED_MAX, LESS_MAX, SUM_BITS, SWEEPS


def clamped(value, most):
    return min(max(value, -most), most)


def towards_nought(value, by):
    """The quotient, rounded as C does."""
    return value // by if value >= 0 else -(-value // by)


class Learner:
    def __init__(self):
        self.weights = [0] * INPUTS
        self.products = [[0] * INPUTS for _ in range(INPUTS)]  # the lower half
        self.results = [0] * INPUTS

    def predict(self, inputs):
        total = 1 << 15
        for weight, value in zip(self.weights, inputs):
            total += weight * value
        return total >> 16

    def learn(self, inputs, predicted, change):
        if not -INPUT_MAX <= change <= INPUT_MAX:
            return
        less = max(0, min(abs(predicted - change), INPUT_MAX).bit_length() - 1)
        if less > LESS_MAX:
            return
        for i, at in enumerate(inputs):
            row = self.products[i]
            for j in range(i + 1):
                row[j] += at * inputs[j] >> less
            self.results[i] += at * change >> less

    def prepare(self):
        products, results, weights = self.products, self.results, self.weights
        most = 0
        for i in range(INPUTS):
            row = products[i]
            for j in range(i + 1):
                row[j] -= row[j] >> FADE
            results[i] -= results[i] >> FADE
            most |= row[i] | abs(results[i])
        over = most.bit_length() - SUM_BITS
        if over > 0:
            for i in range(INPUTS):
                for j in range(i + 1):
                    products[i][j] >>= over
                results[i] >>= over
        if not most:
            return  # all is 0, and so are the weights
        for _ in range(SWEEPS):
            for i in range(INPUTS):
                rest = (results[i] >> 4) << 16
                for j in range(INPUTS):
                    if j != i:
                        rest -= (products[max(i, j)][min(i, j)] >> 4) * weights[j]
                weights[i] = clamped(towards_nought(rest, (products[i][i] >> 4) + 1), LEARNED_MAX)
