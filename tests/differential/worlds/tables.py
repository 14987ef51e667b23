"""What the worlds are made of: providers, names, statuses, invented keys. All keys are fake."""

from __future__ import annotations

from .dice import Dice

# Provider: its key variables in the order that Hermes reads them, its base URL variable, its base URL.
API_KEY_PROVIDERS = {
    "openai-api": (["OPENAI_API_KEY"], "OPENAI_BASE_URL", "https://api.openai.com/v1"),
    "lmstudio": (["LM_API_KEY"], "LM_BASE_URL", "http://127.0.0.1:1234/v1"),
    "copilot": (
        ["COPILOT_GITHUB_TOKEN", "GH_TOKEN", "GITHUB_TOKEN"],
        "COPILOT_API_BASE_URL",
        "https://api.githubcopilot.com",
    ),
    "gemini": (
        ["GOOGLE_API_KEY", "GEMINI_API_KEY"],
        "GEMINI_BASE_URL",
        "https://generativelanguage.googleapis.com/v1beta",
    ),
    "zai": (["GLM_API_KEY", "ZAI_API_KEY", "Z_AI_API_KEY"], "GLM_BASE_URL", "https://api.z.ai/api/paas/v4"),
    "kimi-coding": (["KIMI_API_KEY", "KIMI_CODING_API_KEY"], "KIMI_BASE_URL", "https://api.moonshot.ai/v1"),
    "kimi-coding-cn": (["KIMI_CN_API_KEY"], None, "https://api.moonshot.cn/v1"),
    "stepfun": (["STEPFUN_API_KEY"], "STEPFUN_BASE_URL", "https://api.stepfun.ai/step_plan/v1"),
    "arcee": (["ARCEEAI_API_KEY"], "ARCEE_BASE_URL", "https://api.arcee.ai/api/v1"),
    "gmi": (["GMI_API_KEY"], "GMI_BASE_URL", "https://api.gmi-serving.com/v1"),
    "minimax": (["MINIMAX_API_KEY"], "MINIMAX_BASE_URL", "https://api.minimax.io/anthropic"),
    "minimax-cn": (["MINIMAX_CN_API_KEY"], "MINIMAX_CN_BASE_URL", "https://api.minimaxi.com/anthropic"),
    "alibaba": (
        ["DASHSCOPE_API_KEY"],
        "DASHSCOPE_BASE_URL",
        "https://dashscope-intl.aliyuncs.com/compatible-mode/v1",
    ),
    "alibaba-coding-plan": (
        ["ALIBABA_CODING_PLAN_API_KEY", "DASHSCOPE_API_KEY"],
        "ALIBABA_CODING_PLAN_BASE_URL",
        "https://coding-intl.dashscope.aliyuncs.com/v1",
    ),
    "deepseek": (["DEEPSEEK_API_KEY"], "DEEPSEEK_BASE_URL", "https://api.deepseek.com/v1"),
    "xai": (["XAI_API_KEY"], "XAI_BASE_URL", "https://api.x.ai/v1"),
    "nvidia": (["NVIDIA_API_KEY"], "NVIDIA_BASE_URL", "https://integrate.api.nvidia.com/v1"),
    "opencode-zen": (["OPENCODE_ZEN_API_KEY"], "OPENCODE_ZEN_BASE_URL", "https://opencode.ai/zen/v1"),
    "opencode-go": (["OPENCODE_GO_API_KEY"], "OPENCODE_GO_BASE_URL", "https://opencode.ai/zen/go/v1"),
    "kilocode": (["KILOCODE_API_KEY"], "KILOCODE_BASE_URL", "https://api.kilo.ai/api/gateway"),
    "huggingface": (["HF_TOKEN"], "HF_BASE_URL", "https://router.huggingface.co/v1"),
    "xiaomi": (["XIAOMI_API_KEY"], "XIAOMI_BASE_URL", "https://api.xiaomimimo.com/v1"),
    "tencent-tokenhub": (["TOKENHUB_API_KEY"], "TOKENHUB_BASE_URL", "https://tokenhub.tencentmaas.com/v1"),
    "ollama-cloud": (["OLLAMA_API_KEY"], "OLLAMA_BASE_URL", "https://ollama.com/v1"),
    "azure-foundry": (["AZURE_FOUNDRY_API_KEY"], "AZURE_FOUNDRY_BASE_URL", ""),
    "deepinfra": (["DEEPINFRA_API_KEY"], "DEEPINFRA_BASE_URL", "https://api.deepinfra.com/v1/openai"),
    "fireworks": (["FIREWORKS_API_KEY"], None, "https://api.fireworks.ai/inference/v1"),
    "fw": (["FIREWORKS_API_KEY"], None, "https://api.fireworks.ai/inference/v1"),
    "novita": (["NOVITA_API_KEY"], "NOVITA_BASE_URL", "https://api.novita.ai/openai/v1"),
    "upstage": (["UPSTAGE_API_KEY"], "UPSTAGE_BASE_URL", "https://api.upstage.ai/v1"),
    "solar": (["UPSTAGE_API_KEY"], "UPSTAGE_BASE_URL", "https://api.upstage.ai/v1"),
}

