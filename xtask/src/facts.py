"""Prints the tables of the installed hermes-agent as JSON. `cargo xtask facts` runs it.

Only data is taken: names, addresses, limits and default values, none of the program's code. Tables that
the program builds inside a function are read from its syntax tree, and the aliases are then put to the real
resolver, so that a table that is read wrongly stops the run.
"""

import argparse
import ast
import atexit
import difflib
import importlib.metadata
import inspect
import json
import os
import re
import shutil
import socket
import sys
import tempfile
import textwrap

HOME = tempfile.mkdtemp(prefix="poolcheck-facts-")
atexit.register(shutil.rmtree, HOME, ignore_errors=True)
for name in list(os.environ):
    if name not in ("PATH", "LANG", "LC_ALL", "SYSTEMROOT", "TMPDIR", "TEMP", "TMP"):
        del os.environ[name]
os.environ.update(
    HOME=HOME,
    HERMES_HOME=os.path.join(HOME, ".hermes"),
    HERMES_DISABLE_LAZY_INSTALLS="1",
    HERMES_MANAGED_DIR=os.path.join(HOME, "not-managed"),
    AWS_EC2_METADATA_DISABLED="true",
)
os.makedirs(os.environ["HERMES_HOME"])


def refuse(*_args, **_kwargs):
    raise OSError("no network here")


socket.socket.connect = refuse
socket.getaddrinfo = refuse

from agent import auxiliary_client, bedrock_adapter, error_classifier  # noqa: E402
from agent import credential_pool as pool  # noqa: E402
from hermes_cli import auth, auth_commands, config, env_loader, models, runtime_provider  # noqa: E402
from hermes_cli import providers as catalog  # noqa: E402
from hermes_constants import OPENROUTER_BASE_URL  # noqa: E402
import providers as profiles  # noqa: E402


def absent(module, name, default=None):
    """`module.name`; `default` where the release has none. Only for what came with a later release than 0.13.0."""
    return getattr(module, name, default)


def names(module, name):
    """The sorted names that `module.name` holds; none where the release has none."""
    return sorted(absent(module, name, ()))


def local_literal(function, variable):
    """The literal that `function` assigns to its own `variable`."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            targets = node.targets
        elif isinstance(node, ast.AnnAssign):
            targets = [node.target]
        else:
            continue
        if any(isinstance(target, ast.Name) and target.id == variable for target in targets):
            return ast.literal_eval(node.value)
    raise SystemExit(f"{function.__qualname__} has no literal {variable}")


def resolver_aliases():
    """The aliases of `resolve_provider`: its own table, then those of the provider plugins."""
    aliases = local_literal(auth.resolve_provider, "_PROVIDER_ALIASES")
    for profile in profiles.list_providers():
        for alias in profile.aliases:
            aliases.setdefault(alias, profile.name)
    for alias, target in aliases.items():
        try:
            found = auth.resolve_provider(alias)
        except auth.AuthError as error:
            if f"'{target}'" not in str(error):
                raise SystemExit(f"alias {alias} is not {target}: {error}")
        else:
            if found != target:
                raise SystemExit(f"alias {alias} is {found}, not {target}")
    return aliases


def auxiliary_aliases():
    """The aliases of `resolve_provider_client`, which builds clients for fallbacks and side tasks."""
    aliases = dict(auxiliary_client._PROVIDER_ALIASES)
    aliases["codex"] = "openai-codex"
    for alias, target in aliases.items():
        found = auxiliary_client._normalize_aux_provider(alias)
        if found != target:
            raise SystemExit(f"auxiliary alias {alias} is {found}, not {target}")
    return dict(sorted(aliases.items()))


def registry():
    rows = []
    for key, row in auth.PROVIDER_REGISTRY.items():
        rows.append({
            "key": key,
            "id": row.id,
            "name": row.name,
            "auth_type": row.auth_type,
            "portal_base_url": row.portal_base_url,
            "inference_base_url": row.inference_base_url,
            "api_key_env_vars": list(row.api_key_env_vars),
            "base_url_env_var": row.base_url_env_var,
        })
    return rows


def profile_rows():
    rows = {}
    for profile in profiles.list_providers():
        rows[profile.name] = {
            "aliases": list(profile.aliases),
            "api_mode": getattr(profile, "api_mode", ""),
            "auth_type": profile.auth_type,
            "base_url": profile.base_url,
            "display_name": profile.display_name,
            "env_vars": list(profile.env_vars),
        }
    return rows


def overlays():
    return {
        name: {
            "auth_type": overlay.auth_type,
            "base_url_env_var": overlay.base_url_env_var,
            "base_url_override": overlay.base_url_override,
            "extra_env_vars": list(overlay.extra_env_vars),
            "is_aggregator": overlay.is_aggregator,
            "transport": overlay.transport,
        }
        for name, overlay in catalog.HERMES_OVERLAYS.items()
    }


def error_phrases():
    """The phrases by which `classify_api_error` tells failures apart, by the names of their tables."""
    phrases = {
        name.removeprefix("_").removesuffix("_PATTERNS").lower(): list(table)
        for name, table in vars(error_classifier).items()
        # The classifier has the words about thinking blocks in its code and does not read this table.
        if name.endswith(("_PATTERNS", "_SIGNALS")) and name != "_THINKING_SIG_PATTERNS"
    }
    return dict(sorted(phrases.items()))


def billing_codes():
    """The codes for which `_classify_by_error_code` says `billing`."""
    codes = names(error_classifier, "_BILLING_ERROR_CODES")
    if codes:
        return codes
    tree = ast.parse(inspect.getsource(error_classifier._classify_by_error_code))
    sets = [
        ast.literal_eval(node)
        for node in ast.walk(tree)
        if isinstance(node, ast.Set)
    ]
    (codes,) = [codes for codes in sets if "insufficient_quota" in codes]
    return sorted(codes)


def bedrock_regions():
    """The prefixes that `is_anthropic_bedrock_model` takes off a model's name."""
    tree = ast.parse(inspect.getsource(bedrock_adapter.is_anthropic_bedrock_model))
    (regions,) = [node.iter for node in ast.walk(tree) if isinstance(node, ast.For)]
    return list(ast.literal_eval(regions))


