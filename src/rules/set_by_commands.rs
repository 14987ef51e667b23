//! What rules say of the settings and variables that pasted commands write: `hermes config set` takes any name and any value.

use super::pc810_key_in_command::KEY_IN_COMMAND;
use super::variables::{host_labels, label_stem, mentioned};
use super::{Context, Rule, pc501_removed_provider, pc502_expected_provider, pc503_unknown_provider, run};
use crate::base::sources::{Given, SourceKind, Sources};
use crate::base::text::{Place, Span};
use crate::diagnostic::{Arg, Diagnostic, Severity};
use crate::facts::Facts;
use crate::hermes::commands::{Written, config_set};
use crate::hermes::config::value_at;
use crate::hermes::{Process, World};
use crate::python::{Value, repr};

/// The rules whose findings hang on one setting or variable, whatever else the files say.
const OF_ONE_SETTING: [&str; 19] = [
    "PC301", "PC401", "PC403", "PC407", "PC408", "PC414", "PC416", "PC509", "PC511", "PC513", "PC516",
    "PC519", "PC520", "PC524", "PC525", "PC551", "PC555", "PC602", "PC604",
];

/// Rules about names, which may be those of the user's own providers.
const OF_NAMES: [&Rule; 3] = [
    &pc501_removed_provider::REMOVED_PROVIDER,
    &pc502_expected_provider::EXPECTED_PROVIDER,
    &pc503_unknown_provider::UNKNOWN_PROVIDER,
];

/// More commands are not looked at, nor deeper keys: nobody types them.
const MOST_COMMANDS: usize = 100;
const DEEPEST: usize = 6;

/// Nor more values of one setting beside the last.
const MOST_VALUES: usize = 4;

/// Findings about what the commands of `context` write, at their words: the files that the commands alone make are looked at. A
/// setting that stands in the pasted config.yaml is told there.
pub(super) fn findings(context: &Context<'_>, told: &[Diagnostic]) -> Vec<Diagnostic> {
    // What `config set` makes of a value is not known of a release that was only read.
    if context.is_read_only() {
        return Vec::new();
    }
    let (mut files, mut versions) = (Files::default(), Vec::new());
    let (used, hosts) = (mentioned(context), host_labels(context));
    // What config.yaml names, and an endpoint takes by the name of its host, is read.
    let is_read = |name: &str| used.contains(name) || hosts.contains(&label_stem(name));
    for call in context.calls.iter().filter(|call| call.is_whole()).take(MOST_COMMANDS) {
        let Some((key, value, key_word, value_word)) = call.setting() else { continue };
        match config_set(context.facts, key, value) {
            Ok(Written::DotEnv(name)) if !is_read(&name) => {
                files.variable(&name, value, key_word.span, value_word.span)
            }
            Ok(Written::Config(path, written)) if !is_written(context, key, &written) => {
                // A guide names several values of one setting, and each is one that somebody may write.
                if files.settings.has(&path) && versions.len() < MOST_VALUES {
                    versions.push(files.clone());
                }
                files.setting(&path, written, key_word.span, value_word.span);
            }
            _ => {}
        }
    }
    versions.push(files);
    let mut all: Vec<Diagnostic> = Vec::new();
    for mut files in versions {
        let world = files.world(context.world.now);
        if !world.given.config.is_given() && !world.given.dotenv.is_given() {
            continue;
        }
        let mut found = found_in(&world, context.facts);
        // Where a variable is sent, the provider decides that config.yaml names.
        found.retain(|finding| finding.code != "PC551" || finding.place.source == SourceKind::Config);
        found.retain_mut(|finding| {
            let is_new =
                |finding: &Diagnostic| !is_told(told, finding.place) && !is_told(&all, finding.place);
            files.lead_back(finding) && is_new(finding) && holds(context, finding)
        });
        all.append(&mut found);
    }
    all
}

/// Whether something was said of the words at `place`: what the command itself does with them comes before what comes of it. That a
/// key stands in a command says nothing of the key.
fn is_told(told: &[Diagnostic], place: Place) -> bool {
    told.iter().any(|told| told.place == place && told.code != KEY_IN_COMMAND.code)
}

fn found_in(world: &World, facts: &'static Facts) -> Vec<Diagnostic> {
    let (mut process, started) = Process::started(world, facts);
    let verdict = started.and_then(|()| process.verdict(None));
    let config = process.config_file();
    run(&Context::new(&mut process, &config, &verdict)).findings
}

