"""Worlds for the question `call_site`: side tasks, subagents and fallbacks with providers, endpoints and keys of their own."""

from __future__ import annotations

from . import starts, tables
from .dice import Dice

# Side tasks that all releases have.
TASKS = ("web_extract", "compression", "title_generation", "skills_hub", "mcp", "vision")


def names(dice: Dice, world) -> str:
    return dice.weighted(
        (
            (6, tables.spelling(dice, tables.any_provider(dice))), (3, "openrouter"), (3, "custom"), (2, "main"), (2, "auto"),
            (2, "openai"), (3, dice.pick((*world.custom_names(), "custom:relay"))), (1, world.pool), (1, dice.pick(tables.OTHER_PROVIDERS)),
            (1, dice.pick(("nowhere", "", None, "custom:", "codex", 5))),
        )
    )


def block(dice: Dice, world, url: float) -> dict:
    """The settings of a task or of `delegation`."""
    made = {"provider": names(dice, world)} if dice.chance(0.85) else {}
    provider = made.get("provider") if isinstance(made.get("provider"), str) else ""
    key = tables.new_key(dice, provider)
    if dice.chance(0.6):
        made["model"] = dice.pick((*tables.MODELS, "auto", ""))
    if dice.chance(url):
        made["base_url"] = dice.pick((*world.endpoints(), *tables.ENDPOINTS))
    if dice.chance(0.25):
        made["api_key"] = dice.weighted(((5, key), (1, f" {key} "), (1, "${SITE_KEY}"), (1, ""), (0.5, 5)))
    elif dice.chance(0.2):
        made[dice.pick(("key_env", "api_key_env"))] = "SITE_KEY"
    if dice.chance(0.3):
        starts.place(dice, world, "SITE_KEY", key)
    if dice.chance(0.5):
        for name in tables.variables(provider)[:1]:
            starts.place(dice, world, name, tables.new_key(dice, provider))
    if dice.chance(0.08):
        made["api_mode"] = dice.pick(tables.API_MODES)
    return made


def prepare(dice: Dice, world) -> list[dict]:
    """Adds sites to a world, and asks for them."""
    if isinstance(world.config.get("model"), str):
        world.config["model"] = {"default": world.config["model"]}
    if isinstance(world.config.get("model"), dict):
        world.config["model"].setdefault("default", dice.pick(tables.MODELS))
    sites = dice.some(TASKS, 1, 4)
    tasks = {task: block(dice, world, 0.3) for task in sites if dice.chance(0.85)}
    if tasks:
        world.config["auxiliary"] = tasks
    if dice.chance(0.6):
        sites.append("delegation")
        if dice.chance(0.8):
            world.config["delegation"] = block(dice, world, 0.4)
    if dice.chance(0.6):
        sites.append("fallback")
        world.config["fallback_providers"] = [starts.entry(dice, world) for _ in range(dice.between(1, 3))]
    if dice.chance(0.15):
        world.environ["OPENAI_API_KEY"] = "sk-fake-openai-0000"
    return [{"do": "call_site", "site": site} for site in sites]
