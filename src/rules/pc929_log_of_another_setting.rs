//! PC929: a log whose requests went to another provider, model or endpoint than the pasted files come to.

use super::{Context, Findings, declare_rule};
use crate::hermes::runtime::base_url_hostname;
use crate::python::{lower, strip};
use crate::readers::log::{Event, Kind};

declare_rule! {
    /// A failed request is logged with the provider, the model and the endpoint that it went to. Where these are not those that the
    /// pasted files come to, nor those of a fallback or a side task, the two do not belong together: the process began before the
    /// change, the conversation has a model of its own (`/model`), or Hermes runs with another home or profile.
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
        what: "This request went to {what} `{logged}`, and what you pasted comes to `{used}`",
        why: "Hermes logs what it used. Then it did not use these files as they are now: it was started before they were changed, the conversation has a model of its own (`/model`), or it runs with another home or profile.",
        todo: "Start Hermes and its gateway anew, and begin a new conversation (`/new`). If the log stays the same, paste the files of the user, and of the HERMES_HOME, that it is from.",
        command: "hermes gateway restart",
        part provider: "the provider",
        part model: "the model",
        part endpoint: "the endpoint",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    let Some(verdict) = context.verdict().filter(|_| context.config_root().is_some()) else { return };
    let requests: Vec<&Event> = context.story.of_kind(Kind::Failed).map(|(_, told)| &told.event).collect();
    let canonical = |name: &str| {
        let name = lower(strip(name));
        if name.starts_with("custom") {
            return "custom".to_owned();
        }
        context.pool_names.canonical(&name).map_or(name, str::to_owned)
    };
    let endpoint = context.runtime().map_or("", |runtime| runtime.base_url.as_str());
    let host = |url: &str| base_url_hostname(url).unwrap_or_default();
    let of_verdict = [
        ("provider", verdict.provider.as_deref().unwrap_or_default()),
        ("model", verdict.model.as_deref().unwrap_or_default()),
        ("endpoint", endpoint),
    ];
    for (part, used) in of_verdict {
        let plain = |text: &str| match part {
            "provider" => canonical(text),
            "endpoint" => host(text),
            _ => lower(strip(text)),
        };
        let own = plain(used);
        // The last one counts; one that agrees with the files shows that they are those of the log.
        let logged = requests.iter().filter_map(|event| event.field(part));
        let last = logged.clone().next_back().filter(|_| !own.is_empty());
        let Some(last) = last.filter(|last| !plain(&last.text).is_empty()) else { continue };
        if logged.into_iter().any(|printed| plain(&printed.text) == own)
            || is_written(context, &plain(&last.text), &plain)
        {
            continue;
        }
        findings
            .report(&LOG_OF_ANOTHER_SETTING, last.place)
            .with("logged", last.text.as_str())
            .with("used", used)
            .part("what", part);
        // Where the provider is another one, so is the rest.
        return;
    }
}

/// Whether something in config.yaml beside what decides the verdict has this value: a fallback, a side task, a delegate.
fn is_written(context: &Context<'_>, logged: &str, plain: &dyn Fn(&str) -> String) -> bool {
    context.settings.iter().any(|setting| {
        setting.section != "model"
            && setting.entry.value.value.as_str().is_some_and(|text| plain(text) == logged)
    })
}

#[cfg(test)]
mod tests {
    use super::LOG_OF_ANOTHER_SETTING;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn another_provider_another_model_another_endpoint() {
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
        fires(
            &LOG_OF_ANOTHER_SETTING,
            "\
--- config.yaml
model: {provider: gemini, default: gemini-flash}
--- log
⚠️  API call failed (attempt 1/3): RateLimitError [HTTP 429]
   🔌 Provider: gemini  Model: gemini-pro
                              ^^^^^^^^^^ PC929
--- says
comes to `gemini-flash`
",
        );
        fires(
            &LOG_OF_ANOTHER_SETTING,
            "\
--- config.yaml
model: {provider: custom, default: m, base_url: 'https://new.example/v1', api_key: fake-key-000000}
--- log
⚠️  API call failed (attempt 1/3): RateLimitError [HTTP 429]
   🔌 Provider: custom  Model: m
   🌐 Endpoint: https://old.example/v1
               ^^^^^^^^^^^^^^^^^^^^^^ PC929
--- says
went to the endpoint `https://old.example/v1`
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
        // Without config.yaml the log itself names the provider.
        silent(&LOG_OF_ANOTHER_SETTING, &format!("--- log\n{}", failed("zai", "glm")));
    }
}