/// Whether the pasted config.yaml has the setting with this value.
fn is_written(context: &Context<'_>, key: &str, value: &Value) -> bool {
    let own = context.config_root().and_then(|root| value_at(root, key));
    own.is_some_and(|own| repr(&own.value) == repr(value))
}

/// Whether what a finding says holds whatever else is in the files. Where config.yaml is not known, a name may be that of a provider in
/// it; the finding says so.
fn holds(context: &Context<'_>, finding: &mut Diagnostic) -> bool {
    if OF_ONE_SETTING.contains(&finding.code) {
        return true;
    }
    let Some(rule) = OF_NAMES.iter().find(|rule| rule.code == finding.code) else { return false };
    let name = finding.args.iter().find(|(name, _)| *name == "name").map(|(_, name)| name);
    if context.world.given.config.is_given() {
        let names = context.custom_pool_names();
        return matches!(name, Some(Arg::Text(name)) if !names.contains_key(name));
    }
    // What is near a name that nobody knows is no sign of a mistake then.
    let Some(argument) = finding.args.iter_mut().find(|(name, _)| *name == "unless") else { return false };
    argument.1 = rule.part("unless").into();
    finding.severity = Severity::Warning;
    true
}

/// What commands write, and the words that it comes from.
#[derive(Clone, Default)]
struct Files {
    settings: Section,
    config: Text,
    dotenv: Text,
}

/// A text, and for what of it stands in a command both spans, that in the text first.
#[derive(Clone, Default)]
struct Text {
    text: String,
    words: Vec<(Span, Span)>,
}

impl Text {
    fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    fn push_word(&mut self, text: &str, word: Span) {
        let start = self.text.len();
        self.text.push_str(text);
        self.words.push((Span::new(start, self.text.len()), word));
    }

    fn given(&self) -> Given<String> {
        if self.text.is_empty() { Given::NotGiven } else { Given::Text(self.text.clone()) }
    }
}

/// The settings below a key, in their order.
#[derive(Clone, Default)]
struct Section(Vec<(String, Span, Setting)>);

#[derive(Clone)]
enum Setting {
    Value(String, Span),
    Section(Section),
}

impl Files {
    fn variable(&mut self, name: &str, value: &str, key: Span, word: Span) {
        if value.is_empty() || !value.bytes().all(|byte| byte.is_ascii_graphic()) {
            return;
        }
        self.dotenv.push_word(name, key);
        self.dotenv.push("=");
        self.dotenv.push_word(value, word);
        self.dotenv.push("\n");
    }

    fn setting(&mut self, path: &[String], value: Value, key: Span, word: Span) {
        let is_number = |name: &String| name.bytes().all(|byte| byte.is_ascii_digit());
        // A number is the place in a list that stands in the file.
        if path.len() > DEEPEST || path.iter().any(|name| is_number(name) || !is_plain(name)) {
            return;
        }
        let written = match value {
            Value::Str(text) if is_plain(&text) => ["\"", &text, "\""].concat(),
            Value::Bool(truth) => truth.to_string(),
            _ => return,
        };
        let Some((last, above)) = path.split_last() else { return };
        let mut section = &mut self.settings;
        for name in above {
            let Some(inner) = section.inner(name, key) else { return };
            section = inner;
        }
        section.0.retain(|(own, ..)| own != last);
        section.0.push((last.clone(), key, Setting::Value(written, word)));
    }

    /// The world that has nothing else.
    fn world(&mut self, now: f64) -> World {
        let settings = std::mem::take(&mut self.settings);
        self.write(&settings, 0);
        World {
            given: Sources { config: self.config.given(), dotenv: self.dotenv.given(), ..Sources::default() },
            now,
            ..World::default()
        }
    }

    fn write(&mut self, section: &Section, depth: usize) {
        for (name, word, setting) in &section.0 {
            self.config.push(&"  ".repeat(depth));
            self.config.push_word(name, *word);
            match setting {
                Setting::Value(value, word) => {
                    self.config.push(": ");
                    self.config.push_word(value, *word);
                    self.config.push("\n");
                }
                Setting::Section(inner) => {
                    self.config.push(":\n");
                    self.write(inner, depth + 1);
                }
            }
        }
    }

