//! PC941: a key that a debug report has from the shell, while a service runs the gateway.

use super::{Context, Findings, declare_rule};
use crate::readers::debug_report::KeyState;

declare_rule! {
    /// The report was made in a shell in which the variable is set, and `.env` does not have it. A gateway that a service
    /// runs does not get the shell's variables: not those of `.bashrc`, and not those of the terminal. It has what `.env` and
    /// the service's own unit set. So the same Hermes works in the terminal and has no key, or an old one, in Telegram.
    ///
    /// ```text fires
    /// --- config.yaml
    /// model: {provider: gemini}
    /// --- debug report
    /// api_keys:
    ///   google/gemini        set (shell only — not in .env; managed/desktop backend may not see it)
    /// features:
    ///   gateway:            running (systemd (user), pid 812)
    /// ```
    /// ```text silent
    /// --- config.yaml
    /// model: {provider: gemini}
    /// --- debug report
    /// api_keys:
    ///   google/gemini        set
    /// features:
    ///   gateway:            running (systemd (user), pid 812)
    /// ```
    pub static KEY_IN_SHELL_ONLY = {
        code: "PC941", name: "key-in-shell-only", severity: Warning, since: "0.1.0",
        fix: None,
        what: "{variable} is set in the shell that made this report, not in `.env`: the gateway, which {service} runs, does not get it from there",
        why: "A service starts with its own environment and loads `.env`; nothing of a shell or its `.bashrc` reaches it.",
        todo: "Write {variable} into `~/.hermes/.env`, then restart the gateway.",
        command: "hermes gateway restart",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    let Some(service) = context.debug_report.service() else { return };
    for row in &context.debug_report.keys {
        if row.state == KeyState::ShellOnly && !context.variables.contains(row.variable()) {
            findings
                .report(&KEY_IN_SHELL_ONLY, row.place)
                .with("variable", row.variable())
                .with("service", service);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::KEY_IN_SHELL_ONLY;
    use crate::rules::testing::{fires, silent};

    const REPORT: &str = "\
--- debug report
api_keys:
  openrouter           not set
  google/gemini        set (shell only — not in .env; managed/desktop backend may not see it)
  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PC941
features:
  gateway:            running (systemd (user), pid 812)
--- says
GOOGLE_API_KEY is set in the shell
which systemd runs
";

    #[test]
    fn the_service_lacks_what_the_shell_has() {
        fires(&KEY_IN_SHELL_ONLY, REPORT);
    }

    #[test]
    fn no_service_no_claim_and_what_was_pasted_since_counts() {
        silent(&KEY_IN_SHELL_ONLY, &REPORT.replace("systemd (user)", "manual"));
        silent(&KEY_IN_SHELL_ONLY, &REPORT.replace("running", "stopped"));
        silent(&KEY_IN_SHELL_ONLY, &format!("--- .env\nGOOGLE_API_KEY=AIza-fake-since-0000\n{REPORT}"));
        silent(
            &KEY_IN_SHELL_ONLY,
            &format!("--- environment\n[Service]\nEnvironment=GOOGLE_API_KEY=AIza-fake-unit-0000\n{REPORT}"),
        );
    }
}
