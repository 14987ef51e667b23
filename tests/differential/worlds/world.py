"""Whole worlds: config, .env, auth.json, environment and clock together, and the questions about them."""

from __future__ import annotations

from . import clouds, config, dotenv, logins, renewals, sites, starts, store, tables, wild, yaml_texts
from .dice import Dice
from .emit import to_yaml
from .questions import Asking, any_name

NOW = 1_780_000_000


class World:
    """One world in the making."""

    def __init__(self, dice: Dice, pool: str) -> None:
        self.pool = pool
        self.now = NOW + dice.between(0, 10**6) + dice.pick((0.0, 0.0, 0.25))
        self.config: dict = {}
        self.config_text: str | None = None
        self.named: list[tuple[str, str]] = []
        self.dotenv_lines: list[str] | None = None
        self.dotenv_text: str | None = None
        self.environ: dict = {}
        self.rows: dict = {}
        self.store: dict | None = None
        self.home: dict = {}
        self.other_files: dict = {}
        self.profile: str | None = None
        self.keys: list[str] = []

    # --- What questions need ------------------------------------------------------------------------------

    def names(self, dice: Dice) -> list[str]:
        """Names to ask for: the pool's own, its aliases, the ones of custom providers."""
        base = self.pool.split(":")[0]
        names = [self.pool, base, *tables.ALIASES.get(base, ()), "auto"]
        if base == "custom":
            for name in self.custom_names():
                names += [name, f"custom:{name.lower().replace(' ', '-')}"]
        return [
            dice.pick(names),
            dice.pick(names),
            dice.weighted(((3, dice.pick(names)), (1, dice.pick(any_name())))),
        ]

    def custom_names(self) -> list[str]:
        listed = self.config.get("custom_providers")
        keyed = self.config.get("providers")
        names = [entry.get("name") for entry in listed if isinstance(entry, dict)] if isinstance(listed, list) else []
        for name, entry in keyed.items() if isinstance(keyed, dict) else ():
            names += [name, entry.get("name") if isinstance(entry, dict) else None]
        return [name for name in names if isinstance(name, str)]

    def pools(self, dice: Dice) -> list[str]:
        """Pools that may be asked for. One spelling each: a pool is kept by the name that it is asked for."""
        return [
            *(name for name in self.rows if name == name.strip().lower()),
            self.pool,
            dice.pick(("openrouter", "nowhere", "fw")),
        ]

    def endpoints(self) -> list[str]:
        found = []
        for entry in (
            self.config.get("model"),
            *(
                self.config.get("custom_providers") or ()
                if isinstance(self.config.get("custom_providers"), list)
                else ()
            ),
        ):
            if isinstance(entry, dict) and isinstance(entry.get("base_url"), str):
                found.append(entry["base_url"])
        keyed = self.config.get("providers")
        for entry in keyed.values() if isinstance(keyed, dict) else ():
            if isinstance(entry, dict):
                found += [entry[name] for name in ("base_url", "api", "url") if isinstance(entry.get(name), str)]
        return found or [tables.base_url(self.pool)]

    def variable_names(self, dice: Dice) -> list[str]:
        names = (
            [name for name, _ in self.named]
            + list(self.environ)
            + ["OTHER_FAKE_KEY", "B", "C", "X", "MISSING", "EMPTY"]
        )
        return dice.some(list(dict.fromkeys(names)), 2, 6)

    # --- Parts ------------------------------------------------------------------------------------------------

    def take_key(self, dice: Dice, provider: str) -> str:
        key = tables.new_key(dice, provider)
        self.keys.append(key)
        return key

    def set_variables(self, dice: Dice, provider: str, in_file: float, in_environment: float) -> None:
        """Gives the provider's variables keys, in .env and in the environment."""
        for at, name in enumerate(tables.variables(provider)):
            fade = 1.0 if at == 0 else 0.3
            if dice.chance(in_file * fade):
                self.named.append((name, self.take_key(dice, provider)))
            if dice.chance(in_environment * fade):
                key = self.take_key(dice, provider)
                self.environ[name] = (
                    key if dice.chance(0.85) else dice.pick((*tables.PLACEHOLDERS, "", f" {key} ", f"“{key}”"))
                )
        url = tables.base_url_variable(provider)
        if url and dice.chance(0.06):
            value = dice.pick(tables.ENDPOINTS)
            if dice.chance(0.5):
                self.named.append((url, value))
            else:
                self.environ[url] = value

    def set_rows(self, dice: Dice, pool: str, probability: float, most: int = 5) -> None:
        if dice.chance(probability):
            keys = [key for _, key in self.named] + [value for value in self.environ.values() if "fake" in value]
            self.rows[pool] = store.rows(dice, pool.split(":")[0], self.now, keys, most)
            self.keys += store.row_keys({pool: self.rows[pool]})

    # --- The case -----------------------------------------------------------------------------------------------

    def files(self, dice: Dice) -> dict:
        files = dict(self.other_files)
        text = to_yaml(self.config) if self.config_text is None else self.config_text
        if self.config or self.config_text is not None:
            files["config.yaml"] = text
        if self.dotenv_text is None:
            lines = dotenv.lines(dice, self.named) if self.dotenv_lines is None else self.dotenv_lines
            if lines:
                files[".env"] = dotenv.whole(dice, lines)
        else:
            files[".env"] = self.dotenv_text
        if self.store is not None:
            files["auth.json"] = store.to_text(dice, self.store)
        return files


