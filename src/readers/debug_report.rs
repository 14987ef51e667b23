//! What Hermes says of itself: `hermes dump`, with which `hermes debug share` begins, `hermes status` and `hermes config show`.

use super::part::Printed;
use crate::base::sources::SourceKind;
use crate::base::text::{Chars, Place, Search, Span, WHITE};
use crate::facts::Facts;

/// The rows below `api_keys:` and the variables that they speak of: `run_dump` of `hermes_cli/dump.py`, the same in all
/// releases but for `ai_gateway`, which ends with 0.14.0.
const KEY_ROWS: [(&str, &[&str]); 25] = [
    ("openrouter", &["OPENROUTER_API_KEY"]),
    ("openai", &["OPENAI_API_KEY"]),
    ("anthropic", &["ANTHROPIC_API_KEY"]),
    ("anthropic_token", &["ANTHROPIC_TOKEN"]),
    ("nous", &["NOUS_API_KEY"]),
    ("google/gemini", &["GOOGLE_API_KEY"]),
    ("gemini", &["GEMINI_API_KEY"]),
    ("glm/zai", &["GLM_API_KEY"]),
    ("zai", &["ZAI_API_KEY"]),
    ("kimi", &["KIMI_API_KEY"]),
    ("minimax", &["MINIMAX_API_KEY"]),
    ("deepseek", &["DEEPSEEK_API_KEY"]),
    ("dashscope", &["DASHSCOPE_API_KEY"]),
    ("huggingface", &["HF_TOKEN"]),
    ("nvidia", &["NVIDIA_API_KEY"]),
    ("ai_gateway", &["AI_GATEWAY_API_KEY"]),
    ("opencode_zen", &["OPENCODE_ZEN_API_KEY"]),
    ("opencode_go", &["OPENCODE_GO_API_KEY"]),
    ("kilocode", &["KILOCODE_API_KEY"]),
    ("firecrawl", &["FIRECRAWL_API_KEY"]),
    ("tavily", &["TAVILY_API_KEY"]),
    ("browserbase", &["BROWSERBASE_API_KEY"]),
    ("fal", &["FAL_KEY"]),
    ("elevenlabs", &["ELEVENLABS_API_KEY"]),
    ("github", &["GITHUB_TOKEN"]),
];

/// The rows of `hermes status` below `◆ API Keys` and the variables of each, of which the first one counts that is set: `show_status`
/// of `hermes_cli/status.py`, and for Anthropic `get_anthropic_key` of `hermes_cli/auth.py`, the same in all releases.
const STATUS_ROWS: [(&str, &[&str]); 14] = [
    ("OpenRouter", &["OPENROUTER_API_KEY"]),
    ("OpenAI", &["OPENAI_API_KEY"]),
    ("Google / Gemini", &["GOOGLE_API_KEY", "GEMINI_API_KEY"]),
    ("DeepSeek", &["DEEPSEEK_API_KEY"]),
    ("xAI / Grok", &["XAI_API_KEY"]),
    ("NVIDIA NIM", &["NVIDIA_API_KEY"]),
    ("Z.AI / GLM", &["GLM_API_KEY"]),
    ("Kimi", &["KIMI_API_KEY"]),
    ("StepFun Step Plan", &["STEPFUN_API_KEY"]),
    ("MiniMax", &["MINIMAX_API_KEY"]),
    ("MiniMax-CN", &["MINIMAX_CN_API_KEY"]),
    ("DeepInfra", &["DEEPINFRA_API_KEY"]),
    ("GitHub", &["GITHUB_TOKEN"]),
    ("Anthropic", &["ANTHROPIC_API_KEY", "ANTHROPIC_TOKEN", "CLAUDE_CODE_OAUTH_TOKEN"]),
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

/// What `hermes status` calls providers where it is not the name that the table of providers has: `_PROVIDER_LABELS` of
/// `hermes_cli/models.py`, the same in all releases that have the provider.
const OTHER_LABELS: [(&str, &str); 7] = [
    ("Custom endpoint", "custom"),
    ("OpenRouter", "openrouter"),
    ("Mixture of Agents", "moa"),
    ("Google Vertex AI", "vertex"),
    ("Kimi / Kimi Coding Plan", "kimi-coding"),
    ("MiniMax (OAuth)", "minimax-oauth"),
    ("Qwen OAuth (Portal)", "qwen-oauth"),
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
    /// The variables that it speaks of: one of them is set, or none.
    pub variables: &'static [&'static str],
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
    /// `Provider:` of `hermes status`: the name of the provider that Hermes comes to, or of one that it does not know what was
    /// written.
    label: Option<Printed>,
    /// The name of the model, where config.yaml has one.
    pub model: Option<Printed>,
    /// `gateway:`, such as `running (systemd (user), pid 812)`.
    pub gateway: Option<Printed>,
    /// `hermes_home:` of a dump.
    pub home: Option<Printed>,
    /// Where `hermes status` says that there is no `.env`.
    pub lacks_dotenv: Option<Place>,
    /// The rows of `hermes doctor` about keys that were refused.
    pub refused: Vec<Refused>,
    /// `fallback_providers:` below `config_overrides:`: Python's `str` of the value.
    pub fallback: Option<Printed>,
}

