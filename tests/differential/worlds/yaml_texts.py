"""YAML texts: tricky ones by hand, those of the YAML test suite, random ones, and configs that paste has damaged."""

from __future__ import annotations

import json
from pathlib import Path

from .dice import Dice
from .yaml_samples import DAMAGED, ERRORS, REALISTIC, SCALARS, TAGGED, TRICKY

# Characters that mean something to YAML, drawn often when a text is damaged.
SIGNIFICANT = "::::---  \n\n\t#'\"[]{},&*!|>?%@`=~<>.0123456789aeyno"
ODD_CHARACTERS = "：，“”‘’•\u00a0\u200b\ufeff\u2028\u0085é中😀\u3000－\u2013\x00\x07\x7f\ufffe\u2003"


def scalar(dice: Dice) -> str:
    """A plain scalar, of which YAML 1.1 may make something else than text."""
    kind = dice.weighted(((8, "listed"), (3, "number"), (1, "time"), (1, "mixed")))
    if kind == "listed":
        return dice.pick(SCALARS)
    if kind == "number":
        return number(dice)
    if kind == "time":
        return moment(dice)
    return "".join(dice.pick("0123456789_:.+-eExobTZinfa") for _ in range(dice.between(1, 9)))


def number(dice: Dice) -> str:
    digits = "".join(dice.pick("0123456789_") for _ in range(dice.between(1, dice.pick((3, 6, 25)))))
    form = dice.pick(
        (
            "{}", "0{}", "0x{}", "0b{}", "0o{}", "{}.", ".{}", "{0}.{0}", "{}e5", "{}.0e+10", "{}.5E-3", "{0}:{0}",
            "{0}:5{0}.5", "1:{}", "{}:30:00", "{}_", "{}.{}e{}",
        )
    )
    sign = dice.pick(("", "", "", "-", "+"))
    return sign + form.replace("{0}", "{}").replace("{}", digits)


def moment(dice: Dice) -> str:
    """A timestamp, in or out of range."""
    year, month, day = dice.pick((2026, 1970, 1, 9999, 0)), dice.between(0, 13), dice.between(0, 32)
    date = dice.pick((f"{year:04}-{month:02}-{day:02}", f"{year:04}-{month}-{day}", f"{year}-{month:02}-{day:02}"))
    time = f"{dice.between(0, 25)}:{dice.between(0, 60):02}:{dice.between(0, 60):02}"
    fraction = dice.pick(("", ".5", ".123456789", "."))
    zone = dice.pick(("", "Z", " Z", "+02:00", " -5", "+5:30", "-00:00", "+25:00", "z", " +0200", "+24:00", "+23:59"))
    return dice.pick(
        (date, f"{date}T{time}{fraction}{zone}", f"{date} {time}{fraction}{zone}", f"{date}t{time}{zone}")
    )


# --- Random documents -----------------------------------------------------------------------------------


