//! PC929: a log whose requests went to another provider than the pasted files come to.

use super::logs::keyless_provider;
use super::{Context, Findings, declare_rule};
use crate::python::{Node, lower, strip};
use crate::readers::log::Kind;

declare_rule! {
    /// A failed request is logged with the provider that it went to. Where that is not the one that the pasted files resolve to, and
    /// stands nowhere else in config.yaml, the two do not belong together: the process began before the change, the conversation has
    /// a model of its own (`/model`), or Hermes runs with another home or profile. So it is where Hermes fell back to a provider that
    /// config.yaml has nowhere, and where it says that it found no key for a provider whose key was pasted.
    ///
    /// ```text fires
    /// --- config.yaml
    /// model: {provider: gemini, default: gemini-flash}
    /// --- log
    /// ⚠️  API call failed (attempt 1/3): RateLimitError [HTTP 429]
    ///    🔌 Provider: openrouter  Model: some/model
    /// ```
    /// ```text silent
    /// --- config.yaml
    /// model: {provider: gemini, default: gemini-flash}
    /// --- log
    /// ⚠️  API call failed (attempt 1/3): RateLimitError [HTTP 429]
    ///    🔌 Provider: gemini  Model: gemini-flash
    /// ```
    pub static LOG_OF_ANOTHER_SETTING = {
        code: "PC929", name: "log-of-another-setting", severity: Warning, since: "0.1.0",
        fix: None,
        what: "{what}",
        why: "{why} Then it did not use these files as they are now: it was started before they were changed, the conversation has a model of its own (`/model`), or it runs with another home or profile.",
        todo: "Restart Hermes and its gateway, and begin a new conversation (`/new`). If the log stays the same, paste the files of the user, and of the HERMES_HOME, that it is from.",
        command: "hermes gateway restart",
        label found: "this key would be used",
        part used: "Hermes logs what it used.",
        part found: "With these files it finds {label}.",
        part keyless: "Hermes found no key for `{logged}`, and one was pasted",
        part request: "This request went to the provider `{logged}`, and what you pasted resolves to `{used}`",
        part fallback: "Hermes fell back to the provider `{logged}`, and the pasted config.yaml has no such fallback",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    let Some(verdict) = context.verdict().filter(|_| context.config_root().is_some()) else { return };
    // A command may have chosen another one.
    let chooses = |word: &str| {
        ["-m", "--model", "--provider", "-p", "--profile"].iter().any(|option| {
            word.strip_prefix(option).is_some_and(|rest| rest.is_empty() || rest.starts_with('='))
        })
    };
    let mut words = context.calls.iter().flat_map(|call| &call.invocation.words);
    if words.any(|word| chooses(&word.text)) {
        return;
    }
    let plain = |name: &str| {
        let name = lower(strip(name));
        if name.starts_with("custom") {
            return "custom".to_owned();
        }
        context.pool_names.canonical(&name).map_or(name, str::to_owned)
    };
    let used = verdict.provider.as_deref().unwrap_or_default();
    let own = plain(used);
    let of_kind = |kind| context.story.of_kind(kind).filter_map(|(_, told)| told.event.field("provider"));
    let is_there = |logged: &str| logged.is_empty() || logged == own || is_written(context, logged, &plain);
    if own.is_empty() {
        return;
    }
    let mut fell_back = of_kind(Kind::FellBack);
    if let Some(to) = fell_back.find(|to| !is_there(&plain(&to.text))) {
        findings
            .report(&LOG_OF_ANOTHER_SETTING, to.place)
            .with("logged", to.text.as_str())
            .part("why", "used")
            .part("what", "fallback");
        return;
    }
    let found_none = context.story.told.iter().rev().find_map(|told| {
        let provider = keyless_provider(&told.event).filter(|logged| plain(logged) == own)?;
        Some((&told.event, provider))
    });
    // A pool that rests is PC914's.
    let found_none = found_none.filter(|(event, _)| !findings.has_at(event.place_of("text")));
    if let (Some((event, provider)), Some(winner)) = (found_none, context.winner()) {
        findings
            .report(&LOG_OF_ANOTHER_SETTING, event.place_of("text"))
            .with("logged", provider)
            .with("label", ["`", &winner.label, "`"].concat())
            .part("why", "found")
            .part("what", "keyless")
            .label("found", winner.place.or(winner.entry_place));
        return;
    }
    // The last one counts; one that agrees with the files shows that they are those of the log.
    let Some(last) = of_kind(Kind::Failed).last().filter(|last| !is_there(&plain(&last.text))) else {
        return;
    };
    if of_kind(Kind::Failed).any(|logged| plain(&logged.text) == own) {
        return;
    }
    findings
        .report(&LOG_OF_ANOTHER_SETTING, last.place)
        .with("logged", last.text.as_str())
        .with("used", used)
        .part("why", "used")
        .part("what", "request");
}

/// Whether something in config.yaml beside what decides the verdict has this value: a fallback, a side task, a delegate, an alias
/// of a model.
fn is_written(context: &Context<'_>, logged: &str, plain: &dyn Fn(&str) -> String) -> bool {
    let is_it = |node: &Node| node.value.as_str().is_some_and(|text| plain(text) == logged);
    let aliases = context.config_at(&["model_aliases"]).map(Node::entries).unwrap_or_default();
    context.settings.iter().any(|setting| setting.section != "model" && is_it(&setting.entry.value))
        || aliases.iter().any(|alias| alias.value.get("provider").is_some_and(is_it))
}

#[cfg(test)]
mod tests {
    use super::LOG_OF_ANOTHER_SETTING;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn a_key_that_was_not_found() {
        let world = "\
--- config.yaml
model: {provider: deepseek, default: d}
--- .env
DEEPSEEK_API_KEY=sk-fake-000000
--- log
No usable credentials found for provider 'deepseek'. Set DEEPSEEK_API_KEY.
";
        let marked = [
            world,
            &"^".repeat("No usable credentials found for provider 'deepseek'. Set DEEPSEEK_API_KEY.".len()),
            " PC929\n--- says\nfound no key for `deepseek`\nWith these files it finds `DEEPSEEK_API_KEY`\n",
        ];
        fires(&LOG_OF_ANOTHER_SETTING, &marked.concat());
        // Without a key in the files it is as the log says.
        silent(&LOG_OF_ANOTHER_SETTING, &world.replace("DEEPSEEK_API_KEY=sk-fake-000000\n", "A=b\n"));
    }

    #[test]
    fn another_provider() {
        fires(
            &LOG_OF_ANOTHER_SETTING,
            "\
--- config.yaml
model: {provider: gemini, default: gemini-flash}
--- log
2026-05-28 20:26:40 WARNING [s1] agent.conversation_loop: API call failed (attempt 1/3) error_type=RateLimitError thread=MainThread:1 provider=openrouter base_url=https://openrouter.ai/api/v1 model=some/model summary=HTTP 429: limit
                                                                                                                                               ^^^^^^^^^^ PC929
--- says
went to the provider `openrouter`
",
        );
    }

    /// The chain is empty, so nothing could take over.
    #[test]
    fn a_fallback_that_is_nowhere() {
        fires(
            &LOG_OF_ANOTHER_SETTING,
            "\
--- config.yaml
model: {provider: gemini, default: gemini-flash}
--- log
🔄 Fallback activated: gemini-flash → openrouter/free (openrouter)
                                                      ^^^^^^^^^^ PC929
--- says
Hermes fell back to the provider `openrouter`
",
        );
    }

    #[test]
    fn what_agrees_and_what_is_a_fallback_s_or_a_side_task_s() {
        let failed = |provider: &str, model: &str| {
            format!(
                "⚠️  API call failed (attempt 1/3): RateLimitError [HTTP 429]\n   🔌 Provider: {provider}  Model: {model}\n"
            )
        };
        let config = "--- config.yaml\nmodel: {provider: google, default: g}\nfallback_providers:\n  - {provider: openrouter, model: a/b}\nauxiliary: {vision: {provider: zai, model: glm}}\n--- log\n";
        for log in [
            failed("gemini", "g"),
            failed("openrouter", "a/b"),
            failed("zai", "glm"),
            failed("deepseek", "x") + &failed("gemini", "g"),
        ] {
            silent(&LOG_OF_ANOTHER_SETTING, &format!("{config}{log}"));
        }
        // Hermes writes the model in its provider's own way, and finds some endpoints by trying them.
        let endpoint = "   🌐 Endpoint: https://open.bigmodel.cn/api/coding/paas/v4\n";
        let log = failed("zai", "glm-4.6") + endpoint;
        silent(
            &LOG_OF_ANOTHER_SETTING,
            &format!(
                "--- config.yaml\nmodel: {{provider: zai, default: zai/glm-4.6}}\n--- .env\nGLM_API_KEY=fake-glm-000000\n--- log\n{log}"
            ),
        );
        let aliases = "--- config.yaml\nmodel: {provider: gemini, default: g}\nmodel_aliases: {big: {provider: zai, model: glm}}\n--- log\n";
        silent(&LOG_OF_ANOTHER_SETTING, &format!("{aliases}{}", failed("zai", "glm")));
        let chosen = format!(
            "--- commands\nhermes chat -m openrouter/a --provider openrouter\n{config}{}",
            failed("anthropic", "c")
        );
        silent(&LOG_OF_ANOTHER_SETTING, &chosen);
        // Without config.yaml the log itself names the provider.
        silent(&LOG_OF_ANOTHER_SETTING, &format!("--- log\n{}", failed("zai", "glm")));
    }
}
