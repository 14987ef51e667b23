"""The question `call_site`: where what is not the main model sends its requests, and with which key.

A site is a side task of `auxiliary`, `delegation` for subagents, `fallback` for the entries of the fallback chain, or a slot of
a preset of Mixture of Agents: `moa.presets.NAME.aggregator`, `moa.presets.NAME.reference_models[0]`, counted as the program
counts them, which leaves incomplete ones out; or a job of cron/jobs.json: `cron.jobs[0]`. `mixture_of_agents` is the tool of older releases.
Side tasks and subagents run beside an agent, which is real here where they look at it.
"""

from __future__ import annotations

import asyncio
import importlib
import inspect
import json
import re

import start

# What stands behind the endpoint in the address of a request.
PATHS = ("/chat/completions", "/responses", "/v1/messages", "/messages")

# Tasks whose callers pass the agent's runtime on: `agent/context_compressor.py`, `agent/title_generator.py`.
TOLD = ("compression", "title_generation")


# A slot of a preset.
SLOT = re.compile(r"moa\.presets\.(.+)\.(?:(aggregator)|reference_models\[(\d+)\])")


# A scheduled job.
JOB = re.compile(r"cron\.jobs\[(\d+)\]")


class NoSuchSite(Exception):
    """The release has no such site."""


class Sent(BaseException):
    """A request would go out; nothing on the way catches it."""


def module(name: str):
    return importlib.import_module(name)


def handle_request(_transport, request):
    """Stands in for the network: a request to a model ends the question, any other one fails.

    Endpoints of a provider are tried out with requests to a model too, but not by OpenAI's client.
    """
    import httpx

    url, generated = str(request.url).split("?", 1)[0], "/models/"
    path = next((path for path in PATHS if url.endswith(path)), None)
    if "x-stainless-lang" not in request.headers:
        path = None
    if path is None and ":generateContent" in url:
        path = url[url.index(generated):]
    if path is None:
        raise httpx.ConnectError("Connection refused", request=request)
    headers = request.headers
    key = headers.get("authorization", "").removeprefix("Bearer ")
    key = key or headers.get("x-api-key") or headers.get("x-goog-api-key") or ""
    raise Sent({"base_url": url.removesuffix(path), "key": key})


def main_model(config: dict) -> str:
    """The name of the main model as the program's side tasks read it."""
    model = config.get("model")
    name = model.get("default") if isinstance(model, dict) else model
    return name.strip() if isinstance(name, str) else ""


def tell(runtime) -> dict:
    """Tells the program's side tasks the runtime of the agent, as a turn does."""
    import httpx

    client = module("agent.auxiliary_client")
    model = main_model(module("hermes_cli.config").load_config())
    known = inspect.signature(client.set_runtime_main).parameters
    told = {name: runtime.get(name) or "" for name in ("base_url", "api_key", "api_mode")}
    client.set_runtime_main(runtime["provider"], model, **{name: told[name] for name in told if name in known})
    httpx.HTTPTransport.handle_request = handle_request
    return {**told, "provider": runtime["provider"], "model": model}


def sent_by(call, *given, **named):
    """The endpoint and the key of the first request that a call sends."""
    try:
        said = call(*given, **named)
    except Sent as sent:
        return sent.args[0]
    raise AssertionError(f"a task that sends nothing: {said}")


def side_task(_world, task, runtime, _agent_of):
    """What a task sends first, in a turn of an agent with this runtime."""
    main = tell(runtime)
    # Who calls these passes the agent's runtime on.
    passed = {"main_runtime": main} if task in TOLD else {}
    messages = [{"role": "user", "content": "hello"}]
    return sent_by(module("agent.auxiliary_client").call_llm, task=task, messages=messages, **passed)


