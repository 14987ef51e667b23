//! PC202: a variable of the process environment that `.env` sets to another key.

use super::{Context, Findings, declare_rule};
use crate::hermes::Reason;

declare_rule! {
    /// `.env` and the environment of the process set the same variable to different keys. Hermes takes the one of
    /// `.env`: a key that a service unit, a container or the shell hands over is not used.
    ///
    /// ```text fires
    /// --- config.yaml
    /// model: {provider: gemini}
    /// --- .env
    /// GOOGLE_API_KEY=AIza-fake-dotenv-1
    /// --- environment
    /// GOOGLE_API_KEY=AIza-fake-environ-2
    /// ```
    /// ```text silent
    /// --- config.yaml
    /// model: {provider: gemini}
    /// --- .env
    /// GOOGLE_API_KEY=AIza-fake-dotenv-1
    /// --- environment
    /// GOOGLE_API_KEY=AIza-fake-dotenv-1
    /// ```
    /// ```text silent
    /// --- config.yaml
    /// model: {provider: gemini}
    /// --- .env
    /// GOOGLE_API_KEY=AIza-fake-dotenv-1
    /// --- environment
    /// services:
    ///   hermes:
    ///     environment: {GOOGLE_API_KEY: "${GOOGLE_API_KEY}"}
    /// ```
    pub static DOTENV_BEATS_ENVIRONMENT = {
        code: "PC202", name: "dotenv-beats-environment", severity: Warning, since: "0.1.0",
        fix: None,
        what: "This {variable} is not used: `.env` sets another one",
        why: "Hermes loads `.env` over the environment of its process, and its credential pools read `.env` first.",
        todo: "Keep one of the two: take {variable} out of `.env`, or change it there.",
        label winner: "Hermes takes this one",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    for (loser, reason) in context.losers() {
        let (Reason::DotEnvBeatsEnvironment, Some(place)) = (reason, loser.place) else { continue };
        // A value that stands elsewhere may be the same: compose fills `${NAME}` in from a `.env` of its own.
        if loser.key.is_unseen() {
            continue;
        }
        let mut assignments = context.dotenv.load_env.iter().rev();
        let own = assignments.find(|assignment| assignment.name == loser.label);
        if own.and_then(|own| own.value.as_deref()).is_some_and(|value| loser.key.is(value)) {
            continue;
        }
        findings
            .report(&DOTENV_BEATS_ENVIRONMENT, place)
            .with("variable", loser.label.as_str())
            .label("winner", own.map(|own| own.value_place));
    }
}

#[cfg(test)]
mod tests {
    use super::DOTENV_BEATS_ENVIRONMENT;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn a_unit_hands_over_a_key_that_dotenv_overrides() {
        fires(
            &DOTENV_BEATS_ENVIRONMENT,
            "\
--- config.yaml
model: {provider: xiaomi}
--- .env
XIAOMI_API_KEY=sk-fake-old-000000
--- environment
[Service]
Environment=\"XIAOMI_API_KEY=sk-fake-new-000000\"
                            ^^^^^^^^^^^^^^^^^^ PC202
--- says
This XIAOMI_API_KEY is not used
",
        );
    }

    #[test]
    fn equal_keys_and_other_variables_are_fine() {
        silent(
            &DOTENV_BEATS_ENVIRONMENT,
            "\
--- config.yaml
model: {provider: xiaomi}
--- .env
XIAOMI_API_KEY=sk-fake-old-000000
--- environment
XIAOMI_API_KEY=sk-fake-old-000000
DEEPSEEK_API_KEY=sk-fake-other-0000
",
        );
    }
}