def change(dice: Dice, world: World) -> None:
    """One to four mutations, anywhere in the world."""
    pool = world.pool.split(":")[0]
    for _ in range(dice.weighted(((5, 0), (5, 1), (3, 2), (1, 3), (1, 4)))):
        part = dice.weighted(
            (
                (8, "config"), (2, "environ"), (4, "store"), (1, "numbered"), (1, "text"), (0.3, "other file"),
                (0.5, "no config"), (0.5, "anchor"),
            )
        )
        if part == "config":
            dice.weighted(config.CONFIG_CHANGES)(dice, world.config, pool)
        elif part == "environ":
            dotenv.steer(dice, world.environ)
        elif part == "numbered":
            dotenv.numbered(dice, world.named, pool)
        elif part == "store" and world.store is not None:
            dice.weighted(store.STORE_CHANGES)(dice, world.store, world.pool)
        elif part == "text":
            world.config_text = yaml_texts.damage(dice, to_yaml(world.config))
        elif part == "anchor":
            world.config_text = config.anchored(dice, to_yaml(world.config))
        elif part == "other file":
            world.other_files[".op.env"] = "DEEPSEEK_API_KEY=sk-fake-op\nOTHER_FAKE_KEY=fake-op\n"
        elif part == "no config":
            world.config_text = dice.pick(config.NOT_CONFIGS)


def finish(dice: Dice, world: World) -> None:
    """Sections that any world may have, and the store."""
    if dice.chance(0.4):
        config.strategies(dice, world.config, world.pool)
    if dice.chance(0.25):
        config.fallbacks(dice, world.config)
    if dice.chance(0.2):
        config.display_extras(dice, world.config)
    if world.rows or dice.chance(0.15):
        world.store = store.store(world.rows)
    change(dice, world)


# --- Themes -----------------------------------------------------------------------------------------------------


def ask_all(dice: Dice, world: World, life: float = 0.55) -> list[dict]:
    asking = Asking(dice, world)
    parts = [asking.resolution, asking.listing, asking.pool, asking.settings, asking.environment]
    for part in dice.shuffled(parts) if dice.chance(0.5) else parts:
        part()
    if dice.chance(life if world.rows.get(world.pool) else life / 4):
        asking.life()
    if not asking.asked:
        asking.ask("resolve")
    if dice.chance(0.04):
        respell(dice, world.pool, asking.asked)
    return asking.asked


def respell(dice: Dice, pool: str, asked: list[dict]) -> None:
    """Asks for the pool in another spelling throughout: `load_pool` takes them for the same."""
    spelled = dice.pick((pool.upper(), pool.title(), f" {pool}", f"{pool}\t"))
    # By two names it is two loaded pools of one file, as two processes have them.
    odds = dice.pick((1.0, 0.5))
    for question in asked:
        if question.get("provider") == pool and dice.chance(odds):
            question["provider"] = spelled


