//! The lines in which a release of Hermes names itself.

use std::cell::OnceCell;

use super::version_mentions::{When, has_form, is_newer, is_of_other_program, mentions};
use super::version_words::{BETWEEN, NAMES, OTHERS, PROGRAMS, TELLS, USES, is_of_other_time, number_at};
use crate::base::text::{Chars, DIGIT, Search, Span};
use crate::python::{is_letter, lower};

/// How sure it is that a release that a text names is the one in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum InUse {
    /// The text says so.
    Said,
    /// The text names several releases and does not say which one is in use; this is the newest of them.
    OneOfSeveral,
    /// The text speaks of it as of another time.
    NotSaid,
}

/// A release that a text names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Named<'t> {
    /// The release, as it is written: `0.18.2`. It may be one that nobody knows.
    pub release: &'t str,
    /// Where it stands.
    pub span: Span,
    /// Whether it is the one in use.
    pub in_use: InUse,
}

/// What a text says of releases so far: of those of which it says the most.
#[derive(Default)]
struct Tally<'t> {
    most: Option<(When, &'t str, Span)>,
    are_several: bool,
}

impl<'t> Tally<'t> {
    fn add(&mut self, when: When, release: &'t str, span: Span) {
        match self.most {
            Some((most, ..)) if when < most => {}
            Some((most, own, _)) if when == most => {
                self.are_several |= own != release;
                if is_newer(release, own) {
                    self.most = Some((when, release, span));
                }
            }
            _ => *self = Self { most: Some((when, release, span)), are_several: false },
        }
    }

    fn named(self) -> Option<Named<'t>> {
        let (when, release, span) = self.most?;
        let in_use = match when {
            When::OtherTime => InUse::NotSaid,
            _ if self.are_several => InUse::OneOfSeveral,
            _ => InUse::Said,
        };
        Some(Named { release, span, in_use })
    }
}

/// The release in lines `Hermes Agent v0.18.2 (…)`, as `hermes --version` and the banner print them.
///
/// ```
/// use poolcheck::readers::version::{InUse, version_line};
/// let text = "$ hermes --version\nHermes Agent v0.18.2 (2026.7.1)\n";
/// let named = version_line(text).unwrap();
/// assert_eq!((named.release, named.span.of(text), named.in_use), ("0.18.2", "0.18.2", InUse::Said));
/// assert!(version_line("Hermes Agent").is_none());
/// ```
pub fn version_line(text: &str) -> Option<Named<'_>> {
    const HEAD: &str = "Hermes Agent v";
    let mut tally = Tally::default();
    let mut at = 0;
    while let Some(found) = text.get(at..).and_then(|rest| rest.find_text(HEAD)) {
        at += found + HEAD.len();
        if let Some((release, span)) = number_at(text, at).filter(|(release, _)| has_form(release)) {
            tally.add(When::Now, release, span);
        }
    }
    tally.named()
}

/// The release in the line `version:          0.18.2 [a1b2c3d4] (2026-07-01)` of `hermes dump`, and where it stands:
/// `run_dump` of `hermes_cli/dump.py`. Only a debug report has it: elsewhere such a line may mean anything.
///
/// ```
/// use poolcheck::readers::version::dump_version;
/// let text = "--- hermes dump ---\nversion:          0.16.0 [(unknown)]\n";
/// assert_eq!(dump_version(text).map(|named| named.release), Some("0.16.0"));
/// assert!(dump_version("version: 2\n").is_none());
/// ```
pub fn dump_version(text: &str) -> Option<Named<'_>> {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let at = start;
        start += line.len();
        let Some(behind) = line.trim_start().strip_prefix("version:") else { continue };
        let number = behind.trim_start();
        if number.has('[') {
            let (release, span) = number_at(text, at + line.len() - number.len())?;
            return has_form(release).then_some(Named { release, span, in_use: InUse::Said });
        }
    }
    None
}

