"""auth.json: pools with rows in every state, whole and broken."""

from __future__ import annotations

import datetime
import hashlib
import json

from . import tables
from .dice import Dice

SECOND = 1
MINUTE = 60
HOUR = 3600
DAY = 86400

# Seconds since a status was set: around the ends of the cooldowns of 5 minutes, 1 hour and 24 hours.
AGES = (0, 10, 299, 300, 301, 1800, 3599, 3600, 3601, 2 * HOUR, DAY - 1, DAY, DAY + 1, 3 * DAY, -600)

# What error codes rows hold.
CODES = (
    (10, 429), (6, 401), (5, 402), (4, 403), (3, None), (2, 500), (1, 400), (1, "429"), (1, 401.0), (1, True), (1, 0),
)

# Row fields of a wrong or rare kind, and the values that they take.
ODD_FIELDS = (
    (
        "access_token",
        (None, "", 12345, ["sk-fake-list"], {"key": "sk-fake"}, True, " sk-fake-spaces ", "***", "abc", 0),
    ),
    ("label", (None, "", 7, ["label"], "two words", "Ünï", "x" * 40, True)),
    ("priority", (None, -1, 5, 1.5, "0", "high", True, 0, 10**20, [])),
    ("id", (None, "", 7, "dup", "dup", True)),
    ("auth_type", (None, "", "oauth", "API_KEY", "api-key", 1)),
    (
        "source",
        (
            None, "", "Manual", "manual:device_code", "env:SOMETHING_ELSE", "config:relay", "custom", " MANUAL ",
            "env:", "model_config", "claude_code", "hermes_pkce", "device_code", 5, "vault:x",
        ),
    ),
    ("base_url", (None, "", "https://llm.example.com/v1/", "localhost:1", 5, ["x"], "https://openrouter.ai/api/v1")),
    ("request_count", (None, "3", 5, -1, 2.5, True, [])),
    ("last_status", ("EXHAUSTED", "Dead", "OK", "disabled", "", 1, True, ["exhausted"], "dead", "exhausted")),
    (
        "last_status_at",
        (None, "", "soon", 0, -5, True, "2026-05-28T20:00:00Z", "2026-05-28T20:00:00", [], "1779999000"),
    ),
    ("last_error_reset_at", ("", "soon", 0, -1, True, [], {}, "  ", "nan", "inf", "1e12")),
    ("last_error_code", ("429", 429.0, [429], {}, "", -1)),
    ("last_error_reason", (5, [], {"a": 1}, "", "  ")),
    ("last_error_message", (5, [], "rate limit", "Unauthorized", "")),
    ("extra", ({}, {"token_type": "Bearer"}, "x", None)),
    ("token_type", ("Bearer", None, 5)),
    ("secret_source", ("bitwarden", "", None)),
    ("secret_fingerprint", ("sha256:0000000000000000", "md5:1", 5, None)),
    ("api_key", ("sk-fake-in-the-wrong-field", "")),
    ("token", ("sk-fake-token", None)),
    ("expires_at_ms", (1, "soon", None)),
    ("inference_base_url", ("https://llm.example.com/v1", None)),
    ("comment", ("a field that nobody reads",)),
    ("agent_key", ("sk-fake-agent", None)),
    ("refresh_token", ("rt-fake", None)),
)

# What stands in a pool where a row should.
NOT_ROWS = ("sk-fake-only-a-key", 5, None, [], ["sk-fake"], True, {}, {"key": "sk-fake-alone"})

# What stands where a pool's list of rows should.
NOT_POOLS = (None, {}, {"0": {"access_token": "sk-fake"}}, "sk-fake-text", 5, [], True)


def timestamp(dice: Dice, at: float):
    """A point in time in one of the forms that Hermes or a provider writes."""
    moment = datetime.datetime.fromtimestamp(at, datetime.timezone.utc)
    form = dice.weighted(
        (
            (6, "number"), (2, "int"), (2, "ms"), (2, "text"), (2, "z"), (1, "offset"), (1, "naive"),
            (1, "other offset"), (1, "date"),
        )
    )
    if form == "number":
        return at
    if form == "int":
        return int(at)
    if form == "ms":
        return int(at * 1000)
    if form == "text":
        return dice.pick((str(at), str(int(at)), f" {at} ", str(int(at * 1000)), f"{at:e}"))
    if form == "z":
        return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    if form == "offset":
        return moment.isoformat()
    if form == "naive":
        return moment.strftime(dice.pick(("%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S.%f", "%Y%m%dT%H%M%S")))
    if form == "other offset":
        zone = datetime.timezone(datetime.timedelta(hours=dice.pick((8, -5, 2))))
        return moment.astimezone(zone).isoformat()
    return moment.strftime("%Y-%m-%d")


