//! Takes out the findings that comments silence, and remembers what each comment found on its line.

use super::rule;
use crate::base::sources::SourceKind;
use crate::base::text::Span;
use crate::diagnostic::Diagnostic;
use crate::readers::ignores::Ignore;

/// One code that a comment names for a line.
struct Target {
    source: SourceKind,
    line: Span,
    /// The code; empty for a comment that names none.
    code: &'static str,
    /// The comment's number.
    ignore: usize,
    /// Whether the comment is written as it has to be.
    is_exact: bool,
    /// The codes of the findings that it is meant for.
    found: Vec<&'static str>,
}

impl Target {
    fn add(&mut self, code: &'static str) {
        if !self.found.contains(&code) {
            self.found.push(code);
        }
    }
}

/// Which findings are silenced, and by which comments.
#[derive(Debug, Default)]
pub(super) struct Silenced {
    /// The code of each finding that was taken out.
    pub codes: Vec<&'static str>,
    /// For each comment the codes of the findings that it silences, or that it would if it were written as it has to be.
    pub by_comment: Vec<Vec<&'static str>>,
}

/// Takes out of `findings` what the comments silence. `text` gives the text that a comment stands in.
pub(super) fn silence<'t>(
    ignores: &[Ignore],
    text: &dyn Fn(SourceKind) -> &'t str,
    findings: &mut Vec<Diagnostic>,
) -> Silenced {
    let mut targets = targets(ignores, text);
    let mut silenced = Silenced { codes: Vec::new(), by_comment: vec![Vec::new(); ignores.len()] };
    findings.retain(|finding| {
        let is_kept = !is_silenced(&mut targets, finding);
        if !is_kept {
            silenced.codes.push(finding.code);
        }
        is_kept
    });
    for target in targets {
        if let Some(codes) = silenced.by_comment.get_mut(target.ignore) {
            codes.extend(target.found);
        }
    }
    silenced
}

/// What the comments name, in the order of their lines. Of one code on one line the first comment counts, so that there
/// are never more of a line than there are rules.
fn targets<'t>(ignores: &[Ignore], text: &dyn Fn(SourceKind) -> &'t str) -> Vec<Target> {
    let mut targets: Vec<Target> = Vec::new();
    for (number, ignore) in ignores.iter().enumerate() {
        let Some(line) = ignore.covers else { continue };
        let known = ignore.codes.iter().filter_map(|code| known_code(code.of(text(ignore.source))));
        let all = ignore.codes.is_empty().then_some("");
        for code in known.chain(all) {
            let mut own =
                targets.iter().rev().take_while(|other| (other.source, other.line) == (ignore.source, line));
            if !own.any(|other| other.code == code && other.is_exact == ignore.is_exact) {
                targets.push(Target {
                    source: ignore.source,
                    line,
                    code,
                    ignore: number,
                    is_exact: ignore.is_exact,
                    found: Vec::new(),
                });
            }
        }
    }
    targets
}

fn is_silenced(targets: &mut [Target], finding: &Diagnostic) -> bool {
    let (source, at) = (finding.place.source, finding.place.span.start);
    let first = targets.partition_point(|target| (target.source, target.line.end) <= (source, at));
    let on_line = |target: &&mut Target| target.source == source && target.line.start <= at;
    let mut is_silenced = false;
    for target in targets.iter_mut().skip(first).take_while(on_line) {
        if target.is_exact && target.code == finding.code {
            target.add(finding.code);
            is_silenced = true;
        }
    }
    for target in targets.iter_mut().skip(first).take_while(on_line) {
        if !is_silenced && (target.code == finding.code || target.code.is_empty()) {
            target.add(finding.code);
        }
    }
    is_silenced
}

/// The code of the rule that `written` names, in whatever case.
pub(super) fn known_code(written: &str) -> Option<&'static str> {
    rule(&written.to_ascii_uppercase()).map(|rule| rule.code)
}
