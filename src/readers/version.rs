//! The lines in which a release of Hermes names itself.

use crate::python::{is_letter, lower};
use crate::text::{Chars, DIGIT, Search, Span};

/// The release in a line `Hermes Agent v0.18.2 (…)`, as `hermes --version` and the banner print it, and where it stands. It is
/// the first one in the text, and may be one that nobody knows.
///
/// ```
/// use poolcheck::readers::version::version_line;
/// let text = "$ hermes --version\nHermes Agent v0.18.2 (2026.7.1)\n";
/// let (release, place) = version_line(text).unwrap();
/// assert_eq!((release, place.of(text)), ("0.18.2", "0.18.2"));
/// assert!(version_line("Hermes Agent").is_none());
/// ```
pub fn version_line(text: &str) -> Option<(&str, Span)> {
    const HEAD: &str = "Hermes Agent v";
    number_at(text, text.find_text(HEAD)? + HEAD.len())
}

/// The release in the line `version:          0.18.2 [a1b2c3d4] (2026-07-01)` of `hermes dump`, and where it stands:
/// `run_dump` of `hermes_cli/dump.py`. Only a debug report has it: elsewhere such a line may mean anything.
///
/// ```
/// use poolcheck::readers::version::dump_version;
/// let text = "--- hermes dump ---\nversion:          0.16.0 [(unknown)]\n";
/// assert_eq!(dump_version(text).map(|(release, _)| release), Some("0.16.0"));
/// assert!(dump_version("version: 2\n").is_none());
/// ```
pub fn dump_version(text: &str) -> Option<(&str, Span)> {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let at = start;
        start += line.len();
        let Some(behind) = line.trim_start().strip_prefix("version:") else { continue };
        let number = behind.trim_start();
        if number.has('[') {
            return number_at(text, at + line.len() - number.len());
        }
    }
    None
}

/// The release that lines of a text in which anything may stand name as the one in use: `Hermes v0.16.0, Debian 12`,
/// `| Hermes | 0.17.0 |`, `hermes-agent==0.15.2`, `**Version**` above `v0.17.0`. Such a line has nothing before the name but
/// marks and labels, and no second release. `None` where two lines name different ones of those that `is_known` knows.
///
/// ```
/// use poolcheck::readers::version::said_version;
/// let said = |text| said_version(text, &|_| true).map(|(release, _)| release);
/// assert_eq!(said("- Hermes Agent version: 0.18.2\n- OS: macOS\n"), Some("0.18.2"));
/// assert_eq!(said("Hermes 0.16.0 worked, Hermes 0.17.0 does not\n"), None);
/// assert_eq!(said("Hermes 0.16.0\nHermes 0.17.0\n"), None);
/// ```
pub fn said_version<'t>(text: &'t str, is_known: &dyn Fn(&str) -> bool) -> Option<(&'t str, Span)> {
    let mut found: Option<(&str, Span)> = None;
    let (mut start, mut is_below_heading) = (0, false);
    for line in text.split_inclusive('\n') {
        let at = start;
        start += line.len();
        let content = line.trim_matches(AROUND);
        if content.is_empty() {
            continue;
        }
        let words = Words::of(content);
        let at = at + (content.as_ptr() as usize - line.as_ptr() as usize) + words.behind;
        let named = number_at(text, at).filter(|_| words.name_hermes || is_below_heading);
        is_below_heading = words.name_hermes && words.behind == content.len();
        let Some((release, span)) = named.filter(|(release, _)| is_known(release)) else { continue };
        let behind = content.get(words.behind + release.len()..).unwrap_or("");
        if !ends_statement(behind) || releases(behind).any(is_known) {
            continue;
        }
        match found {
            Some((other, _)) if other != release => return None,
            Some(_) => {}
            None => found = Some((release, span)),
        }
    }
    found
}

/// What stands around a line that says one thing: marks of lists, headings, quotes, tables and emphasis.
const AROUND: Chars = |c| c.is_whitespace() || "-*#>|•`_│".has(c);

/// The words at the beginning of a line, up to a number or another word.
struct Words {
    /// Whether they are about a release of Hermes.
    name_hermes: bool,
    /// How many bytes they have.
    behind: usize,
}

