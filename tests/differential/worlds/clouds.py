"""Worlds of clouds and programs: Azure, Bedrock, Copilot, Vertex, as far as they need no network."""

from __future__ import annotations

from . import tables
from .dice import Dice

# What each provider's section of `model:` may hold.
SECTIONS = {
    "azure-foundry": (
        (
            "base_url",
            (
                "https://my.openai.azure.com/openai/v1", "https://foundry.example.azure.com/anthropic/v1",
                "https://foundry.example.azure.com/anthropic/v1/", " https://x.example.com/v1 ", "",
            ),
        ),
        ("api_mode", ("anthropic_messages", "chat_completions", "codex_responses", "x")),
        ("default", ("gpt-5.5", "o3-mini", "gpt-4.1", "claude-opus-4.6", "codex-mini", "", "GPT-5.5 ")),
        ("auth_mode", ("entra_id", "api_key", " Entra_ID ", None, "")),
        ("entra", ({"scope": "https://example.com/.default"}, {}, "x")),
        ("api_key", ("fake-azure-config",)),
    ),
    "anthropic": (
        (
            "base_url",
            (
                "https://foundry.example.azure.com/anthropic", "https://my.azure.com", "https://api.claude.com/v1",
                "https://api.anthropic.com/v1/", "https://gateway.example.com/azure.com/anthropic", "https://",
            ),
        ),
        ("key_env", ("MY_FAKE_KEY", "MISSING_KEY", "")),
        ("api_key_env", ("MY_FAKE_KEY", "RELAY_API_KEY")),
        ("api_key", ("fake-azure-config", " ")),
    ),
    "bedrock": (
        (
            "default",
            (
                "us.anthropic.claude-sonnet-4-5", "anthropic.claude-opus-4", "amazon.nova-pro", "Global.Anthropic.Claude-x",
                "claude-sonnet-4", "",
            ),
        ),
    ),
    "copilot": (
        ("api_mode", ("chat_completions", "codex_responses", "anthropic_messages", "x")),
        ("default", ("gpt-5.5", "", "claude-sonnet-4")),
        ("base_url", ("https://copilot.example.com",)),
    ),
}

# Variables that turn a resolution.
VARIABLES = {
    "azure-foundry": (
        ("AZURE_FOUNDRY_API_KEY", ("fake-azure-key", " ", "***")),
        ("AZURE_FOUNDRY_BASE_URL", ("https://env.openai.azure.com/openai/v1/", "")),
    ),
    "anthropic": (
        ("AZURE_ANTHROPIC_KEY", ("fake-azure-anthropic", "")), ("ANTHROPIC_API_KEY", ("fake-azure-plain",)),
        ("MY_FAKE_KEY", ("fake-my-key", " ")), ("RELAY_API_KEY", ("fake-relay",)),
    ),
    "bedrock": (
        ("AWS_ACCESS_KEY_ID", ("AKIA-fake",)), ("AWS_SECRET_ACCESS_KEY", ("fake-secret",)), ("AWS_PROFILE", ("work", " ")),
        ("AWS_BEARER_TOKEN_BEDROCK", ("fake-bearer",)), ("AWS_REGION", ("eu-west-1",)), ("AWS_DEFAULT_REGION", ("us-west-2",)),
        ("AWS_WEB_IDENTITY_TOKEN_FILE", ("/tmp/none",)),
    ),
    "copilot": (
        ("COPILOT_GITHUB_TOKEN", ("gho_fake_copilot", "ghp_fake_classic", "")), ("GH_TOKEN", ("gho_fake_gh", "ghp_fake_gh")),
        ("GITHUB_TOKEN", ("github_pat_fake",)), ("COPILOT_API_BASE_URL", ("https://copilot.example.com/", "")),
    ),
    "vertex": (
        ("GOOGLE_APPLICATION_CREDENTIALS", ("/tmp/none.json",)), ("VERTEX_PROJECT_ID", ("fake-project",)),
    ),
    "copilot-acp": (
        ("HERMES_COPILOT_ACP_COMMAND", ("no-such-program", "")), ("COPILOT_ACP_BASE_URL", ("acp+tcp://localhost:1/", "acp+tcp://10.0.0.1:1", "x")),
        ("HERMES_COPILOT_ACP_ARGS", ("--acp", "--x 'y z'")),
    ),
}

BEDROCK = (
    {"region": "ap-south-1"}, {"region": ""}, {"region": None}, {}, {"guardrail": {}},
    {"region": "eu-central-1", "guardrail": {"guardrail_identifier": "g-fake", "guardrail_version": "1"}},
    {
        "region": "eu-central-1",
        "guardrail": {
            "guardrail_identifier": "g-fake", "guardrail_version": "1", "trace": "enabled",
            "stream_processing_mode": "async",
        },
    },
    {"guardrail": "x", "region": "us-east-1"}, "x", {"region": 5},
)


def build(dice: Dice, world, provider: str) -> None:
    """Makes a world of one such provider."""
    names = (provider, *tables.ALIASES.get(provider, ()))
    section = {"provider": dice.weighted(((8, provider), (2, dice.pick(names)), (1, "auto"), (1, "deepseek")))}
    for name, values in dice.some(SECTIONS.get(provider, ()), 0, 5):
        section[name] = dice.pick(values)
    section.setdefault("default", dice.pick(tables.MODELS))
    if section.get("auth_mode") and dice.chance(0.6):
        section["auth_mode"] = "api_key"
    if provider in ("azure-foundry", "anthropic") and dice.chance(0.7):
        section["base_url"] = dice.pick(SECTIONS[provider][0][1])
    world.config["model"] = section
    if provider == "bedrock" and dice.chance(0.6):
        world.config["bedrock"] = dice.pick(BEDROCK)
    if provider == "bedrock" and dice.chance(0.85):
        world.environ |= {"AWS_REGION": "eu-north-1", "AWS_PROFILE": "work"}
    for name, values in dice.some(VARIABLES[provider], 0, 4):
        value = dice.pick(values)
        if dice.chance(0.6):
            world.environ[name] = value
        else:
            world.named.append((name, value))