/// The release that lines of a text in which anything may stand name: `Hermes v0.16.0, Debian 12`, `| Hermes | 0.17.0 |`,
/// `hermes-agent==0.15.2`, `**Version**` above `v0.17.0`, `I use Hermes 0.18.2 on Arch`, an update to it, and the tag of the
/// image. A statement begins with its name, in front of which stand nothing but marks, labels and words of somebody who uses
/// it. Of several, that counts which is said to be in use now, or to fail, and not that which worked. A number counts where
/// `is_known` knows it, or where Hermes' name stands beside it.
///
/// ```
/// use poolcheck::readers::version::{InUse, said_version};
/// let said = |text| said_version(text, &|_| true).map(|named| (named.release, named.in_use));
/// assert_eq!(said("- Hermes Agent version: 0.18.2\n- OS: macOS\n"), Some(("0.18.2", InUse::Said)));
/// assert_eq!(said("After updating Hermes from 0.17.0 to 0.19.0 it stops.\n"), Some(("0.19.0", InUse::Said)));
/// assert_eq!(said("Hermes 0.16.0 worked, Hermes 0.17.0 does not\n"), Some(("0.17.0", InUse::Said)));
/// assert_eq!(said("Hermes 0.16.0\nHermes 0.17.0\n"), Some(("0.17.0", InUse::OneOfSeveral)));
/// assert_eq!(said("In Hermes 0.16.0 it worked\n"), Some(("0.16.0", InUse::NotSaid)));
/// ```
pub fn said_version<'t>(text: &'t str, is_known: &dyn Fn(&str) -> bool) -> Option<Named<'t>> {
    let mut tally = Tally::default();
    let (mut start, mut is_below_heading, mut above) = (0, false, "");
    for line in text.split_inclusive('\n') {
        let at = start;
        start += line.len();
        let content = line.trim_matches(AROUND);
        if content.is_empty() {
            continue;
        }
        let within = content.as_ptr() as usize - line.as_ptr() as usize;
        let words = Words::of(content);
        let below = number_at(content, words.behind).filter(|_| is_below_heading && !words.is_told);
        is_below_heading = words.names_release() && words.behind == content.len();
        let names_hermes = [above, content].iter().any(|line| lower(line).holds("hermes"));
        let is_release = |own: &str| is_known(own) || (names_hermes && has_form(own));
        let updated = updated(content, above, is_known).map(|named| (When::Now, named));
        let stated =
            || below.or_else(|| stated(content)).filter(|(_, span)| is_alone(content, *span, is_known));
        let named = match tagged(line) {
            Some((own, span)) => Some((When::Now, (own, moved(span, at)))),
            None => updated
                .or_else(|| stated().map(|named| (When::Stated, named)))
                .map(|(when, (own, span))| (when, (own, moved(span, at + within)))),
        };
        above = content;
        match named.filter(|(_, (release, _))| is_release(release)) {
            Some((when, (release, span))) => tally.add(when, release, span),
            None => {
                for (when, release, span) in mentions(line) {
                    tally.add(when, release, moved(span, at));
                }
            }
        }
    }
    tally.named()
}

/// The release of the image that a file or a command names, as `nousresearch/hermes-agent:v0.19.0`. Of an image that somebody
/// else has made, nobody knows what its tags count.
///
/// ```
/// use poolcheck::readers::version::image_version;
/// let compose = "services:\n  hermes:\n    image: nousresearch/hermes-agent:v0.19.0\n";
/// assert_eq!(image_version(compose).map(|named| named.release), Some("0.19.0"));
/// assert!(image_version("image: other/hermes-agent:0.19.0\n").is_none());
/// ```
pub fn image_version(text: &str) -> Option<Named<'_>> {
    let mut tally = Tally::default();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let at = start;
        start += line.len();
        if let Some((release, span)) = tagged(line).filter(|(release, _)| has_form(release)) {
            tally.add(When::Now, release, moved(span, at));
        }
    }
    tally.named()
}

/// What stands around a line that says one thing: marks of lists, headings, quotes, tables and emphasis.
const AROUND: Chars = |c| c.is_whitespace() || "-*#>|•`_│".has(c);

/// The words at the beginning of a statement, up to a number or another word.
struct Words {
    /// Whether one of them is Hermes' name.
    name_hermes: bool,
    /// Whether one of them is a word for a release.
    name_version: bool,
    /// Whether others stand among them, of somebody who tells what runs there.
    is_told: bool,
    /// Whether one of those says that it is used.
    is_used: bool,
    /// How many bytes they have.
    behind: usize,
}

