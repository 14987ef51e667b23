//! The commands, their options, and what each is for: all that can be typed after `cargo xtask` stands here.

use std::ffi::OsString;
use std::path::PathBuf;

xflags::xflags! {
    /// The commands that build, test and measure poolcheck.
    cmd xtask {
        /// Everything that has to hold: formatting, lints, all tests, the browser, the real program.
        cmd test {
            /// Run only this step.
            optional --only step: String
        }

        /// Build the wasm and the page, and serve it at a printed address.
        cmd serve {
            /// The port of the address (default 4173).
            optional --port number: u16
            /// Build in seconds, to try something out.
            optional --dev
        }

        /// Build the npm package into pkg/dist.
        cmd wasm {
            /// Build in seconds, to try something out.
            optional --dev
            /// Take the types and the schema that it publishes as those that the tests expect.
            optional --bless
        }

        /// Begin a rule: its file, its entry, its Chinese wordings, its evidence.
        cmd new-rule {
            /// PC and three digits.
            required code: String
            /// Words in lower case joined by hyphens.
            required name: String
        }

        /// Write docs/rules and docs/cases.md.
        cmd docs {}

        /// Ask the real program what tests/evidence claims, and write its answers.
        cmd evidence {
            /// Compare with what is written instead.
            optional --check
        }

        /// Take the tables of the releases from their packages into data/.
        ///
        /// The default configurations and the tables of characters come along. What cannot be run is made of an older
        /// release's tables and data/read.
        cmd facts {
            /// Only those of this release.
            optional --hermes release: String
            /// Compare with what is written instead.
            optional --check
        }

        /// Put the same cases to the real program and to the core (tests/differential/README.md).
        ///
        /// The newest release runs under POOLCHECK_HERMES_PYTHON, or is installed once under target/hermes-venvs; the
        /// others are unpacked once under target/hermes-wheels. Answers of the real program are kept under
        /// target/hermes-answers.
        cmd diff {
            /// Generate the cases from this seed (default: a fresh one, printed).
            optional --seed number: u64
            /// How many cases to generate (default 2000).
            optional --count number: usize
            /// Take the cases from this file (`-`: standard input) instead of generating them.
            optional --cases file: PathBuf
            /// A release of the real program; may be repeated (default: all that are modelled).
            repeated --hermes release: String
            /// Judge only this kind of question.
            optional --only question: String
            /// Show the first differences of each kind of question, so many (default 1), in their smallest form.
            optional --show number: usize
            /// Do not make them smaller.
            optional --as-is
            /// Also show how varied the real program's answers are.
            optional --stats
            /// Only show what the real program answers.
            optional --real
            /// Cases that the real program answers at the same time (default: one a core).
            optional --jobs number: usize
            /// Build our answerer optimised.
            optional --release
            /// Write the result, and what the cases reach of the real program, to docs/fidelity.md
            /// (all releases; with --count 10000 on two idle cores: about 40 minutes).
            optional --fidelity
        }

        /// Write or check the recorded answers that the tests compare with.
        ///
        /// tests/differential/recorded has cases with the answers of every release of the real Hermes Agent. chosen.jsonl
        /// has generated cases: first those that reach every line and branch that any of them reaches, then small ones of
        /// every kind of question. The other files are kept by hand: append a line with a case, and its answers are filled
        /// in.
        cmd record {
            /// Only ask the cases of the files that are kept by hand.
            optional --by-hand
            /// Ask the cases that are there, and choose no others: after a change of the driver.
            optional --again
            /// Ask all recorded cases again and compare.
            optional --check
            /// Cases that are asked at the same time (default: one a core).
            optional --jobs number: usize
        }

        /// Ask each release what tests/differential/switches.toml asks.
        cmd switches {}

        /// Show what cases reach of the real program's code.
        ///
        /// Prints the share of lines and branches, measured by coverage.py, of what tests/differential/reach.toml names.
        cmd coverage {
            /// The release (default: the newest).
            optional --hermes release: String
            /// Generate the cases from this seed (default 1).
            optional --seed number: u64
            /// How many cases to generate (default 1000).
            optional --count number: usize
            /// Take the cases from this file instead of generating them.
            optional --cases file: PathBuf
            /// Print what they do not reach.
            optional --missing
        }

        /// Measure times beside a bare parse, growth and sizes.
        cmd bench {
            /// Fail where benches/budgets.json is exceeded.
            optional --check
        }

        /// Take the picture in docs/ anew.
        cmd screenshots {}

        /// Print this list; `cargo xtask COMMAND --help` tells more of a command.
        cmd help {}
    }
}

/// The command that `arguments` ask for; without any, the list of commands.
///
/// # Errors
/// They are no command with its options, or ask for help.
pub(crate) fn read<S: Into<OsString>>(arguments: impl IntoIterator<Item = S>) -> xflags::Result<XtaskCmd> {
    let arguments: Vec<OsString> = arguments.into_iter().map(Into::into).collect();
    if arguments.is_empty() {
        return Ok(XtaskCmd::Help(Help));
    }
    Xtask::from_vec(arguments).map(|read| read.subcommand)
}

/// What the command of this name is for and its options; the list of commands where there is none.
pub(crate) fn usage(name: &str) -> String {
    match commands().find(|(own, _)| *own == name) {
        Some((_, text)) => format!("cargo xtask {name}\n{}\n", text.trim_end()),
        None => list(),
    }
}

/// The commands, each with the sentence that it begins with.
pub(crate) fn list() -> String {
    let width = commands().map(|(name, _)| name.len()).max().unwrap_or(0);
    commands().map(|(name, text)| format!("cargo xtask {name:<width$}  {}\n", sentence(text))).collect()
}

/// The commands and what xflags wrote of each, which it has as a single text of all: at a line's beginning stands a
/// command's name, and below it all else.
fn commands() -> impl Iterator<Item = (&'static str, &'static str)> {
    Xtask::HELP_.split("\nxtask ").skip(1).filter_map(|command| command.split_once('\n'))
}

fn sentence(text: &str) -> &str {
    text.trim_start().lines().next().unwrap_or("")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_is_listed_with_a_sentence_and_tells_its_own_options() {
        for (name, text) in commands() {
            assert!(sentence(text).ends_with('.'), "{name}");
            // All but its name: one that asks for more is refused for what is missing, not as no command.
            if let Err(error) = read([name]) {
                assert!(error.to_string().starts_with("flag is required"), "{name}: {error}");
            }
        }
        assert!(usage("record").contains("--by-hand") && !usage("record").contains("--bless"));
        assert_eq!(usage("no-such-command"), list());
    }

    #[test]
    fn what_no_command_takes_is_refused() {
        for wrong in [
            &["no-such-command"][..],
            &["evidence", "--chek"],
            &["test", "page"],
            &["diff", "--seed"],
            &["diff", "--seed", "x"],
            &["new-rule", "PC123"],
            &["wasm", "--check"],
        ] {
            assert!(read(wrong.iter().copied()).is_err_and(|error| !error.is_help()), "{wrong:?}");
        }
        assert!(read(["diff", "--help"]).is_err_and(|error| error.is_help()));
    }
}
