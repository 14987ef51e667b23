"""config.yaml as a value: sections that people write, and the ways in which they get them wrong."""

from __future__ import annotations

from . import tables
from .dice import Dice
from .emit import Raw

# --- Sections -------------------------------------------------------------------------------------------


def model_section(dice: Dice, provider: str) -> dict:
    """`model:` for a built-in provider."""
    section = {"provider": tables.spelling(dice, provider), "default": dice.pick(tables.MODELS)}
    if dice.chance(0.08):
        del section["provider"]
    if dice.chance(0.08):
        section[dice.pick(("model", "name"))] = section.pop("default")
    if provider == "azure-foundry" and dice.chance(0.7):
        section["base_url"] = dice.pick(
            ("https://my.openai.azure.com/openai/v1", "https://foundry.example.azure.com/anthropic/v1")
        )
    elif dice.chance(0.25):
        own = tables.base_url(provider)
        section["base_url"] = dice.weighted(((3, own), (1, own + "/"), (4, dice.pick(tables.ENDPOINTS)), (0.5, "")))
    if dice.chance(0.2):
        section[dice.weighted(((4, "api_key"), (1, "api")))] = tables.new_key(dice, provider)
    if dice.chance(0.12):
        section["api_mode"] = dice.pick(tables.API_MODES)
    if dice.chance(0.04):
        section.pop("default", None)
        if dice.chance(0.4):
            section["base_url"] = dice.pick(("http://localhost:8080/v1", "http://127.0.0.1:11434"))
    if dice.chance(0.03):
        section["openai_runtime"] = dice.pick(("codex_app_server", "auto"))
    if dice.chance(0.05):
        section["context_length"] = dice.pick((128000, "128k", 0))
    if dice.chance(0.04):
        section[dice.pick(("key_env", "api_key_env"))] = "MY_FAKE_KEY"
    return section


def custom_entry(dice: Dice, name: str, keys: list[str]) -> dict:
    """An entry of `custom_providers`."""
    entry = {"name": name, "base_url": dice.pick(tables.ENDPOINTS)}
    kind = dice.weighted(((5, "api_key"), (3, "key_env"), (1, "both"), (2, "none")))
    if kind in ("api_key", "both"):
        key = tables.new_key(dice, "custom")
        keys.append(key)
        entry["api_key"] = dice.weighted(((8, key), (1, "${RELAY_API_KEY}"), (1, dice.pick(tables.PLACEHOLDERS))))
    if kind in ("key_env", "both"):
        entry["key_env"] = dice.weighted(((6, "RELAY_API_KEY"), (1, "MISSING_API_KEY"), (1, "$RELAY_API_KEY")))
    if dice.chance(0.5):
        entry["model"] = dice.pick(tables.MODELS)
    if dice.chance(0.2):
        entry["api_mode"] = dice.pick(tables.API_MODES)
    for field, values in dice.some(CUSTOM_EXTRAS, 0, dice.pick((0, 1, 2, 5))):
        entry[field] = dice.pick(values)
    if dice.chance(0.04):
        entry[dice.pick(("name", "base_url"))] = dice.pick((None, 5, "", ["x"], " "))
    return entry


# Further fields of custom providers.
CUSTOM_EXTRAS = (
    (
        "models",
        ({"a": {"context_length": 8000}}, ["a", "b"], [{"id": "a", "context_length": 1}, {"name": "b"}, {}], [], "a"),
    ),
    ("context_length", (128000, 0, -1, "128000", True, 1.5)),
    ("rate_limit_delay", (0, 1.5, -1, "2", True)),
    ("request_timeout_seconds", (30, "30")),
    ("discover_models", (True, False, "no", "yes")),
    ("extra_body", ({"a": 1}, "x", {})),
    ("extra_headers", ({"X-Fake": "1", "Y": 2}, ["a"], {"": "x"}, {1: "x"})),
    ("ssl_verify", (False, "no", "maybe", None)),
    ("ssl_ca_cert", ("/tmp/ca.pem", "", 5)),
    ("provider", ("openai", "custom")),
    ("enabled", (False, True, "false", 0)),
    ("max_tokens", (4096, "4096", 0)),
    ("apiKey", ("sk-fake-camel", 5)),
    ("baseUrl", ("https://camel.example.com/v1",)),
    ("apiKeyEnv", ("RELAY_API_KEY",)),
    ("api_key_env", ("RELAY_API_KEY", None)),
    ("url", ("https://url.example.com/v1", "not a url")),
    ("api", ("https://api.example.com/v1", 5)),
    ("default_model", ("glm-5.1", None)),
    ("transport", ("anthropic_messages", "openai_chat")),
    ("note", ("a field that nobody knows",)),
    ("key", ("sk-fake-key",)),
)


