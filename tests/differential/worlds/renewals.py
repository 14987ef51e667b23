"""Worlds with logins whose tokens run out: what auth.json holds of them, and the files of other programs."""

from __future__ import annotations

import base64
import datetime
import json

from . import config, store, tables
from .dice import Dice

# Seconds until a token runs out: around the times before which each provider's is renewed.
LIVES = (
    -86400, -3600, -1, 0, 1, 59, 60, 61, 119, 120, 121, 600, 1799, 1800, 1801, 2699, 2700, 2701, 3599, 3600, 3601,
    7200, 86400, 30 * 86400, 30 * 86400, 30 * 86400,
)

SCOPES = (
    "inference:invoke", "inference:invoke,tools", "openid inference:invoke profile", "openid", "",
    ["openid", "inference:invoke"], [["inference:invoke"], 5], None, 5,
)

# Providers that people log in to.
PROVIDERS = ("nous", "openai-codex", "xai-oauth", "anthropic", "minimax-oauth")

URLS = {
    "nous": "https://inference-api.nousresearch.com/v1",
    "openai-codex": "https://chatgpt.com/backend-api/codex",
    "xai-oauth": "https://api.x.ai/v1",
    "minimax-oauth": "https://api.minimax.io/anthropic",
    "qwen-oauth": "https://portal.qwen.ai/v1",
    "anthropic": "https://api.anthropic.com",
}

# Variables that a login's resolution reads.
VARIABLES = {
    "nous": (
        ("NOUS_INFERENCE_BASE_URL", ("https://staging.example.com/v1/", " ", "x")),
        ("HERMES_NOUS_MIN_KEY_TTL_SECONDS", ("60", "7200", "0", "soon", "", "1e3")),
        ("HERMES_NOUS_TIMEOUT_SECONDS", ("5", "2.5", " 30 ")),
        ("NOUS_PORTAL_BASE_URL", ("https://portal.example.com", "")),
    ),
    "openai-codex": (
        ("HERMES_CODEX_BASE_URL", ("https://codex.example.com/", " ")),
        ("HERMES_CODEX_REFRESH_TIMEOUT_SECONDS", ("5", "soon", "60")),
    ),
    "xai-oauth": (
        ("HERMES_XAI_BASE_URL", ("https://eu.api.x.ai/v1/", "http://api.x.ai/v1", "https://evil.example.com/v1")),
        ("XAI_BASE_URL", ("https://x.ai/v1", "https://", "https://[::1", "")),
        ("HERMES_XAI_REFRESH_TIMEOUT_SECONDS", ("5", "soon")),
    ),
    "minimax-oauth": (("MINIMAX_BASE_URL", ("https://llm.example.com/anthropic",)),),
    "qwen-oauth": (("HERMES_QWEN_BASE_URL", ("https://qwen.example.com/v1/", "")),),
    "anthropic": (
        ("ANTHROPIC_TOKEN", ("sk-ant-oat01-fake-env", "sk-ant-api03-fake-env", "fake-env", "")),
        ("CLAUDE_CODE_OAUTH_TOKEN", ("sk-ant-oat01-fake-code", "")),
        ("ANTHROPIC_API_KEY", ("sk-ant-api03-fake-key", "sk-ant-oat01-fake-key")),
    ),
}


# --- Tokens and times ------------------------------------------------------------------------------------


def jwt(dice: Dice, end: float) -> str:
    """Three parts like those of a JSON Web Token; the outer two are plainly fake."""
    claims: dict = {"sub": f"fake-{dice.hex(4)}"}
    kind = dice.weighted(((14, "exp"), (1, "float"), (1, "text"), (1, "none"), (0.5, "bool"), (0.5, "ms")))
    if kind != "none":
        claims["exp"] = {"exp": int(end), "float": end + 0.5, "text": str(int(end)), "bool": True}.get(kind, int(end * 1000))
    if dice.chance(0.4):
        claims[dice.pick(("email", "preferred_username", "upn"))] = dice.pick(
            ("fake@example.com", " fake@example.com ", "", "  ", 5, "某人")
        )
    if dice.chance(0.5):
        claims[dice.pick(("scope", "scp"))] = dice.pick(SCOPES)
    text = json.dumps(claims, ensure_ascii=dice.chance(0.5))
    if dice.chance(0.05):
        text = dice.pick(("[]", "{", "5", '{"exp": 1e999}', '{"exp": NaN}', "\u00ff", '{"exp": "soon"}', "{}"))
    payload = base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
    parts = ["fake-head", payload, "fake-tail"]
    return dice.weighted(
        (
            (30, ".".join(parts)), (1, ".".join(parts[:2])), (1, ".".join([*parts, "fake"])), (0.5, f".{payload}."),
            (0.5, "fake." + "!" + payload + ".fake"), (0.5, "fake.ü.fake"), (0.5, f"fake.{payload[:-1]}.fake"),
        )
    )