impl Words {
    fn of(line: &str) -> Self {
        let mut words =
            Self { name_hermes: false, name_version: false, is_told: false, is_used: false, behind: 0 };
        loop {
            let rest = line.get(words.behind..).unwrap_or("");
            let next = rest.trim_start_matches(BETWEEN);
            let word = word_of(next);
            let is_version =
                matches!(word, "v" | "V") && next.get(1..).is_some_and(|next| next.starts_with(DIGIT));
            let own = lower(word);
            let is_among = |words: &[&str]| words.contains(&own.as_str());
            let is_name = is_among(&NAMES);
            let is_used = is_among(&USES);
            let is_told = is_used || is_among(&TELLS);
            if is_version || !(is_name || is_told || is_among(&OTHERS)) {
                // The sign of a release is not of the number.
                words.behind += rest.len() - next.len() + usize::from(is_version);
                return words;
            }
            words.name_hermes |= own == "hermes";
            words.name_version |= is_name && own != "hermes";
            words.is_told |= is_told;
            words.is_used |= is_used;
            words.behind += rest.len() - next.len() + word.len();
        }
    }

    /// Whether what follows is a release of Hermes, where the statement is all that a line says.
    fn names_release(&self) -> bool {
        (self.name_hermes || self.name_version) && (!self.is_told || self.name_hermes && self.is_used)
    }
}

/// The word that a text begins with. Scripts without blanks between words end where another one begins.
fn word_of(text: &str) -> &str {
    const BLANKLESS: Chars = |c| c >= '\u{2e80}';
    let is_blankless = text.starts_with(BLANKLESS);
    let is_of = |c: char| (is_letter(c) || c == 'ー') && BLANKLESS(c) == is_blankless;
    text.get(..text.len() - text.trim_start_matches(is_of).len()).unwrap_or("")
}

/// The release that one of the statements of a line names.
fn stated(line: &str) -> Option<(&str, Span)> {
    let mut start = 0;
    loop {
        let statement = line.get(start..)?;
        let words = Words::of(statement);
        let before = line.get(..start).unwrap_or("");
        // Behind other words the number may be another program's, or that of another time.
        let is_own = if start == 0 {
            words.names_release() && !(words.is_told && is_of_other_time(line))
        } else {
            let is_named = words.name_hermes || words.name_version && !has_latin(before);
            is_named && words.names_release() && !is_of_other_time(line)
        };
        if let Some(named) = number_at(line, start + words.behind).filter(|_| is_own) {
            return Some(named);
        }
        start = next_statement(line, start)?;
    }
}

/// Where the statement begins that stands behind the one at byte `start`.
fn next_statement(line: &str, start: usize) -> Option<usize> {
    const ENDS: Chars = |c| ",;:.!?(（，。；、：！？—–".has(c);
    let mut chars = line.get(start..)?.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|(_, next)| *next);
        let is_apart = next.is_some_and(|next| next.is_whitespace() || !next.is_ascii())
            || (",;!?".has(c) && next.is_some_and(|next| next.is_ascii_alphabetic()));
        if ENDS(c) && (is_apart || c == '(' || !c.is_ascii()) {
            return Some(start + at + c.len_utf8());
        }
    }
    None
}

/// Whether words in letters of Europe stand there that are no options and not Hermes: the name of a program is one.
fn has_latin(text: &str) -> bool {
    text.split(|c: char| c.is_whitespace() || !c.is_ascii()).any(|word| {
        let own = word.trim_matches(|c: char| !c.is_ascii_alphanumeric());
        !word.trim_start_matches([',', '.', ';', ':', '(']).starts_with('-')
            && own.bytes().any(|byte| byte.is_ascii_alphabetic())
            && !matches!(lower(own).as_str(), "hermes" | "hermes-agent" | "agent")
    })
}

/// Whether a statement ends behind the release at `span` of `line`, and the line names no other.
fn is_alone(line: &str, span: Span, is_known: &dyn Fn(&str) -> bool) -> bool {
    let own = span.of(line);
    ends_statement(line.get(span.end..).unwrap_or(""))
        && releases(line).all(|(other, at)| {
            other == own
                || !(is_known(other) || has_form(other))
                || is_of_other_program(line.get(..at).unwrap_or(""))
        })
}

