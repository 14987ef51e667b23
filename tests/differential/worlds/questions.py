"""What is asked about a world: single questions, and the life of a pool from error to error."""

from __future__ import annotations

from . import errors, tables
from .dice import Dice

CONFIG_PATHS = (
    (6, "model"), (0.5, "shared"), (3, "model.provider"), (2, "model.base_url"), (2, "model.default"), (1, "model.api_key"),
    (3, "providers"), (3, "custom_providers"), (3, "fallback_providers"), (2, "fallback_model"),
    (3, "credential_pool_strategies"), (2, "agent"), (1, "agent.max_turns"), (1, "terminal"), (1, "display"),
    (1, "compression"), (1, "toolsets"), (1, "_config_version"), (0.5, "nowhere.at.all"), (0.5, "memory"),
    (0.5, "security"), (0.5, "auxiliary.vision"), (0.5, "unheard_of"), (0.5, "max_turns"), (0.5, "provider"),
    (0.5, "base_url"), (0.3, ""), (0.5, "cron"), (0.5, "mcp_servers"), (0.5, "timezone"), (0.5, "system_prompt"),
    (0.3, "api_key"), (0.5, "skills.config"),
)

KEYS_TO_VALIDATE = (
    "model", "model.provider", "model.defalt", "modle", "mdoel.provider", "providers.x.api_key", "provider",
    "agent.max_turns", "agent.maxturns", "agent.max_turns.x", "display.compact", "display.skinn", "fallback_model",
    "fallback_providers", "fallback_provider", "fallbacks", "credential_pool", "credential_pool_strategies.gemini",
    "credential_pool_strategy", "custom_providers.0.api_key", "mcp_servers.x.y", "_private.x", "", ".", "a..b",
    "agent.", ".agent", "terminal.backend", "terminal.backed", "gateway.platforms.x.y", "platforms.x",
    "gateway.strct", "gateway.discord.x", "discord.x.y", "image_gen.provider", "plugins.x",
    "auxiliary.vision.provider", "auxiliary.visoin.provider", "auxiliary.vision.providr", "compression.threshold",
    "compresion.threshold", "timezone.x", "Model", "MODEL.provider", "模型", "tts", "stt.enabled",
    "security.redact_secrets", "security.redact", "sessions.x", "honcho", "checkpoint", "x_search", "hooks.x",
    "memory.provider", "memories", "web.search", "browser.timeout", "logging.level", "log.level", "network.x",
    "retry_max_attempts", "agent.api_max_retries", "api_key", "base_url", "max_turns", "delegation.model",
    "delegation.modle", "openrouter.x", "bedrock.region", "toolset", "toolsets.0", "streaming.enabled", "updates.x",
    "secrets.x.y",
)


