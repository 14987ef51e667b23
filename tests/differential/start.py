"""The question `start`: what reaches the agent when the program is started one way or another.

Each way in resolves the provider by itself, reads config.yaml by itself, and goes through the fallback chain by
itself. The real code of each runs here up to the place where it makes an agent.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import os
import sys

# What an agent is given that depends on credentials.
ARGUMENTS = ("provider", "api_mode", "base_url", "api_key")

# Modules that the ways in need.
WARM_MODULES = ("agent.auxiliary_client", "cli", "cron.scheduler", "gateway.run", "hermes_cli.oneshot", "hermes_state", "tools.mcp_tool")


class Made(BaseException):
    """An agent would be made with these arguments; nothing on the way catches it."""


class Agent:
    """Stands in for `AIAgent`."""

    # `AIAgent` itself.
    real = None

    def __init__(self, **arguments) -> None:
        raise Made(arguments, own_credentials(arguments))


# Where an agent speaks to its provider otherwise than by OpenAI's client, it takes what it is given.
OTHER_CLIENTS = ("anthropic_messages", "bedrock_converse")


def own_credentials(arguments: dict):
    """What an agent finds by itself that is given no key or no endpoint; `None` where it is given both."""
    if arguments.get("api_key") and arguments.get("base_url") or arguments.get("api_mode") in OTHER_CLIENTS:
        return None

    class Probe(Agent.real):
        def _create_openai_client(self, client, **_named):
            url = str(client.get("base_url") or "").rstrip("/")
            raise Made({"provider": self.provider, "base_url": url, "api_key": client.get("api_key")})

    try:
        with quietly():
            Probe(**arguments)
    except Made as made:
        return made.args[0]
    except Exception as error:  # every failure of the program is an answer
        return {"error": type(error).__name__, "message": str(error)}
    raise AssertionError("an agent without a client")


class Stopped(Exception):
    """The program says something and makes no agent."""


class Screen:
    """Stands in for what the program prints with: keeps the text, leaves out the colours."""

    def __init__(self) -> None:
        self._text = io.StringIO()

    def print(self, text: str = "", *_args, **_kwargs) -> None:
        text = text.removeprefix("[bold red]").removesuffix("[/]")
        self._text.write(text + "\n")

    def text(self) -> str:
        return self._text.getvalue().strip()

    def redirect(self):
        return contextlib.redirect_stdout(self._text)


class Chain:
    """Keeps the entry of the fallback chain that was tried last."""

    # What the ways in call it.
    NAMES = ("_fb", "entry")

    def __init__(self, resolve) -> None:
        self._resolve = resolve
        self.last = None

    def resolve(self, *arguments, **named):
        caller = sys._getframe(1)
        # An agent that looks for credentials by itself asks as well, and goes through no chain there.
        if caller.f_globals.get("__name__") != "agent.auxiliary_client":
            own = caller.f_locals
            self.last = next((own[name] for name in self.NAMES if isinstance(own.get(name), dict)), None)
        return self._resolve(*arguments, **named)

    def taken(self):
        return self.last and {"provider": self.last.get("provider"), "model": self.last.get("model")}


def module(name: str):
    return importlib.import_module(name)


@contextlib.contextmanager
def quietly():
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        yield


def warm() -> None:
    """Imports what the ways in need, as far as the release has it; it prints warnings of this harness's own home."""
    for name in WARM_MODULES:
        with quietly(), contextlib.suppress(ImportError):
            module(name)


def interactive(world):
    """`hermes`: the command line's own object, up to the credentials of its first turn."""
    module("hermes_cli.env_loader").load_hermes_dotenv(hermes_home=world.hermes_home)
    cli, screen = module("cli"), Screen()
    cli._hermes_home = world.hermes_home
    cli.CLI_CONFIG = cli.load_cli_config()
    cli.ChatConsole = lambda: screen
    cli._cprint = lambda _text: None
    with quietly():
        shell = cli.HermesCLI()
    shell._console_print = lambda *_args, **_kwargs: None
    with screen.redirect():
        ready = shell._ensure_runtime_credentials()
    if not ready:
        raise Stopped(screen.text())
    arguments = {name: getattr(shell, name) for name in ARGUMENTS}
    return {**arguments, "credential_pool": shell._credential_pool}, None