def drain(dice: Dice, world: World) -> None:
    """Leaves the pool with one row, of a variable that is set and whose key cools down."""
    name = dice.pick(tables.variables(world.pool))
    world.environ[name] = key = world.take_key(dice, world.pool)
    row = store.env_row(dice, world.pool, 0, world.now, [key])
    row |= {"source": f"env:{name}", "label": name, "last_status": "exhausted", "last_status_at": world.now - 10}
    world.rows[world.pool] = [row | {"last_error_code": 429, "last_error_reset_at": None}]


def built_in(dice: Dice) -> tuple[World, list[dict]]:
    """An API-key provider of the registry."""
    provider = tables.any_provider(dice)
    world = World(dice, provider)
    world.config["model"] = config.model_section(dice, provider)
    world.set_variables(dice, provider, 0.6, 0.2)
    world.set_rows(dice, provider, 0.75)
    if dice.chance(0.15):
        drain(dice, world)
    finish(dice, world)
    if dice.chance(0.06):
        profile(dice, world)
    return world, ask_all(dice, world)


def profile(dice: Dice, world: World) -> None:
    """Moves the world into a profile, beside a root home with pools of its own."""
    world.profile = dice.pick(("work", "coder", "p1"))
    pools = {
        world.pool: store.rows(dice, world.pool, world.now, [], 2),
        "deepseek": store.rows(dice, "deepseek", world.now, [], 1),
    }
    world.home[".hermes/auth.json"] = store.to_text(dice, store.store(pools))
    world.keys += store.row_keys(pools)
    if dice.chance(0.6):
        world.store = dice.pick((None, store.store({}), store.store({world.pool: []}), world.store))
    if dice.chance(0.3):
        world.home[".hermes/.env"] = f"{dice.pick(tables.variables(world.pool) or ['X'])}=sk-fake-root\n"
    if dice.chance(0.2):
        world.home[".hermes/config.yaml"] = "model: {provider: deepseek}\n"
    if dice.chance(0.1):
        root = store.store(pools)
        dice.weighted(store.STORE_CHANGES)(dice, root, world.pool)
        world.home[".hermes/auth.json"] = store.to_text(dice, root)


def openrouter(dice: Dice) -> tuple[World, list[dict]]:
    world = World(dice, "openrouter")
    world.config["model"] = {"provider": tables.spelling(dice, "openrouter"), "default": dice.pick(tables.MODELS)}
    if dice.chance(0.3):
        config.other_model_url(dice, world.config, "openrouter")
    world.set_variables(dice, "openrouter", 0.6, 0.3)
    world.set_rows(dice, "openrouter", 0.6)
    finish(dice, world)
    if dice.chance(0.3):
        dotenv.steer(dice, world.environ)
    return world, ask_all(dice, world)


def anthropic(dice: Dice) -> tuple[World, list[dict]]:
    """Anthropic, mostly with API keys."""
    world = World(dice, "anthropic")
    world.config["model"] = config.model_section(dice, "anthropic")
    if dice.chance(0.7):
        world.named.append(("ANTHROPIC_API_KEY", world.take_key(dice, "anthropic")))
    if dice.chance(0.25):
        world.environ["ANTHROPIC_API_KEY"] = world.take_key(dice, "anthropic")
    if dice.chance(0.15):
        name = dice.pick(tables.ANTHROPIC_VARIABLES)
        world.named.append((name, dice.pick(("sk-ant-oat01-fake-token", "sk-ant-api03-fake-token"))))
    world.set_rows(dice, "anthropic", 0.6)
    if dice.chance(0.06):
        world.home[".claude/.credentials.json"] = dice.pick(
            (
                '{"claudeAiOauth": {"accessToken": "sk-ant-oat01-fake-claude", "expiresAt": 9999999999999}}',
                "{}",
                "broken",
            )
        )
    finish(dice, world)
    return world, ask_all(dice, world)


