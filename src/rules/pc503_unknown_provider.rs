//! PC503: a provider that Hermes does not know.

use super::odd_names::{NameUse, Oddity, report_odd};
use super::{Context, Findings, declare_rule};
use crate::diagnostic::Safety;

declare_rule! {
    /// The name is neither a provider of Hermes, nor an alias, nor a custom provider of this config.yaml. Hermes
    /// does not look for a similar one: the resolution stops with `Unknown provider`. `hermes model` lists what there is.
    ///
    /// ```yaml fires
    /// model:
    ///   provider: gemnii
    /// ```
    /// ```yaml silent
    /// model:
    ///   provider: my-server
    /// providers:
    ///   my-server: {base_url: "http://localhost:8080/v1"}
    /// ```
    pub static UNKNOWN_PROVIDER = {
        code: "PC503", name: "unknown-provider", severity: Error, since: "0.1.0",
        fix: Some(Safety::Unsafe),
        what: "Hermes knows no provider `{name}`",
        why: "It is neither a provider or alias of Hermes nor a custom provider with an endpoint in this config.yaml; {result}{since}",
        todo: "{way}",
        fix_title: "Write `{id}`",
        part write: "Write {instead}, or another name that `hermes model` lists.",
        part none: "Write one of the names that `hermes model` lists; for an endpoint of your own, `custom` with its `base_url`.",
        part fails: "what `{path}` is for fails.",
        part passed_over: "Hermes goes on without what `{path}` says.",
        part never: "",
        part since: " From {release} on Hermes has one of this name.",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    for odd in &context.odd_names {
        if matches!(odd.oddity, Oddity::Unknown(_)) && odd.used != NameUse::Fallback {
            let way = if odd.instead.is_empty() { "none" } else { "write" };
            report_odd(context, findings, &UNKNOWN_PROVIDER, odd).part("way", way);
            findings.part("result", if is_passed_over(context, &odd.path) { "passed_over" } else { "fails" });
            match odd.since {
                Some(release) => findings.with("release", release).part("since", "since"),
                None => findings.part("since", "never"),
            };
        }
    }
}

/// Whether a side task gets a client all the same: pictures are looked at by whoever can.
fn is_passed_over(context: &Context<'_>, path: &str) -> bool {
    let site = context.sites.all.iter().find(|site| path.strip_suffix(".provider") == Some(&*site.path));
    site.is_some_and(|site| match &site.outcome {
        Ok(route) => route.is_some(),
        Err(stop) => stop.unmodelled().is_some(),
    })
}

#[cfg(test)]
mod tests {
    use super::UNKNOWN_PROVIDER;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn the_nearest_one_is_offered() {
        fires(
            &UNKNOWN_PROVIDER,
            "\
--- config.yaml
model:
  provider: gemnii
            ^^^^^^ PC503
auxiliary:
  compression:
    provider: my-sever
              ^^^^^^^^ PC503
providers:
  my-server: {base_url: 'http://localhost:8080/v1'}
--- fixed config.yaml
model:
  provider: gemini
auxiliary:
  compression:
    provider: my-server
providers:
  my-server: {base_url: 'http://localhost:8080/v1'}
--- says
Write `gemini`, or another name
",
        );
    }

    #[test]
    fn nothing_near() {
        fires(
            &UNKNOWN_PROVIDER,
            "\
--- config.yaml
provider: qqqq
          ^^^^ PC503
--- says
Write one of the names that `hermes model` lists; for an endpoint of your own, `custom` with its `base_url`.
",
        );
    }

    /// Asked of 0.19.0: `custom:groq` is unknown, and `custom:groq-cloud` is the entry. `xai`, whose alias `grok` is near, is another
    /// company.
    #[test]
    fn behind_custom_only_providers_of_one_s_own_are_meant() {
        for written in ["custom:groq", "custom:groqcluod", "'custom: Groq Cloud'", "custom/groq-cloud"] {
            let place = written.trim_matches('\'').len() + if written.starts_with('\'') { 2 } else { 0 };
            let others = "  default: llama-3.3\ncustom_providers:\n- name: Groq Cloud\n  base_url: https://api.groq.com/openai/v1\n  key_env: GROQ_API_KEY\n";
            fires(
                &UNKNOWN_PROVIDER,
                &format!(
                    "--- config.yaml\nmodel:\n  provider: {written}\n            {} PC503\n{others}--- .env\nGROQ_API_KEY=gsk_fake0000000000\n\
                     --- fixed config.yaml\nmodel:\n  provider: custom:groq-cloud\n{others}--- says\nWrite `custom:groq-cloud`\n\
                     --- then\nendpoint: https://api.groq.com/openai/v1\nnothing is found\n",
                    "^".repeat(place)
                ),
            );
        }
        fires(
            &UNKNOWN_PROVIDER,
            "\
--- config.yaml
model: {provider: 'custom:groq', default: m}
                  ^^^^^^^^^^^^^ PC503
custom_providers: [{name: box, base_url: 'http://10.0.0.2:8000/v1'}]
--- says
for an endpoint of your own, `custom` with its `base_url`
",
        );
    }

    #[test]
    fn a_custom_provider_needs_an_endpoint() {
        fires(
            &UNKNOWN_PROVIDER,
            "\
--- config.yaml
model: {provider: qqqq, default: m}
                  ^^^^ PC503
providers: {qqqq: {api_key: sk-fake-old-000000}}
",
        );
    }

    #[test]
    fn what_hermes_knows() {
        for name in ["auto", "''", " GEMINI ", "ollama", "custom", "kimi", "custom:lab", "Lab"] {
            silent(
                &UNKNOWN_PROVIDER,
                &format!(
                    "--- config.yaml\nmodel: {{provider: {name}, base_url: 'http://h/v1'}}\nproviders: {{lab: {{api: 'http://h/v1'}}}}\n"
                ),
            );
        }
        for name in
            ["auto", "main", "codex", "google", "custom", "custom:lab", "lab", "OpenRouter", "openai-codex"]
        {
            silent(
                &UNKNOWN_PROVIDER,
                &format!(
                    "--- config.yaml\nauxiliary: {{vision: {{provider: {name}}}}}\nproviders: {{lab: {{api: 'http://h/v1'}}}}\n"
                ),
            );
        }
    }

    /// Then only the endpoint counts.
    #[test]
    fn a_side_task_with_an_endpoint_and_a_key() {
        silent(
            &UNKNOWN_PROVIDER,
            "--- config.yaml\nauxiliary: {vision: {provider: qqqq, base_url: 'http://h/v1', api_key: sk-fake-old-000000}}\n",
        );
    }

    /// The tables of 0.15.2 have it, those of 0.14.0 do not; `openai-codex`, which is near, is something else.
    #[test]
    fn a_name_of_a_later_release() {
        fires(
            &UNKNOWN_PROVIDER,
            "\
--- release 0.14.0
--- config.yaml
model: {provider: openai-api}
                  ^^^^^^^^^^ PC503
--- says
From 0.15.2 on Hermes has one of this name.
Write one of the names that `hermes model` lists
",
        );
    }

    #[test]
    fn then_the_nearest_one_is_used_with_its_key() {
        fires(
            &UNKNOWN_PROVIDER,
            "\
--- config.yaml
model: {provider: gemnii, default: gemini-3.1-pro}
                  ^^^^^^ PC503
--- .env
GEMINI_API_KEY=AIza-fake-one-000000
--- fixed config.yaml
model: {provider: gemini, default: gemini-3.1-pro}
--- then
Hermes uses GEMINI_API_KEY (env:GEMINI_API_KEY) for gemini
nothing is found
",
        );
    }

    #[test]
    fn then_the_endpoint_of_the_user_s_own_provider_is_used() {
        fires(
            &UNKNOWN_PROVIDER,
            "\
--- config.yaml
model: {provider: my-sever, default: m}
                  ^^^^^^^^ PC503
providers:
  my-server: {base_url: 'http://localhost:8080/v1', key_env: MY_SERVER_KEY}
--- .env
MY_SERVER_KEY=sk-fake-mine-000000
--- fixed config.yaml
model: {provider: my-server, default: m}
providers:
  my-server: {base_url: 'http://localhost:8080/v1', key_env: MY_SERVER_KEY}
--- then
endpoint: http://localhost:8080/v1
nothing is found
",
        );
    }

    /// `ollama` is near, which stands for `custom`: without an endpoint its requests would go to OpenRouter.
    #[test]
    fn custom_alone_is_not_offered() {
        fires(
            &UNKNOWN_PROVIDER,
            "\
--- config.yaml
model: {provider: olama, default: llama3}
                  ^^^^^ PC503
--- says
Write `custom` + `base_url`, or another name
",
        );
    }

    #[test]
    fn then_the_endpoint_beside_it_is_used() {
        fires(
            &UNKNOWN_PROVIDER,
            "\
--- config.yaml
model:
  provider: main
            ^^^^ PC503
  default: m
  base_url: http://192.168.1.20:8080/v1
  api_key: sk-local-fake-0001
--- fixed config.yaml
model:
  provider: custom
  default: m
  base_url: http://192.168.1.20:8080/v1
  api_key: sk-local-fake-0001
--- says
Write `custom`, or another name that `hermes model` lists.
--- then
Hermes uses model.api_key (model.api_key) for custom
endpoint: http://192.168.1.20:8080/v1
nothing is found
",
        );
    }
}
