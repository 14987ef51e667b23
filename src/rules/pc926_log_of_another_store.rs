//! PC926: a log that cannot come from the pasted auth.json.

use super::{Context, Findings, declare_rule};
use crate::base::collections::TextSet;
use crate::python::Node;
use crate::secret::is_key_variable;

declare_rule! {
    /// The log names an entry that no pool of the pasted auth.json has. Hermes logs the labels of the entries there: the two do not
    /// belong together, because Hermes runs with another home (another user, a service, a container, a profile), or one of the two is
    /// older.
    ///
    /// ```text fires
    /// --- auth.json
    /// {"version": 1, "providers": {}, "credential_pool": {"gemini": [{"id": "aa0001", "label": "aistudio-1", "auth_type": "api_key", "priority": 0, "source": "manual", "access_token": "AIza-fake-1-000000", "base_url": "https://generativelanguage.googleapis.com/v1beta"}]}}
    /// --- log
    /// credential pool: marking aistudio-9 exhausted (status=429), rotating
    /// ```
    /// ```text silent
    /// --- auth.json
    /// {"version": 1, "providers": {}, "credential_pool": {"gemini": [{"id": "aa0001", "label": "aistudio-9", "auth_type": "api_key", "priority": 0, "source": "manual", "access_token": "AIza-fake-1-000000", "base_url": "https://generativelanguage.googleapis.com/v1beta"}]}}
    /// --- log
    /// credential pool: marking aistudio-9 exhausted (status=429), rotating
    /// ```
    pub static LOG_OF_ANOTHER_STORE = {
        code: "PC926", name: "log-of-another-store", severity: Warning, since: "0.1.0",
        fix: None,
        what: "The pasted auth.json has no entry `{label}`",
        why: "Hermes logs entries by the labels that auth.json gives them: this log is of a Hermes with another auth.json, or of another time.",
        todo: "Paste the auth.json of the user, and of the HERMES_HOME, that the log is from; a gateway or a container may have its own.",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    let Some(root) = context.auth_root() else { return };
    let pools = root.get("credential_pool").map(Node::entries).unwrap_or_default();
    let rows: Vec<&Node> = pools.iter().flat_map(|pool| pool.value.items()).collect();
    let has = |label: &str| {
        // A row without a label is called by the beginning of its id, one of a variable may not be stored.
        is_key_variable(label)
            || rows
                .iter()
                .any(|row| row.text("label").is_none_or(|own| own.is_empty() || own.trim() == label))
    };
    let mut seen = TextSet::new();
    for told in &context.story.told {
        let label = told.event.text("label");
        if !label.is_empty() && !has(label) && seen.insert(label) {
            findings.report(&LOG_OF_ANOTHER_STORE, told.event.place_of("label")).with("label", label);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::LOG_OF_ANOTHER_STORE;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn it_is_found_where_it_stands() {
        fires(
            &LOG_OF_ANOTHER_STORE,
            r#"
--- auth.json
{"version": 1, "providers": {}, "credential_pool": {"gemini": [{"id": "aa0001", "label": "aistudio-1", "auth_type": "api_key", "priority": 0, "source": "manual", "access_token": "AIza-fake-1-000000", "base_url": "https://generativelanguage.googleapis.com/v1beta"}]}}
--- log
credential pool: marking aistudio-9 exhausted (status=429), rotating
                         ^^^^^^^^^^ PC926
"#,
        );
    }

    #[test]
    fn what_is_something_else() {
        silent(
            &LOG_OF_ANOTHER_STORE,
            r#"
--- auth.json
{"version": 1, "providers": {}, "credential_pool": {"gemini": [{"id": "aa0001", "label": "aistudio-9", "auth_type": "api_key", "priority": 0, "source": "manual", "access_token": "AIza-fake-1-000000", "base_url": "https://generativelanguage.googleapis.com/v1beta"}]}}
--- log
credential pool: marking aistudio-9 exhausted (status=429), rotating
"#,
        );
    }
}