# Those that users ask about most, drawn more often.
FREQUENT_PROVIDERS = ("gemini", "deepseek", "xiaomi", "zai", "kimi-coding", "minimax", "alibaba", "xai")

# Providers that only lead to the tables of names, not to pools of ours.
OTHER_PROVIDERS = ("nous", "openai-codex", "xai-oauth", "qwen-oauth", "minimax-oauth", "copilot-acp", "bedrock")

ANTHROPIC_VARIABLES = ("ANTHROPIC_API_KEY", "ANTHROPIC_TOKEN", "CLAUDE_CODE_OAUTH_TOKEN")
OPENROUTER_VARIABLES = ("OPENROUTER_API_KEY", "OPENAI_API_KEY")

# Other spellings of a provider that Hermes knows, in one place or another.
ALIASES = {
    "gemini": ("google", "google-gemini", "google-ai-studio"),
    "zai": ("glm", "z-ai", "z.ai", "zhipu"),
    "kimi-coding": ("kimi", "moonshot", "kimi-for-coding"),
    "kimi-coding-cn": ("kimi-cn", "moonshot-cn"),
    "xai": ("grok", "x-ai", "x.ai"),
    "anthropic": ("claude", "claude-code"),
    "copilot": ("github", "github-copilot", "github-models"),
    "minimax-cn": ("minimax-china", "minimax_cn"),
    "alibaba": ("dashscope", "qwen", "aliyun"),
    "alibaba-coding-plan": ("alibaba_coding", "alibaba-coding"),
    "huggingface": ("hf", "hugging-face"),
    "xiaomi": ("mimo", "xiaomi-mimo"),
    "tencent-tokenhub": ("tencent", "tokenhub"),
    "opencode-zen": ("opencode", "zen"),
    "opencode-go": ("go", "opencode-go-sub"),
    "kilocode": ("kilo", "kilo-code"),
    "lmstudio": ("lm-studio", "lm_studio"),
    "stepfun": ("step",),
    "arcee": ("arcee-ai", "arceeai"),
    "ollama-cloud": ("ollama_cloud",),
    "fireworks": ("fireworks-ai", "fw"),
    "deepinfra": ("deep-infra", "deepinfra-ai"),
    "novita": ("novita-ai", "novitaai"),
    "upstage": ("solar",),
    "openai-api": ("openai",),
    "openrouter": ("open-router", "or"),
    "nous": ("nous-portal", "nousresearch"),
    "openai-codex": ("codex",),
    "xai-oauth": ("x-ai-oauth", "grok-oauth"),
    "minimax-oauth": ("minimax-portal", "minimax_oauth"),
    "qwen-oauth": ("qwen-portal", "qwen-cli"),
    "bedrock": ("aws", "amazon-bedrock"),
    "copilot-acp": ("github-copilot-acp",),
    "azure-foundry": ("azure", "azure-ai-foundry"),
    "vertex": ("google-vertex", "vertexai"),
    "custom": ("ollama", "vllm", "llamacpp", "llama.cpp", "llama-cpp"),
}