class Document:
    """Writes a random tree in random styles, mostly well-formed."""

    def __init__(self, dice: Dice) -> None:
        self.dice = dice
        self.anchors: list[str] = []
        self.left = 40

    def text(self) -> str:
        dice = self.dice
        head = dice.weighted(
            (
                (16, ""), (2, "---\n"), (1, "%YAML 1.1\n---\n"), (0.5, "%TAG !e! tag:e.example,2000:\n---\n"),
                (0.5, "\ufeff"), (1, "# head\n"),
            )
        )
        tail = dice.weighted(((16, ""), (1, "...\n"), (0.5, "---\n"), (0.5, "...\n---\na: 1\n"), (0.5, "# tail")))
        return head + "\n".join(self.block(0, dice.between(1, 3))) + "\n" + tail

    def block(self, indent: int, depth: int) -> list[str]:
        if self.dice.chance(0.7):
            return self.mapping(indent, depth)
        return self.sequence(indent, depth)

    def mapping(self, indent: int, depth: int) -> list[str]:
        pad, lines = " " * indent, []
        for _ in range(self.dice.between(1, 4)):
            self.left -= 1
            key = self.key()
            if depth > 0 and self.left > 0 and self.dice.chance(0.4):
                inner = indent + self.dice.pick((1, 2, 2, 2, 4))
                lines.append(f"{pad}{key}:{self.properties()}{self.comment()}")
                lines += self.block(inner, depth - 1)
            elif self.dice.chance(0.08):
                lines += self.scalar_block(pad, key, indent)
            else:
                lines.append(f"{pad}{key}: {self.value(depth)}{self.comment()}")
        return lines

    def sequence(self, indent: int, depth: int) -> list[str]:
        pad, lines = " " * indent, []
        for _ in range(self.dice.between(1, 4)):
            self.left -= 1
            if depth > 0 and self.left > 0 and self.dice.chance(0.35):
                inner = self.mapping(indent + 2, depth - 1)
                lines.append(f"{pad}- {inner[0].strip()}")
                lines += inner[1:]
            else:
                lines.append(f"{pad}- {self.value(depth)}{self.comment()}")
        return lines

    def scalar_block(self, pad: str, key: str, indent: int) -> list[str]:
        head = self.dice.pick(("|", ">", "|-", ">-", "|+", ">+", "|2", ">1-", "|-1"))
        inner = " " * (indent + self.dice.pick((1, 2, 2, 4)))
        lines = [f"{pad}{key}: {head}{self.comment()}"]
        for _ in range(self.dice.between(0, 4)):
            lines.append(
                self.dice.pick(("", inner + "text", inner + "  deeper", inner + "# no comment", inner + "a: b", " "))
            )
        return lines

    def key(self) -> str:
        dice = self.dice
        kind = dice.weighted(
            ((14, "word"), (2, "scalar"), (1, "quoted"), (0.7, "merge"), (0.3, "flow"), (0.3, "explicit"))
        )
        if kind == "word":
            return dice.pick(("a", "b", "c", "model", "provider", "key", "x y", "名", "a.b", "a-b"))
        if kind == "scalar":
            return scalar(dice)
        if kind == "quoted":
            return dice.pick(("'a'", '"b"', '"\\x41"', "'it''s'"))
        if kind == "merge":
            return "<<"
        return dice.pick(("[a]", "{a: 1}", "? a\n", "!!str 1", "&k k", "!!binary aGk="))

    def value(self, depth: int) -> str:
        dice = self.dice
        kind = dice.weighted(
            (
                (10, "scalar"), (3, "word"), (2, "quoted"), (2, "flow"), (1.5, "tagged"), (1, "alias"),
                (0.7, "empty"), (1, "anchored"),
            )
        )
        if kind == "scalar":
            return scalar(dice)
        if kind == "word":
            return dice.pick(
                ("text", "two words", "a:b", "http://x.example.com/", "a#b", "-x", "?x", "ünï", "x, y", "b'c")
            )
        if kind == "quoted":
            return dice.pick(
                (
                    "'it''s'", '"a\\tb\\u00e9"', "''", '""', '"\\U0001F600"', "'a\\n'", '"a # b"', "'yes'", '"\\x"',
                    '"\\uD800"', '"\\/ \\N\\_\\L\\P\\e\\0"',
                )
            )
        if kind == "flow":
            return self.flow(min(depth, 2))
        if kind == "tagged":
            return dice.pick(TAGGED)
        if kind == "alias":
            return f"*{dice.pick(self.anchors)}" if self.anchors and dice.chance(0.85) else "*nowhere"
        return "" if kind == "empty" else f"{self.anchor()} {scalar(dice)}"

    def flow(self, depth: int) -> str:
        parts = []
        sequence = self.dice.chance(0.5)
        for _ in range(self.dice.between(0, 3)):
            self.left -= 1
            item = self.flow(depth - 1) if depth > 0 and self.dice.chance(0.3) else scalar(self.dice)
            parts.append(
                item
                if sequence
                else self.dice.pick((f"{scalar(self.dice)}: {item}", f"a: {item}", "b", f"'c':{item}"))
            )
        inside = self.dice.pick((", ", ",", " , ")).join(parts) + self.dice.pick(("", "", "", ","))
        return f"[{inside}]" if sequence else f"{{{inside}}}"

    def anchor(self) -> str:
        name = f"n{len(self.anchors)}" if self.dice.chance(0.9) or not self.anchors else self.anchors[0]
        self.anchors.append(name)
        return f"&{name}"

    def properties(self) -> str:
        kind = self.dice.weighted(((14, ""), (2, "anchor"), (1, "tag"), (0.5, "both")))
        if kind == "anchor":
            return f" {self.anchor()}"
        if kind == "tag":
            return " " + self.dice.pick(
                ("!!map", "!!seq", "!!set", "!!omap", "!!pairs", "!mine", "!!str", "!!python/dict")
            )
        return f" !!map {self.anchor()}" if kind else ""

    def comment(self) -> str:
        return self.dice.weighted(((14, ""), (1, " # note"), (0.3, "#no note"), (0.3, "  "), (0.1, "\t")))