impl KeyRow {
    /// The variable that it speaks of, of several the first.
    pub fn variable(&self) -> &'static str {
        self.variables.first().copied().unwrap_or_default()
    }

    /// Whether it says that a key is there.
    pub fn is_set(&self) -> bool {
        self.state != KeyState::NotSet
    }

    /// Whether it says of `variable` that a key is there.
    pub fn sees(&self, variable: &str) -> bool {
        self.is_set() && self.variables.contains(&variable)
    }

    /// Whether it shows another key than `key`: `mask_secret` of `agent/redact.py` leaves the first and the last four letters.
    pub fn shows_other(&self, key: &str) -> bool {
        const SHOWN: usize = 4;
        let Some((head, tail)) = self.printed.text.split_once("...") else { return false };
        let is_whole = [head, tail].iter().all(|end| end.chars().count() == SHOWN && !end.has('*'));
        is_whole && !(key.starts_with(head) && key.ends_with(tail))
    }
}

impl DebugReport {
    /// Reads a report, whatever stands around its lines.
    ///
    /// ```
    /// use poolcheck::readers::debug_report::{DebugReport, KeyState};
    /// let report = DebugReport::of("provider:         gemini\napi_keys:\n  google/gemini        not set\n");
    /// let states: Vec<_> = report.keys.iter().map(|row| (row.variable(), row.state)).collect();
    /// assert_eq!(states, [("GOOGLE_API_KEY", KeyState::NotSet)]);
    /// let facts = poolcheck::facts::Facts::newest().unwrap();
    /// assert!(report.named(facts).is_some_and(|provider| provider.text == "gemini"));
    /// ```
    pub fn of(text: &str) -> Self {
        const MARKS: Chars = |c| c.is_whitespace() || matches!(c, '>' | '│');
        let mut report = Self::default();
        let mut start = 0;
        // Below other headings, the provider and the model are those of a side task.
        let mut is_of_main = true;
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
            if let Some(heading) = content.strip_prefix("◆ ") {
                is_of_main = matches!(heading, "Environment" | "Model");
            }
            let Some((name, value)) = content.split_once(':') else { continue };
            let value = printed(value.trim(), at + content.len() - value.trim_start().len());
            match name {
                "Model" | "model" if value.text.starts_with('{') => {
                    report.provider = report.provider.or_else(|| text_of_show(&value, "'provider': '"));
                    report.model = report.model.or_else(|| text_of_show(&value, "'default': '"));
                }
                "Model" | "model" if is_of_main => {
                    let is_set = !matches!(value.text.as_str(), "" | "(not set)" | "not set");
                    report.model = report.model.or(Some(value).filter(|_| is_set));
                }
                "Provider" if is_of_main && !matches!(value.text.as_str(), "" | "Auto") => {
                    report.label = report.label.or(Some(value));
                }
                "provider" if value.text != "(auto)" => report.provider = report.provider.or(Some(value)),
                "hermes_home" => report.home = report.home.or(Some(value)),
                ".env file" if value.text == "✗ not found" => {
                    report.lacks_dotenv = report.lacks_dotenv.or(Some(place(at, content)));
                }
                "gateway" => report.gateway = report.gateway.or(Some(value)),
                "fallback_providers" => report.fallback = report.fallback.or(Some(value)),
                _ => {}
            }
        }
        report
    }

    /// The provider that it names: as config.yaml has it in a dump, and by its id where `hermes status` has its name.
    pub fn named(&self, facts: &Facts) -> Option<Printed> {
        self.provider.clone().or_else(|| {
            let label = self.label.as_ref()?;
            let id = id_of(&label.text, facts).unwrap_or(&label.text);
            Some(Printed { text: id.to_owned(), place: label.place })
        })
    }

    /// The keys in its rows, which `hermes dump --show-keys` masks in a way of its own, and somebody may have written out.
    pub fn shown_keys(&self) -> impl Iterator<Item = &str> {
        let values = self.keys.iter().filter_map(|row| row.printed.text.split(WHITE).next());
        values.filter(|value| !matches!(*value, "set" | "not" | "(not"))
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

/// The id of the one provider with this name.
fn id_of<'f>(label: &str, facts: &'f Facts) -> Option<&'f str> {
    if let Some((_, id)) = OTHER_LABELS.iter().find(|(own, _)| *own == label) {
        return Some(id);
    }
    let mut named = facts.providers.iter().map(|(_, own)| own).filter(|own| own.name == label);
    let id = &named.next()?.id;
    named.all(|other| other.id == *id).then_some(id)
}

/// The text behind `key` in `model:` as `hermes config show` and other programs print it, Python's `repr` of a mapping.
fn text_of_show(value: &Printed, key: &str) -> Option<Printed> {
    let (before, behind) = value.text.split_once(key)?;
    let (text, _) = behind.split_once('\'')?;
    (!text.is_empty()).then(|| printed(text, value.place.span.start + before.len() + key.len()))
}