def token(dice: Dice, provider: str, end: float):
    if provider == "anthropic":
        return dice.weighted(
            (
                (8, f"sk-ant-oat01-fake-{dice.hex(4)}"), (1, f"sk-ant-api03-fake-{dice.hex(4)}"),
                (1, f"cc-fake-{dice.hex(4)}"), (1, jwt(dice, end)),
            )
        )
    return dice.weighted(((14, jwt(dice, end)), (3, f"fake-{dice.hex(6)}"), (0.4, ""), (0.2, None), (0.2, 5), (0.3, " fake ")))


def renewal(dice: Dice):
    """A refresh token."""
    return dice.weighted(((16, f"rt-fake-{dice.hex(4)}"), (1.5, None), (1, ""), (1.2, "  "), (0.4, 5)))


def iso(dice: Dice, at: float):
    moment = datetime.datetime.fromtimestamp(at, datetime.timezone.utc)
    return dice.weighted(
        (
            (6, moment.isoformat()), (3, moment.strftime("%Y-%m-%dT%H:%M:%SZ")), (1, moment.strftime("%Y-%m-%dT%H:%M:%S")),
            (0.7, None), (0.4, ""), (0.4, "soon"), (0.4, at), (0.3, f" {moment.isoformat()} "),
        )
    )


def milliseconds(dice: Dice, at: float):
    exact = int(at * 1000)
    return dice.weighted(
        (
            (12, exact), (1, exact + 1), (1, float(exact)), (1, int(at)), (1, str(exact)), (1, None), (0.4, "soon"),
            (0.4, 0), (0.3, True), (0.3, []), (0.3, 1e300), (0.3, f" {exact} "),
        )
    )


class Pair:
    """The two tokens of a login, and when the first one runs out."""

    def __init__(self, dice: Dice, provider: str, now: float) -> None:
        self.end = now + dice.pick(LIVES) + dice.pick((0, 0, 0, 0.5))
        self.access = token(dice, provider, self.end)
        self.refresh = renewal(dice)


# --- What auth.json holds --------------------------------------------------------------------------------


def nous_fields(dice: Dice, pair: Pair) -> dict:
    """What a row and the state of a Nous login share."""
    fields = {"access_token": pair.access, "refresh_token": pair.refresh, "expires_at": iso(dice, pair.end)}
    fields["scope"] = dice.weighted(((8, "inference:invoke"), (2, dice.pick(SCOPES))))
    fields["client_id"] = "hermes-cli-fake"
    fields["token_type"] = "Bearer"
    fields["portal_base_url"] = dice.weighted(
        (
            (8, "https://portal.nousresearch.com"), (1, "https://api.nousresearch.com"), (1, "http://localhost:3000"),
            (1, "https://portal.example.com"), (0.5, None),
        )
    )
    fields["inference_base_url"] = dice.weighted(
        ((8, URLS["nous"]), (1, URLS["nous"] + "/"), (1, "https://evil.example.com/v1"), (1, None))
    )
    if dice.chance(0.8):
        fields["agent_key"] = dice.weighted(((4, pair.access), (2, jwt(dice, pair.end)), (1, "sk-fake-agent"), (0.5, "")))
        fields["agent_key_expires_at"] = iso(dice, pair.end)
        fields["agent_key_obtained_at"] = "2026-05-28T19:00:00+00:00"
    for name, values in dice.some(NOUS_EXTRAS, 0, 3):
        fields[name] = dice.pick(values)
    return fields


NOUS_EXTRAS = (
    ("obtained_at", ("2026-05-28T19:00:00+00:00", None)), ("expires_in", (900, "900", None)), ("agent_key_id", ("id-fake", None)),
    ("agent_key_expires_in", (900,)), ("agent_key_reused", (False, True)),
    ("tls", ({"insecure": False, "ca_bundle": None}, {"insecure": True}, {"ca_bundle": "/tmp/none.pem"}, "x", None)),
)