def config_set_variables():
    """The names that `hermes config set` writes into `.env`, but for those that end as keys do."""
    # It has a function of its own since 0.19.0.
    function = absent(config, "_is_env_config_key", config.set_config_value)
    listed = local_literal(function, "api_keys")
    return sorted(name for name in listed if not name.endswith(("_API_KEY", "_TOKEN")))


class Parser(Exception):
    """Carries the argument parser of `hermes` out of its own `main`."""


def argument_parser():
    """What `main` of hermes_cli builds. A command that does not exist makes it build all of it, plugins' parts included."""

    def caught(parser, *_args, **_kwargs):
        raise Parser(parser)

    argparse.ArgumentParser.parse_args = caught
    sys.argv = ["hermes", "no-such-command"]
    from hermes_cli import main

    try:
        main.main()
    except Parser as built:
        return built.args[0]
    raise SystemExit("`hermes` parses no arguments")


def argument(action):
    """An option or a positional in a word: `-m|--model=`, `--type=oauth,api-key`, `--yolo`, `provider`, `target?`, `rest...`."""
    choices = ",".join(map(str, action.choices or ()))
    if any(separator in choices for separator in " |!"):
        raise SystemExit(f"{action.dest}: choices that cannot be written down")
    count = {None: "", 0: "", "A...": "..."}.get(action.nargs, action.nargs)
    if not action.option_strings:
        return action.dest + count + ("=" + choices if choices else "")
    takes = "" if action.nargs == 0 else "=" + count + choices
    return "|".join(action.option_strings) + takes + ("!" if action.required else "")


def commands():
    """The tree of sub-commands as a line each: what it takes beside `--help`, or the command of which it is another name."""
    tree = {}

    def describe(parser, path):
        if parser.prefix_chars != "-" or not parser.allow_abbrev:
            raise SystemExit(f"{path}: a parser of another kind")
        helper, *actions = parser._actions
        if helper.option_strings != ["-h", "--help"]:
            raise SystemExit(f"{path}: no --help comes first")
        below = [action for action in actions if isinstance(action, argparse._SubParsersAction)]
        words = [argument(action) for action in actions if action not in below]
        # `main` itself decides whether a command has to be named.
        tree[" ".join(path)] = " ".join(words + ["COMMAND" + ("" if sub.required else "?") for sub in below])
        for sub in below:
            first = {}
            for name, child in sub.choices.items():
                if child in first:
                    tree[" ".join((*path, name))] = "= " + " ".join((*path, first[child]))
                else:
                    first[child] = name
                    describe(child, (*path, name))

    describe(argument_parser(), ())
    return dict(sorted(tree.items()))


# What a config.yaml that was read is called in the code, or a part of it that decides about providers, and what reads one.
READS_CONFIG = re.compile(r"\b(load|read)\w*_(config|yaml)\w*\(|yaml\.safe_load\(|fast_safe_load\(")
HOLDS_CONFIG = re.compile(
    r"(user_|yaml_|full_|raw_|hermes_|CLI_)?(cfg|config|CONFIG)|\w*model_?(cfg|config|section|entry)|model|fb\w*|\w*fallback\w*"
    r"|\w*(provider|custom|endpoint)\w*|entry|ep\w*|prov\w*"
)

