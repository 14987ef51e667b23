""".env files: assignments in the forms that people write, and the process environment beside them."""

from __future__ import annotations

from . import tables
from .dice import Dice


def odd_value(dice: Dice, key: str) -> str:
    """A key as it stands after `=` when something is odd about it."""
    return dice.pick(
        (
            f'"{key}"', f"'{key}'", f'"{key}', f"{key}'", f"{key} # my key", f"{key}#1", f'"{key}" # my key',
            f"'{key}'#x", f" {key}", f"{key}  ", f"\t{key}\t", f"“{key}”", f"Bearer {key}", f"{key},sk-fake-second",
            f"{key};", "", '""', "''", "***", "changeme", "your_api_key_here", "${OTHER_FAKE_KEY}", "$OTHER_FAKE_KEY",
            "${MISSING:-dflt}", f"{key}ʋ", f"{key}\u200b", f"密钥{key}", f'"{key}\\n"', f'"a\\"{key}"', f"'a\\'{key}'",
            f"{key}=", f"={key}", f"{key}\u00a0", f'"{key}\\\\x"', f"{key}\\nx", f"`{key}`",
            f"op://Vault/{key}/field", f"{key}\x00", "abc", f"{key} {key}", f"https://x.example.com/?k={key}", '"',
            "'", f'"{key}"x', "${MISSING}", f"{key}\x0b", f'"{key}\\t$OTHER_FAKE_KEY"', "'${OTHER_FAKE_KEY}'", "\\",
            f"{key}\\", "${OTHER_FAKE_KEY:-}", "${}", "#", " # only a comment", f"{key}\t# x",
        )
    )


# Ways to write one assignment.
FORMS = (
    (30, lambda name, value: f"{name}={value}"),
    (2, lambda name, value: f"export {name}={value}"),
    (1, lambda name, value: f"export  {name}={value}"),
    (1, lambda name, value: f"{name} = {value}"),
    (1, lambda name, value: f"  {name}={value}"),
    (1, lambda name, value: f"{name}: {value}"),
    (0.7, lambda name, value: f"{name}"),
    (0.7, lambda name, value: f"#{name}={value}"),
    (0.7, lambda name, value: f"# {name}={value}"),
    (0.5, lambda name, value: f"{name.lower()}={value}"),
    (0.5, lambda name, value: f"set {name}={value}"),
    (0.5, lambda name, value: f"{name}={value}\n{name}="),
    (0.5, lambda name, value: f"{name}=sk-fake-first\n{name}={value}"),
    (0.5, lambda name, value: f"'{name}'={value}"),
    (0.5, lambda name, value: f"export {name}"),
    (0.3, lambda name, value: f"$env:{name}={value}"),
    (0.3, lambda name, value: f'{name}="{value}\nsecond line"'),
    (0.3, lambda name, value: f"{name}\\\n={value}"),
    (0.3, lambda name, value: f"{name}==={value}"),
    (0.3, lambda name, value: f"\t{name}\t=\t{value}"),
    (0.3, lambda name, value: f"- {name}={value}"),
    (0.3, lambda name, value: f"EXPORT {name}={value}"),
    (0.2, lambda name, value: f"={value}"),
    (0.2, lambda name, value: f"{name}＝{value}"),
)

# Lines that may stand between the assignments.
OTHER_LINES = (
    "", "# Hermes", "   ", "TELEGRAM_BOT_TOKEN=1:fake", "HERMES_MAX_ITERATIONS=50", "not an assignment", "[section]",
    "A=1", "OTHER_FAKE_KEY=other-fake-value", "MY_FAKE_KEY=my-fake-value", "LLM_URL=https://llm.example.com", "'",
    '"', "#", "X='it''s'", 'Y="two words"', "Z=a b c", "Ünïcödé=ü", "EMPTY=", "B=$A", "C=${A}${B}", "1BAD=x", "A.B=x",
    "A-B=y", "\u2028", "D='multi\nline'", "HERMES_INFERENCE_PROVIDER=deepseek", "\tE=1", "F=1\x0cG=2", "export",
    "export =x",
)


