//! PC408: quotes, `Bearer` or white space in the value of a key's variable, which are sent with the key.

use super::lines::quoted;
use super::pc303_env_name_as_value::block_keys;
use super::pools::no_key;
use super::references::reference;
use super::settings::text_in;
use super::variables::{Flaw, Variable, Wrapping, WrappingKind, flawed, is_placeholder, wrapping};
use super::{Context, Findings, declare_rule, provider_of_key};
use crate::base::text::{Edit, Search, Span};
use crate::diagnostic::Safety;
use crate::python::{from_base64, strip};

declare_rule! {
    /// One pair of straight quotes around a value goes when Hermes reads `.env`. Everything else is a part of the key:
    /// curly quotes, a quote at one end only, quotes in quotes, a comma behind them, the word `Bearer` of a header,
    /// and white space inside. In the environment of a process no quotes go at all. In config.yaml the quotes of YAML go.
    /// Of a key in auth.json everything is sent, white space around it too.
    ///
    /// ```env fires
    /// GEMINI_API_KEY=“AIza-fake-one-000000”
    /// OPENROUTER_API_KEY=Bearer sk-or-fake-000000
    /// ```
    /// ```env silent
    /// GEMINI_API_KEY="AIza-fake-one-000000"
    /// export OPENROUTER_API_KEY='sk-or-fake-000000'
    /// ```
    pub static QUOTES_OR_BEARER = {
        code: "PC408", name: "quotes-or-bearer", severity: Error, since: "0.1.0",
        fix: Some(Safety::Safe),
        what: "{found}",
        why: "{reason}",
        todo: "{way}",
        fix_title: "Keep the key alone",
        part quotes: "The value of `{name}` has signs around the key that stay in it",
        part bearer: "The value of `{name}` begins with `Bearer`",
        part blank: "The value of `{name}` has white space in it",
        part line_break: "The value of `{name}` has a line break behind the key",
        part encode: "Write what `printf %s KEY | base64` prints for the key alone (`echo` puts a line break behind it), or the key as it is below `stringData`.",
        part in_config: "The key here has signs around it that stay in it",
        part bearer_in_config: "The key here begins with `Bearer`",
        part blank_in_config: "The key here has white space in it",
        part in_row: "The key of row {row} of the pool `{pool}` has signs around it that stay in it",
        part bearer_in_row: "The key of row {row} of the pool `{pool}` begins with `Bearer`",
        part blank_in_row: "The key of row {row} of the pool `{pool}` has white space in it",
        part sent_in_config: "Hermes takes the value as it stands for the key, and sends all of it.",
        part sent: "Hermes takes the value as it stands for the key: the request to `{provider}` has it too and is refused.",
        part alone: "Leave nothing but the key here.",
        part value: "Leave nothing but the key in the value of `{name}`.",
        part take_out: "Leave nothing but the key behind `{name}=`.",
        part look: "Copy the key again, in one piece.",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    for (variable, flaw) in flawed(context) {
        let Some(provider) = provider_of_key(context.facts, variable.name, false) else { continue };
        let Flaw::Wrapped(wrapping) = flaw else { continue };
        let (found, way) = match wrapping.kind {
            WrappingKind::Quotes if is_line_break(variable.value, wrapping.key) => ("line_break", "take_out"),
            WrappingKind::Quotes => ("quotes", "take_out"),
            WrappingKind::Bearer => ("bearer", "take_out"),
            WrappingKind::Blank => ("blank", "look"),
        };
        let way = match way {
            "take_out" if is_base64(context, &variable) => "encode",
            "take_out" if !variable.is_literal(context) => "value",
            way => way,
        };
        findings
            .report(&QUOTES_OR_BEARER, variable.part_place(context, wrapping.first))
            .with("name", variable.name)
            .with("provider", provider)
            .part("found", found)
            .part("reason", "sent")
            .part("way", way);
        if let Some(key) = wrapping.key.filter(|_| variable.is_literal(context)) {
            findings.fix(variable.source(), edits(variable.value_place.span, key));
        }
    }
    rows(context, findings);
    for (_, key, _) in block_keys(context) {
        let (Some(value), Some(place)) = (key.value.as_str(), key.place) else { continue };
        // `${NAME}` stands for its value, a place for a key is PC553's, and curly quotes around a value are PC104's.
        let is_curly = value.starts_with(['“', '”', '‘', '’', '„']);
        if reference(value).is_some() || value.holds("${") || is_placeholder(context.facts, value) || is_curly
        {
            continue;
        }
        // Hermes takes the space around it off.
        let Some(Wrapping { kind, key, .. }) = wrapping(strip(value)) else { continue };
        let (found, way) = match kind {
            WrappingKind::Quotes => ("in_config", "alone"),
            WrappingKind::Bearer => ("bearer_in_config", "alone"),
            WrappingKind::Blank => ("blank_in_config", "look"),
        };
        findings
            .report(&QUOTES_OR_BEARER, place)
            .part("found", found)
            .part("reason", "sent_in_config")
            .part("way", way);
        let inside = text_in(context.config_text(), place, strip(value));
        if let Some((span, key)) = inside.zip(key) {
            findings.fix(place.source, edits(span, key));
        }
    }
}

/// The keys of auth.json: `runtime_api_key` of a row that was added by hand gives the text as it stands.
fn rows(context: &Context<'_>, findings: &mut Findings) {
    for row in &context.stored_rows() {
        let token = row.text("access_token");
        let Some(place) = row.field_place("access_token").filter(|_| row.is_manual() && row.is_key()) else {
            continue;
        };
        if no_key(context.facts, token).is_some() {
            continue;
        }
        let Some(Wrapping { kind, key, .. }) = wrapping(token) else { continue };
        let (found, way) = match kind {
            WrappingKind::Quotes if strip(token) != token => ("blank_in_row", "alone"),
            WrappingKind::Quotes => ("in_row", "alone"),
            WrappingKind::Bearer => ("bearer_in_row", "alone"),
            WrappingKind::Blank => ("blank_in_row", "look"),
        };
        findings
            .report_row(&QUOTES_OR_BEARER, row, place)
            .part("found", found)
            .part("reason", "sent_in_config")
            .part("way", way);
        if let Some(key) = key {
            findings.replace(place, &quoted(key.of(token)));
        }
    }
}

/// Whether nothing but line breaks stands behind the key, and nothing before it.
fn is_line_break(value: &str, key: Option<Span>) -> bool {
    key.is_some_and(|key| {
        let behind = value.get(key.end..).unwrap_or("");
        key.start == 0 && !behind.is_empty() && behind.chars().all(|c| matches!(c, '\n' | '\r'))
    })
}

/// Whether the value is written in base64, as in a Secret of Kubernetes.
fn is_base64(context: &Context<'_>, variable: &Variable<'_>) -> bool {
    let written = variable.value_place.span.of(context.text_of(variable.source()));
    from_base64(written).is_ok_and(|value| value == variable.value.as_bytes())
}

/// Deletes what stands before and behind the key.
fn edits(value: Span, key: Span) -> Vec<Edit> {
    let before = Span::new(value.start, value.start + key.start);
    let behind = Span::new(value.start + key.end, value.end);
    [before, behind].into_iter().filter(|span| !span.is_empty()).map(Edit::delete).collect()
}

#[cfg(test)]
mod tests {
    use super::QUOTES_OR_BEARER;
    use crate::base::sources::Given;
    use crate::hermes::testing::{process, world};
    use crate::rules::testing::{fires, silent};

    /// Asked of 0.19.0 (`resolve`): each of these is the key that is sent, as it stands.
    #[test]
    fn keys_of_auth_json() {
        let store = |key: &str| {
            format!(
                "--- auth.json\n{{\"version\": 1, \"credential_pool\": {{\"gemini\": [{{\"id\": \"a1\", \"label\": \"one\", \"auth_type\": \"api_key\", \"source\": \"manual\", \"priority\": 0, \"base_url\": \"https://generativelanguage.googleapis.com/v1beta\",\n\"access_token\": \"{key}\"}}]}}}}\n"
            )
        };
        for (key, says) in [
            ("AIza-fake-one-0000\\n", "has white space in it"),
            (" AIza-fake-one-0000", "has white space in it"),
            ("AIza-fake-one-0000,", "has signs around it that stay in it"),
            ("Bearer AIza-fake-one-0000", "begins with `Bearer`"),
        ] {
            let mark = format!("                {} PC408\n", "^".repeat(key.len() + 2));
            let given = store(key);
            let (before, _) = given.split_once("}]}").unwrap();
            let fixed = store("AIza-fake-one-0000").replace("--- auth.json", "--- fixed auth.json");
            fires(
                &QUOTES_OR_BEARER,
                &format!(
                    "{before}}}]}}}}\n{mark}--- says\nThe key of row 1 of the pool `gemini` {says}\n{fixed}"
                ),
            );
        }
        silent(&QUOTES_OR_BEARER, &store("AIza-fake-one-0000"));
    }

    /// The value is `sk-or-v1-fake00aa11bb22cc33dd44ee55ff` and the line break of `echo`.
    #[test]
    fn a_line_break_in_base64() {
        let report = fires(
            &QUOTES_OR_BEARER,
            "\
--- environment
apiVersion: v1
kind: Secret
metadata:
  name: hermes
data:
  OPENROUTER_API_KEY: c2stb3ItdjEtZmFrZTAwYWExMWJiMjJjYzMzZGQ0NGVlNTVmZgo=
                      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PC408
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: hermes
spec:
  template:
    spec:
      containers:
        - name: hermes
          image: nousresearch/hermes-agent
          envFrom:
            - secretRef:
                name: hermes
--- says
The value of `OPENROUTER_API_KEY` has a line break behind the key
`printf %s KEY | base64`
",
        );
        assert_eq!(report.findings.len(), 1);
    }

    #[test]
    fn what_stays_around_a_key_is_taken_out() {
        fires(
            &QUOTES_OR_BEARER,
            "\
--- .env
GEMINI_API_KEY=“AIza-fake-one-000000”
               ^ PC408
OPENROUTER_API_KEY=\"Bearer sk-or-fake-000000\"
                    ^^^^^^ PC408
XAI_API_KEY=\"xai-fake-000000\",
            ^ PC408
GLM_API_KEY=\"'fake-one-000000'\"
             ^ PC408
MINIMAX_API_KEY=fake-one-000000\"
                               ^ PC408
--- fixed .env
GEMINI_API_KEY=AIza-fake-one-000000
OPENROUTER_API_KEY=\"sk-or-fake-000000\"
XAI_API_KEY=xai-fake-000000
GLM_API_KEY=\"fake-one-000000\"
MINIMAX_API_KEY=fake-one-000000
",
        );
    }

    /// The verdict names the same variable before and after; what is mended is the key that is sent from it.
    #[test]
    fn the_key_is_sent_without_the_signs_around_it() {
        fires(
            &QUOTES_OR_BEARER,
            "\
--- config.yaml
model: {provider: gemini}
--- .env
GEMINI_API_KEY=“AIza-fake-one-000000”
               ^ PC408
--- fixed .env
GEMINI_API_KEY=AIza-fake-one-000000
--- then
Hermes uses GEMINI_API_KEY (env:GEMINI_API_KEY) for gemini
nothing is found
",
        );
        for (dotenv, sent) in [
            ("GEMINI_API_KEY=“AIza-fake-one-000000”\n", "“AIza-fake-one-000000”"),
            ("GEMINI_API_KEY=AIza-fake-one-000000\n", "AIza-fake-one-000000"),
        ] {
            let mut world = world("model: {provider: gemini}\n", &[]);
            world.given.dotenv = Given::Text(dotenv.to_owned());
            let winner = process(&world).verdict(None).unwrap().winner.unwrap();
            assert_eq!(winner.key.expose(), sent);
        }
    }

    /// 0.19.0 sends `\n` as two signs, and the backslash alone (run).
    #[test]
    fn what_an_editor_or_a_script_leaves_behind_the_key() {
        fires(
            &QUOTES_OR_BEARER,
            "\
--- .env
GEMINI_API_KEY=\"AIza-fake-one-000000\\n\"
                                    ^ PC408
OPENROUTER_API_KEY=sk-or-fake-000000\\
                                    ^ PC408
--- fixed .env
GEMINI_API_KEY=\"AIza-fake-one-000000\"
OPENROUTER_API_KEY=sk-or-fake-000000
",
        );
    }

    #[test]
    fn a_key_in_config_yaml() {
        fires(
            &QUOTES_OR_BEARER,
            "\
--- config.yaml
model: {provider: custom:one, default: m}
providers:
  one: {base_url: 'https://one.example/v1', api_key: 'Bearer sk-fake-one-0000'}
                                                     ^^^^^^^^^^^^^^^^^^^^^^^^^ PC408
  two: {base_url: 'https://two.example/v1', api_key: 'sk-fake two-0000'}
                                                     ^^^^^^^^^^^^^^^^^^ PC408
  three: {base_url: 'https://three.example/v1', api_key: 'sk-fake-three-0000,'}
                                                         ^^^^^^^^^^^^^^^^^^^^^ PC408
  four: {base_url: 'https://four.example/v1', api_key: ' sk-fake-four-0000 '}
  five: {base_url: 'https://five.example/v1', api_key: 'your key here'}
  six: {base_url: 'https://six.example/v1', api_key: '${SIX KEY}'}
--- fixed config.yaml
model: {provider: custom:one, default: m}
providers:
  one: {base_url: 'https://one.example/v1', api_key: 'sk-fake-one-0000'}
  two: {base_url: 'https://two.example/v1', api_key: 'sk-fake two-0000'}
  three: {base_url: 'https://three.example/v1', api_key: 'sk-fake-three-0000'}
  four: {base_url: 'https://four.example/v1', api_key: ' sk-fake-four-0000 '}
  five: {base_url: 'https://five.example/v1', api_key: 'your key here'}
  six: {base_url: 'https://six.example/v1', api_key: '${SIX KEY}'}
--- says
The key here begins with `Bearer`
The key here has white space in it
",
        );
    }

    #[test]
    fn an_environment_keeps_straight_quotes_too() {
        fires(
            &QUOTES_OR_BEARER,
            "\
--- environment
GEMINI_API_KEY=\"AIza-fake-one-000000\"
               ^ PC408
--- fixed environment
GEMINI_API_KEY=AIza-fake-one-000000
",
        );
    }

    #[test]
    fn a_key_in_two_pieces_is_to_be_looked_at() {
        fires(
            &QUOTES_OR_BEARER,
            "\
--- .env
DEEPSEEK_API_KEY=sk-fake one-000000
                        ^ PC408
--- says
The value of `DEEPSEEK_API_KEY` has white space in it
",
        );
    }

    #[test]
    fn quotes_that_the_readers_take_off_are_fine() {
        silent(
            &QUOTES_OR_BEARER,
            "\
--- .env
GEMINI_API_KEY=\"AIza-fake-one-000000\"
export OPENROUTER_API_KEY='sk-or-fake-000000'
GLM_API_KEY = fake-one-000000 \n\
TERMINAL_ENV=\"'local'\"
--- environment
export XAI_API_KEY=\"xai-fake-000000\"
DEEPSEEK_API_KEY=sk-fake-one-000000
",
        );
    }

    /// `_get_env_prefer_dotenv` of `agent/credential_pool.py` takes the space around a value of `.env` off, and so do the side tasks
    /// and fallbacks (0.19.0, run, of thirteen providers); `azure-foundry` reads its variable by itself and sends the space. 0.18.2
    /// and 0.19.0 send a process's variable with it. Of 0.21.4 it was read.
    #[test]
    fn space_around_a_key_does_no_harm_where_it_is_taken_off() {
        let dotenv =
            "--- .env\nGEMINI_API_KEY=\" AIza-fake-one-000000 \"\nOPENROUTER_API_KEY=' sk-or-fake-000000'\n";
        for release in ["0.21.4", "0.19.0", "0.18.2", "0.13.0"] {
            silent(&QUOTES_OR_BEARER, &format!("--- release {release}\n{dotenv}"));
        }
        fires(
            &QUOTES_OR_BEARER,
            "\
--- config.yaml
model: {provider: azure-foundry, default: m, base_url: 'https://x.openai.azure.com/openai/v1'}
--- .env
AZURE_FOUNDRY_API_KEY=\" fake-one-000000 \"
                       ^ PC408
--- fixed .env
AZURE_FOUNDRY_API_KEY=\"fake-one-000000\"
",
        );
        fires(
            &QUOTES_OR_BEARER,
            "--- release 0.21.4\n--- .env\nGEMINI_API_KEY=AIza-fake one-000000\n                        ^ PC408\n",
        );
    }
}
