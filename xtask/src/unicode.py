"""Prints what the interpreter knows about characters, as Rust. `cargo xtask facts` runs it.

A table is a sequence of numbers, seven bits to a byte, the lowest ones first, and the highest bit set where the number
goes on. Two numbers make a run of characters: how far its first one is from the last one before it, and twice how many
they are, plus one where only every second character is meant. In a table of changes a third number says what to add to
each: doubled, or doubled and one less where it is to be subtracted.
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


def print_table(name, meaning, changes, is_set=False):
    content = bytearray()
    before = 0
    for first, last, stride, change in runs(changes):
        count = (last - first) // stride + 1
        numbers = [first - before, count * 2 + stride - 1]
        if not is_set:
            numbers.append(change * 2 if change >= 0 else -change * 2 - 1)
        for number in numbers:
            while number >= 0x80:
                content.append(number & 0x7F | 0x80)
                number >>= 7
            content.append(number)
        before = last
    print(f'\n/// {meaning}\npub(super) const {name}: &[u8] = b"\\')
    for at in range(0, len(content), 25):
        print("    " + "".join(f"\\x{byte:02x}" for byte in content[at : at + 25]) + "\\")
    print('";')


def print_set(name, meaning, members):
    print_table(name, meaning, dict.fromkeys(members, 0), is_set=True)


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

print(
    "//! Characters in version 14 of Unicode, which Python 3.11 has: `cargo xtask facts` writes this file, and\n"
    "//! xtask/src/unicode.py says how the tables are read."
)
print_table("LOWER", "Changes to the lower case, where that is one character.", lower)
print("\n/// Lines of a character and its upper case, where that is not the first character with this lower case.")
print('pub(super) const IRREGULAR_UPPER: &str = "\\')
for at in range(0, len(irregular), 4):
    line = "".join("".join(f"\\u{{{ord(c):x}}}" for c in of + of.upper()) + "\\n" for of in irregular[at : at + 4])
    print(f"    {line}\\")
print('";')
print_set("CASED", "Letters of either case.", cased)
print_set("CASE_IGNORABLE", "Characters that do not count around a capital sigma; none of them is cased.", ignorable)

print_set("LETTERS", "Letters: `str.isalpha()`.", [c for c in CHARACTERS if c.isalpha()])
print_set("NUMBERS", "Digits and other numbers that are no letters.", [c for c in CHARACTERS if c.isalnum() and not c.isalpha()])
print_set("SIGNS", "What is printable and no letter or number.", [c for c in CHARACTERS if c.isprintable() and not c.isalnum()])