def reset_at(dice: Dice, now: float):
    """When a provider says that its limit ends: mostly soon, sometimes past, sometimes nonsense."""
    if dice.chance(0.12):
        return dice.pick((60, 0, -1, "soon", "", True, False, [], {}, "60", 1e300, "12:30", 10**13, "nan"))
    return timestamp(dice, now + dice.pick((5, 30, 600, HOUR, 5 * HOUR, 6 * DAY, -5, -HOUR, 0)))


def status_fields(dice: Dice, now: float) -> dict:
    """The status part of a row."""
    kind = dice.weighted(((12, "fresh"), (2, "nothing"), (4, "ok"), (9, "exhausted"), (2.5, "dead"), (1, "odd")))
    if kind == "nothing":
        return {}
    fields = dict.fromkeys(
        (
            "last_status", "last_status_at", "last_error_code", "last_error_reason", "last_error_message",
            "last_error_reset_at",
        )
    )
    if kind == "fresh":
        return fields
    if kind == "odd":
        fields["last_status"] = dice.pick(("EXHAUSTED", "Dead", "disabled", "", 1, "Ok"))
    elif kind == "dead":
        fields |= {"last_status": "dead", "last_error_code": 401, "last_error_reason": dice.pick(tables.DEAD_REASONS)}
    else:
        fields["last_status"] = kind
    if kind != "ok" or dice.chance(0.2):
        age = dice.pick(AGES)
        fields["last_status_at"] = dice.weighted(
            ((8, now - age), (2, timestamp(dice, now - age)), (1, None), (0.5, 0), (0.5, "garbage"))
        )
    if kind == "exhausted":
        fields["last_error_code"] = dice.weighted(CODES)
        fields["last_error_reason"] = dice.pick(tables.REASONS)
        if dice.chance(0.4):
            fields["last_error_message"] = dice.pick(tables.MESSAGES)
        if dice.chance(0.35):
            fields["last_error_reset_at"] = reset_at(dice, now)
    return fields


def fingerprint(key: str) -> str:
    return f"sha256:{hashlib.sha256(key.encode()).hexdigest()[:16]}"


def manual_row(dice: Dice, provider: str, priority: int, now: float) -> dict:
    """A row as `hermes auth add` writes it, in any state."""
    row = {
        "id": dice.hex(6),
        "label": dice.pick(tables.LABELS),
        "auth_type": "api_key",
        "priority": priority,
        "source": "manual",
        "access_token": tables.new_key(dice, provider),
    }
    row |= status_fields(dice, now)
    url = dice.weighted(((5, tables.base_url(provider)), (3, None), (1, dice.pick(tables.ENDPOINTS))))
    if url is not None:
        row["base_url"] = url
    row["request_count"] = dice.weighted(((6, 0), (2, dice.between(1, 9))))
    return row


def env_row(dice: Dice, provider: str, priority: int, now: float, keys: list[str]) -> dict:
    """A row that Hermes made of a variable: with its key as old releases wrote it, or with a fingerprint."""
    names = tables.variables(provider) or ["SOMETHING_API_KEY"]
    name = dice.weighted(((6, names[0]), (2, dice.pick(names)), (1, f"{names[0]}_2")))
    row = {"id": dice.hex(6), "label": name, "auth_type": "api_key", "priority": priority, "source": f"env:{name}"}
    key = dice.pick(keys) if keys and dice.chance(0.6) else tables.new_key(dice, provider)
    if dice.chance(0.35):
        row["access_token"] = key
    row |= status_fields(dice, now)
    row["base_url"] = tables.base_url(provider)
    row["request_count"] = 0
    if "access_token" not in row and dice.chance(0.85):
        row["secret_fingerprint"] = fingerprint(key)
    return row


def rows(dice: Dice, provider: str, now: float, keys: list[str], most: int = 5) -> list:
    """A pool's rows: mostly as Hermes leaves them, sometimes with odd fields or other things in between."""
    made: list = []
    for priority in range(min(most, dice.weighted(((3, 1), (4, 2), (4, 3), (2, 4), (1, 5))))):
        if dice.chance(0.25):
            row = env_row(dice, provider, priority, now, keys)
        else:
            row = manual_row(dice, provider, priority, now)
        if dice.chance(0.15):
            spoil(dice, row)
        made.append(row)
    if dice.chance(0.06):
        made.append(dict(dice.pick(made)))
    if dice.chance(0.03) and len(made) > 1:
        # Two rows of one id, of which the first one cools down.
        made[0] |= {"id": made[-1].get("id", "c3f481"), "last_status": "exhausted", "last_status_at": now, "last_error_code": 429}
    if dice.chance(0.04):
        made.insert(dice.below(len(made) + 1), dice.pick(NOT_ROWS))
    if dice.chance(0.1):
        made = dice.shuffled(made)
    return made


def spoil(dice: Dice, row: dict) -> None:
    """Gives a row one or two odd fields, or takes some away."""
    for _ in range(dice.between(1, 2)):
        name, values = dice.pick(ODD_FIELDS)
        if dice.chance(0.25):
            row.pop(name, None)
        else:
            row[name] = dice.pick(values)