def random_document(dice: Dice) -> str:
    return Document(dice).text()


def scalars(dice: Dice) -> str:
    """Many scalars in a list or as keys."""
    if dice.chance(0.75):
        return "".join(f"- {scalar(dice)}\n" for _ in range(dice.between(3, 10)))
    return "".join(f"{scalar(dice)}: {scalar(dice)}\n" for _ in range(dice.between(2, 6)))


def deep(dice: Dice) -> str:
    """Moderately deep nesting."""
    depth = dice.between(5, 40)
    return dice.pick(
        (
            "[" * depth + "]" * depth, "{a: " * depth + "1" + "}" * depth,
            "\n".join(" " * level + "a:" for level in range(depth)), "- " * depth + "x", "[" * depth,
            "? " * depth + "x",
            "".join(f"l{level}: &l{level} [{'*l' + str(level - 1) if level else 'x'}]\n" for level in range(depth)),
        )
    )


def growing(dice: Dice) -> str:
    """Aliases of aliases: small texts with large values."""
    width, levels = dice.pick(((2, 6), (3, 5), (5, 4), (9, 7), (10, 6)))
    lines = ["a0: &a0 [" + ", ".join(["x"] * width) + "]"]
    for level in range(1, levels):
        lines.append(f"a{level}: &a{level} [" + ", ".join([f"*a{level - 1}"] * width) + "]")
    return "\n".join(lines) + "\n"


def characters(dice: Dice) -> str:
    """Any characters."""
    alphabet = dice.pick(
        (SIGNIFICANT, SIGNIFICANT + ODD_CHARACTERS, "- a:\n ", "[]{},: a\n", "'\"\\ nx\n", "|>-+ \na1", "&*!a <\n:")
    )
    return "".join(dice.pick(alphabet) for _ in range(dice.between(1, 40)))


# --- Damage ---------------------------------------------------------------------------------------------


def lost_indentation(dice: Dice, text: str) -> str:
    return "\n".join(line.lstrip() if dice.chance(0.95) else line for line in text.split("\n"))


def some_lines(dice: Dice, text: str, change) -> str:
    """`change` done to one or a few lines."""
    lines = text.split("\n")
    for at in dice.some(range(len(lines)), 1, dice.pick((1, 1, 2, 4))):
        lines[at] = change(lines[at])
    return "\n".join(lines)


def replaced(old: str, new: str, count: int = -1):
    return lambda dice, text: text.replace(old, new, count)


def on_lines(change):
    return lambda dice, text: some_lines(dice, text, change)


def edited(dice: Dice, text: str) -> str:
    """A few characters put in, taken out or replaced anywhere."""
    for _ in range(dice.between(1, 3)):
        at = dice.below(len(text) + 1)
        new = dice.pick(SIGNIFICANT) if dice.chance(0.85) else dice.pick(ODD_CHARACTERS)
        text = text[:at] + dice.pick((new, "", new)) + text[at + dice.below(2) :]
    return text


def repeated_line(dice: Dice, text: str) -> str:
    lines = text.split("\n")
    at = dice.below(len(lines))
    lines.insert(dice.pick((at, len(lines) - 1)), lines[at])
    return "\n".join(lines)


def swapped_lines(dice: Dice, text: str) -> str:
    lines = text.split("\n")
    if len(lines) > 1:
        at = dice.below(len(lines) - 1)
        lines[at], lines[at + 1] = lines[at + 1], lines[at]
    return "\n".join(lines)