def renewal(dice: Dice) -> tuple[World, list[dict]]:
    """A login whose token runs out soon, or has."""
    provider = dice.weighted(
        ((6, "openai-codex"), (6, "nous"), (6, "anthropic"), (5, "xai-oauth"), (4, "minimax-oauth"), (0.3, "qwen-oauth"))
    )
    world = World(dice, provider)
    renewals.build(dice, world, provider)
    asked = ask_all(dice, world, life=0.75)
    if dice.chance(0.08):
        respell(dice, provider, asked)
    return world, asked


def cloud(dice: Dice) -> tuple[World, list[dict]]:
    """A provider whose credentials come from a cloud or another program."""
    provider = dice.weighted(
        (
            (6, "azure-foundry"), (5, "bedrock"), (0.5, "copilot"), (0.1, "vertex"), (0.8, "copilot-acp"),
            (3, "anthropic"),
        )
    )
    world = World(dice, provider)
    clouds.build(dice, world, provider)
    world.set_rows(dice, provider, 0.3, most=2)
    finish(dice, world)
    return world, ask_all(dice, world)


def named_custom(dice: Dice) -> tuple[World, list[dict]]:
    """Custom providers by name, in one spelling or both."""
    spelled = dice.weighted(((5, "list"), (4, "keyed"), (2, "both")))
    names = dice.some(tables.CUSTOM_NAMES, 1, 3)
    pool = f"custom:{names[0].strip().lower().replace(' ', '-')}"
    world = World(dice, pool)
    if spelled in ("list", "both"):
        world.config["custom_providers"] = [config.custom_entry(dice, name, world.keys) for name in names]
        if dice.chance(0.15):
            world.config["custom_providers"].append(dict(dice.pick(world.config["custom_providers"])))
    if spelled in ("keyed", "both"):
        world.config["providers"] = {
            dice.pick((name, name.lower())): config.provider_entry(dice, world.keys) for name in names
        }
    wanted = dice.weighted(
        ((4, names[0]), (4, pool), (2, "custom"), (1, names[0].upper()), (1, tables.any_provider(dice)))
    )
    world.config["model"] = {"provider": wanted, "default": dice.pick(tables.MODELS)}
    if dice.chance(0.35):
        world.config["model"]["base_url"] = dice.pick(world.endpoints())
    if dice.chance(0.2):
        world.config["model"]["api_key"] = world.take_key(dice, "custom")
    if dice.chance(0.4):
        world.named.append(("RELAY_API_KEY", world.take_key(dice, "relay")))
    if dice.chance(0.25):
        dotenv.steer(dice, world.environ)
    world.set_rows(dice, pool, 0.45, most=3)
    for row in world.rows.get(pool, ()):
        if isinstance(row, dict) and dice.chance(0.25):
            row["source"] = dice.pick((f"config:{names[0]}", "model_config", f"config:{pool.split(':')[1]}"))
    finish(dice, world)
    return world, ask_all(dice, world)


def bare_custom(dice: Dice) -> tuple[World, list[dict]]:
    """`provider: custom` with an endpoint of its own, or an alias of it."""
    world = World(dice, dice.weighted(((3, "custom:local"), (1, "custom"))))
    section = {
        "provider": dice.weighted(((6, "custom"), (3, dice.pick(tables.ALIASES["custom"])), (1, "auto"))),
        "default": dice.pick(tables.MODELS),
    }
    if dice.chance(0.85):
        section[dice.weighted(((9, "base_url"), (1, "api_base")))] = dice.pick(tables.ENDPOINTS)
    if dice.chance(0.55):
        section[dice.weighted(((5, "api_key"), (1, "api")))] = world.take_key(dice, "custom")
    if dice.chance(0.2):
        section["api_mode"] = dice.pick(tables.API_MODES)
    world.config["model"] = section
    if dice.chance(0.35):
        world.config["custom_providers"] = [config.custom_entry(dice, "local", world.keys)]
        if "base_url" in section and dice.chance(0.6):
            world.config["custom_providers"][0]["base_url"] = section["base_url"]
    world.set_variables(dice, dice.pick(("openrouter", "deepseek", "ollama-cloud")), 0.4, 0.2)
    if dice.chance(0.35):
        dotenv.steer(dice, world.environ)
    world.set_rows(dice, "custom:local", 0.3, most=2)
    finish(dice, world)
    return world, ask_all(dice, world)