fn printed(text: &str, at: usize) -> Printed {
    Printed { text: text.to_owned(), place: place(at, text) }
}

fn place(at: usize, text: &str) -> Place {
    Place::new(SourceKind::DebugReport, Span::new(at, at + text.len()))
}

fn key_row(line: &str, at: usize) -> Option<KeyRow> {
    let (label, behind) = line.split_once(WHITE)?;
    let (_, variables) = KEY_ROWS.iter().find(|(own, _)| *own == label)?;
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
        variables,
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
        let (_, variables) = STATUS_ROWS.iter().find(|(own, _)| *own == label.trim_end())?;
        let value = value.trim_start();
        // `configured` stands below another heading, where it says nothing of one variable.
        let is_key = !value.is_empty() && !value.contains(WHITE) && value != "configured";
        let is_own = if state == KeyState::Set { is_key } else { value == "(not set)" };
        is_own.then(|| KeyRow {
            variables,
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

    fn facts() -> &'static Facts {
        Facts::newest().unwrap()
    }

    #[test]
    fn rows_of_hermes_status() {
        let text = "◆ API Keys\n  OpenRouter    ✗ (not set)\n  Google / Gemini  ✗ (not set)\n  DeepSeek      ✓ sk-f...0000\n  Nous Portal   ✗ not logged in\n◆ API-Key Providers\n  MiniMax          ✓ configured\n  Z.AI / GLM       ✗ not configured (run: hermes model)\n";
        let report = DebugReport::of(text);
        let rows: Vec<_> = report.keys.iter().map(|row| (row.variable(), row.state)).collect();
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
        let deepseek = &report.keys[2];
        assert!(deepseek.sees("DEEPSEEK_API_KEY") && !report.keys[0].sees("OPENROUTER_API_KEY"));
        assert!(deepseek.shows_other("sk-fake-two-1111") && !deepseek.shows_other("sk-fake-one-0000"));
        assert_eq!(report.shown_keys().collect::<Vec<_>>(), ["sk-f...0000"]);
        // Of a key that is short, and of one that somebody has masked farther, nothing is known.
        for shown in ["***", "sk-f...****", "sk-..."] {
            let text = format!("  DeepSeek      ✓ {shown}\n");
            assert!(!DebugReport::of(&text).keys[0].shows_other("sk-fake-one-0000"), "{shown}");
        }
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
            let rows: Vec<_> = report.keys.iter().map(|row| (row.variable(), row.state)).collect();
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
            let provider = report.named(facts()).unwrap();
            assert!(report.model.as_ref().is_some_and(|model| model.text == "m"));
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
        let report = DebugReport::of(text);
        let provider = report.named(facts()).unwrap();
        assert_eq!((provider.text.as_str(), provider.place.span.of(text)), ("gemini", "gemini"));
        assert_eq!(report.model.unwrap().place.span.of(text), "m");
        assert!(DebugReport::of("  Model:        m\n").named(facts()).is_none());
        // Those of a side task, as `show_config` of `hermes_cli/config.py` prints them.
        let side = "◆ Context Compression\n  Model:        m\n  Provider:     zai\n";
        let report = DebugReport::of(side);
        assert!(report.named(facts()).is_none() && report.model.is_none());
    }

    // `_effective_provider_label` and `_configured_model_label` of `hermes_cli/status.py`, with the names of `_PROVIDER_LABELS`.
    #[test]
    fn the_provider_and_the_model_that_status_prints() {
        let status = |label: &str| format!("◆ Environment\n  Model:        m-1\n  Provider:     {label}\n");
        for (label, id) in [
            ("Google AI Studio", "gemini"),
            ("Z.AI / GLM", "zai"),
            ("OpenRouter", "openrouter"),
            ("Kimi / Kimi Coding Plan", "kimi-coding"),
            ("Kimi / Moonshot (China)", "kimi-coding-cn"),
            ("Qwen Cloud", "alibaba"),
            ("xAI Grok OAuth (SuperGrok / Premium+)", "xai-oauth"),
            // What Hermes has no name for it prints as it is written.
            ("my-proxy", "my-proxy"),
        ] {
            let text = status(label);
            let report = DebugReport::of(&text);
            let provider = report.named(facts()).unwrap();
            assert_eq!((provider.text.as_str(), provider.place.span.of(&text)), (id, label));
            assert_eq!(report.model.unwrap().place.span.of(&text), "m-1");
        }
        // Nothing was named, and nothing was found.
        assert!(DebugReport::of(&status("Auto")).named(facts()).is_none());
        assert!(DebugReport::of("◆ Environment\n  Model:        (not set)\n").model.is_none());
    }

    #[test]
    fn sentences_are_no_rows() {
        assert!(DebugReport::of("anthropic is what I use\nopenai or another one\n").keys.is_empty());
    }
}
