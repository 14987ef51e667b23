//! PC945: a key that a provider refused when `hermes doctor` asked it.

use super::{Context, Findings, declare_rule};

declare_rule! {
    /// `hermes doctor` asks providers with the keys of variables, and writes `(invalid API key)` where the answer is HTTP 401. The
    /// key is there, and the provider does not take it: it was revoked or cut short, or it is one of another service or region.
    /// Keys that are in the credential pool alone are not asked about.
    ///
    /// ```text fires
    /// --- debug report
    /// ◆ API Connectivity
    ///   ✗ DeepSeek             (invalid API key)
    /// ```
    /// ```text silent
    /// --- debug report
    /// ◆ API Connectivity
    ///   ✓ DeepSeek
    /// ```
    pub static KEY_REFUSED_AT_DOCTOR = {
        code: "PC945", name: "key-refused-at-doctor", severity: Warning, since: "0.1.0",
        fix: None,
        what: "{label} refused the key that Hermes asked it with",
        why: "`hermes doctor` sends a request with the key of {variable}. The answer was HTTP 401: requests with this key fail.",
        todo: "Compare the key with the one that the provider shows, or make a new one, and put it in the place of this one. Then ask again.",
        command: "hermes doctor",
        label set: "this key, where the report is of the same `.env`",
        part own: "`{name}`",
        part unknown: "a variable",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    // What `hermes doctor` of such a release asks was not read.
    if context.is_read_only() {
        return;
    }
    for refused in &context.debug_report.refused {
        let row = refused.provider.and_then(|id| context.facts.providers.get(id));
        let names = row.map_or(&[][..], |row| &row.api_key_env_vars);
        let assignments = &context.dotenv.python_dotenv;
        let set = |name: &&String| assignments.iter().rfind(|own| own.name == **name);
        let written = names.iter().find_map(|name| set(&name));
        let variable = written.map(|own| own.name.as_str()).or(names.first().map(String::as_str));
        let variable =
            variable.or(refused.provider.filter(|id| *id == "openrouter").map(|_| "OPENROUTER_API_KEY"));
        findings
            .report(&KEY_REFUSED_AT_DOCTOR, refused.place)
            .with("label", refused.label.as_str())
            .with("name", variable.unwrap_or_default())
            .part("variable", if variable.is_some() { "own" } else { "unknown" })
            .label("set", written.map(|own| own.value_place));
    }
}

#[cfg(test)]
mod tests {
    use super::KEY_REFUSED_AT_DOCTOR;
    use crate::rules::testing::{fires, silent};

    // As `hermes doctor` of 0.13.0 to 0.19.0 prints it.
    #[test]
    fn rows_of_hermes_doctor() {
        fires(
            &KEY_REFUSED_AT_DOCTOR,
            "\
--- .env
ZAI_API_KEY=fake-zai-000000
--- debug report
◆ API Connectivity
  ✗ OpenRouter API (invalid API key)
  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PC945
  ✗ Z.AI / GLM           (invalid API key)
  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PC945
  ✗ Somebody's plugin    (invalid API key)
  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PC945
  ⚠ DeepSeek             (HTTP 500)
--- says
with the key of `OPENROUTER_API_KEY`.
with the key of `ZAI_API_KEY`.
with the key of a variable.
",
        );
    }

    #[test]
    fn what_is_something_else() {
        silent(
            &KEY_REFUSED_AT_DOCTOR,
            "--- debug report\n  ⚠ OpenRouter API (not configured)\n  ✗ DeepSeek             (connection error)\n  ✗ (invalid API key)\n",
        );
    }
}