def row_keys(pools: dict) -> list[str]:
    """The keys in rows, for hints."""
    found = []
    for pool in pools.values():
        for row in pool if isinstance(pool, list) else ():
            if isinstance(row, dict) and isinstance(row.get("access_token"), str) and row["access_token"]:
                found.append(row["access_token"])
    return found


def store(pools: dict) -> dict:
    return {"version": 1, "providers": {}, "credential_pool": pools, "updated_at": "2026-05-28T19:00:00+00:00"}


# --- Changes of a whole store ---------------------------------------------------------------------------


def suppress(dice: Dice, content: dict, provider: str) -> None:
    sources = [f"env:{name}" for name in tables.variables(provider)] + ["manual", "config:relay", "claude_code"]
    if provider.startswith("custom:"):
        sources = [f"config:{name}" for name in tables.CUSTOM_NAMES if provider.endswith(name.lower())] + ["model_config"]
    listed = dice.weighted(
        ((6, dice.some(sources, 1, 2)), (1, f"env:{sources[0]}"), (1, None), (1, {sources[0]: True}), (1, [5, None]))
    )
    content["suppressed_sources"] = dice.weighted(
        ((7, {provider: listed}), (1, {provider.upper(): listed}), (1, listed), (1, None))
    )


def rename_pool(dice: Dice, content: dict, provider: str) -> None:
    pools = content.get("credential_pool")
    if isinstance(pools, dict) and provider in pools:
        other = dice.pick((*tables.ALIASES.get(provider, ("elsewhere",)), provider.upper(), f" {provider}"))
        pools[other] = pools.pop(provider)


def not_a_pool(dice: Dice, content: dict, provider: str) -> None:
    pools = content.get("credential_pool")
    if isinstance(pools, dict):
        pools[provider] = dice.pick(NOT_POOLS)


def not_pools(dice: Dice, content: dict, _provider: str) -> None:
    content["credential_pool"] = dice.pick((None, [], "text", 5, {}))


def odd_providers(dice: Dice, content: dict, _provider: str) -> None:
    content["providers"] = dice.pick((None, [], "text", {"gemini": {"api_key": "sk-fake-login"}}, {"nous": {}}))


def active_provider(dice: Dice, content: dict, provider: str) -> None:
    content["active_provider"] = dice.pick((provider, "nous", "openrouter", "nowhere", None, 5, "deepseek"))


def old_systems(_dice: Dice, content: dict, _provider: str) -> None:
    content.pop("providers", None)
    content.pop("credential_pool", None)
    content["systems"] = {"nous_portal": {}}


def other_version(dice: Dice, content: dict, _provider: str) -> None:
    content["version"] = dice.pick((2, "1", None))
    content["note"] = {"kept": [1, 2.5, True, None, "ü"]}


def more_pools(dice: Dice, content: dict, provider: str) -> None:
    pools = content.get("credential_pool")
    if isinstance(pools, dict):
        for other in dice.some(
            ("openrouter", "deepseek", "gemini", "custom:relay", "fw", "nowhere", "anthropic"), 1, 3
        ):
            if other != provider:
                pools[other] = rows(dice, other.split(":")[0], 1_780_000_000.0, [], most=2)


STORE_CHANGES = (
    (8, suppress), (2, rename_pool), (2, not_a_pool), (1, not_pools), (1, odd_providers), (2, active_provider),
    (0.5, old_systems), (1, other_version), (4, more_pools),
)

# Changes of the text: what a JSON reader refuses, or takes as Python does.
TEXT_CHANGES = (
    lambda _dice, text: "\ufeff" + text,
    lambda _dice, text: text.replace("}", ",}", 1),
    lambda dice, text: text[: dice.below(len(text))],
    lambda _dice, text: text.replace("null", "NaN", 1),
    lambda _dice, text: text.replace('"version": 1', '"version": 1, "version": 1e999', 1),
    lambda _dice, text: f"// note\n{text}",
    lambda _dice, _text: "",
    lambda _dice, _text: "[]",
    lambda _dice, _text: "null",
    lambda _dice, text: text.replace('"', "'"),
    lambda _dice, text: text + "\n\n",
    lambda _dice, text: text.replace('"label": "', '"label": "\t', 1),
    lambda _dice, text: text.replace('"label": "', '"label": "\\u00e9\\ud83d\\ude00', 1),
)


def to_text(dice: Dice, content) -> str:
    """The store as Hermes writes it, or as somebody wrote it by hand."""
    text = json.dumps(content, indent=dice.weighted(((8, 2), (1, None), (1, 4))), ensure_ascii=dice.chance(0.7))
    if dice.chance(0.04):
        text = dice.pick(TEXT_CHANGES)(dice, text)
    return text