/// The release that the tag of Hermes' image names, in a line of a compose file, a manifest, a quadlet, a Dockerfile or a command.
fn tagged(line: &str) -> Option<(&str, Span)> {
    const IMAGE: &str = "nousresearch/hermes-agent:";
    const HEADS: [&str; 4] = ["image:", "Image=", "FROM ", "container:"];
    let at = line.find_text(IMAGE)?;
    let content = line.trim_start_matches(AROUND);
    let head = line.get(..at)?;
    let runs = ["docker ", "podman ", "nerdctl "].iter().any(|own| head.holds(own));
    // What follows a number is another build.
    let is_file = HEADS
        .iter()
        .any(|own| content.starts_with(own) && head.len() - head.trim_start_matches(AROUND).len() < at);
    let is_comment = line.trim_start().starts_with('#');
    if is_comment || !(is_file || runs || head.trim().ends_with('\\') || head.trim().is_empty()) {
        return None;
    }
    let start = at + IMAGE.len();
    let start = start + usize::from(line.get(start..)?.starts_with('v'));
    let (release, span) = number_at(line, start)?;
    let behind = line.get(span.end..)?;
    let ends = behind.is_empty() || behind.starts_with(|c: char| c.is_whitespace() || "\"'@,`}".has(c));
    (ends && !(runs && is_of_other_time(line))).then_some((release, span))
}

/// The release to which somebody has updated Hermes: `after updating Hermes from 0.17.0 to 0.19.0`. Where the sentence does not
/// name Hermes, it or the line `above` is about Hermes and about no other program.
fn updated<'t>(line: &'t str, above: &str, is_known: &dyn Fn(&str) -> bool) -> Option<(&'t str, Span)> {
    const DONE: &str =
        " updated upgraded downgraded aktualisiert обновился обновил обновили обновилась 升级到了 更新到了 ";
    const UPDATE: &str =
        " updating upgrading downgrading update upgrade downgrade updaten upgraden dem der обновления ";
    const AFTER: &str = " after since nach seit после depuis después 自从 ";
    const FILLERS: &str = " i we ve have has just got was it the an a my our from von с v version hermes agent to auf на до yesterday \
        today recently gestern heute ";
    const TO: [&str; 9] = ["to", "auf", "nach", "на", "до", "->", "→", "=>", "到"];
    let is_release = |own: &str| is_known(own) || has_form(own);
    if !releases(line).any(|(own, _)| is_release(own)) {
        return None;
    }
    // Of a line that makes many statements it is asked once.
    let is_line_about_hermes = OnceCell::new();
    let is_about_hermes = || {
        *is_line_about_hermes.get_or_init(|| {
            let said = [lower(above), lower(line)];
            said.iter().any(|line| line.holds("hermes"))
                && !PROGRAMS.iter().any(|own| said.iter().any(|line| line.holds(own)))
        })
    };
    let mut start = Some(0);
    while let Some(from) = start {
        start = next_statement(line, from);
        let (mut at, mut is_after, mut is_done, mut is_update, mut names_hermes) =
            (from, false, false, false, false);
        loop {
            let rest = line.get(at..)?;
            let next = rest.trim_start_matches(BETWEEN);
            at += rest.len() - next.len();
            let word = word_of(next);
            let own = lower(word);
            let spaced = [" ", &own, " "].concat();
            if own.is_empty() || own == "v" && next.get(1..)?.starts_with(DIGIT) {
                break;
            }
            is_after |= AFTER.holds(&spaced);
            is_done |= DONE.holds(&spaced);
            is_update |= UPDATE.holds(&spaced);
            names_hermes |= own == "hermes";
            if ![DONE, UPDATE, AFTER, FILLERS].iter().any(|words| words.holds(&spaced)) {
                break;
            }
            at += word.len();
        }
        let is_told = is_done || is_after && is_update;
        if !is_told || !(names_hermes || is_about_hermes()) {
            continue;
        }
        let sign =
            |at: usize| at + usize::from(line.get(at..).is_some_and(|rest| rest.starts_with(['v', 'V'])));
        let Some((first, span)) = number_at(line, sign(at)) else { continue };
        let is_target = |before: &str| TO.iter().any(|to| before.trim().ends_with(to));
        let behind = line.get(span.end..)?;
        let second = TO.iter().find_map(|to| {
            let rest = behind.trim_start().strip_prefix(to)?;
            let next = rest.trim_start();
            number_at(line, sign(line.len() - next.len()))
        });
        let named = second.or_else(|| is_target(line.get(from..at)?).then_some((first, span)));
        return named.filter(|(own, place)| {
            let rest = line.get(place.end..).unwrap_or("");
            is_release(own) && !releases(rest).any(|(own, _)| is_release(own))
        });
    }
    None
}