    /// Gives a finding the place of the words that it is about, and no fix: no file was pasted. Whether there are such words.
    fn lead_back(&self, finding: &mut Diagnostic) -> bool {
        let Some(place) = self.word_at(finding.place) else { return false };
        finding.place = place;
        finding.fix = None;
        finding
            .labels
            .retain_mut(|label| self.word_at(label.place).map(|place| label.place = place).is_some());
        true
    }

    fn word_at(&self, place: Place) -> Option<Place> {
        let spans = match place.source {
            SourceKind::Config => &self.config.words,
            SourceKind::Dotenv => &self.dotenv.words,
            _ => return None,
        };
        let (_, word) =
            spans.iter().find(|(span, _)| span.contains(place.span) || place.span.contains(*span))?;
        Some(super::calls::place(*word))
    }
}

impl Section {
    /// Whether it has the setting at `path`.
    fn has(&self, path: &[String]) -> bool {
        let Some((name, below)) = path.split_first() else { return false };
        let found = self.0.iter().find(|(own, ..)| own == name).map(|(_, _, setting)| setting);
        match found {
            Some(Setting::Section(inner)) => inner.has(below),
            found => found.is_some() && below.is_empty(),
        }
    }

    /// The section `name`; `None` where a command wrote a value there.
    fn inner(&mut self, name: &str, word: Span) -> Option<&mut Section> {
        let at = match self.0.iter().position(|(own, ..)| own == name) {
            Some(at) => at,
            None => {
                self.0.push((name.to_owned(), word, Setting::Section(Section::default())));
                self.0.len() - 1
            }
        };
        match &mut self.0.get_mut(at)?.2 {
            Setting::Section(inner) => Some(inner),
            Setting::Value(..) => None,
        }
    }
}

/// Whether a text is one in YAML with nothing or with quotes around it.
fn is_plain(text: &str) -> bool {
    let is_sign = |c: char| c.is_ascii_alphanumeric() || "_-./:@+~,".contains(c);
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') && text.chars().all(is_sign)
}

#[cfg(test)]
mod tests {
    use crate::base::sources::SourceKind;
    use crate::rules::testing::report;
    use poolcheck::report::Report;

    fn told(world: &str) -> Vec<(String, String)> {
        let report: Report = report(world);
        let of_commands =
            report.findings.iter().filter(|finding| finding.location.source == SourceKind::Commands);
        of_commands.map(|finding| (finding.code.to_string(), finding.what.to_string())).collect()
    }

    #[test]
    fn what_commands_write_is_looked_at_as_if_it_stood_in_the_files() {
        for (commands, code) in [
            ("hermes config set model.provider moonshotai", "PC502"),
            ("hermes config set llm.provider deepseek", "PC524"),
            ("hermes config set MOONSHOT_API_KEY sk-fake-moon-000000", "PC407"),
            (
                "hermes config set model.provider custom\nhermes config set model.baseUrl http://h.example/v1",
                "PC513",
            ),
        ] {
            let found = told(&format!("--- commands\n{commands}\n"));
            assert!(found.iter().any(|(own, _)| own == code), "{commands}: {found:?}");
        }
    }

    #[test]
    fn each_value_that_commands_write_is_looked_at() {
        let found = told(
            "--- commands\nhermes config set model.provider openai\nhermes config set model.provider groq\nhermes config set model.provider openrouter\n",
        );
        assert_eq!(found.iter().filter(|(code, _)| code == "PC502").count(), 2, "{found:?}");
    }

    #[test]
    fn what_may_be_right_with_what_was_not_pasted() {
        for world in [
            "--- commands\nhermes config set model.provider my-server\nhermes config set model.default gpt\n",
            "--- commands\nhermes config set fallback_providers.0.modle m\n",
            "--- config.yaml\ncustom_providers:\n- {name: groq, base_url: 'https://api.groq.com/openai/v1', api_key: gsk_fake000000}\n--- commands\nhermes config set model.provider groq\n",
            "--- config.yaml\nproviders: {moon: {base_url: 'https://m.example/v1', key_env: MOONSHOT_API_KEY}}\n--- commands\nhermes config set MOONSHOT_API_KEY sk-fake-moon-000000\n",
            // It is told where it stands.
            "--- config.yaml\nmodel: {provider: groq, default: m}\n--- commands\nhermes config set model.provider groq\n",
        ] {
            let found = told(world);
            assert!(found.iter().all(|(code, _)| code.starts_with("PC8")), "{world}: {found:?}");
        }
    }
}
