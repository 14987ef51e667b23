"""Prints what the interpreter knows about characters. `cargo xtask facts` writes it to data/unicode-14.txt.

Each line is a table: its name, and what is in it, between spaces. `irregular_upper` has words: a character, then its upper
case. The others have numbers. Two of them make a run of characters: how far its first one is from the last one before it,
and twice how many they are, plus one where only every second character is meant. In `lower` a third number says what to
add to each of them.
"""

import sys
import unicodedata

VERSION = "14.0.0"
if unicodedata.unidata_version != VERSION:
    sys.exit(f"this interpreter has version {unicodedata.unidata_version} of Unicode, and not {VERSION}")

CHARACTERS = [chr(code) for code in range(sys.maxunicode + 1) if not 0xD800 <= code < 0xE000]


def runs(changes):
    """`changes` from character to sum as [first, last, stride, sum] of codes."""
    found = []
    for c, change in sorted(changes.items()):
        code = ord(c)
        if found and found[-1][3] == change:
            first, last, stride, _ = found[-1]
            if code - last == stride or (first == last and code - last == 2):
                found[-1] = [first, code, code - last, change]
                continue
        found.append([code, code, 1, change])
    return found


def print_table(name, changes, is_set=False):
    numbers = []
    before = 0
    for first, last, stride, change in runs(changes):
        count = (last - first) // stride + 1
        numbers += [first - before, count * 2 + stride - 1]
        if not is_set:
            numbers.append(change)
        before = last
    print(name, *numbers)


def print_set(name, members):
    print_table(name, dict.fromkeys(members, 0), is_set=True)


lower = {c: ord(c.lower()) - ord(c) for c in CHARACTERS if len(c.lower()) == 1 and c.lower() != c}
assert [c for c in CHARACTERS if len(c.lower()) > 1] == ["\u0130"]

# The first letter of a lower case is its upper case, but for these.
upper = {}
for c in lower:
    upper.setdefault(c.lower(), c)
irregular = [c for c in CHARACTERS if c.upper() != upper.get(c, c)]

# A capital sigma becomes a final one behind a cased letter, whatever ignorable characters stand between.
cased = {c for c in CHARACTERS if (c + "\u03a3").lower().endswith("\u03c2")}
ignorable = {c for c in CHARACTERS if ("a" + c + "\u03a3").lower().endswith("\u03c2")} - cased

# Changes to the lower case, where that is one character.
print_table("lower", lower)
# Characters whose upper case is not the first character with this lower case.
print("irregular_upper", *[c + c.upper() for c in irregular])
# Letters of either case.
print_set("cased", cased)
# Characters that do not count around a capital sigma; none of them is cased.
print_set("case_ignorable", ignorable)
# `str.isalpha()`.
print_set("letters", [c for c in CHARACTERS if c.isalpha()])
# Digits and other numbers that are no letters.
print_set("numbers", [c for c in CHARACTERS if c.isalnum() and not c.isalpha()])
# What is printable and no letter or number.
print_set("signs", [c for c in CHARACTERS if c.isprintable() and not c.isalnum()])