def state(dice: Dice, provider: str, pair: Pair) -> dict:
    """The `providers` part of auth.json for a login."""
    if provider == "nous":
        made = nous_fields(dice, pair)
    elif provider == "minimax-oauth":
        made = {
            "access_token": pair.access,
            "refresh_token": pair.refresh,
            "expires_at": iso(dice, pair.end),
            "inference_base_url": dice.pick((URLS[provider], URLS[provider] + "/", "https://api.minimaxi.com/anthropic")),
            "portal_base_url": "https://api.minimax.io",
            "client_id": "minimax-fake",
            "region": "global",
        }
    elif provider == "qwen-oauth":
        made = {"base_url": URLS[provider]}
    else:
        made = {
            "tokens": {"access_token": pair.access, "refresh_token": pair.refresh},
            "last_refresh": dice.pick(("2026-05-28T19:00:00Z", None, 5)),
            "auth_mode": dice.pick(("chatgpt", "oauth_device_code", "oauth_pkce")),
        }
        if provider == "xai-oauth" and dice.chance(0.5):
            made["discovery"] = {"token_endpoint": dice.pick(("https://auth.x.ai/oauth2/token", ""))}
    if dice.chance(0.2):
        made["label"] = dice.pick(("work login", " spaced ", "", 5))
    if dice.chance(0.12):
        name = dice.pick(tuple(made))
        made[name] = dice.pick((None, "", [], {}, 5, " "))
    if dice.chance(0.04):
        made = dice.pick(({}, {"tokens": {}}, {"tokens": {"refresh_token": "rt-fake"}}, {"label": "x"}))
    return made


def row(dice: Dice, provider: str, pair: Pair, priority: int, now: float) -> dict:
    """A pool row of a login."""
    sources = {
        "anthropic": ("claude_code", "hermes_pkce", "manual:hermes_pkce", "claude_code"),
        "minimax-oauth": ("oauth", "manual:oauth"),
        "qwen-oauth": ("qwen-cli", "manual:qwen_cli"),
        "xai-oauth": ("device_code", "device_code", "loopback_pkce", "loopback_pkce", "manual:device_code", "manual"),
    }.get(provider, ("device_code", "device_code", "device_code", "manual:device_code", "manual"))
    made = {
        "id": dice.hex(6),
        "label": dice.pick(tables.LABELS),
        "auth_type": dice.weighted(((14, "oauth"), (1, "api_key"))),
        "priority": priority,
        "source": dice.pick(sources),
        "access_token": pair.access,
        "refresh_token": pair.refresh,
    }
    made |= store.status_fields(dice, now)
    if provider == "nous":
        made |= nous_fields(dice, pair)
    elif dice.chance(0.8):
        made["base_url"] = dice.weighted(((6, URLS[provider]), (1, None), (1, "https://llm.example.com/v1/")))
    if provider in ("anthropic", "qwen-oauth", "minimax-oauth"):
        made["expires_at_ms"] = milliseconds(dice, pair.end)
    if provider in ("openai-codex", "xai-oauth"):
        made["last_refresh"] = dice.pick(("2026-05-27T19:00:00Z", None))
    made["request_count"] = dice.pick((0, 0, 3))
    if dice.chance(0.08):
        store.spoil(dice, made)
    return made


def write(dice: Dice, world, provider: str) -> Pair:
    """The login's state, rows and files: of one pair of tokens, or of several."""
    pairs = [Pair(dice, provider, world.now) for _ in range(3)]
    current = pairs[0]
    rows = [row(dice, provider, dice.weighted(((5, current), (2, pairs[1]), (1, pairs[2]))), at, world.now)
            for at in range(dice.weighted(((2, 0), (6, 1), (3, 2), (1, 3))))]
    if provider == "anthropic" and dice.chance(0.4):
        rows += store.rows(dice, provider, world.now, [], 2)
    if rows:
        world.rows[provider] = rows
        world.keys += store.row_keys({provider: rows})
    content = store.store(world.rows)
    if provider != "anthropic" and dice.chance(0.8):
        content["providers"][provider] = state(dice, provider, current)
    if dice.chance(0.5):
        content["active_provider"] = dice.weighted(((8, provider), (1, provider.upper()), (1, dice.pick(PROVIDERS))))
    world.store = content
    return current


