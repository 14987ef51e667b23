//! PC802: an option that the command does not have.

use super::calls::{job_of_option, report};
use super::{Context, Findings, declare_rule};
use crate::python::closest;

declare_rule! {
    /// The command ends with "unrecognized arguments" and changes nothing. No command of Hermes takes a pool or a strategy as an
    /// option: keys come into a pool one by one with `hermes auth add`, the strategy stands in config.yaml under
    /// `credential_pool_strategies`.
    ///
    /// ```commands fires
    /// hermes auth add gemini --pool-strategy failover
    /// ```
    /// ```commands silent
    /// hermes auth add gemini --type api-key --label work
    /// ```
    pub static UNKNOWN_OPTION = {
        code: "PC802", name: "unknown-option", severity: Error, since: "0.1.0",
        fix: None,
        what: "`{typed}` has no option `{word}`",
        why: "With an option that it does not know, the command ends with \"unrecognized arguments\" and changes nothing.",
        todo: "{way}",
        command: "{commands}",
        part job: "Leave it out. What it is meant for, this does; words in capitals stand for your own.",
        part near: "Perhaps `{near}` is meant.",
        part none: "Leave it out, or look at what the command takes.",
    }
}

/// How close an option has to be to one that there is.
const CUTOFF: f64 = 0.75;

const LONGEST_OPTION: usize = 40;
const MOST_SEARCHES: usize = 500;

/// What is not near in letters.
const MEANT: [(&str, &str); 4] =
    [("--name", "--label"), ("--alias", "--label"), ("--auth-type", "--type"), ("--method", "--type")];

fn check(context: &Context<'_>, findings: &mut Findings) {
    let names = &context.pool_names;
    let mut searches = MOST_SEARCHES;
    for call in &context.calls {
        let Some(reading) = call.reading.as_ref().filter(|_| !call.invocation.is_pattern) else { continue };
        let Some(command) = context.facts.commands.command(reading.path) else { continue };
        let options: Vec<&'static str> =
            command.options.iter().flat_map(|option| option.names.clone()).collect();
        for at in &reading.extras {
            let words = &call.invocation.words;
            let Some(word) = words.get(*at).filter(|word| word.text.len() > 1 && word.text.starts_with('-'))
            else {
                continue;
            };
            let name = word.text.split('=').next().unwrap_or("");
            let value = words.get(at + 1).map_or("", |value| value.text.as_str());
            let mut near = MEANT.iter().find(|(typed, _)| *typed == name).map(|(_, meant)| *meant);
            near = near.filter(|meant| options.contains(meant));
            let job = job_of_option(context.facts, &word.text, value, &call.meant_provider(names));
            if job.is_none() && near.is_none() && name.len() <= LONGEST_OPTION && searches > 0 {
                searches -= 1;
                near = closest(name, &options, CUTOFF);
            }
            report(findings, &UNKNOWN_OPTION, word).with("typed", reading.command());
            match (near, job) {
                (Some(near), _) => findings.with("near", near).part("way", "near").without_command(),
                (None, Some(job)) => findings.part("way", "job").commands(&[job]),
                (None, None) => {
                    findings.part("way", "none").commands(&[[&*reading.command(), " --help"].concat()])
                }
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::UNKNOWN_OPTION;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn options_of_blogs() {
        fires(
            &UNKNOWN_OPTION,
            "\
--- commands
hermes auth add gemini --pool sk-fake-one-000000 --pool-strategy failover
                       ^^^^^^ PC802
                                                 ^^^^^^^^^^^^^^^ PC802
hermes auth add gemini --key=sk-fake-one-000000
                       ^^^^^^^^^^^^^^^^^^^^^^^^ PC802
hermes auth add gemini --name work
                       ^^^^^^ PC802
hermes auth list --verbosely
                 ^^^^^^^^^^^ PC802
--- says
has no option `--pool`
hermes auth add gemini --type api-key
hermes config set credential_pool_strategies.gemini fill_first
has no option `--key`
Perhaps `--label` is meant
hermes auth list --help
",
        );
    }

    #[test]
    fn options_that_there_are() {
        silent(
            &UNKNOWN_OPTION,
            "--- commands\nhermes auth add gemini --lab work --type=api-key\nhermes auth add <provider> [--pool POOL]\nhermes mcp add x --command y --args --pool\nhermes config set x -5\n",
        );
    }
}
