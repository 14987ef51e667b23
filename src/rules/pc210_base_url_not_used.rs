//! PC210: `model.base_url` is written, and requests go to another endpoint.

use super::trial::{Block, Change, PROBE, emptied, inserted, removed, replaced};
use super::variables::{Variable, variables};
use super::{Context, Findings, declare_rule, whole_lines};
use crate::base::sources::SourceKind;
use crate::base::text::{Edit, Place};
use crate::diagnostic::Safety;
use crate::hermes::urls::base_url_hostname;
use crate::python::{Entry, strip};

declare_rule! {
    /// `model.base_url` names an endpoint, and Hermes takes it from elsewhere: from a variable such as `GLM_BASE_URL`, from the block
    /// of a provider of your own, from a row of the pool. To change `model.base_url` then changes nothing.
    ///
    /// ```text fires
    /// --- config.yaml
    /// model:
    ///   provider: zai
    ///   base_url: https://gateway.example/v4
    /// --- .env
    /// GLM_API_KEY=fake-key-000000
    /// GLM_BASE_URL=https://api.z.ai/api/coding/paas/v4
    /// ```
    /// ```text silent
    /// --- config.yaml
    /// model:
    ///   provider: zai
    ///   base_url: https://gateway.example/v4
    /// --- .env
    /// GLM_API_KEY=fake-key-000000
    /// ```
    pub static BASE_URL_NOT_USED = {
        code: "PC210", name: "base-url-not-used", severity: Warning, since: "0.1.0",
        fix: Some(Safety::Unsafe),
        what: "`model.base_url` is not used",
        why: "{reason} Requests go to {endpoint}.",
        todo: "{way}",
        fix_title: "{title}",
        label winner: "this endpoint is used",
        part variable: "{variable} names another endpoint, and Hermes takes that.",
        part block: "Hermes takes the endpoint of `{name}` from its own block.",
        part unread: "For `{provider}` Hermes does not take the endpoint from here.",
        part row: "The entry `{label}` of the pool has an endpoint of its own, and Hermes takes that.",
        part add_again: "To use it, remove that entry and add its key again: Hermes then stores its own endpoint for the provider, which gives way to this one.",
        part drop_variable: "To use it, take {variable} out of `.env`.",
        part drop_from_environment: "To use it, take {variable} out of the environment.",
        part move_it: "To use it, write it into `{block}`. Else take it out of here.",
        part drop: "Take it out of here: it has no effect.",
        part ask: "To use it, write `provider: custom` beside it. Without it Hermes would look for the provider `{name}`.",
        part needed: "Leave it: it is not used as the endpoint, and without it Hermes resolves something else.",
        part title_variable: "Delete {variable}",
        part title_move: "Write it into `{block}`",
        part title_drop: "Delete `base_url`",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    let Some(runtime) = context.runtime() else { return };
    let Some(model) = context.model_block() else { return };
    let Some(entry) = model.dict.entry("base_url") else { return };
    let (Some(written), Some(place)) = (entry.value.value.as_str().map(bare), entry.value.place) else {
        return;
    };
    let used = runtime.base_url.clone();
    if written.is_empty() || used.is_empty() || is_same(written, &used) || findings.has_at(place) {
        return;
    }
    // Hermes may write the endpoint that it takes from here in a way of its own, but for the host. With `auto` it looks away from
    // some hosts: of those another path is tried.
    let is_other_host = base_url_hostname(written) != base_url_hostname(&used);
    let elsewhere = is_other_host.then(|| [written, "/probe"].concat());
    let mut probes = [Some(PROBE), elsewhere.as_deref()].into_iter().flatten();
    if !probes
        .any(|probe| endpoint_after(context, &vec![replaced(place, probe)]).as_deref() == Some(used.as_str()))
    {
        return;
    }
    let Some(without) = removed(context.config_text(), entry).or_else(|| emptied(entry)) else { return };
    let leads = |change: &Change| endpoint_after(context, change).is_some_and(|url| is_same(written, &url));
    let report = |findings: &mut Findings, reason: &str, way: &str, title: &str, winner: Option<Place>| {
        findings.part("reason", reason).part("way", way).part("title", title).label("winner", winner);
    };
    findings
        .report(&BASE_URL_NOT_USED, place)
        .with("endpoint", used.as_str())
        .with("provider", context.provider().unwrap_or_default())
        .with("name", context.verdict().map_or("", |verdict| verdict.requested.as_str()));
    let all = variables(context);
    let setter = all.iter().find(|variable| is_same(bare(variable.value), &used));
    if let Some(variable) = setter {
        let change = deleted(context, variable);
        let way = if change.is_some() { "drop_variable" } else { "drop_from_environment" };
        findings.with("variable", variable.name);
        report(findings, "variable", way, "title_variable", Some(variable.value_place));
        if let Some(change) = change.filter(leads) {
            findings.change(change);
        }
        return;
    }
    if let Some(block) = context.custom_block()
        && let Some(own) = endpoint_of(&block)
    {
        findings.with("block", block.path.as_str());
        report(findings, "block", "move_it", "title_move", own.value.place);
        let value = place.span.of(context.config_text());
        let change = own.value.place.map(|own| vec![replaced(own, value), without]);
        if let Some(change) = change.filter(leads) {
            findings.change(change);
        }
        return;
    }
    let row = context.winner().filter(|winner| {
        context
            .stored_rows()
            .iter()
            .any(|row| row.node.place == winner.entry_place && is_same(row.text("base_url"), &used))
    });
    if let Some(row) = row {
        findings.with("label", row.label.as_str());
        report(findings, "row", "add_again", "title_drop", row.place.or(row.entry_place));
        return;
    }
    let change = vec![without];
    if endpoint_after(context, &change).as_deref() == Some(used.as_str()) {
        report(findings, "unread", "drop", "title_drop", None);
        findings.change(change);
        return;
    }
    // Beside an endpoint a provider that nobody knows is not looked for.
    let asked = inserted(context.config_text(), model.node, "provider", "custom").map(|edit| vec![edit]);
    let is_asked = asked.is_some_and(|change| leads(&change)) && !model.dict.has("provider");
    report(findings, "unread", if is_asked { "ask" } else { "needed" }, "title_drop", None);
}

/// The entry of a block that names its endpoint.
fn endpoint_of<'c>(block: &Block<'c>) -> Option<&'c Entry> {
    ["api", "url", "base_url"]
        .iter()
        .filter_map(|name| block.dict.entry(name))
        .find(|entry| entry.value.value.is_true())
}

