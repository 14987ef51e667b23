"""Wild worlds: any value in any place, and any character in any file."""

from __future__ import annotations

from . import tables
from .dice import Dice
from .emit import Raw
from .yaml_samples import SCALARS

# White space that Python's `strip` takes away, and some that it leaves.
SPACES = (
    " ", "\t", "\n", "\r", "\x0b", "\x0c", "\x1c", "\x1f", "\x85", "\u00a0", "\u1680", "\u2003", "\u2028", "\u3000",
    "\u200b", "\ufeff",
)

# Letters whose lower or upper case is peculiar.
LETTERS = ("İ", "ı", "ß", "ẞ", "Σ", "ΑΣ", "ﬁ", "K", "Å", "Ǆ", "ŉ", "É", "中", "😀", "e\u0301", "Ω", "Ａ")

NUMBERS = (
    0, 1, -1, 2, 60, 1.5, -0.0, 1e300, 1e-300, 10**15, 10**20, 2**53, 1_780_000_000, 1_780_000_000.5,
    1_780_000_000_000, 401, 429,
)

SCHEMES = (
    "http://", "https://", "HTTP://", "ftp://", "//", "", "http:/", "http:", "ws://", "https:// ", "h ttp://",
    "1http://", "+x://",
)
HOSTS = (
    "localhost", "127.0.0.1", "[::1]", "0.0.0.0", "LOCALHOST", "localhost.", "api.openai.com", "API.OpenAI.com",
    "openai.com", "x.openai.com", "notopenai.com", "openai.com.evil.test", "openrouter.ai", "www.openrouter.ai",
    "api.anthropic.com", "console.anthropic.com", "x.claude.com", "foundry.azure.com", "x.openai.azure.com",
    "ollama.com", "api.x.ai", "api.kimi.com", "api.deepseek.com", "groq.com", "api.groq.com", "www.api.mistral.ai",
    "example", "10.0.0.1", "1.2.3.4.5", "x.y1", "münchen.example", "xn--mnchen-3ya.example", "a_b.example.com",
    "-x.com", "[fe80::1%25eth0]", "[::1", "::1", "x..com", ".com", "com.", "api.", "api.api.example.com",
    "3com.example", "ex-ample.co.uk", "exa mple.com", "", "user@api.openai.com", "api.openai.com@evil.test",
    "user:pa:ss@openrouter.ai", "api.openai.com\\@evil.test", "openrouter.ai#x", "ｅxample.com",
)
PORTS = ("", "", "", ":80", ":443", ":8080", ":", ":x", ":99999", ":0", ":-1")
PATHS = (
    "", "/", "/v1", "/v1/", "/v1//", "/anthropic", "/anthropic/", "/anthropic/v1", "/Anthropic", "/coding",
    "/coding/v1", "/api/v1", "/openai.com", "/v1?x=1", "/v1#a", "?x=/anthropic", "/v1 ", "/v1/chat/completions",
    "/zen/v1", "/zen/go/v1", "/a/../anthropic", "/v10", "/ü", ";x=/anthropic", "/\t",
)


def endpoint(dice: Dice) -> str:
    return (
        dice.pick(SCHEMES[:3] if dice.chance(0.7) else SCHEMES)
        + dice.pick(HOSTS)
        + dice.pick(PORTS)
        + dice.pick(PATHS)
    )


def text(dice: Dice) -> str:
    """A text that means something somewhere, with odd space or letters around it."""
    word = dice.pick(
        (
            *tables.API_KEY_PROVIDERS, *tables.CUSTOM_NAMES, "openrouter", "custom", "auto", "anthropic", "manual",
            "manual:x", "config:relay", "env:GOOGLE_API_KEY", "model_config", "exhausted", "dead", "ok", "api_key",
            "oauth", "true", "false", "off", "429", "401", "1.5", "nan", "-inf", "1e5", "0x10", "", "null",
            "2026-05-28T20:00:00Z", "2026-05-28", "round_robin", "least_used", "random", "sk-fake-wild",
            "${MY_FAKE_KEY}", "${HOME_NOT}", "custom:local", "custom:", "rate_limit", "token_revoked",
            "chat_completions", "anthropic_messages", "localhost", "[]", "{}", "moa", "gpt-5.5", "claude-opus-4.6",
            "***",
        )
    )
    if dice.chance(0.25):
        word = endpoint(dice)
    for _ in range(dice.weighted(((5, 0), (3, 1), (1, 2)))):
        kind = dice.below(5)
        odd = dice.pick(SPACES if kind < 3 else LETTERS)
        at = dice.pick((0, len(word), dice.below(len(word) + 1)))
        word = word[:at] + odd + word[at:]
    return dice.weighted(((6, word), (1, word.upper()), (1, word.title()), (1, word + word), (1, word * 20)))


