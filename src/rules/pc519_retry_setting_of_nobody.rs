//! PC519: a setting for retries that Hermes does not have.

use super::calls::place;
use super::{Context, Findings, declare_rule};
use crate::base::text::{DIGIT, Place};

declare_rule! {
    /// Tutorials name `retry_max_attempts` and `retry_backoff_base`. Hermes takes both into config.yaml and reads neither: how often
    /// a request is tried is `agent.api_max_retries`, and how long it waits in between cannot be set.
    ///
    /// ```commands fires
    /// hermes config set retry_max_attempts 5
    /// ```
    /// ```yaml fires
    /// retry_backoff_base: 2.0
    /// ```
    /// ```yaml silent
    /// agent:
    ///   api_max_retries: 5
    /// ```
    pub static RETRY_SETTING_OF_NOBODY = {
        code: "PC519", name: "retry-setting-of-nobody", severity: Warning, since: "0.1.0",
        fix: None,
        what: "Hermes does not read `{key}`",
        why: "{why}",
        todo: "{todo}",
        command: "hermes config set agent.api_max_retries {times}",
        part often: "How often a request is tried is `agent.api_max_retries`, without it 3 times.",
        part long: "How long Hermes waits between two attempts cannot be set; a time that the provider names counts.",
        part set: "Set `agent.api_max_retries`, and delete this.",
        part allow: "Delete this. Allow more attempts, or have another key or a fallback chain take over.",
    }
}

/// The names that tutorials and pull requests have, and whether each means the number of attempts.
const NAMES: [(&str, bool); 5] = [
    ("retry_max_attempts", true),
    ("max_api_retries", true),
    ("api_max_retries", true),
    ("retry_backoff_base", false),
    ("retry_respect_retry_after", false),
];

/// Where people put them.
const SECTIONS: [&str; 3] = ["", "agent", "model"];

fn check(context: &Context<'_>, findings: &mut Findings) {
    // 0.21.4 may have such settings.
    if context.is_read_only() {
        return;
    }
    for section in SECTIONS {
        let node = match section {
            "" => context.config_root(),
            name => context.config_at(&[name]),
        };
        for entry in node.map(|node| node.entries()).unwrap_or_default() {
            if let (Some(key), Some(place)) = (entry.key.value.as_str(), entry.key.place) {
                let written = entry.value.place.map_or("", |place| place.span.of(context.config_text()));
                report(findings, section, key, written, place);
            }
        }
    }
    for call in context.calls.iter().filter(|call| call.is_whole()) {
        if let Some((path, value, word, _)) = call.setting() {
            let (section, key) = path.split_once('.').unwrap_or(("", path));
            if SECTIONS.contains(&section) {
                report(findings, section, key, value, place(word.span));
            }
        }
    }
}

fn report(findings: &mut Findings, section: &str, key: &str, value: &str, place: Place) {
    let Some((_, means_attempts)) = NAMES.iter().find(|(name, _)| *name == key) else { return };
    if (section, key) == ("agent", "api_max_retries") {
        return;
    }
    let is_number = (1..=3).contains(&value.len()) && value.chars().all(DIGIT) && !value.starts_with('0');
    findings
        .report(&RETRY_SETTING_OF_NOBODY, place)
        .with("key", if section.is_empty() { key.to_owned() } else { [section, ".", key].concat() })
        .part("why", if *means_attempts { "often" } else { "long" })
        .part("todo", if *means_attempts { "set" } else { "allow" })
        .with("times", if *means_attempts && is_number { value } else { "5" });
}

#[cfg(test)]
mod tests {
    use super::RETRY_SETTING_OF_NOBODY;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn settings_of_a_tutorial_in_the_file() {
        fires(
            &RETRY_SETTING_OF_NOBODY,
            "\
--- config.yaml
model: {provider: gemini, api_max_retries: 4}
                          ^^^^^^^^^^^^^^^ PC519
retry_max_attempts: 7
^^^^^^^^^^^^^^^^^^ PC519
retry_backoff_base: 2.0
^^^^^^^^^^^^^^^^^^ PC519
agent: {max_api_retries: many}
        ^^^^^^^^^^^^^^^ PC519
--- says
Hermes does not read `retry_max_attempts`
hermes config set agent.api_max_retries 7
Hermes does not read `model.api_max_retries`
Hermes does not read `agent.max_api_retries`
cannot be set
hermes config set agent.api_max_retries 5
",
        );
    }

    #[test]
    fn settings_of_a_tutorial_in_its_commands() {
        fires(
            &RETRY_SETTING_OF_NOBODY,
            "\
--- commands
hermes config set retry_max_attempts 5
                  ^^^^^^^^^^^^^^^^^^ PC519
hermes config set retry_backoff_base 2.0
                  ^^^^^^^^^^^^^^^^^^ PC519
",
        );
    }

    #[test]
    fn what_is_read_and_what_is_of_others() {
        silent(
            &RETRY_SETTING_OF_NOBODY,
            "\
--- config.yaml
agent: {api_max_retries: 5}
my_plugin: {retry_max_attempts: 5}
max_retries: 5
--- commands
hermes config set agent.api_max_retries 5
hermes config set my_plugin.retry_max_attempts 5
hermes config set $KEY 5
",
        );
    }
}