def automatic(dice: Dice) -> tuple[World, list[dict]]:
    """No provider named: Hermes looks for one."""
    world = World(dice, dice.pick(("openrouter", tables.any_provider(dice), "anthropic")))
    section = dice.pick(
        (
            {"default": dice.pick(tables.MODELS)},
            {"provider": "auto"},
            {"provider": "auto", "default": "a/b"},
            None,
            "a/b",
        )
    )
    if section is not None:
        world.config["model"] = section
    if isinstance(section, dict) and dice.chance(0.3):
        section["base_url"] = dice.pick(tables.ENDPOINTS)
    for provider in dice.some((world.pool, *tables.FREQUENT_PROVIDERS), 0, 2):
        world.set_variables(dice, provider, 0.5, 0.4)
    world.set_rows(dice, world.pool, 0.4)
    finish(dice, world)
    if dice.chance(0.3):
        dotenv.steer(dice, world.environ)
    return world, ask_all(dice, world, life=0.15)


def yaml(dice: Dice) -> tuple[World, list[dict]]:
    """Texts for the reader of config.yaml."""
    world = World(dice, "gemini")
    asking = Asking(dice, world)
    for _ in range(dice.between(4, 9)):
        asking.ask("yaml", text=yaml_texts.text(dice))
    return world, asking.asked


def pasted(dice: Dice) -> tuple[World, list[dict]]:
    """A posted config, damaged, as config.yaml."""
    provider = dice.pick(("gemini", "xiaomi", "deepseek", "openrouter", "custom:relay", "custom:local"))
    world = World(dice, provider)
    world.config_text = dice.weighted(((8, yaml_texts.realistic), (2, yaml_texts.text)))(dice)
    world.set_variables(dice, provider, 0.7, 0.2)
    world.set_rows(dice, provider, 0.3, most=2)
    world.store = store.store(world.rows) if world.rows else None
    asking = Asking(dice, world)
    asking.resolution()
    for _ in range(dice.between(1, 4)):
        asking.settings()
    asking.pool()
    return world, asking.asked


def shaken(dice: Dice) -> tuple[World, list[dict]]:
    """A plain world with any values in any place, or any characters in its files."""
    world, asked = dice.pick((built_in, openrouter, anthropic, named_custom, named_custom, bare_custom, automatic))(
        dice
    )
    odds = dice.pick((0.03, 0.08, 0.15))
    if dice.chance(0.6):
        world.config = wild.shake(dice, world.config, odds, wild.yaml_value)
        if not isinstance(world.config, dict):
            world.config_text, world.config = to_yaml(world.config), {}
    if dice.chance(0.6) and world.store is not None:
        for part in ("credential_pool",) if dice.chance(0.9) else tuple(world.store):
            if part in world.store:
                world.store[part] = wild.shake(dice, world.store[part], odds)
    if dice.chance(0.5):
        environ = wild.shake(dice, world.environ, odds)
        named = environ.items() if isinstance(environ, dict) else ()
        world.environ = {name: str(value).replace("\0", "") for name, value in named if name and "=" not in name}
    if dice.chance(0.25):
        text = to_yaml(world.config) if world.config_text is None else world.config_text
        world.config_text = wild.scribble(dice, text, wild.YAML_CHARACTERS, 3)
    if dice.chance(0.3) and world.named:
        world.dotenv_text = wild.scribble(
            dice, dotenv.whole(dice, dotenv.lines(dice, world.named)), wild.DOTENV_CHARACTERS, 6
        )
    if dice.chance(0.15) and world.store is not None:
        world.other_files["auth.json"] = wild.scribble(
            dice, store.to_text(dice, world.store), wild.JSON_CHARACTERS, 2
        )
        world.store = None
    return world, asked


