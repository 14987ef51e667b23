//! What Hermes says of itself: `hermes dump`, with which `hermes debug share` begins, `hermes status` and `hermes config show`.

use super::part::Printed;
use crate::text::{Chars, Place, Search, SourceKind, Span, WHITE};

/// The rows below `api_keys:` and the variables that they speak of: `run_dump` of `hermes_cli/dump.py`, the same in all
/// releases but for `ai_gateway`, which ends with 0.14.0.
const KEY_ROWS: [(&str, &str); 25] = [
    ("openrouter", "OPENROUTER_API_KEY"),
    ("openai", "OPENAI_API_KEY"),
    ("anthropic", "ANTHROPIC_API_KEY"),
    ("anthropic_token", "ANTHROPIC_TOKEN"),
    ("nous", "NOUS_API_KEY"),
    ("google/gemini", "GOOGLE_API_KEY"),
    ("gemini", "GEMINI_API_KEY"),
    ("glm/zai", "GLM_API_KEY"),
    ("zai", "ZAI_API_KEY"),
    ("kimi", "KIMI_API_KEY"),
    ("minimax", "MINIMAX_API_KEY"),
    ("deepseek", "DEEPSEEK_API_KEY"),
    ("dashscope", "DASHSCOPE_API_KEY"),
    ("huggingface", "HF_TOKEN"),
    ("nvidia", "NVIDIA_API_KEY"),
    ("ai_gateway", "AI_GATEWAY_API_KEY"),
    ("opencode_zen", "OPENCODE_ZEN_API_KEY"),
    ("opencode_go", "OPENCODE_GO_API_KEY"),
    ("kilocode", "KILOCODE_API_KEY"),
    ("firecrawl", "FIRECRAWL_API_KEY"),
    ("tavily", "TAVILY_API_KEY"),
    ("browserbase", "BROWSERBASE_API_KEY"),
    ("fal", "FAL_KEY"),
    ("elevenlabs", "ELEVENLABS_API_KEY"),
    ("github", "GITHUB_TOKEN"),
];

/// The rows of `hermes status` below `◆ API Keys` and the variable of each, of two the first: `show_status` of
/// `hermes_cli/status.py`, the same in all releases.
const STATUS_ROWS: [(&str, &str); 13] = [
    ("OpenRouter", "OPENROUTER_API_KEY"),
    ("OpenAI", "OPENAI_API_KEY"),
    ("Google / Gemini", "GOOGLE_API_KEY"),
    ("DeepSeek", "DEEPSEEK_API_KEY"),
    ("xAI / Grok", "XAI_API_KEY"),
    ("NVIDIA NIM", "NVIDIA_API_KEY"),
    ("Z.AI / GLM", "GLM_API_KEY"),
    ("Kimi", "KIMI_API_KEY"),
    ("StepFun Step Plan", "STEPFUN_API_KEY"),
    ("MiniMax", "MINIMAX_API_KEY"),
    ("MiniMax-CN", "MINIMAX_CN_API_KEY"),
    ("DeepInfra", "DEEPINFRA_API_KEY"),
    ("GitHub", "GITHUB_TOKEN"),
];

/// What `hermes doctor` calls providers, and the id of each: `_build_apikey_providers_list` of `hermes_cli/doctor.py`, the same in
/// all releases.
const DOCTOR_ROWS: [(&str, &str); 16] = [
    ("OpenRouter API", "openrouter"),
    ("Anthropic API", "anthropic"),
    ("Z.AI / GLM", "zai"),
    ("Kimi / Moonshot", "kimi-coding"),
    ("Kimi / Moonshot (China)", "kimi-coding-cn"),
    ("StepFun Step Plan", "stepfun"),
    ("Arcee AI", "arcee"),
    ("GMI Cloud", "gmi"),
    ("DeepSeek", "deepseek"),
    ("Hugging Face", "huggingface"),
    ("NVIDIA NIM", "nvidia"),
    ("Alibaba/DashScope", "alibaba"),
    ("MiniMax", "minimax"),
    ("MiniMax (China)", "minimax-cn"),
    ("Kilo Code", "kilocode"),
    ("OpenCode Zen", "opencode-zen"),
];

