"""The question `call_site`: where what is not the main model sends its requests, and with which key.

A site is a side task of `auxiliary`, `delegation` for subagents, or `fallback` for the entries of the fallback chain.
Side tasks and subagents run beside an agent, which is real here where they look at it.
"""

from __future__ import annotations

import importlib
import inspect

# What stands behind the endpoint in the address of a request.
PATHS = ("/chat/completions", "/responses", "/v1/messages", "/messages")

# Tasks whose callers pass the agent's runtime on: `agent/context_compressor.py`, `agent/title_generator.py`.
TOLD = ("compression", "title_generation")


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


def side_task(_world, task, runtime, _agent_of):
    """What a task sends first, in a turn of an agent with this runtime."""
    import httpx

    client = module("agent.auxiliary_client")
    model = main_model(module("hermes_cli.config").load_config())
    known = inspect.signature(client.set_runtime_main).parameters
    told = {name: runtime.get(name) or "" for name in ("base_url", "api_key", "api_mode")}
    client.set_runtime_main(runtime["provider"], model, **{name: told[name] for name in told if name in known})
    httpx.HTTPTransport.handle_request = handle_request
    # Who calls these passes the agent's runtime on.
    passed = {"main_runtime": {**told, "provider": runtime["provider"], "model": model}} if task in TOLD else {}
    try:
        client.call_llm(task=task, messages=[{"role": "user", "content": "hello"}], **passed)
    except Sent as sent:
        return sent.args[0]
    raise AssertionError("a task that sends nothing")


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


def ask(world, site: str, runtime, agent_of):
    """The endpoint and the key of `site`; a list of them for `fallback`."""
    return {"delegation": delegation, "fallback": fallback}.get(site, side_task)(world, site, runtime, agent_of)