def provider_entry(dice: Dice, keys: list[str]) -> dict:
    """A value of `providers:`, the keyed spelling of custom providers."""
    entry = custom_entry(dice, "", keys)
    del entry["name"]
    if dice.chance(0.3) and "base_url" in entry:
        entry[dice.pick(("api", "url"))] = entry.pop("base_url")
    if "model" in entry and dice.chance(0.6):
        entry["default_model"] = entry.pop("model")
    if "api_mode" in entry and dice.chance(0.5):
        entry["transport"] = entry.pop("api_mode")
    if dice.chance(0.2):
        entry["name"] = dice.pick(tables.CUSTOM_NAMES)
    return entry


def fallback_entry(dice: Dice) -> dict:
    entry = {"provider": dice.pick(tables.NAMES_OF_FALLBACKS), "model": dice.pick(tables.MODELS)}
    if dice.chance(0.25):
        entry["base_url"] = dice.pick(tables.ENDPOINTS)
    if dice.chance(0.15):
        entry[dice.pick(("api_key", "key_env", "api_key_env", "api_mode", "note"))] = "sk-fake-fallback"
    return entry


def fallback_chain(dice: Dice) -> list:
    """`fallback_providers:` as it should be, or nearly."""
    chain: list = [fallback_entry(dice) for _ in range(dice.between(1, 3))]
    if dice.chance(0.2):
        chain.append(dict(dice.pick(chain)))
    if dice.chance(0.12):
        chain.append(dice.pick(("openrouter", "openrouter/gpt-oss", None, 5, [], {}, ["openrouter"])))
    if dice.chance(0.2):
        entry = dice.pick(chain)
        if isinstance(entry, dict):
            odd = dice.pick(
                (
                    ("provider", None), ("model", ""), ("model", 5), ("provider", " GEMINI "), ("base_url", 5),
                    ("base_url", " https://x.example.com/v1/ "), ("model", None), ("provider", ["a"]),
                )
            )
            entry[odd[0]] = odd[1]
    return chain


def fallbacks(dice: Dice, config: dict) -> None:
    """A fallback chain, in the spellings that Hermes knows and those that people try."""
    spelled = dice.weighted(
        (
            (8, "list"), (2, "single"), (4, "legacy"), (3, "both"), (1, "json"), (1, "wrong"), (1, "text"),
            (1, "nested"), (1, "empty"),
        )
    )
    if spelled in ("list", "both"):
        config["fallback_providers"] = fallback_chain(dice)
    if spelled == "single":
        config["fallback_providers"] = fallback_entry(dice)
    if spelled in ("legacy", "both"):
        entries = fallback_chain(dice)
        config["fallback_model"] = dice.weighted(((3, entries), (3, entries[0])))
    if spelled == "json":
        config["fallback_providers"] = '[{"provider": "openrouter", "model": "openrouter/free"}]'
    if spelled == "wrong":
        config[dice.pick(("fallbacks", "fallback_models", "fallback_provider", "fallback"))] = fallback_chain(dice)
    if spelled == "text":
        config[dice.pick(("fallback_model", "fallback_providers"))] = dice.pick(
            ("openrouter", 5, True, [], ["openrouter"])
        )
    if spelled == "nested" and isinstance(config.get("model"), dict):
        config["model"]["fallback_providers"] = fallback_chain(dice)
    if spelled == "empty":
        config["fallback_model"] = dice.pick(
            ({}, [], {"provider": "openrouter"}, {"model": "x"}, [{}], [{"model": "x"}])
        )