def assignment(dice: Dice, name: str, key: str) -> str:
    value = key if dice.chance(0.85) else odd_value(dice, key)
    return dice.weighted(FORMS)(name, value)


def whole(dice: Dice, lines: list[str]) -> str:
    """The file's text: mostly plain lines, sometimes with a BOM, other line ends, or lines run together."""
    text = "\n".join(lines) + "\n"
    return dice.weighted(
        (
            (60, text), (2, text.rstrip("\n")), (2, "\ufeff" + text), (3, text.replace("\n", "\r\n")),
            (1, text.replace("\n", "\r")), (2, text.replace("\n", "", 1)), (1, text.replace("\n", " ", 1)),
            (1, text.replace("_API", "\x00_API", 1)), (1, text.replace("=", "\u00a0=", 1)), (1, "\n\n" + text),
            (0.5, text.replace("\n", "\u2028")), (0.5, "\ufffd" + text), (0.5, text.replace("\n", "\n\x00")),
            (0.5, "\x00".join(text)),
        )
    )


def lines(dice: Dice, named: list[tuple[str, str]]) -> list[str]:
    """The lines for variables and their keys, others in between."""
    made = [assignment(dice, name, key) for name, key in named]
    for other in dice.some(OTHER_LINES, 0, 2):
        made.insert(dice.below(len(made) + 1), other)
    return made


def tricky(dice: Dice, named: list[tuple[str, str]]) -> list[str]:
    """Lines in which most things are odd, for questions about the readers of .env themselves."""
    made = []
    for name, key in named:
        made.append(dice.weighted(FORMS)(name, odd_value(dice, key) if dice.chance(0.6) else key))
    for other in dice.some(OTHER_LINES, 2, 6):
        made.insert(dice.below(len(made) + 1), other)
    if dice.chance(0.15) and len(made) > 1:
        at = dice.below(len(made) - 1)
        made[at : at + 2] = [made[at] + made[at + 1]]
    return made


# Variables of the process environment that turn a resolution elsewhere.
STEERING = (
    ("HERMES_INFERENCE_PROVIDER", ("deepseek", "google", " OPENROUTER ", "nowhere", "custom", "")),
    ("OPENAI_BASE_URL", ("https://api.openai.com/v1", "https://llm.example.com/v1", "")),
    ("OPENROUTER_BASE_URL", ("https://openrouter.ai/api/v1", "https://mirror.example.com/v1/")),
    ("CUSTOM_BASE_URL", ("http://localhost:9000/v1", "https://api.groq.com/openai/v1")),
    ("OPENAI_API_KEY", ("sk-fake-openai", "***")), ("OPENROUTER_API_KEY", ("sk-or-fake-env", "abc")),
    ("ANTHROPIC_API_KEY", ("sk-ant-fake-env",)), ("DEEPSEEK_API_KEY", ("sk-fake-deepseek-env",)),
    ("GROQ_API_KEY", ("gsk_fake",)), ("EXAMPLE_API_KEY", ("sk-fake-example", "x")),
    ("RELAY_API_KEY", ("sk-fake-relay", "  ", "none")), ("MY_FAKE_KEY", ("my-fake-environment",)),
    ("LLM_URL", ("https://llm.example.com/v1",)), ("GH_TOKEN", ("ghp_fake", "gho_fake")),
    ("OLLAMA_API_KEY", ("ollama-fake",)), ("AWS_PROFILE", ("work",)),
)


def steer(dice: Dice, environ: dict) -> None:
    for name, values in dice.some(STEERING, 1, 2):
        environ[name] = dice.pick(values)


def numbered(dice: Dice, named: list[tuple[str, str]], provider: str) -> None:
    """Numbered and plural variables, which Hermes does not read."""
    for name in tables.variables(provider)[:1]:
        named.append((dice.pick((f"{name}_1", f"{name}S", f"{name}_2", f"{name}1")), tables.new_key(dice, provider)))
