//! PC417: a line of a shell, a unit or a compose file that is meant to set a variable, and gives it no value.

use super::variables::{known_names, mentioned, set_names};
use super::{Context, Findings, declare_rule};
use crate::readers::environ::Shell;

declare_rule! {
    /// A command that sets a variable is written so that the shell gives the variable no value. Spaces around `=` make names of
    /// their own of the words behind `export`, and a part of the name of the one behind `set` in cmd. `setx` takes a name and a
    /// value, without `=`. PowerShell takes a value without quotes for the name of a command. systemd drops words that are no
    /// whole `NAME=value`, settings that it does not know, and lines with `export` in an `EnvironmentFile`. Compose takes all
    /// before `=` for the name. Hermes then finds no key there.
    ///
    /// ```text fires
    /// --- config.yaml
    /// model: {provider: gemini}
    /// --- environment
    /// export GEMINI_API_KEY = AIza-fake-0000001
    /// ```
    /// ```text silent
    /// --- config.yaml
    /// model: {provider: gemini}
    /// --- environment
    /// export GEMINI_API_KEY=AIza-fake-0000001
    /// ```
    pub static ASSIGNMENT_WITHOUT_EFFECT = {
        code: "PC417", name: "assignment-without-effect", severity: Warning, since: "0.1.0",
        fix: None,
        what: "This line gives `{name}` no value",
        why: "{reason}",
        todo: "Write `{line}`, or put `{name}=…` into `.env`, where every start of Hermes finds it.",
        part posix: "A shell allows no space around `=`: it takes the words behind `export` for names.",
        part cmd: "cmd takes the space in front of `=` for a part of the name.",
        part setx: "`setx` wants the name and the value as two words, without `=`.",
        part powershell: "PowerShell takes a value without quotes for the name of a command.",
        part unit: "systemd drops what is not `NAME=value` without a space around `=`.",
        part setting: "systemd has no setting of this name and ignores the line; it is called `Environment`.",
        part environment_file: "systemd reads this file by itself, without a shell, and ignores lines with `export`.",
        part compose: "In a list Compose takes all that stands before `=` for the name.",
        part mapping: "An item of this list has to be a text `NAME=value`: Compose refuses a file with a mapping there.",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    if context.environ.failed.is_empty() {
        return;
    }
    let mut read = known_names(context.facts);
    read.extend(mentioned(context).iter());
    let set = set_names(context);
    for failed in &context.environ.failed {
        let name = failed.name.as_str();
        if !read.contains(name) || set.contains(name) {
            continue;
        }
        let (reason, line) = match failed.shell {
            Shell::Posix => ("posix", format!("export {name}='…'")),
            Shell::Cmd => ("cmd", format!("set {name}=…")),
            Shell::Setx => ("setx", format!("setx {name} \"…\"")),
            Shell::PowerShell => ("powershell", format!("$env:{name} = '…'")),
            Shell::Unit => ("unit", format!("Environment={name}=…")),
            Shell::Setting => ("setting", format!("Environment={name}=…")),
            Shell::EnvironmentFile => ("environment_file", format!("{name}=…")),
            Shell::Compose => ("compose", format!("- {name}=…")),
            Shell::Mapping => ("mapping", format!("- {name}=…")),
        };
        findings
            .report(&ASSIGNMENT_WITHOUT_EFFECT, failed.place)
            .with("name", name)
            .with("line", line)
            .part("reason", reason);
    }
}

#[cfg(test)]
mod tests {
    use super::ASSIGNMENT_WITHOUT_EFFECT;
    use crate::rules::testing::{fires, silent};

    /// `help export`, `set /?`, `setx /?` and PowerShell's about_Assignment_Operators and about_Parsing.
    #[test]
    fn each_shell_has_its_own_way_to_set_nothing() {
        for line in [
            "export GEMINI_API_KEY = AIza-fake-0000001",
            "export GEMINI_API_KEY= AIza-fake-0000001",
            "export GEMINI_API_KEY =AIza-fake-0000001",
            "set GEMINI_API_KEY = AIza-fake-0000001",
            "setx GEMINI_API_KEY=AIza-fake-0000001",
            "$env:GEMINI_API_KEY=AIza-fake-0000001",
            "$Env:GEMINI_API_KEY = AIza-fake-0000001",
            "$env:GOOGLE_GEMINI_BASE_URL=https://example.com",
        ] {
            let marks = "^".repeat(line.len());
            let world = format!(
                "--- config.yaml\nmodel: {{provider: gemini}}\n--- environment\n{line}\n{marks} PC417\n"
            );
            if line.contains("BASE_URL") {
                // No release reads it.
                silent(&ASSIGNMENT_WITHOUT_EFFECT, &world.replace(&format!("{marks} PC417\n"), ""));
            } else {
                fires(&ASSIGNMENT_WITHOUT_EFFECT, &world);
            }
        }
    }

    /// systemd.exec(5), systemd.syntax(7), and the Compose Specification.
    #[test]
    fn units_and_compose_files_have_theirs() {
        for (head, line, at) in [
            ("[Service]", "Environment=GEMINI_API_KEY = AIza-fake-0000001", 12),
            ("[Service]", "Enviroment=GEMINI_API_KEY=AIza-fake-0000001", 0),
            ("services:\n  hermes:\n    environment:", "      - GEMINI_API_KEY = AIza-fake-0000001", 8),
            ("services:\n  hermes:\n    environment:", "      - GEMINI_API_KEY: AIza-fake-0000001", 8),
            ("services:\n  hermes:\n    environment:", "      - export GEMINI_API_KEY=AIza-fake-0000001", 8),
        ] {
            let marks = [" ".repeat(at), "^".repeat(line.len() - at)].concat();
            let world = format!(
                "--- config.yaml\nmodel: {{provider: gemini}}\n--- environment\n{head}\n{line}\n{marks} PC417\n"
            );
            fires(&ASSIGNMENT_WITHOUT_EFFECT, &world);
        }
    }

    #[test]
    fn it_is_marked_as_a_whole() {
        fires(
            &ASSIGNMENT_WITHOUT_EFFECT,
            "\
--- config.yaml
model: {provider: gemini}
--- environment
$env:GEMINI_API_KEY=AIza-fake-0000001
^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PC417
--- says
Write `$env:GEMINI_API_KEY = '…'`, or put `GEMINI_API_KEY=…` into `.env`
",
        );
    }

    #[test]
    fn what_sets_a_value_is_fine() {
        for line in [
            "export GEMINI_API_KEY=AIza-fake-0000001",
            "export GEMINI_API_KEY=\"AIza-fake-0000001\"",
            "export GEMINI_API_KEY= # later",
            "GEMINI_API_KEY=AIza-fake-0000001",
            "set GEMINI_API_KEY=AIza-fake-0000001",
            "set -gx GEMINI_API_KEY AIza-fake-0000001",
            "setx GEMINI_API_KEY \"AIza-fake-0000001\"",
            "$env:GEMINI_API_KEY=\"AIza-fake-0000001\"",
            "$env:GEMINI_API_KEY = 'AIza-fake-0000001'",
            "$env:GEMINI_API_KEY = $key",
            "export EDITOR = vim",
            // The second line sets it after all.
            "export GEMINI_API_KEY = AIza-fake-0000001\nexport GEMINI_API_KEY=AIza-fake-0000001",
        ] {
            silent(
                &ASSIGNMENT_WITHOUT_EFFECT,
                &format!("--- config.yaml\nmodel: {{provider: gemini}}\n--- environment\n{line}\n"),
            );
        }
    }
}
