//! PC801: a command that `hermes` does not have.

use super::calls::{Call, first_taken, is_taken, jobs_of_options, report};
use super::{Context, Findings, declare_rule};
use crate::facts::strategies::ROUND_ROBIN;
use crate::hermes::arguments::Refusal;
use crate::python::{closest, lower};

declare_rule! {
    /// `hermes` ends with "invalid choice" and changes nothing. Credentials are kept with `hermes auth`, settings with
    /// `hermes config`, the provider is chosen with `hermes model`; there is no `hermes provider`, and no command of `hermes auth`
    /// that logs in or renews a login but `hermes auth add`. `hermes login` is there and only says that it is gone.
    ///
    /// ```commands fires
    /// hermes provider set gemini --credential-pool KEY1,KEY2 --pool-strategy failover
    /// hermes auth login openai-codex
    /// ```
    /// ```commands silent
    /// hermes auth add gemini --type api-key
    /// hermes auth list gemini
    /// hermes config set credential_pool_strategies.gemini round_robin
    /// ```
    pub static UNKNOWN_COMMAND = {
        code: "PC801", name: "unknown-command", severity: Error, since: "0.1.0",
        fix: None,
        what: "{what}",
        why: "{why}",
        todo: "{way}",
        command: "{commands}",
        part unknown: "`hermes` has no command `{path}`",
        part gone: "`hermes login` does nothing any more",
        part refused: "This release takes {known} here; for anything else it ends with \"invalid choice\" and changes nothing.",
        part many: "This release has {count} commands, and none of that name: it ends with \"invalid choice\" and changes nothing.",
        part stub: "The command is still there, but it only says that it has been removed.",
        part job: "Type this instead. Hermes asks for a key where it needs one; words in capitals stand for your own.",
        part near: "Perhaps this is meant.",
        part help: "Look at what there is.",
    }
}

/// What people type, and what does the job: the first that the release takes.
const JOBS: [(&str, &str); 57] = [
    ("auth login", "hermes auth add PROVIDER"),
    ("auth signin", "hermes auth add PROVIDER"),
    ("auth refresh", "hermes auth refresh PROVIDER|hermes auth add PROVIDER"),
    ("auth renew", "hermes auth add PROVIDER"),
    ("auth set", "hermes auth add PROVIDER --type api-key"),
    ("auth add-key", "hermes auth add PROVIDER --type api-key"),
    ("auth import", "hermes auth add PROVIDER --type api-key"),
    ("auth create", "hermes auth add PROVIDER --type api-key"),
    ("auth new", "hermes auth add PROVIDER --type api-key"),
    ("auth update", "hermes auth add PROVIDER --type api-key"),
    ("auth rm", "hermes auth remove PROVIDER 1"),
    ("auth delete", "hermes auth remove PROVIDER 1"),
    ("auth revoke", "hermes auth remove PROVIDER 1"),
    ("auth clear", "hermes auth reset PROVIDER"),
    ("auth unblock", "hermes auth reset PROVIDER"),
    ("auth ls", "hermes auth list"),
    ("auth show", "hermes auth list"),
    ("auth pool", "hermes auth list"),
    ("auth test", "hermes auth list"),
    ("auth check", "hermes auth list"),
    ("auth strategy", "hermes config set credential_pool_strategies.PROVIDER STRATEGY"),
    ("auth rotate", "hermes config set credential_pool_strategies.PROVIDER STRATEGY"),
    ("auth priority", "hermes auth remove PROVIDER 1"),
    ("provider set", "hermes config set model.provider PROVIDER"),
    ("provider use", "hermes config set model.provider PROVIDER"),
    ("provider switch", "hermes config set model.provider PROVIDER"),
    ("provider add", "hermes auth add PROVIDER --type api-key"),
    ("provider list", "hermes auth list"),
    ("provider show", "hermes auth list"),
    ("provider status", "hermes auth list"),
    ("pool strategy", "hermes config set credential_pool_strategies.PROVIDER STRATEGY"),
    ("pool set-strategy", "hermes config set credential_pool_strategies.PROVIDER STRATEGY"),
    ("pool set", "hermes config set credential_pool_strategies.PROVIDER STRATEGY"),
    ("pool add", "hermes auth add PROVIDER --type api-key"),
    ("pool remove", "hermes auth remove PROVIDER 1"),
    ("pool reset", "hermes auth reset PROVIDER"),
    ("key add", "hermes auth add PROVIDER --type api-key"),
    ("key set", "hermes auth add PROVIDER --type api-key"),
    ("key remove", "hermes auth remove PROVIDER 1"),
    ("config get", "hermes config show"),
    ("config list", "hermes config show"),
    ("config view", "hermes config show"),
    ("config print", "hermes config show"),
    ("config add", "hermes config edit"),
    ("config unset", "hermes config edit"),
    ("config delete", "hermes config unset KEY|hermes config edit"),
    ("config remove", "hermes config unset KEY|hermes config edit"),
    ("config validate", "hermes config check"),
    ("fallback set", "hermes fallback add"),
    ("env set", "hermes config set NAME VALUE"),
    ("provider", "hermes model"),
    ("models", "hermes model"),
    ("pool", "hermes auth list"),
    ("key", "hermes auth list"),
    ("set", "hermes config set KEY VALUE"),
    ("start", "hermes gateway start"),
    ("check", "hermes doctor"),
];