# Names that Hermes does not know, or knows for something else.
WRONG_NAMES = (
    "openai", "google-gemini-cli", "gemini-cli", "groq", "mistral", "together", "perplexity", "open-router",
    "ai-gateway", "vercel", "tencent-token-plan", "azure", "cohere", "gemni", "deep-seek", "chatgpt", "none",
    "default", "local", "custom:", "custom:nowhere", "moa", "main", "provider：gemini", "“gemini”", "Gemini ",
)

MODELS = (
    "gemini-3.1-flash-lite-preview", "deepseek-chat", "glm-5.1", "kimi-k2.5", "grok-4", "mimo-v2", "claude-sonnet-4",
    "anthropic/claude-sonnet-4", "openai/gpt-oss-120b:free", "gpt-5.5", "minimax-m2.7", "deepseek-v4-flash",
    "qwen3-coder", "qwen3.7-max", "claude-opus-4.6", "gpt-4.1", "z-ai/glm-4.5-air:free", "step-3",
)

API_MODES = (
    "chat_completions", "codex_responses", "anthropic_messages", "bedrock_converse", "Chat_Completions",
    " codex_responses ", "responses", "openai_chat", "codex_app_server", "", 1,
)

# Endpoints for models and custom providers, some of them not URLs.
ENDPOINTS = (
    "http://localhost:8080/v1", "http://127.0.0.1:11434", "http://127.0.0.1:11434/v1/", "http://[::1]:8000/v1",
    "https://llm.example.com/v1", "https://llm.example.com/v1/", "https://api.deepseek.com/v1",
    "https://api.groq.com/openai/v1", "https://api.openai.com/v1", "https://openrouter.ai/api/v1",
    "https://gateway.example.com/anthropic", "https://api.kimi.com/coding", "https://api.anthropic.com",
    "https://my.openai.azure.com/openai", "https://foundry.example.azure.com/anthropic/v1", "https://ollama.com/v1",
    "https://api.x.ai/v1", "HTTPS://LLM.Example.Com/V1", "https://user:fake@llm.example.com:8443/v1?x=1",
    "https://api.mistral.ai/v1", "http://192.168.1.20:8000/v1", "https://10.example.2/v1", "localhost:8080/v1",
    "llm.example.com", "https://", "http:///v1", " https://llm.example.com/v1 ",
    "https://api.deepseek.com.evil.test/v1", "${LLM_URL}", "https://{region}.example.com/v1",
    "https://www.api.example.co.uk/v1", "ftp://llm.example.com", "https://api.minimaxi.com/anthropic",
    "https://generativelanguage.googleapis.com/v1beta/openai",
)

STRATEGIES = (
    "fill_first", "round_robin", "random", "least_used", "Round_Robin", " least_used ", "round-robin", "roundrobin",
    "failover", "priority", "", None, True, 1, ["round_robin"],
)

CUSTOM_NAMES = (
    "local", "My LLM", "relay", "together.ai", "work proxy", "vllm", "gemini", "kimi", "custom", "Relay-2", "本地",
    "a/b", "deepseek", "ollama", "openai", "x",
)

PLACEHOLDERS = ("***", "changeme", "your_api_key_here", "YOUR_API_KEY", "none", "null", "abc", "example", "*")

LABELS = (
    "aistudio-1", "aistudio-2", "api-key-1", "api-key-2", "work", "personal", "free tier", "备用",
    "a label that is long", "backup", "Ünï", "tab\there", "", "line\nbreak",
)

