"""Worlds for the question `call_site`: side tasks, subagents, fallbacks, slots of Mixture of Agents and scheduled jobs with
providers, endpoints and keys of their own."""

from __future__ import annotations

import json

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


def slot(dice: Dice, world) -> object:
    """A slot of a preset: a provider and a model, and what nothing reads there."""
    made = block(dice, world, 0.1)
    if dice.chance(0.9):
        made["model"] = dice.pick(tables.MODELS)
    if dice.chance(0.05):
        made["provider"] = dice.pick(("moa", "MoA", " zai ", "auto"))
    return dice.weighted(((20, made), (0.3, None), (0.3, "openrouter")))


def presets(dice: Dice, world) -> list[str]:
    """Adds a section `moa`, and names slots of it."""
    name = dice.pick(("team", "default"))
    preset = {}
    if dice.chance(0.85):
        preset["reference_models"] = [slot(dice, world) for _ in range(dice.between(1, 3))]
    if dice.chance(0.05):
        preset["reference_models"] = slot(dice, world)
    if dice.chance(0.85):
        preset["aggregator"] = slot(dice, world)
    if dice.chance(0.1):
        preset["enabled"] = dice.pick((False, True, "", "off", None))
    if dice.chance(0.1):
        world.config.setdefault("auxiliary", {})[dice.pick(("moa_reference", "moa_aggregator"))] = block(dice, world, 0.6)
    world.config["moa"] = dice.weighted(((10, {"presets": {name: preset}}), (1, preset), (0.5, {**preset, "presets": None})))
    if dice.chance(0.1) and isinstance(world.config.get("model"), dict):
        world.config["model"] |= {"provider": "moa", "default": name}
    return [f"moa.presets.{name}.{at}" for at in ("aggregator", "reference_models[0]", "reference_models[1]")]


def job(dice: Dice, world, number: int) -> dict:
    """A scheduled job, which may have a provider, an endpoint and a model of its own."""
    own = block(dice, world, 0.35)
    made = {"id": f"job{number}", "name": dice.pick(("news", "", None)), "prompt": "Hello", "enabled": True}
    for name in ("provider", "model", "base_url"):
        if name in own:
            made[name] = own[name]
    if dice.chance(0.3):
        made.pop("provider", None)
    if dice.chance(0.3):
        made["provider_snapshot"] = dice.pick((world.pool, "custom", "openrouter", ""))
    if dice.chance(0.2):
        made["model_snapshot"] = dice.pick((*tables.MODELS, ""))
    return made


def jobs(dice: Dice, world) -> list[str]:
    """Adds scheduled jobs, and names them."""
    made = [job(dice, world, number) for number in range(dice.between(1, 3))]
    world.other_files["cron/jobs.json"] = json.dumps(dice.weighted(((20, {"jobs": made}), (0.5, {"jobs": []}), (0.5, {}))))
    return [f"cron.jobs[{number}]" for number in range(dice.between(1, len(made) + 1))]


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
    if dice.chance(0.35):
        sites += presets(dice, world)
    if dice.chance(0.1):
        sites.append("mixture_of_agents")
    if dice.chance(0.3):
        sites += jobs(dice, world)
    return [{"do": "call_site", "site": site} for site in sites]
