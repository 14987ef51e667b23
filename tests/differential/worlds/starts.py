"""Worlds for the question `start`: primaries without a key, and fallback chains that hold keys or name them."""

from __future__ import annotations

from . import config, tables
from .dice import Dice

ENTRIES = ("interactive", "gateway", "cron", "oneshot")

# Names for the keys of fallback entries.
VARIABLES = ("FALLBACK_KEY", "RELAY_API_KEY", "DEEPSEEK_API_KEY", "BLANK_KEY", "HERMES_MAX_TOKENS")


def place(dice: Dice, world, name: str, key: str) -> None:
    """Sets a variable in .env, in the environment or in both, or at the root of config.yaml, where it is none."""
    where = dice.weighted(((4, "file"), (4, "environment"), (1, "both"), (1.5, "config"), (1, "nowhere")))
    if where in ("file", "both"):
        world.named.append((name, key))
    if where in ("environment", "both"):
        world.environ[name] = key if dice.chance(0.8) else dice.pick((f" {key} ", "", "changeme"))
    if where == "config":
        world.config[name] = dice.weighted(((5, key), (1, "${OTHER_FAKE_KEY}"), (1, 12345678), (1, True), (1, 1.5)))


def entry(dice: Dice, world) -> dict:
    """An entry of a chain, more often right than not."""
    provider = dice.weighted(
        (
            (6, tables.spelling(dice, tables.any_provider(dice))), (3, "openrouter"), (2, "anthropic"), (2, "custom"),
            (3, dice.pick((*world.custom_names(), "custom:relay"))), (1, dice.pick(tables.OTHER_PROVIDERS)),
            (1, dice.pick(("nowhere", "auto", "azure-foundry", "moa"))),
        )
    )
    made = {"provider": provider, "model": dice.pick(tables.MODELS)}
    if dice.chance(0.3) or provider == "custom":
        made["base_url"] = dice.pick(tables.ENDPOINTS)
    key = tables.new_key(dice, provider)
    kind = dice.weighted(((4, "none"), (3, "inline"), (2, "reference"), (4, "named"), (1, "odd"), (2, "variable")))
    name = dice.pick(VARIABLES)
    if kind == "inline":
        made["api_key"] = dice.weighted(((5, key), (1, f" {key} "), (1, dice.pick(tables.PLACEHOLDERS))))
    if kind == "reference":
        made["api_key"] = dice.pick((f"${{{name}}}", f"Bearer ${{{name}}}", "${MISSING}"))
        place(dice, world, name, key)
    if kind == "named":
        made[dice.weighted(((4, "key_env"), (1, "api_key_env")))] = name
        place(dice, world, name, key)
    if kind == "odd":
        made[dice.pick(("api_key", "key_env", "api_key_env"))] = dice.pick((5, None, "", " ", True, [], ["x"]))
    if kind == "variable":
        for name in tables.variables(provider)[:1]:
            place(dice, world, name, key)
    return made


def prepare(dice: Dice, world) -> None:
    """Takes the primary's keys away, more often than not, and gives the world a chain and a model."""
    if dice.chance(0.55):
        mine = tables.variables(world.pool.split(":")[0])
        world.named = [(name, key) for name, key in world.named if name not in mine]
        world.environ = {name: key for name, key in world.environ.items() if name not in mine}
        if dice.chance(0.7):
            world.rows, world.store = {}, None
    if not isinstance(world.config, dict):
        return
    if dice.chance(0.75):
        chain = [entry(dice, world) for _ in range(dice.between(1, 4))]
        name = dice.weighted(((5, "fallback_providers"), (2, "fallback_model")))
        world.config[name] = chain[0] if dice.chance(0.2) else chain
    elif dice.chance(0.5):
        config.fallbacks(dice, world.config)
    model = world.config.get("model")
    if isinstance(model, dict) and dice.chance(0.8):
        model.setdefault("default", dice.pick(tables.MODELS))
    if dice.chance(0.1):
        for name in tables.variables(world.pool.split(":")[0])[:1]:
            place(dice, world, name, tables.new_key(dice, world.pool))
    if dice.chance(0.15):
        name, values = dice.pick(AROUND)
        value = dice.pick(values)
        if isinstance(name, str) and name.isupper():
            world.environ[name] = value
        else:
            world.config[name] = value


# What else the ways in look at.
AROUND = (
    ("HERMES_INFERENCE_PROVIDER", ("gemini", "deepseek", "openrouter", "nowhere")),
    ("HERMES_MODEL", ("gpt-5.5", " ")),
    ("HERMES_INFERENCE_MODEL", ("gpt-5.5", " ")),
    ("agent", (None, {}, {"max_turns": 3}, [], "x")),
    ("provider_routing", ({"only": ["a"]}, None, [], ["a"], "x")),
    ("openrouter", ({"min_coding_score": 0.5}, None, "x", 5)),
    ("prefill_messages_file", ("prefill.json", 5, None)),
    ("terminal", (None, {"backend": "local"}, "x", "backend", 5)),
    ("browser", (None, {"engine": "auto"}, "x", 0)),
    ("auxiliary", (None, {"vision": None}, [])),
    ("compression", (None, 5)),
    ("checkpoints", (None, True, {"enabled": True}, "x")),
    ("display", (None, 5)),
    ("provider", ("gemini", "nowhere")),
    (5, ("x",)),
)


def questions(dice: Dice) -> list[dict]:
    entries = ENTRIES if dice.chance(0.6) else dice.some(ENTRIES, 1, 3)
    entries = dice.shuffled(entries) if dice.chance(0.3) else entries
    asked = [{"do": "start", "entry": entry} for entry in entries]
    if dice.chance(0.15):
        asked.insert(dice.below(len(asked) + 1), {"do": "resolve"})
    if dice.chance(0.1):
        asked.append({"do": "store"})
    return asked