/// What a row about a key says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyState {
    /// `set`, or the masked key that `--show-keys` prints.
    Set,
    /// `not set`.
    NotSet,
    /// `set (shell only — not in .env; …)`, from 0.18.2 on.
    ShellOnly,
    /// `set (auth pool)`, of OpenRouter from 0.17.0 on.
    InPool,
}

/// A row: `  google/gemini        not set` of a dump, `  Google / Gemini  ✗ (not set)` of `hermes status`. It has no `Debug`
/// form: it may hold a key.
#[derive(Clone)]
pub struct KeyRow {
    /// The variable that it speaks of.
    pub variable: &'static str,
    /// What it says.
    pub state: KeyState,
    /// What it says, as printed.
    pub printed: Printed,
    /// The whole row.
    pub place: Place,
}

/// A row of `hermes doctor` of a provider that refused a key: `  ✗ DeepSeek             (invalid API key)`.
#[derive(Clone, Debug)]
pub struct Refused {
    /// What the row calls the provider.
    pub label: String,
    /// Its id, where the label is one of Hermes' own.
    pub provider: Option<&'static str>,
    /// The whole row.
    pub place: Place,
}

/// What a debug report says that has to do with keys.
#[derive(Clone, Default)]
pub struct DebugReport {
    /// The rows below `api_keys:` of a dump, or those of `hermes status`.
    pub keys: Vec<KeyRow>,
    /// `provider:` of a dump, where config.yaml names one.
    pub provider: Option<Printed>,
    /// `gateway:`, such as `running (systemd (user), pid 812)`.
    pub gateway: Option<Printed>,
    /// `hermes_home:` of a dump.
    pub home: Option<Printed>,
    /// Whether `hermes status` says that there is no `.env`.
    pub lacks_dotenv: bool,
    /// The rows of `hermes doctor` about keys that were refused.
    pub refused: Vec<Refused>,
    /// `fallback_providers:` below `config_overrides:`: Python's `str` of the value.
    pub fallback: Option<Printed>,
}

impl DebugReport {
    /// Reads a report, whatever stands around its lines.
    ///
    /// ```
    /// use poolcheck::readers::debug_report::{DebugReport, KeyState};
    /// let report = DebugReport::of("provider:         gemini\napi_keys:\n  google/gemini        not set\n");
    /// let states: Vec<_> = report.keys.iter().map(|row| (row.variable, row.state)).collect();
    /// assert_eq!(states, [("GOOGLE_API_KEY", KeyState::NotSet)]);
    /// assert!(report.provider.is_some_and(|provider| provider.text == "gemini"));
    /// ```
    pub fn of(text: &str) -> Self {
        const MARKS: Chars = |c| c.is_whitespace() || matches!(c, '>' | '│');
        let mut report = Self::default();
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            let at = start + line.len() - line.trim_start_matches(MARKS).len();
            start += line.len();
            let content = line.trim_start_matches(MARKS).trim_end();
            if let Some(row) = key_row(content, at).or_else(|| status_row(content, at)) {
                report.keys.push(row);
                continue;
            }
            if let Some(row) = refused_row(content, at) {
                report.refused.push(row);
                continue;
            }
            let Some((name, value)) = content.split_once(':') else { continue };
            let value = printed(value.trim(), at + content.len() - value.trim_start().len());
            match name {
                "Model" | "model" => report.provider = report.provider.or_else(|| provider_of_show(&value)),
                "provider" if value.text != "(auto)" => report.provider = report.provider.or(Some(value)),
                "hermes_home" => report.home = report.home.or(Some(value)),
                ".env file" => report.lacks_dotenv |= value.text == "✗ not found",
                "gateway" => report.gateway = report.gateway.or(Some(value)),
                "fallback_providers" => report.fallback = report.fallback.or(Some(value)),
                _ => {}
            }
        }
        report
    }

    /// The keys in its rows, which `hermes dump --show-keys` masks in a way of its own, and somebody may have written out.
    pub fn shown_keys(&self) -> impl Iterator<Item = &str> {
        let values = self.keys.iter().filter_map(|row| row.printed.text.split(WHITE).next());
        values.filter(|value| !matches!(*value, "set" | "not"))
    }

    /// The service that runs the gateway, where one does: `_gateway_status` of `hermes_cli/dump.py` names it behind
    /// `running`, and says `manual` or the like where it is none.
    pub fn service(&self) -> Option<&'static str> {
        let gateway = self.gateway.as_ref()?;
        ["systemd", "launchd", "s6"].into_iter().find(|name| {
            gateway.text.strip_prefix("running (").is_some_and(|manager| manager.starts_with(name))
        })
    }
}

