"""Values of the real program as the case protocol writes them."""

from __future__ import annotations

import base64
import contextlib
import datetime
import json
import sys

# An answer of more values than this is answered `{"large": true}`.
MOST_VALUES = 200_000

# Integers from here on are not exact as JSON numbers.
FIRST_INEXACT_INTEGER = 2**53


# How deep a value may be nested to be written. The program itself keeps Python's own limits.
DEEPEST = 20_000


class TooLarge(Exception):
    """The answer has more than MOST_VALUES values."""


@contextlib.contextmanager
def without_limits():
    """Lifts Python's limits of recursion and of digits while a value is written."""
    depth, digits = sys.getrecursionlimit(), sys.get_int_max_str_digits()
    sys.setrecursionlimit(DEEPEST)
    sys.set_int_max_str_digits(0)
    try:
        yield
    finally:
        sys.setrecursionlimit(depth)
        sys.set_int_max_str_digits(digits)


def plain(text: str) -> str:
    """The text with lone surrogates spelled out: they are not text for most readers of JSON."""
    if text.isascii():
        return str(text)
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


class Encoder:
    """Turns a value of the program into what the protocol writes for it."""

    def __init__(self) -> None:
        self._count = 0
        self._open: set[int] = set()

    def encode(self, value):
        self._count += 1
        if self._count > MOST_VALUES:
            raise TooLarge
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, str):
            return plain(value)
        if isinstance(value, int):
            return {"!int": str(int(value))} if abs(value) >= FIRST_INEXACT_INTEGER else int(value)
        if isinstance(value, float):
            if value != value or value in (float("inf"), float("-inf")):
                return {"!float": str(value)}
            return float(value)
        if isinstance(value, (bytes, bytearray)):
            return {"!binary": base64.b64encode(bytes(value)).decode("ascii")}
        if isinstance(value, (datetime.date, datetime.time)):
            return {"!timestamp": value.isoformat()}
        return self._container(value)

    def _container(self, value):
        if id(value) in self._open:
            return {"!recursive": True}
        self._open.add(id(value))
        try:
            if isinstance(value, dict):
                if all(isinstance(key, str) for key in value):
                    return {plain(key): self.encode(item) for key, item in value.items()}
                return {"!map": [[self.encode(key), self.encode(item)] for key, item in value.items()]}
            if isinstance(value, (list, tuple)):
                return [self.encode(item) for item in value]
            if isinstance(value, (set, frozenset)):
                items = [self.encode(item) for item in value]
                return {"!set": sorted(items, key=lambda item: json.dumps(item, ensure_ascii=False))}
        finally:
            self._open.discard(id(value))
        return {"!object": type(value).__name__}


def encode_ok(value) -> dict:
    """The answer of a question that returned `value`."""
    try:
        with without_limits():
            return {"ok": Encoder().encode(value)}
    except TooLarge:
        return {"large": True}


def to_line(answer: dict) -> str:
    """An answer as one line of JSON."""
    with without_limits():
        return json.dumps(answer) + "\n"
