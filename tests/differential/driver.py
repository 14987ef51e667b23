"""Asks the real Hermes Agent the questions of a case.

Reads one JSON case a line on standard input and writes one JSON answer a line on standard output, in the
same order, as README.md says. It runs under an interpreter that has the
wanted release of `hermes-agent` installed; an older release also works with its unpacked wheel first on
PYTHONPATH.

    python driver.py [--jobs N] [--timeout SECONDS] [--noise] < cases.jsonl > answers.jsonl

The program is imported once. Every case then runs in a fork of its own, because the program's module-level
caches would make one case leak into the next. No case touches the network or the user's own home.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime
import gc
import importlib
import inspect
import io
import json
import logging
import os
import random
import re
import select
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import traceback
import types
import uuid
from pathlib import Path

import sites
import start
from protocol_json import encode_ok, plain, to_line

# What the harness itself needs in the environment of the program.
HARNESS_ENVIRONMENT = {
    "HERMES_DISABLE_LAZY_INSTALLS": "1",
    "AWS_EC2_METADATA_DISABLED": "true",
    "HERMES_MANAGED_DIR": "/nonexistent",
    "TZ": "UTC",
}

# The clock stands still in a case, and certificates are not read; an agent that works needs both.
REAL_SLEEP = time.sleep
REAL_CERTIFICATES = ssl.SSLContext.load_verify_locations

# Set in the interpreter that was started anew with a clean environment.
CLEAN = "POOLCHECK_DRIVER_CLEAN"

# Modules that the questions reach, so that no case pays for importing them.
WARM_MODULES = (
    "run_agent", "agent.agent_runtime_helpers", "agent.anthropic_adapter", "agent.credential_pool",
    "agent.error_classifier", "hermes_cli.auth", "hermes_cli.auth_commands", "hermes_cli.config",
    "hermes_cli.env_loader", "hermes_cli.fallback_config", "hermes_cli.models", "hermes_cli.runtime_provider",
    # The program imports these where it first makes a client, which takes half a second.
    "h11", "httpcore", "httpx", "openai", "openai.resources.chat", "openai.resources.responses",
    "utils", "yaml",
)

# Parts of an entry's view and where the program keeps them.
ENTRY_FIELDS = {
    "label": "label",
    "source": "source",
    "auth_type": "auth_type",
    "priority": "priority",
    "base_url": "base_url",
    "status": "last_status",
    "error_code": "last_error_code",
    "reason": "last_error_reason",
    "reset_at": "last_error_reset_at",
    "status_at": "last_status_at",
    "requests": "request_count",
}

# Parts of a resolved runtime that an answer holds, where the program returns them.
RUNTIME_FIELDS = ("provider", "api_mode", "base_url", "api_key", "source", "requested_provider", "model")

# Fields of the question `resolve` and the arguments that they are.
RESOLVE_ARGUMENTS = {
    "requested": "requested",
    "api_key": "explicit_api_key",
    "base_url": "explicit_base_url",
    "model": "target_model",
}


class Absent(Exception):
    """The release has no such question."""


def program(module: str, name: str):
    """The program's `module.name`; `Absent` where the release has none."""
    try:
        return getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError) as error:
        raise Absent from error


# --- The world ------------------------------------------------------------------------------------------


class Clock:
    """The frozen time of a case."""

    def __init__(self, now: float) -> None:
        self.now = now

    def read(self) -> float:
        return self.now