/// Whether `value`, as a dump prints it, is a text and no list or mapping. Python writes the keys of a mapping in single
/// quotes, as long as they hold none.
pub fn is_text_of_list(value: &str) -> bool {
    let inside = value.trim_start_matches(|c: char| matches!(c, '[' | '{') || c.is_whitespace());
    inside.len() < value.len()
        && ["\"provider\"", "\"model\"", "provider:", "model:"].iter().any(|key| inside.starts_with(key))
}

/// The provider in `model:` as `hermes config show` and other programs print it, Python's `repr` of a mapping.
fn provider_of_show(value: &Printed) -> Option<Printed> {
    let (before, behind) = value.text.split_once("'provider': '")?;
    let (name, _) = behind.split_once('\'')?;
    let at = value.place.span.start + before.len() + "'provider': '".len();
    (!name.is_empty() && value.text.starts_with('{')).then(|| printed(name, at))
}

fn printed(text: &str, at: usize) -> Printed {
    Printed { text: text.to_owned(), place: place(at, text) }
}

fn place(at: usize, text: &str) -> Place {
    Place::new(SourceKind::Report, Span::new(at, at + text.len()))
}

fn key_row(line: &str, at: usize) -> Option<KeyRow> {
    let (label, behind) = line.split_once(WHITE)?;
    let (_, variable) = KEY_ROWS.iter().find(|(own, _)| *own == label)?;
    let value = behind.trim_start();
    let state = match value {
        "not set" => KeyState::NotSet,
        "set (auth pool)" => KeyState::InPool,
        _ if value.holds(" (shell only ") => KeyState::ShellOnly,
        // A sentence may begin with such a word.
        _ if !value.contains(WHITE) => KeyState::Set,
        _ => return None,
    };
    Some(KeyRow {
        variable,
        state,
        printed: printed(value, at + line.len() - value.len()),
        place: place(at, line),
    })
}

/// A row of `hermes status`: the name, a mark, and `(not set)` or the key, masked.
fn status_row(line: &str, at: usize) -> Option<KeyRow> {
    const MARKS: [(char, KeyState); 2] = [('✗', KeyState::NotSet), ('✓', KeyState::Set)];
    MARKS.into_iter().find_map(|(mark, state)| {
        let (label, value) = line.split_once(mark)?;
        let (_, variable) = STATUS_ROWS.iter().find(|(own, _)| *own == label.trim_end())?;
        let value = value.trim_start();
        (state == KeyState::Set || value == "(not set)").then(|| KeyRow {
            variable,
            state,
            printed: printed(value, at + line.len() - value.len()),
            place: place(at, line),
        })
    })
}