def slot(found, runtime):
    """What a slot of a preset sends first in a turn of that preset; null where the turn has no such slot."""
    try:
        loop = module("agent.moa_loop")
    except ImportError:
        raise NoSuchSite from None
    name, is_aggregator, at = found.groups()
    messages = [{"role": "user", "content": "hello"}]
    turn = loop.MoAChatCompletions(name)
    tell(runtime)

    def references(models, *_given, **_named):
        if is_aggregator:
            return []
        raise Sent(models)

    loop._run_references_parallel = references
    sent = sent_by(turn.create, messages=messages)
    if is_aggregator:
        return sent
    # Each reference is called so, in a thread of its own that makes a note of what is raised.
    chosen = next(iter(sent[int(at):]), None)
    return chosen and sent_by(loop.call_llm, task="moa_reference", messages=messages, **loop._slot_runtime(chosen))


def tool(_world, _site, runtime, _agent_of):
    """What the tool of releases before 0.18 sends first."""
    try:
        own = module("tools.mixture_of_agents_tool")
    except ImportError:
        raise NoSuchSite from None
    import httpx

    async def handle(transport, request):
        return handle_request(transport, request)

    tell(runtime)
    httpx.AsyncHTTPTransport.handle_async_request = handle
    try:
        said = asyncio.run(own.mixture_of_agents_tool("hello"))
    except Sent as sent:
        return sent.args[0]
    raise RuntimeError(json.loads(said)["error"])


def view(agent, *names):
    answer = {name: getattr(agent, name) for name in names}
    return answer | {"base_url": str(agent.base_url or "").rstrip("/"), "key": agent.api_key}


def delegation(world, _site, runtime, agent_of):
    """What a subagent is made with."""
    cli, tool = module("cli"), module("tools.delegate_tool")
    cli._hermes_home = world.hermes_home
    cli.CLI_CONFIG = cli.load_cli_config()
    parent = agent_of(runtime, model="m")
    made = tool._resolve_delegation_credentials(tool._load_config(), parent)
    given = {
        "task_index": 0, "goal": "hello", "context": None, "toolsets": [], "model": "m", "max_iterations": 1,
        "task_count": 1, "parent_agent": parent,
        **{f"override_{name}": made[name] for name in ("provider", "base_url", "api_key", "api_mode")},
    }
    return view(tool._build_child_agent(**given))


def fallback(_world, _site, runtime, agent_of):
    """The entries of the chain that the agent goes to, one after the other."""
    config = module("hermes_cli.config").load_config()
    try:
        chain = module("hermes_cli.fallback_config").get_fallback_chain(config)
    except ImportError:
        chain = config.get("fallback_providers") or config.get("fallback_model") or []
    agent = agent_of(runtime, model=main_model(config) or "m", fallback_model=chain)
    taken = []
    while agent._try_activate_fallback():
        taken.append(view(agent, "provider"))
    return taken


def job(world, site: str):
    """What the agent of a scheduled job is made with, or finds by itself; null where there is no such job."""
    jobs = module("cron.jobs")
    if hasattr(jobs, "JOBS_FILE"):
        jobs.CRON_DIR, jobs.JOBS_FILE = world.hermes_home / "cron", world.hermes_home / "cron" / "jobs.json"
    chosen = next(iter(jobs.load_jobs()[int(JOB.fullmatch(site)[1]) :]), None)
    if chosen is None:
        return None
    try:
        made = start.start(world, "cron", chosen)
    finally:
        # The other sites need the real one.
        module("run_agent").AIAgent = start.Agent.real
    own = made.get("agent") or made
    if "error" in own:
        raise RuntimeError(own["message"])
    return {"base_url": str(own["base_url"] or "").rstrip("/"), "key": own["api_key"]}


def ask(world, site: str, runtime, agent_of):
    """The endpoint and the key of `site`; a list of them for `fallback`."""
    found = SLOT.fullmatch(site)
    if found:
        return slot(found, runtime)
    own = {"delegation": delegation, "fallback": fallback, "mixture_of_agents": tool}
    return own.get(site, side_task)(world, site, runtime, agent_of)
