//! Whether a name, an image or a command is that of Hermes.

use crate::base::text::Search;
use crate::python::lower;

/// Whether Hermes' name is somewhere in a text.
pub(super) fn has_hermes(text: &str) -> bool {
    lower(text).holds("hermes")
}

/// Whether a name is that of Hermes itself, not of something that belongs to it.
pub(super) fn is_hermes(name: &str) -> bool {
    matches!(
        lower(name).as_str(),
        "hermes" | "hermes-agent" | "hermes_agent" | "hermes-gateway" | "hermes_gateway"
    )
}

/// Whether an image, or a folder that one is built from, is called Hermes.
pub(super) fn is_image(image: &str) -> bool {
    let own = image.trim_end_matches('/').rsplit('/').next().unwrap_or("");
    is_hermes(own.split([':', '@', '}']).next().unwrap_or(""))
}

/// The words of a command, its quotes left out.
pub(super) fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ',' | '[' | ']'))
        .filter(|word| !word.is_empty())
}

/// Whether a command runs Hermes: where a program is named, Hermes is, or what a shell or Python runs is of Hermes.
pub(super) fn runs_hermes<'t>(words: impl Iterator<Item = &'t str>) -> bool {
    /// What stands before a program.
    const BEFORE: [&str; 18] = [
        "--",
        "&&",
        "||",
        ";",
        "|",
        "exec",
        "run",
        "sudo",
        "tini",
        "dumb-init",
        "nohup",
        "env",
        "hermes",
        "-c",
        "-lc",
        "-ic",
        "-m",
        "time",
    ];
    /// What runs a program that another word names.
    const INTERPRETERS: [&str; 8] = ["python", "bash", "sh", "zsh", "node", "uv", "env", "dash"];
    let base = |word: &str| word.rsplit('/').next().unwrap_or("").to_owned();
    let mut before: Option<&str> = None;
    let mut may_be_script = false;
    for word in words {
        // Signs of systemd, which are no part of the path.
        let word = if before.is_none() { word.trim_start_matches(['-', '@', '+', '!', ':']) } else { word };
        let own = base(word);
        let is_program = before.is_none_or(|before| {
            BEFORE.contains(&base(before).as_str()) || before.ends_with(';') || before.contains('=')
        });
        if is_program {
            // A home folder may be called like that.
            let path = lower(word).replace("/home/hermes/", "/");
            let bare = own.trim_end_matches(|c: char| c == ';' || c == '.' || c.is_ascii_digit());
            if is_hermes(bare) || own.starts_with("hermes_cli") || (before.is_none() && path.holds("hermes"))
            {
                return true;
            }
            may_be_script = INTERPRETERS.contains(&bare);
        } else if may_be_script && !word.starts_with('-') {
            if has_hermes(&word.replace("/home/hermes/", "/")) {
                return true;
            }
            may_be_script = false;
        }
        before = Some(word);
    }
    false
}