/// A row of `hermes doctor`: a mark, the name, and what was found.
fn refused_row(line: &str, at: usize) -> Option<Refused> {
    let label = line.strip_prefix('✗')?.strip_suffix("(invalid API key)")?.trim();
    let provider = DOCTOR_ROWS.iter().find(|(own, _)| *own == label).map(|(_, id)| *id);
    (!label.is_empty()).then(|| Refused { label: label.to_owned(), provider, place: place(at, line) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_hermes_status() {
        let text = "◆ API Keys\n  OpenRouter    ✗ (not set)\n  Google / Gemini  ✗ (not set)\n  DeepSeek      ✓ sk-f...0000\n  Nous Portal   ✗ not logged in\n";
        let report = DebugReport::of(text);
        let rows: Vec<_> = report.keys.iter().map(|row| (row.variable, row.state)).collect();
        assert_eq!(
            rows,
            [
                ("OPENROUTER_API_KEY", KeyState::NotSet),
                ("GOOGLE_API_KEY", KeyState::NotSet),
                ("DEEPSEEK_API_KEY", KeyState::Set),
            ]
        );
        assert_eq!(report.keys[1].place.span.of(text), "Google / Gemini  ✗ (not set)");
        assert_eq!(report.keys[2].printed.place.span.of(text), "sk-f...0000");
    }

    /// As 0.19.0 printed it.
    const DUMP: &str = "\
--- hermes dump ---
version:          0.19.0 [9d46eb96] (2026-11-21)
model:            m
provider:         gemini
api_keys:
  openrouter           set (auth pool)
  google/gemini        set (shell only — not in .env; managed/desktop backend may not see it)
  gemini               not set
  deepseek             sk-f...0000
features:
  gateway:            running (systemd (user), pid 812)
config_overrides:
  fallback_providers: [{\"provider\": \"openrouter\", \"model\": \"m\"}]
--- end dump ---
";

    #[test]
    fn what_a_dump_says() {
        for quoted in
            [DUMP.to_owned(), DUMP.replace('\n', "\r\n"), format!("> {}", DUMP.replace('\n', "\n> "))]
        {
            let report = DebugReport::of(&quoted);
            let rows: Vec<_> = report.keys.iter().map(|row| (row.variable, row.state)).collect();
            assert_eq!(
                rows,
                [
                    ("OPENROUTER_API_KEY", KeyState::InPool),
                    ("GOOGLE_API_KEY", KeyState::ShellOnly),
                    ("GEMINI_API_KEY", KeyState::NotSet),
                    ("DEEPSEEK_API_KEY", KeyState::Set),
                ]
            );
            assert_eq!(report.keys[2].place.span.of(&quoted), "gemini               not set");
            assert_eq!(report.keys[3].printed.place.span.of(&quoted), "sk-f...0000");
            let provider = report.provider.as_ref().unwrap();
            assert_eq!((provider.text.as_str(), provider.place.span.of(&quoted)), ("gemini", "gemini"));
            assert_eq!(report.service(), Some("systemd"));
            assert!(is_text_of_list(&report.fallback.unwrap().text));
        }
    }

    // `_gateway_status` and `get_gateway_runtime_snapshot` of the releases.
    #[test]
    fn gateways_that_no_service_runs() {
        for gateway in [
            "stopped (systemd (user))",
            "running (manual, pid 1)",
            "running (manual process, pid 1)",
            "running (docker (foreground), pid 1)",
            "unknown",
        ] {
            assert_eq!(DebugReport::of(&format!("  gateway:   {gateway}\n")).service(), None, "{gateway}");
        }
        assert_eq!(DebugReport::of("gateway: running (launchd, pid 1)").service(), Some("launchd"));
    }

    // Python's `str` of a list of mappings, of a mapping and of texts.
    #[test]
    fn texts_are_told_from_lists() {
        for list in [
            "[{'provider': 'openrouter', 'model': 'm'}]",
            "{'provider': 'a'}",
            "[]",
            "['openrouter']",
            "openrouter",
        ] {
            assert!(!is_text_of_list(list), "{list}");
        }
        for text in
            ["[{\"provider\": \"a\", \"model\": \"m\"}]", "{\"model\":\"m\"}", "[{provider: a, model: m}]"]
        {
            assert!(is_text_of_list(text), "{text}");
        }
    }

    #[test]
    fn the_provider_that_config_show_prints() {
        let text = "◆ Model\n  Model:        {'default': 'm', 'provider': 'gemini'}\n";
        let provider = DebugReport::of(text).provider.unwrap();
        assert_eq!((provider.text.as_str(), provider.place.span.of(text)), ("gemini", "gemini"));
        assert!(DebugReport::of("  Model:        m\n").provider.is_none());
    }

    #[test]
    fn sentences_are_no_rows() {
        assert!(DebugReport::of("anthropic is what I use\nopenai or another one\n").keys.is_empty());
    }
}