def cut(dice: Dice, text: str) -> str:
    return text[: dice.below(len(text) + 1)]


DAMAGE = (
    (3, lost_indentation),
    (3, on_lines(lambda line: line.replace("  ", "\t", 1))),
    (2, replaced("  ", "\t")),
    (2, replaced("- ", "• ")),
    (2, on_lines(lambda line: line.replace("- ", "-", 1))),
    (2, on_lines(lambda line: line.replace(": ", "：", 1))),
    (2, on_lines(lambda line: line.replace(": ", ":", 1))),
    (1, on_lines(lambda line: line.replace(":", " :", 1))),
    (2, on_lines(lambda line: line.replace(": ", ": “", 1) + "”" if ": " in line else line)),
    (1, replaced('"', "”")),
    (2, on_lines(lambda line: line.replace(" ", "\u00a0"))),
    (1, replaced("  ", "\u3000")),
    (2, on_lines(lambda line: " " + line)),
    (2, on_lines(lambda line: line[1:] if line.startswith(" ") else line)),
    (2, repeated_line),
    (2, swapped_lines),
    (1, replaced("\n", "\r\n")),
    (0.7, replaced("\n", "\r")),
    (1, lambda dice, text: "\ufeff" + text),
    (1, lambda dice, text: text + "---\n" + text),
    (1, lambda dice, text: "```yaml\n" + text + "```\n"),
    (1, lambda dice, text: "---\n" + text + "...\n"),
    (1, on_lines(lambda line: line + " # 注释")),
    (1, on_lines(lambda line: line + "#x")),
    (1, on_lines(lambda line: line.replace(": ", ": @", 1))),
    (1, on_lines(lambda line: line.replace(": ", ": *", 1))),
    (1, on_lines(lambda line: line.replace(": ", ": &a ", 1))),
    (1, on_lines(lambda line: line.replace(": ", ": !!str ", 1))),
    (1, on_lines(lambda line: line.replace(": ", ": '", 1))),
    (1, on_lines(lambda line: line.replace(": ", ": {", 1))),
    (1, on_lines(lambda line: line.replace(": ", ": |", 1))),
    (1, on_lines(lambda line: line.replace(": ", "=", 1))),
    (1, on_lines(lambda line: line.upper())),
    (1, on_lines(lambda line: "> " + line)),
    (1, on_lines(lambda line: "")),
    (4, edited),
    (2, cut),
)


def damage(dice: Dice, text: str) -> str:
    for _ in range(dice.weighted(((5, 1), (3, 2), (1, 3)))):
        text = dice.weighted(DAMAGE)(dice, text)
    return text


def realistic(dice: Dice) -> str:
    """A config as people post it, whole or damaged."""
    text = dice.pick(REALISTIC)
    return damage(dice, text) if dice.chance(0.85) else text


def tricky(dice: Dice) -> str:
    text = dice.pick(TRICKY)
    return edited(dice, text) if dice.chance(0.25) else text


SUITE = tuple(
    json.loads(line)["yaml"]
    for line in (Path(__file__).parents[2] / "yaml" / "suite.jsonl").read_text(encoding="utf-8").splitlines()
)


def of_suite(dice: Dice) -> str:
    """A text of the YAML test suite, whole or damaged."""
    text = dice.pick(SUITE)
    return damage(dice, text) if dice.chance(0.5) else text


def wrong(dice: Dice) -> str:
    """A text that libyaml or PyYAML refuses, alone or somewhere inside a config."""
    text = dice.pick(ERRORS)
    if dice.chance(0.3):
        return text
    if dice.chance(0.3):
        return edited(dice, text)
    lead = dice.pick(
        ("a: 1\n", "# 中文 comment\n", "model:\n  default: x\n", "é: “ü”\n", "list:\n- 1\n- 2\n", "\n\n")
    )
    return lead + text


def text(dice: Dice) -> str:
    """Any YAML text."""
    make = dice.weighted(
        (
            (4, tricky),
            (4, scalars),
            (5, random_document),
            (5, realistic),
            (4, of_suite),
            (5, wrong),
            (1, deep),
            (0.3, growing),
            (2, characters),
            (1, lambda dice: dice.pick(DAMAGED)),
        )
    )
    return make(dice)