impl Words {
    fn of(line: &str) -> Self {
        const NAMES: [&str; 7] = ["hermes", "version", "ver", "版本", "版本号", "hermes版本", "hermes版本号"];
        const OTHERS: [&str; 7] = ["agent", "current", "installed", "environment", "env", "当前", "环境"];
        const BETWEEN: Chars = |c| c.is_whitespace() || "-*_`|:：=(（".has(c);
        let mut words = Self { name_hermes: false, behind: 0 };
        loop {
            let rest = line.get(words.behind..).unwrap_or("");
            let word = rest.trim_start_matches(BETWEEN);
            let length = word.len() - word.trim_start_matches(is_letter).len();
            let (own, next) = word.split_at_checked(length).unwrap_or((word, ""));
            words.behind += rest.len() - word.len();
            let is_version = matches!(own, "v" | "V") && next.starts_with(DIGIT);
            let own = lower(own);
            let is_name = NAMES.contains(&own.as_str());
            if !is_version && !is_name && !OTHERS.contains(&own.as_str()) {
                return words;
            }
            words.name_hermes |= is_name;
            words.behind += length;
        }
    }
}

/// Whether a statement may end before `behind`, or goes on about where that runs: `, Debian 12`, ` (pip)`, ` on Arch`.
fn ends_statement(behind: &str) -> bool {
    const SIGNS: Chars = |c| ",;.)]|(/[*_`-–—，。；、（）".has(c);
    const PLACES: [&str; 4] = ["on", "under", "in", "via"];
    let next = behind.trim_start();
    let word = next.split_whitespace().next().unwrap_or("");
    next.is_empty() || next.starts_with(SIGNS) || next.len() < behind.len() && PLACES.contains(&word)
}

/// What of `text` has the form of a release.
fn releases(text: &str) -> impl Iterator<Item = &str> {
    const INSIDE: Chars = |c| !(c.is_ascii_digit() || c == '.');
    text.split(INSIDE).map(|number| number.trim_matches('.')).filter(|number| number.has('.'))
}

/// The release that stands at byte `start`.
fn number_at(text: &str, start: usize) -> Option<(&str, Span)> {
    let rest = text.get(start..)?;
    let length = rest.bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b'.').count();
    let release = rest.get(..length)?.trim_end_matches('.');
    (!release.is_empty()).then(|| (release, Span::new(start, start + release.len())))
}

#[cfg(test)]
mod tests {
    use super::said_version;

    fn said(text: &str) -> Option<&str> {
        said_version(text, &|release| ["0.15.2", "0.16.0", "0.17.0", "0.18.2"].contains(&release)).map(
            |(release, place)| {
                assert_eq!(place.of(text), release, "{text}");
                release
            },
        )
    }

    // As people write it into reports: templates of issues, lists, tables, `pip freeze`, a sentence.
    #[test]
    fn lines_that_name_the_release_in_use() {
        for (text, release) in [
            ("- Hermes Agent version: 0.18.2\n- OS: macOS\n", "0.18.2"),
            ("Hermes Agent version: 0.18.2\n", "0.18.2"),
            ("**Version**\n\nv0.17.0\n", "0.17.0"),
            ("### Hermes Version\n```\nhermes-agent 0.17.0\n```\n", "0.17.0"),
            ("Hermes v0.16.0, Debian 12.\n", "0.16.0"),
            ("hermes-agent==0.15.2\n", "0.15.2"),
            ("| | |\n|---|---|\n| Hermes | 0.17.0 |\n| OS | Arch |\n", "0.17.0"),
            ("版本:Hermes Agent v0.18.2\n", "0.18.2"),
            ("> **Hermes version:** `0.18.2` (pip)\n", "0.18.2"),
            ("Hermes 0.18.2 on Ubuntu 24.04\nhermes: v0.18.2\n", "0.18.2"),
        ] {
            assert_eq!(said(text), Some(release), "{text}");
        }
    }

    #[test]
    fn lines_that_do_not() {
        for text in [
            "Hermes 0.16.0 worked fine\n",
            "Hermes v0.16.0 → v0.18.2\n",
            "Hermes 0.16.0 (before), 0.18.2 (now)\n",
            "upgraded from Hermes v0.16.0\n",
            "Hermes 0.16.0\nHermes 0.17.0\n",
            "Hermes 0.99.0\n",
            "Python 0.16.0\n",
            "agent: 0.16.0\n",
            "Version of Python\n0.16.0\n",
            "openai 0.17.0\nversion\nopenai 0.17.0\n",
        ] {
            assert_eq!(said(text), None, "{text}");
        }
    }
}