def value(dice: Dice, depth: int = 2):
    """Any value that JSON has."""
    kind = dice.weighted(((8, "text"), (5, "number"), (2, "null"), (2, "bool"), (1.5, "list"), (1.5, "mapping")))
    if kind == "text":
        return text(dice)
    if kind == "number":
        return dice.pick(NUMBERS)
    if kind == "null":
        return None
    if kind == "bool":
        return dice.chance(0.5)
    size = dice.between(0, 2) if depth > 0 else 0
    if kind == "list":
        return [value(dice, depth - 1) for _ in range(size)]
    return {dice.pick(NAMES): value(dice, depth - 1) for _ in range(size)}


NAMES = (
    "provider", "default", "base_url", "api_key", "api_mode", "model", "name", "key_env", "enabled", "source",
    "label", "id", "priority", "access_token", "last_status", "relay", "local", "gemini", "transport", "api", "url",
    "x",
)


def yaml_value(dice: Dice, depth: int = 2):
    """Any value that YAML has; plain scalars as they are written."""
    if dice.chance(0.4):
        return Raw(
            dice.pick(
                [scalar for scalar in SCALARS if scalar.isascii() and scalar.strip() == scalar and plain(scalar)]
            )
        )
    return value(dice, depth)


def plain(scalar: str) -> bool:
    """Whether the scalar can stand after `key: ` without ending the document for its reader."""
    return (
        bool(scalar)
        and scalar[0] not in "#-?:!&*%@`|>[]{},'\"="
        and not any(bad in scalar for bad in (": ", " #", ":\t"))
        and scalar[-1] != ":"
    )


def shake(dice: Dice, content, odds: float, draw=value):
    """The content with a part of its values and names replaced, dropped, wrapped or doubled."""
    if dice.chance(odds):
        return draw(dice)
    if isinstance(content, dict):
        shaken = {}
        for name, item in content.items():
            if dice.chance(odds / 2):
                continue
            if dice.chance(odds / 3) and not isinstance(name, Raw):
                name = dice.pick((str(name).upper(), f"{name} ", text(dice), dice.pick(NAMES)))
            shaken[name] = shake(dice, item, odds, draw)
        if dice.chance(odds):
            shaken[dice.pick(NAMES)] = draw(dice)
        return shaken
    if isinstance(content, list):
        shaken = [shake(dice, item, odds, draw) for item in content if not dice.chance(odds / 2)]
        if shaken and dice.chance(odds):
            shaken.insert(dice.below(len(shaken) + 1), dice.pick(shaken))
        return shaken
    if dice.chance(odds / 3):
        return dice.pick(([content], {"x": content}, str(content)))
    return content


def scribble(dice: Dice, original: str, alphabet: str, most: int) -> str:
    """The text with some characters put in, taken out or replaced."""
    for _ in range(dice.between(1, most)):
        at = dice.below(len(original) + 1)
        new = dice.pick(alphabet) if dice.chance(0.9) else dice.pick((*SPACES, *LETTERS, "\x00", "\x7f", "\u2019"))
        original = original[:at] + dice.pick((new, new, "", new * 2)) + original[at + dice.below(2) :]
    return original


# Characters that mean something in each kind of file.
JSON_CHARACTERS = '"\\{}[]:, \n\t0123456789.eE-+truefalsn/u'
DOTENV_CHARACTERS = "=#'\"\\ \n\r\t${}:-ABC_xport.`;,"
YAML_CHARACTERS = "::-- \n\t#'\"[]{},&*!|>?%@.~019yeno"