/// Whether a statement may end before `behind`, or goes on about where that runs: `, Debian 12`, ` (pip)`, ` on Arch`.
fn ends_statement(behind: &str) -> bool {
    const SIGNS: Chars = |c| ",;.)]|(/[*_`-–—，。；、（）\"”」』".has(c);
    const PLACES: &str =
        " here with hier mit on under in via auf unter im на в под sur sous dans en em su です だ ";
    const GOES_ON: [&str; 9] = ["です", "を使", "を利用", "在", "跑在", "我", "报错", "里", "上"];
    let next = behind.trim_start();
    let word = next.split_whitespace().next().unwrap_or("").trim_end_matches(['.', ',', '!', '?']);
    next.is_empty()
        || next.starts_with(SIGNS)
        || next.len() < behind.len() && PLACES.holds(&[" ", word, " "].concat())
        || GOES_ON.iter().any(|own| next.starts_with(own))
}

/// A place in a piece of a text that stands at byte `by`.
fn moved(span: Span, by: usize) -> Span {
    Span::new(by + span.start, by + span.end)
}

/// The numbers with a dot in `text`, and at which byte each stands.
fn releases(text: &str) -> impl Iterator<Item = (&str, usize)> {
    const INSIDE: Chars = |c| !(c.is_ascii_digit() || c == '.');
    text.split(INSIDE)
        .map(|number| number.trim_matches('.'))
        .filter(|number| number.has('.'))
        .map(|number| (number, number.as_ptr() as usize - text.as_ptr() as usize))
}

#[cfg(test)]
mod tests {
    use super::{InUse, said_version};

    fn told(text: &str) -> Option<(&str, InUse)> {
        said_version(text, &|release| ["0.15.2", "0.16.0", "0.17.0", "0.18.2"].contains(&release)).map(
            |named| {
                assert_eq!(named.span.of(text), named.release, "{text}");
                (named.release, named.in_use)
            },
        )
    }

