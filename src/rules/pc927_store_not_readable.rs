//! PC927: an auth.json that Hermes may not read.

use super::{Context, Findings, declare_rule};
use crate::base::collections::TextSet;
use crate::readers::log::Kind;

declare_rule! {
    /// auth.json belongs to another user, as after `sudo hermes …` or a command that `docker exec` ran as root (#15718). Hermes may not
    /// read it, takes it for empty, and says so in its log alone. The copy that the line names cannot be made. What Hermes stores next, be it
    /// the key of a variable, is written in place of the file: keys and logins that were in it are lost.
    ///
    /// ```log fires
    /// WARNING hermes_cli.auth: auth: failed to parse /opt/data/auth.json ([Errno 13] Permission denied: '/opt/data/auth.json') — starting with empty store. Corrupt file preserved at /opt/data/auth.json.corrupt
    /// ```
    /// ```log silent
    /// WARNING hermes_cli.auth: auth: failed to parse /opt/data/auth.json (Expecting value: line 1 column 1 (char 0)) — starting with empty store. Corrupt file preserved at /opt/data/auth.json.corrupt
    /// ```
    pub static STORE_NOT_READABLE = {
        code: "PC927", name: "store-not-readable", severity: Error, since: "0.1.0",
        fix: None,
        what: "Hermes may not read `{path}` and goes on as if no key were stored",
        why: "The file belongs to another user, most often to root after `sudo` or `docker exec`. What Hermes stores next is written in its place; the copy that this line names is not made.",
        todo: "End Hermes, copy the file, then give it to the user that Hermes runs as: `sudo chown USER FILE`. Run commands as that user: `sudo -u USER`, `docker exec -u USER`.",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    // 0.21.3 and later end with an error there.
    if context.is_read_only() {
        return;
    }
    let mut seen = TextSet::new();
    for (_, told) in context.story.of_kind(Kind::Barred) {
        let path = told.event.text("path");
        if seen.insert(path) {
            findings.report(&STORE_NOT_READABLE, told.event.place_of("path")).with("path", path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::STORE_NOT_READABLE;
    use crate::rules::testing::{fires, silent};

    const LINE: &str = "2026-11-20 02:01:12,000 WARNING hermes_cli.auth: auth: failed to parse /opt/data/auth.json ([Errno 13] Permission denied: '/opt/data/auth.json') — starting with empty store. Corrupt file preserved at /opt/data/auth.json.corrupt\n";

    #[test]
    fn it_is_told_once() {
        let mark = "                                                                       ^^^^^^^^^^^^^^^^^^^ PC927\n";
        let again = LINE.replace("02:01:12", "02:01:13");
        let report = fires(
            &STORE_NOT_READABLE,
            &["--- log\n", LINE, mark, &again, "--- says\n`/opt/data/auth.json`\n"].concat(),
        );
        let entries = &report.timeline.as_ref().unwrap().entries;
        assert_eq!(entries.len(), 2);
        assert!(entries[0].next.to_string().contains("takes its place"), "{:?}", entries[0].next);
    }

    #[test]
    fn a_broken_file_and_a_release_that_stops_there() {
        let broken = LINE.replace(
            "[Errno 13] Permission denied: '/opt/data/auth.json'",
            "Expecting value: line 1 column 1 (char 0)",
        );
        let report = silent(&STORE_NOT_READABLE, &["--- log\n", &broken].concat());
        assert!(report.timeline.as_ref().unwrap().entries[0].next.to_string().contains("auth.json.corrupt"));
        silent(&STORE_NOT_READABLE, &["--- release 0.21.4\n--- log\n", LINE].concat());
    }
}
