"""Chance that falls the same way for the same seed, on any Python."""

from __future__ import annotations

import random


class Dice:
    """Draws from a seed. It builds on `Random.random` alone, the one method that Python promises to keep."""

    def __init__(self, seed: str) -> None:
        self._random = random.Random(seed)

    def below(self, end: int) -> int:
        """A whole number from 0 to `end - 1`."""
        return int(self._random.random() * end)

    def between(self, first: int, last: int) -> int:
        """A whole number from `first` to `last`."""
        return first + self.below(last - first + 1)

    def chance(self, probability: float) -> bool:
        return self._random.random() < probability

    def pick(self, options):
        """One of `options`, each as likely."""
        return options[self.below(len(options))]

    def weighted(self, table):
        """The second part of one row `(weight, value)`."""
        point = self._random.random() * sum(weight for weight, _ in table)
        for weight, value in table:
            point -= weight
            if point < 0:
                return value
        return table[-1][1]

    def some(self, options, least: int, most: int) -> list:
        """From `least` to `most` different ones of `options`, in their own order."""
        wanted = min(self.between(least, most), len(options))
        left = list(range(len(options)))
        taken = sorted(left.pop(self.below(len(left))) for _ in range(wanted))
        return [options[index] for index in taken]

    def shuffled(self, options) -> list:
        left = list(options)
        return [left.pop(self.below(len(left))) for _ in range(len(left))]

    def hex(self, digits: int) -> str:
        return "".join(self.pick("0123456789abcdef") for _ in range(digits))