/// The endpoint that requests go to once `change` is made.
fn endpoint_after(context: &Context<'_>, change: &Change) -> Option<String> {
    let after = context.verdict_after(change)?;
    Some(after.outcome.ok()?.base_url)
}

/// The change that takes the line of a variable out of `.env`.
fn deleted(context: &Context<'_>, variable: &Variable<'_>) -> Option<Change> {
    let text = context.text_of(SourceKind::Dotenv);
    let lines =
        whole_lines(text, variable.entry_place.span).filter(|_| variable.source() == SourceKind::Dotenv)?;
    Some(vec![(SourceKind::Dotenv, Edit::delete(lines))])
}

fn bare(url: &str) -> &str {
    strip(url).trim_end_matches('/')
}

fn is_same(one: &str, other: &str) -> bool {
    bare(one) == bare(other)
}

#[cfg(test)]
mod tests {
    use super::BASE_URL_NOT_USED;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn a_variable_names_the_endpoint() {
        fires(
            &BASE_URL_NOT_USED,
            "\
--- config.yaml
model:
  provider: zai
  base_url: https://gateway.example/v4
            ^^^^^^^^^^^^^^^^^^^^^^^^^^ PC210
--- .env
GLM_API_KEY=fake-key-000000
GLM_BASE_URL=https://api.z.ai/api/coding/paas/v4
--- fixed .env
GLM_API_KEY=fake-key-000000
--- says
GLM_BASE_URL names another endpoint
--- then
endpoint: https://gateway.example/v4
nothing is found
",
        );
    }

    #[test]
    fn a_named_provider_has_an_endpoint_of_its_own() {
        fires(
            &BASE_URL_NOT_USED,
            "\
--- config.yaml
model:
  provider: custom:lab
  base_url: http://10.0.0.5:8080/v1
            ^^^^^^^^^^^^^^^^^^^^^^^ PC210
custom_providers:
  - name: lab
    base_url: http://10.0.0.9:8080/v1
--- fixed config.yaml
model:
  provider: custom:lab
custom_providers:
  - name: lab
    base_url: http://10.0.0.5:8080/v1
--- says
Hermes takes the endpoint of `custom:lab` from its own block
--- then
endpoint: http://10.0.0.5:8080/v1
nothing is found
",
        );
    }

    /// Asked of 0.19.0: with `auto` it takes most addresses as an endpoint of the user's own, and looks away from OpenAI's.
    #[test]
    fn auto_looks_away_from_an_address() {
        fires(
            &BASE_URL_NOT_USED,
            "\
--- config.yaml
model:
  provider: auto
  base_url: https://api.openai.com/v1
            ^^^^^^^^^^^^^^^^^^^^^^^^^ PC210
--- environment
AWS_REGION=eu-north-1
AWS_PROFILE=work
--- says
For `bedrock` Hermes does not take the endpoint from here
--- fixed config.yaml
model:
  provider: auto
--- then
nothing is found
",
        );
    }

    #[test]
    fn an_entry_of_the_pool_has_an_endpoint_of_its_own() {
        fires(
            &BASE_URL_NOT_USED,
            r#"
--- config.yaml
model:
  provider: deepseek
  base_url: https://gateway.example/v1
            ^^^^^^^^^^^^^^^^^^^^^^^^^^ PC210
--- auth.json
{"version": 1, "credential_pool": {"deepseek": [
  {"id": "a1", "label": "one", "auth_type": "api_key", "priority": 0, "source": "manual",
   "base_url": "https://older.example/v1", "access_token": "sk-fake-key-000000"}]}}
--- says
The entry `one` of the pool has an endpoint of its own
"#,
        );
    }

    /// Expected: the recorded case 104-242. Without the endpoint `nowhere` is `Unknown provider`.
    #[test]
    fn an_endpoint_that_keeps_hermes_from_looking_for_the_provider() {
        let report = fires(
            &BASE_URL_NOT_USED,
            "\
--- config.yaml
model:
  default: m
  base_url: https://gateway.example/v1
            ^^^^^^^^^^^^^^^^^^^^^^^^^^ PC210
--- no .env
--- no auth.json
--- environment
HERMES_INFERENCE_PROVIDER=nowhere
OPENROUTER_API_KEY=sk-or-fake-key-000000
--- says
write `provider: custom` beside it
",
        );
        assert!(report.findings.iter().all(|finding| finding.fix.is_none()));
    }

    #[test]
    fn the_same_endpoint_in_another_spelling_is_fine() {
        silent(
            &BASE_URL_NOT_USED,
            "--- config.yaml\nmodel: {provider: 'custom:lab', base_url: 'http://10.0.0.9:8080/v1/'}\ncustom_providers:\n  - {name: lab, base_url: 'http://10.0.0.9:8080/v1'}\n",
        );
        silent(
            &BASE_URL_NOT_USED,
            "--- config.yaml\nmodel: {provider: lmstudio, base_url: 'http://127.0.0.1:1234'}\n",
        );
    }
}