def strategies(dice: Dice, config: dict, pool: str) -> None:
    """`credential_pool_strategies:`, keyed rightly or by another name, with a right or wrong strategy."""
    name = dice.weighted(((8, pool), (1, tables.spelling(dice, pool)), (1, pool.upper()), (1, "default")))
    value = dice.weighted(((8, dice.pick(tables.STRATEGIES[:4])), (3, dice.pick(tables.STRATEGIES))))
    config["credential_pool_strategies"] = dice.weighted(
        ((12, {name: value}), (1, value), (1, [{name: value}]), (1, {name: value, pool: "round_robin"}), (0.5, None))
    )


def display_extras(dice: Dice, config: dict) -> None:
    """Sections that have nothing to do with credentials, right or wrong."""
    for name, values in dice.some(OTHER_SECTIONS, 1, 3):
        config[name] = dice.pick(values)


OTHER_SECTIONS = (
    ("agent", ({"max_turns": 50}, {"api_max_retries": 5, "max_turns": None}, "fast", None, [])),
    ("max_turns", (25, None, "many")),
    ("terminal", ({"backend": "docker", "timeout": 60}, None, "bash", {"backend": {"name": "local"}})),
    ("display", ({"compact": True, "personality": "kawaii"}, {"skin": Raw("off")}, 5)),
    ("compression", ({"enabled": False, "threshold": 0.5}, None)), ("toolsets", (["all"], "all", None, {})),
    ("timezone", ("Asia/Shanghai", None, 8)), ("memory", ({"memory_enabled": Raw("yes")}, False)),
    ("_config_version", (33, 12, "33", None)),
    ("mcp_servers", ({"files": {"command": "npx", "args": ["-y", "x"]}}, [])),
    ("skills", ({"config": {"a": {"b": 1}}}, None)), ("secrets", ({"bitwarden": {"enabled": False}}, None, "bitwarden", [], {"bitwarden": "no"}, {"bitwarden": []})),
    ("security", ({"redact_secrets": True}, {})),
    ("auxiliary", ({"vision": {"provider": "openrouter", "api_key": "${OPENROUTER_API_KEY}"}}, None)),
    ("unheard_of", ({"a": [1, 2]}, "x")), ("image_gen", ({"provider": "fal"}, None)),
    ("logging", ({"level": Raw("debug")}, None)),
)


# --- Ways to get it wrong -------------------------------------------------------------------------------


def root_keys(dice: Dice, config: dict, pool: str) -> None:
    """Keys of `model:` at the root, as after lost indentation."""
    moved = {
        "provider": tables.spelling(dice, pool),
        "base_url": dice.pick(tables.ENDPOINTS),
        "api_key": "sk-fake-root",
        "api_mode": "chat_completions",
        "api_base": dice.pick(tables.ENDPOINTS),
        "context_length": 64000,
        "default": "x",
        "rate_limit_delay": 1,
        "model_name": "y",
        "key_env": "X",
    }
    section = config.get("model")
    for name in dice.some(tuple(moved), 1, 3):
        if isinstance(section, dict) and name in section and dice.chance(0.6):
            config[name] = section.pop(name)
        else:
            config[name] = moved[name]
    if isinstance(section, dict) and not section:
        config["model"] = None


def anchored(dice: Dice, text: str) -> str:
    """The text with an anchor by which other parts share `model`."""
    shared = dice.pick(("shared: *m", "fallback_model: *m", "shared: {a: [*m]}", "providers: {x: *m}", "agent: *m"))
    moved = dice.pick(("", "provider: gemini\n", "base_url: https://x.example.com/v1\n"))
    return f"\n{text}".replace("\nmodel:\n", "\nmodel: &m\n", 1)[1:] + f"{moved}{shared}\n"


def odd_model(dice: Dice, config: dict, _pool: str) -> None:
    config["model"] = dice.pick(
        (
            None, "", "gemini-3", 5, [], ["gemini"], {}, True, {"default": None}, {"provider": None},
            {"provider": 5, "default": 7}, {"provider": Raw("no"), "default": "x"}, "a/b", {"default": {"name": "x"}},
            {"provider": ["gemini"]}, {"base_url": 5, "default": "x"},
        )
    )


def odd_model_field(dice: Dice, config: dict, _pool: str) -> None:
    section = config.get("model")
    if isinstance(section, dict):
        name = dice.pick(
            ("provider", "default", "base_url", "api_key", "api_mode", "api", "api_base", "name", "model")
        )
        section[name] = dice.pick(
            (
                None, "", 5, True, [], {}, "x", " https://x.example.com/v1 ", Raw("on"), 1.5, "auto", "custom",
                Raw("0123"), "${MY_FAKE_KEY}", "changeme",
            )
        )