WORDS = ("alpha", "bravo", "carol", "delta", "eagle", "fable", "gamma", "hotel", "india", "joker", "karma", "lemon")

KEY_PREFIXES = {
    "gemini": "AIza-fake-",
    "anthropic": "sk-ant-fake-",
    "openrouter": "sk-or-fake-",
    "copilot": "gho_fake_",
    "kimi-coding": "sk-kimi-fake-",
    "kimi-coding-cn": "sk-kimi-fake-",
    "huggingface": "hf_fake_",
    "nvidia": "nvapi-fake-",
    "xai": "xai-fake-",
}

REASONS = (
    None, "rate_limit_exceeded", "usage_limit_reached", "insufficient_quota", "invalid_api_key", "token_revoked",
    "permission_denied", "GoUsageLimitError", "invalid_request_error", "  Forbidden ", "overloaded", "", "quota",
)

DEAD_REASONS = (
    "token_invalidated", "token_revoked", "invalid_token", "invalid_grant", "unauthorized_client",
    "refresh_token_reused", " Token_Revoked ",
)

MESSAGES = (
    None, "Too many requests", "Please retry in 28.91s", "Please retry after 30 seconds", "retry after 45s",
    "Usage limit reached. Resets in 4hr 5min", "weekly usage limit has been reached, resets in 3hr",
    "Resets in 12 min", "quotaResetDelay: 12.5s", '"quotaResetDelay":"600ms"', "Retry 90 sec", "Unauthorized",
    "This request requires more credits", "The token has expired", "retry  after 1.5 secs", "RESET IN 2HR 3MIN",
    "reset in 1hr3 min", "", "retry in 7 seconds", "resets in 99999999999999999hr",
)

NAMES_OF_FALLBACKS = (
    "openrouter", "gemini", "google", "deepseek", "custom", "custom:relay", "nous", "nowhere", " zai ",
)


def new_key(dice: Dice, provider: str) -> str:
    """A key that looks like the provider's and cannot be one."""
    prefix = KEY_PREFIXES.get(provider, "sk-fake-")
    return f"{prefix}{dice.pick(WORDS)}-{dice.between(1, 999)}"


def any_provider(dice: Dice) -> str:
    if dice.chance(0.5):
        return dice.pick(FREQUENT_PROVIDERS)
    return dice.pick(tuple(API_KEY_PROVIDERS))


def spelling(dice: Dice, provider: str) -> str:
    """A way to write a provider's name: mostly its own, else an alias, another case or a wrong one."""
    kind = dice.weighted(((72, "own"), (16, "alias"), (5, "case"), (7, "wrong")))
    if kind == "alias" and provider in ALIASES:
        return dice.pick(ALIASES[provider])
    if kind == "case":
        return dice.pick((provider.upper(), provider.title(), f" {provider} "))
    if kind == "wrong":
        return dice.pick(WRONG_NAMES)
    return provider


def variables(provider: str) -> list[str]:
    """The variables that a key of `provider` is read from."""
    if provider == "openrouter":
        return list(OPENROUTER_VARIABLES)
    if provider == "anthropic":
        return list(ANTHROPIC_VARIABLES)
    return list(API_KEY_PROVIDERS[provider][0]) if provider in API_KEY_PROVIDERS else []


def base_url(provider: str) -> str:
    if provider == "openrouter":
        return "https://openrouter.ai/api/v1"
    if provider == "anthropic":
        return "https://api.anthropic.com"
    return API_KEY_PROVIDERS[provider][2] if provider in API_KEY_PROVIDERS else "https://llm.example.com/v1"


def base_url_variable(provider: str) -> str | None:
    if provider == "openrouter":
        return "OPENROUTER_BASE_URL"
    if provider == "anthropic":
        return "ANTHROPIC_BASE_URL"
    return API_KEY_PROVIDERS[provider][1] if provider in API_KEY_PROVIDERS else None
