"""Writes plain values as YAML text, without a library, so that any Python writes the same."""

from __future__ import annotations

import json
import re

# Text that is safe without quotes: PyYAML reads it back as the same string.
PLAIN = re.compile(r"[A-Za-z_/][A-Za-z0-9_./:@+-]*")
RESERVED = {"yes", "no", "on", "off", "true", "false", "null", "y", "n"}


class Raw(str):
    """Text that goes into the YAML as it is."""


def scalar(value) -> str:
    if isinstance(value, Raw):
        return str(value)
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return str(value)
    text = str(value)
    plain = PLAIN.fullmatch(text) and not text.endswith(":") and ": " not in text
    if plain and text.lower() not in RESERVED:
        return text
    return json.dumps(text, ensure_ascii=False)


def is_leaf(value) -> bool:
    return not isinstance(value, (dict, list)) or not value


def leaf(value) -> str:
    if isinstance(value, dict):
        return "{}"
    if isinstance(value, list):
        return "[]"
    return scalar(value)


def lines(value, indent: int = 0) -> list[str]:
    """The block lines of a mapping or list."""
    pad = " " * indent
    written: list[str] = []
    if isinstance(value, dict):
        for key, item in value.items():
            if is_leaf(item):
                written.append(f"{pad}{scalar(key)}: {leaf(item)}")
            else:
                written.append(f"{pad}{scalar(key)}:")
                written += lines(item, indent + 2)
        return written
    for item in value:
        if is_leaf(item):
            written.append(f"{pad}- {leaf(item)}")
        else:
            inner = lines(item, indent + 2)
            written.append(f"{pad}- {inner[0][indent + 2 :]}")
            written += inner[1:]
    return written


def to_yaml(value) -> str:
    """The value as a YAML document."""
    if is_leaf(value):
        return leaf(value) + "\n"
    return "\n".join(lines(value)) + "\n"