/// Words that stand for the same group of commands.
const GROUPS: [(&str, &str); 10] = [
    ("providers", "provider"),
    ("keys", "key"),
    ("credential", "key"),
    ("credentials", "key"),
    ("apikey", "key"),
    ("api-key", "key"),
    ("credential-pool", "pool"),
    ("pools", "pool"),
    ("cred", "key"),
    ("secret", "key"),
];

/// How close a word has to be to a command.
const CUTOFF: f64 = 0.7;

/// No command has a name that is nearly as long.
const LONGEST_WORD: usize = 40;

/// The search for the nearest command is slow: of more unknown ones only jobs are told.
const MOST_SEARCHES: usize = 500;

fn check(context: &Context<'_>, findings: &mut Findings) {
    let names = &context.pool_names;
    let mut searches = MOST_SEARCHES;
    for call in &context.calls {
        let Some(reading) = &call.reading else { continue };
        let words = &call.invocation.words;
        if reading.path == "login" && !reading.is_refused() {
            let Some(word) = words.get(reading.behind.saturating_sub(1)) else { continue };
            let provider = call.meant_provider(names);
            report(findings, &UNKNOWN_COMMAND, word)
                .part("what", "gone")
                .part("why", "stub")
                .part("way", "job")
                .commands(&job(context, call, "auth login", "", &provider));
            continue;
        }
        let Some(Refusal::UnknownCommand(at)) = &reading.refusal else { continue };
        let Some(word) = words.get(*at).filter(|word| !word.is_open) else { continue };
        // `add/list` and a lone hyphen are no words that anybody types, `Interactive` begins a description.
        let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        let begins =
            |c: char| c.is_ascii_lowercase() || c.is_ascii_uppercase() && !call.invocation.is_pattern;
        if !word.text.starts_with(begins) || !word.text.chars().all(is_name) {
            continue;
        }
        let next = words.get(at + 1).map_or("", |word| word.text.as_str());
        let known = context.facts.commands.below(reading.path);
        let own = lower(&word.text);
        let path = [reading.path, " ", &word.text].concat();
        let provider = call.meant_provider(names);
        let start = if reading.path.is_empty() { own.clone() } else { [reading.path, " ", &own].concat() };
        let mut commands = job(context, call, &start, next, &provider);
        let mut way = "job";
        if commands.is_empty() && own.len() <= LONGEST_WORD && searches > 0 {
            searches -= 1;
            way = "near";
            let near = closest(&own, &known, CUTOFF);
            commands.extend(near.map(|near| corrected(context, call, *at, near)));
        }
        if commands.is_empty() {
            way = "help";
            commands.push(["hermes", reading.path, "--help"].join(" ").replace("  ", " "));
        }
        let listed: Vec<String> = known.iter().map(|name| ["`", name, "`"].concat()).collect();
        report(findings, &UNKNOWN_COMMAND, word)
            .with("path", path.trim_start())
            .with("known", listed.join(", "))
            .with("count", known.len())
            .part("what", "unknown")
            .part("why", if known.len() > MOST_LISTED { "many" } else { "refused" })
            .part("way", way)
            .commands(&commands);
    }
}

/// Of more commands only the number is told.
const MOST_LISTED: usize = 16;

