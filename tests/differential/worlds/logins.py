"""Worlds of people who logged in: OAuth providers, their state in auth.json, and rows that come from it."""

from __future__ import annotations

import base64
import json

from . import config, store, tables
from .dice import Dice

PROVIDERS = ("nous", "openai-codex", "xai-oauth", "minimax-oauth", "anthropic", "qwen-oauth", "google-gemini-cli")

# Seconds that a token has left: around the ends at which one or the other release renews it.
LEFT = (-5, 0, 60, 119, 121, 1000, 2699, 2701, 3599, 3601, 20_000, 10**6)

SOURCES = (
    "device_code", "loopback_pkce", "manual", "manual:device_code", "manual:xai_pkce", "oauth", "hermes_pkce",
    "claude_code",
)


def token(dice: Dice, now: float) -> str:
    """An access token: mostly a JWT whose end is near or far, sometimes just a text."""
    if dice.chance(0.25):
        return f"{dice.pick(('sk-ant-oat01-fake', 'at-fake'))}-{dice.pick(tables.WORDS)}-{dice.between(1, 99)}"
    claims: dict = {"exp": now + dice.pick(LEFT)}
    if dice.chance(0.3):
        claims["exp"] = dice.pick((int(claims["exp"]), str(claims["exp"]), None))
    if dice.chance(0.4):
        claims[dice.pick(("email", "preferred_username", "upn"))] = dice.pick(("someone@x.example", " ", 5))
    if dice.chance(0.6):
        claims[dice.pick(("scope", "scp"))] = dice.pick(
            ("inference:invoke", "openid inference:invoke", ["inference:invoke"], "inference:mint_agent_key")
        )
    part = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"fake.{part}.{dice.hex(4)}"


def tokens(dice: Dice, now: float) -> dict:
    found = {"access_token": token(dice, now), "refresh_token": f"rt-fake-{dice.hex(4)}"}
    if dice.chance(0.15):
        found[dice.pick(tuple(found))] = dice.pick(("", None, " "))
    return found


def state(dice: Dice, provider: str, now: float) -> dict:
    """What auth.json holds of the login itself."""
    own = tokens(dice, now)
    found = {"tokens": own} if provider in ("openai-codex", "xai-oauth") else dict(own)
    if dice.chance(0.1):
        found = dice.pick(({}, {"tokens": {}}, {"tokens": None}, {"refresh_token": "rt-fake"}))
    if dice.chance(0.3):
        found["label"] = dice.pick(("mine", "", " ", 5))
    if dice.chance(0.4):
        found["last_refresh"] = "2026-05-28T20:00:00Z"
    if provider == "nous":
        for name, value in (
            ("agent_key", token(dice, now)), ("agent_key_expires_at", "2026-06-28T20:00:00Z"),
            ("expires_at", "2026-06-28T20:00:00+00:00"), ("scope", "inference:invoke"), ("tls", {"insecure": False}),
            ("inference_base_url", "https://inference-api.nousresearch.com/v1"), ("client_id", "fake-client"),
            ("portal_base_url", dice.pick(("https://portal.nousresearch.com", "https://api.nousresearch.com"))),
            ("obtained_at", "2026-05-28T20:00:00Z"), ("expires_in", 900),
        ):
            if dice.chance(0.45):
                found[name] = value
    if provider == "minimax-oauth" and dice.chance(0.6):
        found["expires_at"] = dice.pick(("2026-06-28T20:00:00Z", "2026-06-28T20:00:00+00:00", "soon", 5))
        found["inference_base_url"] = "https://api.minimax.io/anthropic/"
    return found


def rows(dice: Dice, provider: str, now: float, login: dict) -> list:
    """Rows of logins, some with the tokens of the state and some with older ones, mostly failed before."""
    found = []
    own = login.get("tokens") if isinstance(login.get("tokens"), dict) else login
    for at in range(dice.between(1, 3)):
        row = {"id": dice.hex(6), "label": dice.pick(tables.LABELS), "auth_type": "oauth", "priority": at}
        row["source"] = dice.pick(SOURCES[:4]) if dice.chance(0.7) else dice.pick(SOURCES)
        row |= tokens(dice, now)
        for name in ("access_token", "refresh_token"):
            if dice.chance(0.5) and name in own:
                row[name] = own[name]
        if dice.chance(0.3):
            row["refresh_token"] = None
        row |= store.status_fields(dice, now)
        if provider == "anthropic" and dice.chance(0.6):
            row["expires_at_ms"] = int((now + dice.pick(LEFT)) * 1000)
        if provider == "nous":
            for name, value in (
                ("agent_key", token(dice, now)), ("agent_key_expires_at", "2026-06-28T20:00:00Z"),
                ("expires_at", "2026-06-28T20:00:00Z"), ("scope", "inference:invoke"), ("tls", {"insecure": False}),
            ):
                if dice.chance(0.4):
                    row[name] = value
        if dice.chance(0.15):
            store.spoil(dice, row)
        found.append(row)
    return found


def fill(dice: Dice, world) -> None:
    """Gives the world a login, rows, or both, sometimes in the root of a profile."""
    provider = world.pool
    login = state(dice, provider, world.now)
    content = store.store({})
    if dice.chance(0.75):
        content["providers"][provider] = login
    if dice.chance(0.7):
        content["credential_pool"][provider] = rows(dice, provider, world.now, login)
    if dice.chance(0.3):
        content["active_provider"] = provider
    if dice.chance(0.25):
        content["suppressed_sources"] = {provider: dice.some(SOURCES, 1, 3)}
    world.store = content
    world.keys += store.row_keys(content["credential_pool"])
    if dice.chance(0.15):
        world.profile = "work"
        world.home[".hermes/auth.json"] = json.dumps(content)
        world.store = dice.pick((None, store.store({}), content))
    if provider == "anthropic" and dice.chance(0.5):
        content = {"accessToken": token(dice, world.now), "refreshToken": "rt-fake", "expiresAt": dice.pick((0, 10**13))}
        if dice.chance(0.5):
            world.home[".claude/.credentials.json"] = json.dumps({"claudeAiOauth": content})
        else:
            world.other_files[".anthropic_oauth.json"] = json.dumps(content)
        if dice.chance(0.4):
            world.environ[dice.pick(tables.ANTHROPIC_VARIABLES)] = dice.pick(("sk-ant-oat01-fake-e", "sk-ant-api03-fake-e"))
    if dice.chance(0.7):
        world.config["model"] = config.model_section(dice, provider)


def ask(dice: Dice, world, asking) -> None:
    """What does not need the network, and now and then what does."""
    for do in dice.shuffled(("pool", "peek", "list", "store")):
        asking.maybe(0.6, do, **({} if do == "store" else {"provider": world.pool}))
    asking.maybe(0.4, "resolve")
    asking.maybe(0.3, "canonical", name="auto")
    asking.maybe(0.3, "select", provider=world.pool)
    if dice.chance(0.4):
        asking.mark()
        asking.ask("pool", provider=world.pool)
        asking.ask("peek", provider=world.pool)
    if dice.chance(0.2):
        asking.recover()
    asking.ask("store")