# --- Files of other programs ------------------------------------------------------------------------------


def files(dice: Dice, world, provider: str, pair: Pair) -> None:
    other = Pair(dice, provider, world.now)
    pair = dice.weighted(((2, pair), (1, other)))
    if provider == "anthropic":
        login = {"accessToken": pair.access, "refreshToken": pair.refresh, "expiresAt": milliseconds(dice, pair.end)}
        for name in dice.some(tuple(login), 0, dice.pick((0, 0, 0, 1))):
            login.pop(name)
        if dice.chance(0.75):
            content = dice.weighted(((12, {"claudeAiOauth": login}), (0.5, {"claudeAiOauth": 5}), (0.5, login), (0.3, [])))
            world.home[".claude/.credentials.json"] = json.dumps(content) if dice.chance(0.95) else "{broken"
        if dice.chance(0.3):
            own = Pair(dice, provider, world.now)
            world.other_files[".anthropic_oauth.json"] = dice.weighted(
                (
                    (8, json.dumps({"accessToken": own.access, "refreshToken": own.refresh, "expiresAt": int(own.end * 1000)})),
                    (1, "{broken"), (0.5, "{}"),
                )
            )
    if provider == "openai-codex" and dice.chance(0.1):
        tokens = {"access_token": pair.access, "refresh_token": pair.refresh}
        content = dice.weighted(((8, {"tokens": tokens}), (1, {"tokens": None}), (1, []), (1, {"tokens": {}})))
        world.home[".codex/auth.json"] = json.dumps(content) if dice.chance(0.95) else "{"
    if provider == "nous" and dice.chance(0.06):
        shared = nous_fields(dice, other)
        world.home[".hermes/shared/nous_auth.json"] = dice.weighted(((8, json.dumps(shared)), (1, "{"), (1, "[]")))


# --- The theme ---------------------------------------------------------------------------------------------


def build(dice: Dice, world, provider: str) -> None:
    """Makes a world of one login."""
    named = dice.weighted(((10, provider), (3, dice.pick((provider, *tables.ALIASES[provider]))), (3, "auto"), (1, None)))
    section = {"default": dice.pick(tables.MODELS)}
    if named:
        section["provider"] = named
    if dice.chance(0.15):
        section["base_url"] = dice.pick((URLS[provider], *tables.ENDPOINTS))
    if dice.chance(0.12):
        section["api_mode"] = dice.pick(tables.API_MODES)
    if dice.chance(0.15):
        section["openai_runtime"] = dice.pick(("codex_app_server", "auto", ""))
    world.config["model"] = section
    pair = write(dice, world, provider)
    if dice.chance(0.7):
        files(dice, world, provider, pair)
    for name, values in dice.some(VARIABLES[provider], 0, dice.pick((0, 0, 1, 2))):
        if dice.chance(0.7):
            world.environ[name] = dice.pick(values)
        else:
            world.named.append((name, dice.pick(values)))
    if dice.chance(0.12):
        world.set_variables(dice, dice.pick(("openrouter", "deepseek", "gemini")), 0.5, 0.5)
    if dice.chance(0.3):
        config.strategies(dice, world.config, provider)
    if dice.chance(0.15):
        # Nothing is then seeded, and the rows keep the tokens that they have.
        sources = {"anthropic": ("claude_code", "hermes_pkce"), "minimax-oauth": ("oauth",)}
        sources["xai-oauth"] = ("device_code", "loopback_pkce")
        world.store["suppressed_sources"] = {provider: [dice.pick(sources.get(provider, ("device_code",)))]}
    if dice.chance(0.05):
        dice.weighted(store.STORE_CHANGES)(dice, world.store, provider)
    if dice.chance(0.15):
        profile(dice, world)


def profile(dice: Dice, world) -> None:
    """The login lies with the root; the profile has a part of it, or nothing."""
    world.profile = "work"
    world.home[".hermes/auth.json"] = store.to_text(dice, world.store)
    own = dice.pick(("nothing", "empty", "pools", "providers"))
    if own == "nothing":
        world.store = None
    else:
        kept = dict(world.store)
        if own in ("empty", "pools"):
            kept["providers"] = {}
        if own in ("empty", "providers"):
            kept["credential_pool"] = {}
        world.store = kept