/// The commands that do what `start`, with the word `next` behind it, is meant for.
fn job(context: &Context<'_>, call: &Call, start: &str, next: &str, provider: &str) -> Vec<String> {
    let (group, rest) = start.split_once(' ').map_or((start, ""), |(group, rest)| (group, rest));
    let group = GROUPS.iter().find(|(name, _)| *name == group).map_or(group, |(_, group)| group);
    let one = if rest.is_empty() { group.to_owned() } else { [group, " ", rest].concat() };
    let two = [&one, " ", &lower(next)].concat();
    let found = JOBS.iter().find(|(typed, _)| *typed == two).or(JOBS.iter().find(|(typed, _)| *typed == one));
    let others = jobs_of_options(context, call, provider);
    let mut commands = Vec::new();
    if let Some((_, candidates)) = found {
        let strategies = &context.facts.pool.strategies;
        let words = call.invocation.words.iter().map(|word| lower(&word.text).replace('-', "_"));
        let strategy = words.rev().find(|word| strategies.contains(word));
        let candidates = candidates.replace("STRATEGY", strategy.as_deref().unwrap_or(ROUND_ROBIN));
        commands.extend(first_taken(context.facts, &candidates, provider));
    }
    for other in others {
        if !commands.contains(&other) {
            commands.push(other);
        }
    }
    commands
}

/// The call with `near` for the word at `at`, where that is a command whose words may all be shown; else `near` alone.
fn corrected(context: &Context<'_>, call: &Call, at: usize, near: &str) -> String {
    let plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_lowercase() || b"-_".contains(&byte));
    let mut words = vec!["hermes"];
    for (number, word) in call.invocation.words.iter().enumerate() {
        words.push(if number == at { near } else { word.text.as_str() });
    }
    let whole = words.join(" ");
    if words.iter().all(|word| plain(word)) && is_taken(context.facts, &whole) {
        return whole;
    }
    ["hermes", call.path(), near].join(" ").replace("  ", " ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::{EXPLAINED, Facts, READ};
    use crate::rules::testing::{fires, silent};

    #[test]
    fn every_job_is_done_by_a_command_of_every_release_that_can_be_run() {
        for release in EXPLAINED.into_iter().filter(|release| !READ.contains(release)) {
            let facts = Facts::of(release).unwrap();
            for (typed, commands) in JOBS {
                let commands = commands.replace("STRATEGY", ROUND_ROBIN);
                assert!(first_taken(facts, &commands, "gemini").is_some(), "{release}: {typed}");
            }
        }
    }

    #[test]
    fn lines_of_blogs() {
        fires(
            &UNKNOWN_COMMAND,
            "\
--- commands
# Set the pool up:
$ hermes provider set google --credential-pool sk-fake-one-000000 --pool-strategy failover
         ^^^^^^^^ PC801
hermes auth login openai-codex
            ^^^^^ PC801
sudo hermes keys add gemini
            ^^^^ PC801
hermes login --provider nous
       ^^^^^ PC801
--- says
`hermes` has no command `provider`
hermes config set model.provider gemini
hermes auth add gemini --type api-key
hermes config set credential_pool_strategies.gemini fill_first
`hermes` has no command `auth login`
hermes auth add openai-codex
only says that it has been removed
hermes auth add nous
",
        );
    }

    #[test]
    fn misspelled_ones() {
        fires(
            &UNKNOWN_COMMAND,
            "\
--- commands
hermes auth lst gemini
            ^^^ PC801
hermes docter
       ^^^^^^ PC801
hermes frobnicate
       ^^^^^^^^^^ PC801
--- says
hermes auth list gemini
hermes doctor
hermes --help
",
        );
    }

    #[test]
    fn what_a_release_does_not_have_yet() {
        let text = "--- release 0.18.2\n--- commands\nhermes config get model\n              ^^^ PC801\n--- says\nhermes config show\n";
        fires(&UNKNOWN_COMMAND, text);
        silent(&UNKNOWN_COMMAND, "--- commands\nhermes config get model\n");
    }

    #[test]
    fn commands_that_there_are() {
        silent(
            &UNKNOWN_COMMAND,
            "--- commands\nhermes\nhermes --version\nhermes -p work auth list\nhermes auth\nhermes auth <command>\nhermes chat -q hi\nhermes -c my old session\nhermes - what it is\n- hermes auth add/list/remove\nhermes auth Interactive pool management\n",
        );
    }
}