def start_gateway():
    """The gateway's module, read anew: at its start it puts values of config.yaml into the environment."""
    gateway = module("gateway.run")
    with quietly():
        return importlib.reload(gateway)


def gateway(_world):
    """`hermes gateway`: a message that comes in."""
    run = start_gateway()
    run._reload_runtime_env_preserving_config_authority()
    runner = object.__new__(run.GatewayRunner)
    runner._session_model_overrides = {}
    arguments = runner._resolve_session_agent_runtime()[1]
    chain = run.GatewayRunner._load_fallback_model()
    return arguments, own_credentials({**arguments, "model": "", "fallback_model": chain, "quiet_mode": True})


@contextlib.contextmanager
def secrets_of_a_job(scheduler, world):
    """The scope of secrets of every job, where the release has one."""
    run = getattr(scheduler, "run_one_job", None)
    if run is None or "build_profile_secret_scope" not in run.__code__.co_names:
        yield
        return
    scope = module("agent.secret_scope")
    secrets = scope.set_secret_scope(scope.build_profile_secret_scope(world.hermes_home))
    try:
        yield
    finally:
        scope.reset_secret_scope(secrets)


# The smallest job that there is.
JOB = {"id": "job", "name": "job", "prompt": "Hello"}


def cron(world, job=None):
    """A scheduled job, which the gateway runs, under the scope of secrets of every job."""
    start_gateway()
    scheduler = module("cron.scheduler")
    module("hermes_state").SessionDB = None
    module("tools.mcp_tool").discover_mcp_tools = list
    for name in ("_resolve_cron_enabled_toolsets", "_resolve_cron_disabled_toolsets"):
        setattr(scheduler, name, lambda *_args: None)
    try:
        with secrets_of_a_job(scheduler, world):
            _, _, _, failure = scheduler.run_job(job or JOB)
    except Made as made:
        return made.args
    # Behind the first parenthesis it repeats what is empty and how a job is changed.
    raise Stopped(failure.split(" (job.model=", 1)[0])


def oneshot(_world):
    """`hermes -z`: one prompt."""
    run = module("hermes_cli.oneshot")
    module("hermes_state").SessionDB = None
    module("hermes_cli.tools_config")._get_platform_tools = lambda *_args: ()
    try:
        run._run_agent("Hello")
    except Made as made:
        return made.args
    raise Stopped("")


ENTRIES = {"cron": cron, "gateway": gateway, "interactive": interactive, "oneshot": oneshot}


def start(world, entry: str, *given) -> dict:
    """What the agent is given, the entry of the fallback chain that it is from, and what the agent finds by itself."""
    agents = module("run_agent")
    if agents.AIAgent is not Agent:
        Agent.real, agents.AIAgent = agents.AIAgent, Agent
    with contextlib.suppress(ImportError):
        # This harness reads no certificates.
        module("agent.ssl_guard").verify_ca_bundle_with_fallback = lambda: None
    runtime = module("hermes_cli.runtime_provider")
    environment, resolve = dict(os.environ), runtime.resolve_runtime_provider
    chain = Chain(resolve)
    runtime.resolve_runtime_provider = chain.resolve
    try:
        arguments, own = ENTRIES[entry](world, *given)
    finally:
        runtime.resolve_runtime_provider = resolve
        os.environ.clear()
        os.environ.update(environment)
    answer = {name: arguments.get(name) for name in ARGUMENTS}
    answer["pool"] = getattr(arguments.get("credential_pool"), "provider", None)
    answer["fallback"] = chain.taken()
    if own is not None:
        answer["agent"] = own
    return answer