    fn said(text: &str) -> Option<&str> {
        told(text).filter(|(_, in_use)| *in_use == InUse::Said).map(|(release, _)| release)
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
            ("ich betreibe Hermes Agent v0.17.0 auf einem Raspi\n", "0.17.0"),
            ("Всем привет. Ключи стоят. Версия Hermes 0.17.0, Debian 12.\n", "0.17.0"),
            ("It stops at once (hermes 0.16.0, ollama on the NAS)\n", "0.16.0"),
            ("我用的是 hermes-agent 0.18.2\n", "0.18.2"),
            ("我用的是hermes-agent 0.18.2,在 Debian 上\n", "0.18.2"),
            ("跑了,--fix 也没用,版本 0.18.2\n", "0.18.2"),
            ("Hermes が止まります。バージョン: 0.18.2\n", "0.18.2"),
            ("Hermes 0.18.2 です\n", "0.18.2"),
            ("I'm on Hermes 0.17.0, and it stops\n", "0.17.0"),
            ("We moved. Hermes 0.17.0.\n", "0.17.0"),
            ("After updating Hermes from 0.17.0 to 0.18.2 it stops\n", "0.18.2"),
            ("Hermes is stuck.\nAfter updating from v0.17.0 to v0.18.2, no key is found.\n", "0.18.2"),
            ("I just upgraded Hermes to 0.18.2 and now it stops\n", "0.18.2"),
            ("    image: nousresearch/hermes-agent:v0.17.0\n", "0.17.0"),
            ("      - image: \"docker.io/nousresearch/hermes-agent:0.17.0@sha256:00\"\n", "0.17.0"),
            ("Image=docker.io/nousresearch/hermes-agent:v0.17.0\n", "0.17.0"),
            ("docker run -d -v x:/opt/data nousresearch/hermes-agent:v0.17.0 gateway run\n", "0.17.0"),
            ("docker run -d \\\n  nousresearch/hermes-agent:v0.17.0\n", "0.17.0"),
            ("    image: nousresearch/hermes-agent:v0.20.0\n", "0.20.0"),
            // Those that nobody knows.
            ("Hermes 0.99.0\n", "0.99.0"),
            ("After updating Hermes from 0.17.0 to 0.99.0 it stops\n", "0.99.0"),
            // Behind a comma that no blank follows, in quotes, by a command, without the last number.
            ("你好,Hermes 0.21.4 我照文档做了\n", "0.21.4"),
            ("hi,Hermes 0.18.2\n", "0.18.2"),
            ("\"Hermes 0.18.2\"\n", "0.18.2"),
            ("version: \"Hermes 0.18.2\"\n", "0.18.2"),
            ("pip install hermes-agent==0.18.2\n", "0.18.2"),
            ("$ uv tool install 'hermes-agent==0.18.2'\n", "0.18.2"),
            ("hermes 0.18\n", "0.18"),
            // That which is in use, or fails, beside that which worked.
            ("worked in Hermes 0.17.0, broken in Hermes 0.18.2\n", "0.18.2"),
            ("worked in Hermes 0.17.0, broken in 0.18.2\n", "0.18.2"),
            ("In Hermes 0.17.0 it worked. Now: Hermes Agent v0.18.2 (2026.7.1)\n", "0.18.2"),
            ("It was fine in Hermes 0.17.0.\n\nHermes 0.18.2\n", "0.18.2"),
            ("Hermes 0.16.0 (before), 0.18.2 (now)\n", "0.18.2"),
            ("之前用 Hermes 0.17.0 没问题，现在 0.18.2 不行\n", "0.18.2"),
            ("Hermes 0.18.2, ollama 0.12.3\n", "0.18.2"),
            // Where the text names one only, that is it.
            ("unit on my VPS, hermes 0.18.2 gateway says no key\n", "0.18.2"),
            ("/opt/hermes-agent-0.18.2/agent/x.py\n", "0.18.2"),
        ] {
            assert_eq!(said(text), Some(release), "{text}");
        }
    }

    #[test]
    fn several_releases_of_which_nothing_says_which_is_in_use() {
        for text in
            ["Hermes 0.16.0\nHermes 0.17.0\n", "Meine (Hermes 0.17.0)\nund die andere (Hermes 0.16.0)\n"]
        {
            assert_eq!(told(text), Some(("0.17.0", InUse::OneOfSeveral)), "{text}");
        }
    }

    #[test]
    fn lines_that_do_not() {
        for text in [
            "Hermes 0.16.0 worked fine\n",
            "Hermes v0.16.0 → v0.18.2\n",
            "upgraded from Hermes v0.16.0\n",
            "Hermes 0.16.0\nHermes 0.17.0\n",
            "Python 0.16.0\n",
            "agent: 0.16.0\n",
            "Version of Python\n0.16.0\n",
            "openai 0.17.0\nversion\nopenai 0.17.0\n",
            "In Hermes 0.16.0 ging das noch.\n",
            "It worked with the old one (hermes 0.16.0), now it does not\n",
            "I run ollama, version 0.17.0, beside hermes\n",
            "我用的是 ollama,版本 0.17.0\n",
            "Hermes と ollama、バージョン: 0.17.0\n",
            "Fixed in: Hermes 0.18.2\n",
            "If I use Hermes 0.16.0, it starts\n",
            "Can I use Hermes 0.18.2?\n",
            "I was on Hermes 0.16.0, then I left\n",
            "Should I upgrade Hermes from 0.16.0 to 0.18.2?\n",
            "I want to update Hermes from 0.16.0 to 0.18.2.\n",
            "After updating ollama from 0.17.0 to 0.18.2 hermes stops\n",
            "After updating from 0.17.0 to 0.18.2 my llama stops\nhermes too\n",
            "Before I updated Hermes to 0.18.2 it ran\n",
            "Meine Ausgabe (Hermes 0.16.0)\nund die andere (Hermes 0.17.0)\n",
            "    image: other/hermes-agent:v0.17.0\n",
            "    image: nousresearch/hermes-agent:v0.17.0-rc1\n",
            "    # image: nousresearch/hermes-agent:v0.17.0\n",
            "    image: nousresearch/hermes-agent:latest\n",
            "ollama 0.17.0, Hermes\n",
        ] {
            assert_eq!(said(text), None, "{text}");
        }
    }
}