# How near a name has to be to a key before a rule may say that this one is meant: the rules' cut-off.
CUTOFF = 0.85


class Code:
    """The names in the code of the package: who looks for a key or a variable that no table has finds it here."""

    def __init__(self):
        self.words, self.taken, self.variables = set(), set(), set()
        for file in importlib.metadata.files("hermes-agent"):
            if file.suffix == ".py":
                tree = ast.parse(file.read_text(encoding="utf-8"))
                for node in ast.walk(tree):
                    self.take(node)

    def take(self, node):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if re.fullmatch(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)+", node.value):
                self.variables.add(node.value)
            if re.fullmatch(r"[a-z]\w*(\.\w+)*", node.value):
                self.words.update(node.value.split("."))
        elif isinstance(node, (ast.arg, ast.keyword)) and node.arg:
            self.words.add(node.arg)
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            self.words.add(node.target.id)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            self.take_keys(node)

    def take_keys(self, function):
        """The keys that a function takes out of what it has from a reader of config.yaml, or what it calls a part of one."""
        read = set()
        for node in ast.walk(function):
            if isinstance(node, ast.Assign) and READS_CONFIG.search(ast.unparse(node.value)):
                read.update(target.id for target in node.targets if isinstance(target, ast.Name))
        for node in ast.walk(function):
            key = holder = None
            if isinstance(node, ast.Call) and node.args:
                at = node.func
                if isinstance(at, ast.Attribute) and at.attr in ("get", "pop", "setdefault"):
                    key, holder = node.args[0], at.value
                elif isinstance(at, ast.Name) and at.id == "cfg_get" and len(node.args) > 1:
                    key, holder = node.args[1], node.args[0]
            elif isinstance(node, ast.Subscript):
                key, holder = node.slice, node.value
            elif isinstance(node, ast.Compare) and isinstance(node.ops[0], (ast.In, ast.NotIn)):
                key, holder = node.left, node.comparators[0]
            if not isinstance(key, ast.Constant) or not isinstance(key.value, str):
                continue
            holder = holder.values[0] if isinstance(holder, ast.BoolOp) else holder
            named = isinstance(holder, ast.Name) and (holder.id in read or HOLDS_CONFIG.fullmatch(holder.id))
            if named or isinstance(holder, ast.Call) and READS_CONFIG.search(ast.unparse(holder)):
                self.taken.add(key.value)

    def lookalikes(self):
        """The names that are like a key of the defaults, stand in no mapping beside it, and may be read there all the same."""
        found = set()

        def search(mapping):
            keys = {key for key in mapping if isinstance(key, str)}
            for word in self.words - keys - found:
                if not re.match("[a-z]", word):
                    continue
                matcher = difflib.SequenceMatcher(b=word)
                for key in keys:
                    matcher.set_seq1(key)
                    if (
                        matcher.real_quick_ratio() >= CUTOFF
                        and matcher.quick_ratio() >= CUTOFF
                        and matcher.ratio() >= CUTOFF
                    ):
                        found.add(word)
                        break
            for value in mapping.values():
                if isinstance(value, dict):
                    search(value)

        for section in config.DEFAULT_CONFIG.values():
            if isinstance(section, dict):
                search(section)
        return sorted(found)