def reference(dice: Dice, config: dict, _pool: str) -> None:
    """A `${VAR}`, right or wrong, in the model section."""
    section = config.get("model")
    if isinstance(section, dict):
        section[dice.pick(("base_url", "api_key", "provider", "default"))] = dice.pick(
            (
                "${MY_FAKE_KEY}", "$MY_FAKE_KEY", "${MY_FAKE_KEY:-x}", "${missing}", "x${MY_FAKE_KEY}y", "${}",
                "${A}${B}", "${ MY_FAKE_KEY }", "${LLM_URL}/v1", "${MY_FAKE_KEY",
            )
        )


def disabled(dice: Dice, config: dict, pool: str) -> None:
    block = config.setdefault("providers", {})
    if isinstance(block, dict):
        block[dice.weighted(((4, pool), (1, tables.spelling(dice, pool))))] = dice.pick(
            (
                {"enabled": False}, {"enabled": "false"}, {"enabled": Raw("no")}, {"enabled": True}, {"enabled": 0},
                None, {"api_key": "sk-fake-provider"}, {"enabled": "off", "base_url": "https://x.example.com/v1"},
                {"enabled": None},
            )
        )


def odd_custom(dice: Dice, config: dict, _pool: str) -> None:
    config["custom_providers"] = dice.pick(
        (
            {"relay": {"base_url": "https://llm.example.com/v1"}},
            {"name": "relay", "base_url": "https://x.example.com"}, "[]", [], None, ["relay"], [None],
            [{"name": "relay"}], [{"base_url": "https://x.example.com/v1"}], 5, [[]],
            [{"name": 5, "base_url": "https://x.example.com/v1"}], [{"name": "", "base_url": ""}],
            {"fallback_model": {"provider": "x"}},
            [{"name": "a", "base_url": 7}, {"name": " A ", "base_url": "x.example.com"}],
            [{"name": "a", "base_url": "https://x.example.com/v1", 1: "x"}],
        )
    )


def odd_providers(dice: Dice, config: dict, _pool: str) -> None:
    config["providers"] = dice.pick(
        (
            None, [], "text", 5, {"relay": None}, {"relay": "https://x.example.com/v1"}, {},
            {5: {"base_url": "https://x.example.com/v1"}}, [{"name": "relay"}],
            {"relay": {"base_url": ["x"], "key_env": 5}}, {" Relay ": {"url": "https://r.example.com"}},
        )
    )


def root_key_no_string(dice: Dice, config: dict, _pool: str) -> None:
    config[Raw(dice.pick(("1", "on", "1.5", "null", "2026-05-28", "~", "[a]")))] = "x"


def pool_in_config(dice: Dice, config: dict, pool: str) -> None:
    """A pool written into config.yaml, which Hermes does not read."""
    config[dice.pick(("credential_pool", "credential_pools", "api_keys"))] = dice.pick(
        (
            {pool: [{"provider": "google", "api_key": "GEMINI_API_KEY_1"}, {"api_key": "sk-fake-config"}]},
            ["sk-fake-1"],
            {},
        )
    )


def other_model_url(dice: Dice, config: dict, pool: str) -> None:
    section = config.get("model")
    if isinstance(section, dict):
        section["base_url"] = dice.pick((tables.base_url(pool), *tables.ENDPOINTS))


CONFIG_CHANGES = (
    (4, root_keys),
    (2, odd_model),
    (3, odd_model_field),
    (2, reference),
    (2, disabled),
    (2, odd_custom),
    (2, odd_providers),
    (1.5, root_key_no_string),
    (1.5, pool_in_config),
    (3, other_model_url),
    (3, lambda dice, config, _pool: display_extras(dice, config)),
    (3, lambda dice, config, _pool: fallbacks(dice, config)),
    (3, lambda dice, config, pool: strategies(dice, config, pool)),
)

# What stands where the whole mapping should.
NOT_CONFIGS = (
    "", "null\n", "[]\n", "- model\n", "just text\n", "5\n", "false\n", "{}\n", "---\n", "# nothing\n", "on\n",
    "!!set {model}\n", "!!binary aGk=\n", "2026-05-28\n",
)