def standing(clock: Clock) -> type:
    """Stands in for `datetime.datetime`: the same, but its `now` is the clock's."""

    class Standing(datetime.datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime.datetime.fromtimestamp(clock.read(), tz)

    return Standing


class Identifiers:
    """Stands in for `uuid.uuid4`: different every time, the same in every run."""

    def __init__(self) -> None:
        self._next = 0xD00000

    def next(self) -> uuid.UUID:
        self._next += 1
        return uuid.UUID(hex=f"{self._next:06x}".ljust(32, "0"))


class PoolLog(logging.Handler):
    """Keeps what `agent.credential_pool` logs, before any formatter redacts it."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self._lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        message = record.getMessage().split("\n", 1)[0]
        self._lines.append(plain(f"{record.levelname} {record.name}: {message}"))

    def take(self) -> list[str]:
        lines, self._lines = self._lines, []
        return lines


def refuse_network() -> None:
    """Makes every connection and look-up fail, and every other program be not there."""

    def refused(*_args, **_kwargs):
        raise ConnectionRefusedError(111, "Connection refused")

    def unknown(*_args, **_kwargs):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    def no_program(*args, **_kwargs):
        raise FileNotFoundError(2, "No such file or directory")

    socket.socket.connect = refused
    socket.socket.connect_ex = lambda *_args, **_kwargs: 111
    socket.create_connection = refused
    for name in ("getaddrinfo", "gethostbyname", "gethostbyname_ex", "gethostbyaddr", "getnameinfo"):
        setattr(socket, name, unknown)
    # Nothing is ever connected to, and reading the certificates takes longer than most questions.
    ssl.SSLContext.load_verify_locations = lambda *_args, **_kwargs: None
    subprocess.Popen = no_program
    os.defpath = "/nonexistent"


def write_files(folder: Path, files: dict) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8", "surrogatepass"))


class World:
    """The files, the environment and the clock of a case, made real in `home`."""

    def __init__(self, case: dict, home: Path) -> None:
        self.hermes_home = home / ".hermes"
        profile = case.get("profile")
        if profile:
            self.hermes_home = self.hermes_home / "profiles" / profile
        self.hermes_home.mkdir(parents=True)
        write_files(home, case.get("home") or {})
        write_files(self.hermes_home, case.get("files") or {})
        self.clock = Clock(case["now"])
        self.log = PoolLog()
        self._set_environment(case.get("environ") or {}, home)
        self._settle_constants()
        self._freeze()

    def _set_environment(self, environ: dict, home: Path) -> None:
        os.environ.clear()
        os.environ.update(environ)
        os.environ.update(HARNESS_ENVIRONMENT)
        os.environ["HOME"] = str(home)
        os.environ["HERMES_HOME"] = str(self.hermes_home)
        os.chdir(home)

    def _freeze(self) -> None:
        identifiers = Identifiers()
        time.time = self.clock.read
        time.monotonic = self.clock.read
        time.sleep = lambda _seconds: None
        for module in ("hermes_cli.auth", "agent.credential_pool"):
            sys.modules[module].datetime = standing(self.clock)
        random.choice = lambda options: options[0]
        uuid.uuid4 = identifiers.next
        os.fsync = lambda _file: None
        logger = logging.getLogger("agent.credential_pool")
        logger.handlers = [self.log]
        logger.setLevel(logging.INFO)
        logger.propagate = False
        logging.disable(logging.NOTSET)

    def _settle_constants(self) -> None:
        """Files that older releases name when they are imported, for the home that they then find."""
        adapter = importlib.import_module("agent.anthropic_adapter")
        if hasattr(adapter, "_HERMES_OAUTH_FILE"):
            adapter._HERMES_OAUTH_FILE = self.hermes_home / ".anthropic_oauth.json"

    def start(self) -> None:
        """Loads `.env` into the environment as the program does at its start."""
        program("hermes_cli.env_loader", "load_hermes_dotenv")(hermes_home=self.hermes_home)


# --- The questions --------------------------------------------------------------------------------------


class Agent:
    """What recovery reads of an agent and changes in it."""

    def __init__(self, question: dict, pool) -> None:
        self._credential_pool = pool
        self.provider = question.get("agent_provider", pool.provider)
        self.base_url = question.get("base_url", "")
        self.api_mode = question.get("api_mode", "")
        self.model = ""
        self.api_key = ""
        self.retried_429 = False

    def take_key(self) -> None:
        """Without a key: the one of the current entry, else of the one that is selected."""
        if not self.api_key:
            entry = self._credential_pool.current() or self._credential_pool.select()
            self.api_key = entry.runtime_api_key if entry is not None else ""

    def _swap_credential(self, entry) -> None:
        """What `AIAgent._swap_credential` does to the key; endpoint and client stay."""
        self.api_key = entry.runtime_api_key or entry.access_token

    def _is_entitlement_failure(self, error_context, status_code) -> bool:
        return program("run_agent", "AIAgent")._is_entitlement_failure(error_context, status_code)


class ApiError(Exception):
    """An exception as a provider's client raises it."""

    def __init__(self, question: dict) -> None:
        super().__init__(question.get("message") or "")
        if question.get("status") is not None:
            self.status_code = question["status"]
        if question.get("body") is not None:
            self.body = question["body"]


def entry_view(entry):
    if entry is None:
        return None
    view = {name: getattr(entry, field, None) for name, field in ENTRY_FIELDS.items()}
    view["key"] = entry.runtime_api_key
    return view


class Session:
    """One process of the program: what one question changes, the next one sees."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.forget()

    def forget(self) -> None:
        self.pools: dict = {}
        self.agents: dict = {}
        self.leases: dict = {}

    def pool(self, provider: str):
        if provider not in self.pools:
            self.pools[provider] = program("agent.credential_pool", "load_pool")(provider)
        return self.pools[provider]


class Refused(Exception):
    """Carries what the argument parser says, or the parser itself, out of the program."""


def refuse(*carried):
    raise Refused(*carried)


def without_profile(words):
    """The words without the profile's, which the program takes out before it parses them."""
    with replaced(sys, "argv", ["hermes", *words]):
        program("hermes_cli.main", "_apply_profile_override")()
        return sys.argv[1:]


def argument_parser():
    """The parser that `hermes` builds in its `main`, for which it has no function."""
    main = program("hermes_cli.main", "main")
    with replaced(argparse.ArgumentParser, "parse_args", lambda parser, *_: refuse(parser)):
        with replaced(sys, "argv", ["hermes", "no-such-command"]):
            try:
                main()
            except Refused as built:
                return built.args[0]
    raise Absent


@contextlib.contextmanager
def replaced(owner, name, value):
    old = getattr(owner, name)
    setattr(owner, name, value)
    try:
        yield
    finally:
        setattr(owner, name, old)


# What the parser says, without the names of arguments and choices, which its help tells better.
REFUSALS = [
    (r"(?s)argument .*?: (invalid choice): .*", r"\1"),
    (r"(?s)argument .*?: expected .*", "expected an argument"),
    (r"(?s)argument .*?: (ignored explicit argument) .*", r"\1"),
    (r"(?s)(ambiguous option): .*", r"\1"),
    (r"(?s)(the following arguments are required): .*", r"\1"),
]


def ask_arguments(_session, question):
    parser = argument_parser()
    coalesce = program("hermes_cli.main", "_coalesce_session_name_args")
    with contextlib.redirect_stdout(io.StringIO()), replaced(argparse.ArgumentParser, "error", lambda _, says: refuse(says)):
        try:
            parser.parse_args(coalesce(without_profile(question["words"])))
        except Refused as refused:
            message = refused.args[0]
            for pattern, kind in REFUSALS:
                message = re.sub(pattern, kind, message)
            raise SystemExit(message) from None
        except SystemExit as stop:
            if stop.code:
                raise


def ask_config_set(session, question):
    """Where `hermes config set` writes a value, and what it writes."""
    written = {}
    config = program("hermes_cli.config", "set_config_value")
    module = sys.modules["hermes_cli.config"]
    set_nested, save = module._set_nested, module.save_env_value

    def nested(tree, key, value):
        set_nested(tree, key, value)
        written.update(config=key.split("."), value=value)

    def saved(name, value):
        save(name, value)
        written.setdefault("env", name)

    with replaced(module, "_set_nested", nested), replaced(module, "save_env_value", saved):
        with contextlib.redirect_stdout(io.StringIO()):
            config(question["key"], question["value"])
    if "config" in written:
        written.pop("env", None)
    return written


def ask_auth_add(_session, question):
    """The pool that `hermes auth add` puts a key into."""
    command = program("hermes_cli.auth_commands", "auth_add_command")
    given = {"provider": question["provider"], "auth_type": question.get("type"), "api_key": "sk-fake-0000"}
    printed = io.StringIO()
    program("agent.anthropic_adapter", "run_hermes_oauth_login_pure")
    nobody = replaced(sys.modules["agent.anthropic_adapter"], "run_hermes_oauth_login_pure", lambda: None)
    with contextlib.redirect_stdout(printed), nobody:
        command(types.SimpleNamespace(label="one", **given))
    return re.match(r"Added (\S+) credential #", printed.getvalue()).group(1)


def ask_yaml(_session, question):
    import yaml

    load = program("utils", "fast_safe_load")
    try:
        return {"value": load(question["text"])}
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        return {
            "problem": error.problem,
            "line": mark.line if mark else None,
            "column": mark.column if mark else None,
        }
    except yaml.YAMLError as error:
        return {"problem": str(error), "line": None, "column": None}


def ask_config(_session, question):
    value = program("hermes_cli.config", "load_config")()
    for step in filter(None, question.get("path", "").split(".")):
        if not isinstance(value, dict) or step not in value:
            return None
        value = value[step]
    return value


def ask_validate(_session, _question):
    issues = program("hermes_cli.config", "validate_config_structure")()
    return [[issue.severity, issue.message] for issue in issues]


def ask_known_key(_session, question):
    return program("hermes_cli.config", "_validate_config_key")(question["key"])


def ask_env(_session, question):
    values = program("hermes_cli.config", "load_env")()
    return {key: values.get(key) for key in question["keys"]}


def ask_environ(_session, question):
    return {key: os.environ.get(key) for key in question["keys"]}


def ask_custom(_session, _question):
    return program("hermes_cli.config", "get_compatible_custom_providers")()


def ask_canonical(_session, question):
    return program("hermes_cli.auth", "resolve_provider")(question["name"])


def ask_resolve(_session, question):
    resolve = program("hermes_cli.runtime_provider", "resolve_runtime_provider")
    given = {argument: question[name] for name, argument in RESOLVE_ARGUMENTS.items() if name in question}
    if not given.keys() <= inspect.signature(resolve).parameters.keys():
        raise Absent
    runtime = resolve(**given)
    answer = {name: runtime[name] for name in RUNTIME_FIELDS if name in runtime}
    answer["pool"] = getattr(runtime.get("credential_pool"), "provider", None)
    return answer


def ask_fallback(_session, _question):
    chain = program("hermes_cli.fallback_config", "get_fallback_chain")
    return chain(program("hermes_cli.config", "load_config")())


def ask_start(session, question):
    return start.start(session.world, question["entry"])


def ask_strategy(_session, question):
    return program("agent.credential_pool", "get_pool_strategy")(question["provider"])


def ask_list(_session, question):
    command = program("hermes_cli.auth_commands", "auth_list_command")
    printed = io.BytesIO()
    terminal = io.TextIOWrapper(printed, encoding="utf-8", newline="")
    with contextlib.redirect_stdout(terminal):
        command(types.SimpleNamespace(provider=question.get("provider")))
    terminal.flush()
    return printed.getvalue().decode("utf-8")


def ask_pool(session, question):
    return [entry_view(entry) for entry in session.pool(question["provider"]).entries()]


def ask_peek(session, question):
    return entry_view(session.pool(question["provider"]).peek())


def ask_select(session, question):
    return entry_view(session.pool(question["provider"]).select())


def ask_mark(session, question):
    mark = session.pool(question["provider"]).mark_exhausted_and_rotate
    arguments = {"status_code": question.get("status"), "error_context": question.get("context")}
    if question.get("hint") is not None:
        if "api_key_hint" not in mark.__code__.co_varnames:
            raise Absent
        arguments["api_key_hint"] = question["hint"]
    return entry_view(mark(**arguments))


def ask_reset(_session, question):
    """`hermes auth reset`, a process of its own: the pools that are kept do not see it."""
    return program("agent.credential_pool", "load_pool")(question["provider"]).reset_statuses()


def recovery():
    """`recover_with_credential_pool`; before 0.15 it was a method of the agent."""
    try:
        return program("agent.agent_runtime_helpers", "recover_with_credential_pool")
    except Absent:
        return program("run_agent", "AIAgent")._recover_with_credential_pool


def ask_recover(session, question):
    provider = question["provider"]
    if provider not in session.agents:
        session.agents[provider] = Agent(question, session.pool(provider))
    agent = session.agents[provider]
    agent.take_key()
    reason = question.get("reason")
    if reason is not None:
        reason = program("agent.error_classifier", "FailoverReason")(reason)
    recovered, agent.retried_429 = recovery()(
        agent,
        status_code=question.get("status"),
        has_retried_429=agent.retried_429,
        classified_reason=reason,
        error_context=question.get("context"),
    )
    return {"recovered": recovered, "retried": agent.retried_429, "key": agent.api_key}


def ask_success(session, question):
    agent = session.agents.get(question["provider"])
    if agent is not None:
        agent.retried_429 = False


def ask_lease(session, question):
    pool = session.pool(question["provider"])
    leased = pool.acquire_lease()
    if leased is None:
        return None
    session.leases.setdefault(question["provider"], []).append(leased)
    return entry_view(next((entry for entry in pool.entries() if entry.id == leased), None))


def ask_release(session, question):
    pool = session.pool(question["provider"])
    held = session.leases.get(question["provider"])
    if held:
        pool.release_lease(held.pop(0))


def ask_store(session, _question):
    path = session.world.hermes_home / "auth.json"
    if not path.exists():
        return None
    store = json.loads(path.read_text(encoding="utf-8"))
    if isinstance(store, dict):
        store.pop("updated_at", None)
        states = store.get("providers")
        for state in states.values() if isinstance(states, dict) else ():
            error = state.get("last_auth_error") if isinstance(state, dict) else None
            if isinstance(error, dict):
                error.pop("at", None)
        pools = store.get("credential_pool")
        for rows in pools.values() if isinstance(pools, dict) else ():
            for row in rows if isinstance(rows, list) else ():
                if isinstance(row, dict):
                    row.pop("id", None)
    return store


def ask_advance(session, question):
    session.world.clock.now += question["seconds"]


def ask_reload(session, _question):
    session.forget()


def ask_classify(_session, question):
    classified = program("agent.error_classifier", "classify_api_error")(
        ApiError(question), provider=question.get("provider") or "", model=question.get("model") or ""
    )
    return {
        "reason": classified.reason.value,
        "retryable": classified.retryable,
        "compress": classified.should_compress,
        "rotate": classified.should_rotate_credential,
        "fallback": classified.should_fallback,
    }


class Ended(BaseException):
    """A turn came to the fallback chain."""


def agent_of(runtime, **named):
    """A real agent with what the resolution came to."""
    return program("run_agent", "AIAgent")(
        skip_memory=True, skip_context_files=True, enabled_toolsets=[], quiet_mode=True,
        credential_pool=runtime.get("credential_pool"), **named,
        **{name: runtime[name] for name in ("provider", "api_mode", "base_url", "api_key")},
    )


def ask_turn(session, question):
    """Has a real agent send a request, which is answered by `replies` in turn, the last one for ever."""
    import httpx

    runtime = program("hermes_cli.runtime_provider", "resolve_runtime_provider")()
    keys = []

    def handle_request(_self, request):
        if not request.url.path.endswith("/chat/completions"):
            raise httpx.ConnectError("Connection refused", request=request)
        reply = question["replies"][min(len(keys), len(question["replies"]) - 1)]
        keys.append(request.headers["authorization"].removeprefix("Bearer "))
        return httpx.Response(reply["status"], json={"error": reply["error"]}, request=request)

    def sleep(seconds):
        # The loop waits until the clock has gone on.
        session.world.clock.now += seconds
        pause(0.001)

    def try_activate_fallback(*_args, **_kwargs):
        raise Ended

    httpx.HTTPTransport.handle_request = handle_request
    pause, time.sleep = REAL_SLEEP, sleep
    ssl.SSLContext.load_verify_locations = REAL_CERTIFICATES
    agent = agent_of(runtime, model=question.get("model") or "m")
    chain = question.get("fallback") or []
    agent._fallback_chain = chain
    if chain:
        agent._try_activate_fallback = try_activate_fallback
    try:
        result = agent.run_conversation("hello")
        end = "stops" if result.get("failed") else "goes on"
    except Ended:
        end = "falls back"
    return {"keys": keys, "end": end}


def ask_call_site(session, question):
    """The endpoint and the key of what else than the main model sends requests."""
    if sites.JOB.fullmatch(question["site"]):
        return sites.job(session.world, question["site"])
    runtime = program("hermes_cli.runtime_provider", "resolve_runtime_provider")()
    ssl.SSLContext.load_verify_locations = REAL_CERTIFICATES
    try:
        return sites.ask(session.world, question["site"], runtime, agent_of)
    except sites.NoSuchSite:
        raise Absent from None
    except ImportError as error:
        # Who speaks Anthropic's API has the package for it; this harness does not.
        if "'anthropic' package" in str(error):
            raise Absent from None
        raise


QUESTIONS = {
    "advance": ask_advance,
    "arguments": ask_arguments,
    "auth_add": ask_auth_add,
    "call_site": ask_call_site,
    "canonical": ask_canonical,
    "classify": ask_classify,
    "config": ask_config,
    "config_set": ask_config_set,
    "custom": ask_custom,
    "env": ask_env,
    "environ": ask_environ,
    "fallback": ask_fallback,
    "known_key": ask_known_key,
    "lease": ask_lease,
    "list": ask_list,
    "mark": ask_mark,
    "peek": ask_peek,
    "pool": ask_pool,
    "recover": ask_recover,
    "release": ask_release,
    "reload": ask_reload,
    "reset": ask_reset,
    "resolve": ask_resolve,
    "select": ask_select,
    "start": ask_start,
    "store": ask_store,
    "strategy": ask_strategy,
    "success": ask_success,
    "turn": ask_turn,
    "validate": ask_validate,
    "yaml": ask_yaml,
}


def attempt(action) -> dict:
    """The answer that `action` comes to: what it returns, raises or exits with."""
    try:
        return encode_ok(action())
    except Absent:
        return {"absent": True}
    except SystemExit as stop:
        return {"exit": "" if stop.code is None else plain(str(stop.code))}
    except start.Stopped as stop:
        return {"exit": plain(str(stop))}
    except Exception as error:  # every failure of the program is an answer
        return {"error": type(error).__name__, "message": plain(str(error))}


def answers(case: dict, home: Path):
    """The answers of a case, one by one."""
    world = World(case, home)
    failed = attempt(world.start)
    world.log.take()
    session = Session(world)
    for question in case["ask"]:
        if "error" in failed or "exit" in failed:
            yield failed
            continue
        answer = attempt(lambda question=question: QUESTIONS[question["do"]](session, question))
        lines = world.log.take()
        if lines:
            answer["log"] = lines
        yield answer


# --- One fork a case ------------------------------------------------------------------------------------


class Reach:
    """What a case runs of some files of the program, as coverage.py measures it: pairs of lines, one after the other."""

    def __init__(self, tools: str, files: list[str]) -> None:
        sys.path.append(tools)
        coverage = importlib.import_module("coverage")
        self.files = files
        self._coverage = coverage.Coverage(
            data_file=None, branch=True, config_file=False, include=[f"*/{file}" for file in files]
        )
        self._coverage.start()

    def take(self) -> dict:
        """The pairs of each file since the last time."""
        self._coverage.stop()
        measured = self._coverage.get_data()
        arcs = {path: measured.arcs(path) for path in measured.measured_files()}
        self._coverage.erase()
        return {file: sorted(arcs[path]) for path in arcs for file in self.files if path.endswith(f"/{file}")}

    def go_on(self) -> None:
        self._coverage.start()


def run_child(case: dict, home: Path, output: int, arguments) -> None:
    """Answers `case` on the file `output`, a line an answer, and ends the process."""
    try:
        if arguments.reach:
            arguments.reach.go_on()
        if not arguments.noise:
            silence = os.open(os.devnull, os.O_WRONLY)
            os.dup2(silence, 1)
            os.dup2(silence, 2)
        with os.fdopen(output, "w", encoding="utf-8") as pipe:
            for answer in answers(case, home):
                pipe.write(to_line(answer))
                pipe.flush()
            if arguments.reach:
                pipe.write(json.dumps(arguments.reach.take()) + "\n")
    except BaseException:  # a defect of this driver: shown with --noise
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


class Running:
    """A case that a child is answering."""

    def __init__(self, case: dict, scratch: Path, number: int, arguments) -> None:
        self.case = case
        self.home = scratch / str(number)
        self.home.mkdir()
        self.deadline = time.monotonic() + arguments.timeout
        self.received = bytearray()
        self.hung = False
        self.pipe, output = os.pipe()
        self.child = os.fork()
        if self.child == 0:
            os.close(self.pipe)
            run_child(case, self.home, output, arguments)
        os.close(output)

    def read(self) -> bool:
        """Takes what the child wrote; false at the end."""
        block = os.read(self.pipe, 1 << 16)
        self.received += block
        return bool(block)

    def kill(self) -> None:
        self.hung = True
        os.kill(self.child, signal.SIGKILL)

    def finish(self) -> str:
        """The line to print. What the child did not come to is answered with why."""
        os.close(self.pipe)
        os.waitpid(self.child, 0)
        shutil.rmtree(self.home, ignore_errors=True)
        lines = self.received.decode("utf-8").split("\n")
        asked = len(self.case["ask"])
        answered, reached = lines[:-1][:asked], lines[:-1][asked:]
        missing = json.dumps({"error": "Timeout" if self.hung else "Crash", "message": ""})
        answered += [missing] * (asked - len(answered))
        more = f', "reached": {reached[0]}' if reached else ""
        return f'{{"id": {json.dumps(self.case.get("id"))}, "answers": [{", ".join(answered)}]{more}}}'


class Input:
    """Lines of standard input as they come, without blocking the cases that run."""

    def __init__(self) -> None:
        self._buffer = b""
        self.lines: list[bytes] = []
        self.open = True

    def read(self) -> None:
        block = os.read(0, 1 << 20)
        if not block:
            self.open = False
            block = b"\n" if self._buffer else b""
        *lines, self._buffer = (self._buffer + block).split(b"\n")
        self.lines += [line for line in lines if line.strip()]


def serve(arguments, answer_file, scratch: Path) -> None:
    """Keeps `--jobs` cases running and prints their answers in the order of the cases."""
    source = Input()
    running: dict[int, tuple[int, Running]] = {}
    finished: dict[int, str] = {}
    started = printed = 0
    while source.open or source.lines or running:
        while source.lines and len(running) < arguments.jobs:
            case = Running(json.loads(source.lines.pop(0)), scratch, started, arguments)
            running[case.pipe] = (started, case)
            started += 1
        wanted = list(running)
        if source.open and len(source.lines) < arguments.jobs:
            wanted.append(0)
        ready, _, _ = select.select(wanted, [], [], 0.5)
        for file in ready:
            if file == 0:
                source.read()
            elif not running[file][1].read():
                number, case = running.pop(file)
                finished[number] = case.finish()
        for _, case in running.values():
            if not case.hung and time.monotonic() > case.deadline:
                case.kill()
        while printed in finished:
            answer_file.write(finished.pop(printed) + "\n")
            printed += 1
        answer_file.flush()


def start_clean() -> None:
    """Starts this driver anew with nothing of the caller's environment but what Python needs."""
    if os.environ.get(CLEAN):
        del os.environ[CLEAN]
        return
    kept = {name: value for name, value in os.environ.items() if name == "PYTHONPATH"}
    kept |= {CLEAN: "1", "PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1"}
    os.execve(sys.executable, [sys.executable, "-X", "utf8", *sys.argv], kept)


def import_program(scratch: Path) -> None:
    home = scratch / "import"
    home.mkdir()
    os.environ.update(HARNESS_ENVIRONMENT, HOME=str(home), HERMES_HOME=str(home / ".hermes"))
    time.tzset()
    os.chdir(home)
    for module in WARM_MODULES:
        try:
            importlib.import_module(module)
        except ImportError as error:
            print(f"driver: {module}: {error}", file=sys.stderr)
    start.warm()
    refuse_network()
    gc.collect()
    gc.freeze()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="cases that run at the same time")
    parser.add_argument("--timeout", type=float, default=20.0, help="seconds after which a case is given up")
    parser.add_argument("--noise", action="store_true", help="let the program print to standard error")
    parser.add_argument("--reach", nargs="+", metavar=("TOOLS", "FILE"),
                        help="with coverage.py of the folder TOOLS, also tell which arcs of each FILE a case runs; "
                        "a first line tells those of the imports")
    arguments = parser.parse_args()
    start_clean()
    if arguments.reach:
        arguments.reach = Reach(arguments.reach[0], arguments.reach[1:])

    # Only answers may reach standard output, whatever the program prints.
    answer_file = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    with tempfile.TemporaryDirectory(prefix="poolcheck-driver-") as scratch:
        import_program(Path(scratch))
        if arguments.reach:
            answer_file.write(json.dumps({"reached": arguments.reach.take()}) + "\n")
        serve(arguments, answer_file, Path(scratch))


if __name__ == "__main__":
    main()