def facts():
    code = Code()
    has_usable_secret = inspect.signature(auth.has_usable_secret).parameters
    return {
        "release": importlib.metadata.version("hermes-agent"),
        "config_version": config.DEFAULT_CONFIG["_config_version"],
        "providers": registry(),
        "aliases": dict(sorted(resolver_aliases().items())),
        "model_aliases": dict(sorted(models._PROVIDER_ALIASES.items())),
        "catalog_aliases": dict(sorted(catalog.ALIASES.items())),
        "auxiliary_aliases": auxiliary_aliases(),
        "auxiliary_providers": sorted(filter(auxiliary_client._get_aux_model_for_provider, auth.PROVIDER_REGISTRY)),
        "profiles": dict(sorted(profile_rows().items())),
        "overlays": dict(sorted(overlays().items())),
        "transport_api_modes": dict(sorted(catalog.TRANSPORT_TO_API_MODE.items())),
        "api_modes": sorted(runtime_provider._VALID_API_MODES),
        "oauth_capable_providers": sorted(auth_commands._OAUTH_CAPABLE_PROVIDERS),
        "placeholder_secrets": sorted(auth._PLACEHOLDER_SECRET_VALUES),
        "shortest_secret": has_usable_secret["min_length"].default,
        "urls": {
            "codex": auth.DEFAULT_CODEX_BASE_URL,
            "copilot_acp": auth.DEFAULT_COPILOT_ACP_BASE_URL,
            "github_models": auth.DEFAULT_GITHUB_MODELS_BASE_URL,
            "kimi_code": auth.KIMI_CODE_BASE_URL,
            "minimax_oauth_cn": auth.MINIMAX_OAUTH_CN_INFERENCE,
            "minimax_oauth_global": auth.MINIMAX_OAUTH_GLOBAL_INFERENCE,
            "nous_inference": auth.DEFAULT_NOUS_INFERENCE_URL,
            "nous_portal": auth.DEFAULT_NOUS_PORTAL_URL,
            "ollama_cloud": auth.DEFAULT_OLLAMA_CLOUD_BASE_URL,
            "openrouter": OPENROUTER_BASE_URL,
            "qwen": auth.DEFAULT_QWEN_BASE_URL,
            "stepfun_cn": auth.STEPFUN_STEP_PLAN_CN_BASE_URL,
            "stepfun_intl": auth.STEPFUN_STEP_PLAN_INTL_BASE_URL,
            "xai_oauth": absent(auth, "DEFAULT_XAI_OAUTH_BASE_URL", ""),
        },
        "zai_endpoints": [
            {"id": id, "base_url": base_url, "probe_models": probe_models, "label": label}
            for id, base_url, probe_models, label in auth.ZAI_ENDPOINTS
        ],
        "lmstudio_placeholder": auth.LMSTUDIO_NOAUTH_PLACEHOLDER,
        "pool": {
            "custom_prefix": pool.CUSTOM_POOL_PREFIX,
            "dead_manual_prune_seconds": absent(pool, "DEAD_MANUAL_PRUNE_TTL_SECONDS"),
            "exhausted_401_seconds": pool.EXHAUSTED_TTL_401_SECONDS,
            "exhausted_429_seconds": pool.EXHAUSTED_TTL_429_SECONDS,
            "exhausted_default_seconds": pool.EXHAUSTED_TTL_DEFAULT_SECONDS,
            "extra_keys": sorted(pool._EXTRA_KEYS),
            "lease_limit": pool.DEFAULT_MAX_CONCURRENT_PER_CREDENTIAL,
            "no_entries_log_seconds": absent(pool, "NO_AVAILABLE_ENTRIES_LOG_THROTTLE_SECONDS", 0),
            "strategies": sorted(pool.SUPPORTED_POOL_STRATEGIES),
            "xai_refresh_seconds": absent(auth, "XAI_ACCESS_TOKEN_REFRESH_SKEW_SECONDS", 0),
            "terminal_auth_reasons": names(pool, "_TERMINAL_AUTH_REASONS"),
        },
        "errors": {
            "billing_codes": billing_codes(),
            "phrases": error_phrases(),
            "reasons": [reason.value for reason in error_classifier.FailoverReason],
        },
        "bedrock_regions": bedrock_regions(),
        "env": {
            "config_set": config_set_variables(),
            "credential_suffixes": list(env_loader._CREDENTIAL_SUFFIXES),
            "extra": sorted(config._EXTRA_ENV_KEYS),
            # The rest of what may be read, as far as it looks like a key's or an endpoint's.
            "in_code": sorted(
                name
                for name in code.variables - config._EXTRA_ENV_KEYS - set(config.OPTIONAL_ENV_VARS)
                if re.search(r"(KEY|TOKEN|SECRET|PAT)S?(_\d+)?$", name)
            ),
            "optional": sorted(config.OPTIONAL_ENV_VARS),
        },
        "config_keys": {
            "custom_provider_aliases": local_literal(
                config._normalize_custom_provider_entry, "_CAMEL_ALIASES"
            ),
            "custom_provider_keys": sorted(
                local_literal(config._normalize_custom_provider_entry, "_KNOWN_KEYS")
            ),
            "custom_provider_like": sorted(config._CUSTOM_PROVIDER_LIKE_FIELDS),
            "dynamic": names(config, "_DYNAMIC_TOP_LEVEL_KEYS"),
            "extra_roots": names(config, "_EXTRA_KNOWN_ROOT_KEYS"),
            "in_code": sorted(
                name
                for name in code.taken - config._KNOWN_ROOT_KEYS - set(config.DEFAULT_CONFIG)
                if re.fullmatch(r"[a-z]\w*", name)
            ),
            "lookalikes": code.lookalikes(),
            "open": names(config, "_OPEN_DICT_TOP_LEVEL_KEYS"),
            "platform_containers": names(config, "_PLATFORM_CONTAINER_KEYS"),
            "roots": sorted(config._KNOWN_ROOT_KEYS),
            "schema_defined": names(config, "_SCHEMA_DEFINED_DICT_KEYS"),
        },
        "defaults": config.DEFAULT_CONFIG,
        "commands": commands(),
    }


json.dump(facts(), sys.stdout, indent=1, ensure_ascii=False, allow_nan=False)
sys.stdout.write("\n")