def env_files(dice: Dice) -> tuple[World, list[dict]]:
    """.env files in which most lines are odd."""
    provider = tables.any_provider(dice)
    world = World(dice, provider)
    world.config["model"] = config.model_section(dice, provider)
    for other in (provider, *dice.some(tables.FREQUENT_PROVIDERS, 1, 2)):
        world.set_variables(dice, other, 0.8, 0.3)
    world.dotenv_lines = dotenv.tricky(dice, world.named)
    if dice.chance(0.25):
        dotenv.steer(dice, world.environ)
    asking = Asking(dice, world)
    asking.environment(0.95)
    asking.resolution()
    asking.pool()
    asking.environment(0.6)
    return world, asking.asked


def scribbled(dice: Dice) -> tuple[World, list[dict]]:
    """Files with characters put in, taken out and replaced, for the readers of each."""
    provider = tables.any_provider(dice)
    world = World(dice, provider)
    for other in dice.some((provider, *tables.FREQUENT_PROVIDERS), 1, 3):
        world.set_variables(dice, other, 0.9, 0.2)
    world.set_rows(dice, provider, 1.0, most=2)
    lines = dice.pick((dotenv.lines, dotenv.tricky))(dice, world.named)
    world.dotenv_text = wild.scribble(dice, dotenv.whole(dice, lines), wild.DOTENV_CHARACTERS, 12)
    text = store.to_text(dice, store.store(world.rows))
    world.other_files["auth.json"] = wild.scribble(dice, text, wild.JSON_CHARACTERS, dice.pick((1, 1, 1, 3)))
    world.config_text = wild.scribble(dice, yaml_texts.realistic(dice), wild.YAML_CHARACTERS, 4)
    asking = Asking(dice, world)
    asking.ask("env", keys=world.variable_names(dice))
    asking.ask("environ", keys=world.variable_names(dice))
    asking.ask("store")
    asking.ask("pool", provider=provider)
    asking.ask("store")
    asking.ask("config", path=dice.pick(("model", "custom_providers", "fallback_providers", "agent", "")))
    return world, asking.asked


def small(dice: Dice) -> tuple[World, list[dict]]:
    """Questions that need no world."""
    world = World(dice, "gemini")
    asking = Asking(dice, world)
    asking.known_keys(3, 8)
    asking.classifications(10, 20)
    for _ in range(dice.between(1, 6)):
        asking.ask("canonical", name=dice.pick(any_name()))
    return world, asking.asked


def starting(dice: Dice) -> tuple[World, list[dict]]:
    """The ways into the program, mostly without a key for the configured provider."""
    theme = dice.weighted(
        (
            (5, built_in), (2, openrouter), (1, anthropic), (4, named_custom), (2, bare_custom), (3, automatic),
            (1, shaken), (0.7, logged_in), (0.5, cloud),
        )
    )
    world, _ = theme(dice)
    starts.prepare(dice, world)
    return world, starts.questions(dice)


def beside(dice: Dice) -> tuple[World, list[dict]]:
    """What sends requests beside the main model."""
    theme = dice.weighted(((5, built_in), (3, openrouter), (5, named_custom), (3, bare_custom), (1, automatic), (0.5, logged_in)))
    world, _ = theme(dice)
    return world, sites.prepare(dice, world)


def logged_in(dice: Dice) -> tuple[World, list[dict]]:
    """A provider that one logs in to."""
    world = World(dice, dice.pick(logins.PROVIDERS))
    logins.fill(dice, world)
    change(dice, world)
    asking = Asking(dice, world)
    logins.ask(dice, world, asking)
    return world, asking.asked


THEMES = (
    (30, built_in),
    (8, openrouter),
    (8, anthropic),
    (14, named_custom),
    (8, bare_custom),
    (6, automatic),
    (16, renewal),
    (5, cloud),
    (9, yaml),
    (8, pasted),
    (7, env_files),
    (10, shaken),
    (3, scribbled),
    (7, small),
    (16, starting),
    (10, beside),
    (6, logged_in),
)


def case(dice: Dice, name: str, release: str) -> dict:
    """A case: a world and what is asked about it."""
    world, asked = dice.weighted(THEMES)(dice)
    made = {"id": name, "hermes": release, "now": world.now, "files": world.files(dice), "environ": world.environ}
    if world.home:
        made["home"] = world.home
    if world.profile:
        made["profile"] = world.profile
    made["ask"] = asked
    return made