class Asking:
    """Gathers the questions about a world."""

    def __init__(self, dice: Dice, world) -> None:
        self.dice = dice
        self.world = world
        self.asked: list[dict] = []

    def ask(self, do: str, **fields) -> None:
        self.asked.append({"do": do, **fields})

    def maybe(self, probability: float, do: str, **fields) -> None:
        if self.dice.chance(probability):
            self.ask(do, **fields)

    # --- Single questions -----------------------------------------------------------------------------

    def resolution(self) -> None:
        """Which credential wins, and by which way."""
        dice, world = self.dice, self.world
        self.maybe(0.85, "resolve")
        for name in dice.some(world.names(dice), 0, 2):
            self.ask("resolve", requested=name)
        self.given()
        for name in dice.some(world.names(dice), 0, 2):
            self.ask("canonical", name=name)
        self.maybe(0.1, "canonical", name=dice.pick(any_name()))

    def given(self) -> None:
        """A resolution with a key, an endpoint or a model beside the provider, as a fallback's."""
        dice, world = self.dice, self.world
        if not dice.chance(0.35 if world.pool in ("azure-foundry", "anthropic", "nous", "openai-codex") else 0.12):
            return
        question = {"requested": dice.pick(world.names(dice))} if dice.chance(0.8) else {}
        if dice.chance(0.5):
            question["api_key"] = dice.weighted(((6, "sk-fake-given"), (1, ""), (1, " sk-fake-given "), (0.5, "***")))
        if dice.chance(0.15):
            question["requested"] = tables.any_provider(dice)
        if dice.chance(0.6):
            question["base_url"] = dice.pick((*world.endpoints(), *tables.ENDPOINTS))
        if world.pool == "anthropic" and dice.chance(0.4):
            question |= {"requested": "anthropic", "base_url": "https://foundry.example.azure.com/anthropic/v1"}
        if dice.chance(0.3):
            question["model"] = dice.pick((*tables.MODELS, "us.anthropic.claude-sonnet-4-5"))
        self.ask("resolve", **question)

    def listing(self) -> None:
        self.maybe(0.12, "list")
        self.maybe(
            0.4,
            "list",
            provider=self.dice.weighted(((8, self.world.pool), (2, self.dice.pick(self.world.names(self.dice))))),
        )

    def pool(self) -> None:
        pool = self.world.pool
        self.maybe(0.55, "pool", provider=pool)
        self.maybe(0.45, "peek", provider=pool)
        self.maybe(0.5, "select", provider=pool)
        self.maybe(0.3, "select", provider=pool)
        self.maybe(0.12, "pool", provider=self.dice.pick(self.world.pools(self.dice)))
        self.maybe(0.1, "select", provider=self.dice.pick(self.world.pools(self.dice)))
        self.maybe(0.4, "store")

    def settings(self) -> None:
        """What config.yaml says."""
        dice, world = self.dice, self.world
        self.maybe(0.3, "strategy", provider=world.pool)
        self.maybe(0.1, "strategy", provider=dice.pick((*world.names(dice), "deepseek", "", world.pool.upper())))
        self.maybe(0.25, "fallback")
        self.maybe(0.25, "custom")
        self.maybe(0.3, "validate")
        for _ in range(dice.between(0, 2)):
            self.ask("config", path=dice.weighted(CONFIG_PATHS))

    def environment(self, probability: float = 0.25) -> None:
        keys = self.world.variable_names(self.dice)
        self.maybe(probability, "env", keys=keys)
        self.maybe(probability, "environ", keys=keys)

    def known_keys(self, least: int, most: int) -> None:
        for _ in range(self.dice.between(least, most)):
            key = self.dice.pick(KEYS_TO_VALIDATE)
            if self.dice.chance(0.2) and key:
                at = self.dice.below(len(key))
                key = key[:at] + self.dice.pick("abcdefghijklmnopqrstuvwxyz._") + key[at + self.dice.below(2) :]
            self.ask("known_key", key=key)

    def classifications(self, least: int, most: int) -> None:
        for _ in range(self.dice.between(least, most)):
            self.asked.append(errors.classified(self.dice))

    # --- The life of a pool ---------------------------------------------------------------------------

    def life(self) -> None:
        """Errors, time and restarts, one after the other."""
        step = {
            "mark": self.mark,
            "recover": self.recover,
            "advance": self.advance,
            "select": self.select,
            "peek": self.peek,
            "lease": lambda: self.ask("lease", provider=self.world.pool),
            "release": lambda: self.ask("release", provider=self.world.pool),
            "success": lambda: self.ask("success", provider=self.world.pool),
            "reload": lambda: self.ask("reload"),
            "pool": lambda: self.ask("pool", provider=self.world.pool),
            "store": lambda: self.ask("store"),
            "resolve": lambda: self.ask("resolve"),
            "list": lambda: self.ask("list", provider=self.world.pool),
        }
        table = self.dice.pick(LIVES)
        for _ in range(self.dice.between(3, 12)):
            step[self.dice.weighted(table)]()
            if self.asked[-1]["do"] in ("recover", "mark") and self.dice.chance(0.35):
                self.again()
            if self.asked[-1]["do"] == "recover" and self.asked[-1].get("status") == 401 and self.dice.chance(0.25):
                self.asked += [dict(self.asked[-1]) for _ in range(4)]

    def again(self) -> None:
        """The same error once or twice more: only the second 429 in a row rotates."""
        last = {
            name: value
            for name, value in self.asked[-1].items()
            if name not in ("agent_provider", "base_url", "api_mode")
        }
        for _ in range(self.dice.between(1, 2)):
            self.asked.append(dict(last))

    def mark(self) -> None:
        question = {"provider": self.world.pool, "status": self.dice.weighted(errors.STATUSES)}
        context = self.context(question["status"])
        if context is not None:
            question["context"] = context
        if self.dice.chance(0.3):
            question["hint"] = self.dice.pick((*self.world.keys, "sk-fake-nobody", ""))
        self.ask("mark", **question)

    def recover(self) -> None:
        dice, world = self.dice, self.world
        question = {"provider": world.pool}
        if not any(asked["do"] == "recover" for asked in self.asked):
            if world.pool.startswith("custom:") or dice.chance(0.12):
                question["agent_provider"] = dice.weighted(
                    ((6, "custom"), (2, world.pool), (1, "deepseek"), (1, " CUSTOM "), (0.5, ""))
                )
            if world.pool.startswith("custom:") or dice.chance(0.2):
                question["base_url"] = dice.pick(
                    (*world.endpoints(), *world.endpoints(), "https://elsewhere.example.com/v1")
                )
            if dice.chance(0.5 if world.pool == "anthropic" else 0.15):
                question["api_mode"] = dice.pick(("chat_completions", "anthropic_messages", "anthropic_messages"))
        question["status"] = dice.weighted(errors.STATUSES)
        if dice.chance(0.25):
            question["reason"] = dice.pick(errors.RECOVERY_REASONS)
        context = self.context(question["status"])
        if context is not None:
            question["context"] = context
        if question.get("reason") == "upstream_rate_limit" and isinstance(context, dict) and dice.chance(0.5):
            context["upstream_provider"] = "Fake Upstream"
        if question["status"] is None:
            del question["status"]
        self.ask("recover", **question)

    def context(self, status):
        """What comes with an error of this status."""
        if status in (401, 403) and self.dice.chance(0.35):
            return errors.login_context(self.dice)
        return errors.context(self.dice, self.world.now)

    def advance(self) -> None:
        self.ask(
            "advance",
            seconds=self.dice.pick((1, 30, 59, 60, 61, 299, 301, 600, 3599, 3601, 7200, 86401, 0.5, 5 * 86400, -100)),
        )

    def select(self) -> None:
        self.ask("select", provider=self.world.pool)

    def peek(self) -> None:
        self.ask("peek", provider=self.world.pool)


# How a pool may live: weights of the steps.
LIVES = (
    ((4, "mark"), (3, "select"), (3, "advance"), (1, "peek"), (1, "reload"), (1, "store"), (1, "pool"), (1, "list")),
    ((6, "recover"), (2, "advance"), (2, "success"), (1, "reload"), (1, "peek"), (1, "store"), (0.5, "mark")),
    ((3, "lease"), (2, "release"), (2, "mark"), (2, "advance"), (1, "select"), (1, "peek"), (0.5, "reload")),
    (
        (2, "mark"), (3, "recover"), (1, "success"), (2, "resolve"), (2, "advance"), (2, "reload"), (1, "list"),
        (1, "store"), (1, "select"),
    ),
    ((5, "select"), (2, "reload"), (1, "store"), (1, "mark"), (1, "advance"), (1, "pool")),
)


def any_name() -> list[str]:
    """Every name that a provider goes by, and some that none does."""
    names = [
        "openrouter", "custom", "auto", "anthropic", *tables.API_KEY_PROVIDERS, *tables.OTHER_PROVIDERS,
        *tables.WRONG_NAMES, "",
    ]
    for aliases in tables.ALIASES.values():
        names += aliases
    return names
