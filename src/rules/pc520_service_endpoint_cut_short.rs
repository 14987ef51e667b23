//! PC520: the endpoint of a service that is known, without a part of its path or of its scheme.

use super::settings::{Setting, is_block, text_in};
use super::variables::variables;
use super::{Context, Findings, declare_rule};
use crate::base::text::{Place, Search, Span};
use crate::diagnostic::Safety;
use crate::facts::services::Service;
use crate::python::{strip, urlparse};

declare_rule! {
    /// Hermes uses an endpoint as it stands, and adds `/chat/completions` or the like: `https://api.openai.com` becomes
    /// `https://api.openai.com/chat/completions`, while OpenAI answers under `/v1`. Of the services whose endpoint Hermes' tables or
    /// a public page of the service name, this tells of a path that stops short of it, and of `http://`, over which the key goes out
    /// unencrypted. Of a host that is in no table nothing is said. Google has two: Hermes' provider `gemini` takes `/v1beta`, an
    /// endpoint of one's own `/v1beta/openai`.
    ///
    /// ```yaml fires
    /// model: {provider: custom, default: gpt-5, base_url: "https://api.openai.com"}
    /// ```
    /// ```yaml silent
    /// model: {provider: custom, default: gpt-5, base_url: "https://api.openai.com/v1"}
    /// ```
    pub static SERVICE_ENDPOINT_CUT_SHORT = {
        code: "PC520", name: "service-endpoint-cut-short", severity: Warning, since: "0.1.0",
        fix: Some(Safety::Unsafe),
        what: "{what}",
        why: "{why}",
        todo: "{way}",
        fix_title: "Write `{endpoint}`",
        part short: "`{key}` is not the whole endpoint of {service}",
        part plain: "`{key}` goes to {service} without encryption",
        part added: "Hermes sends requests to this address with nothing but their own path behind it, and the endpoint of {service} is {endpoint}.",
        part readable: "Requests, and the key in them, go out over `http://` as they stand.",
        part write: "Write `{endpoint}`.",
    }
}

/// Where an endpoint of one's own speaks to Google in OpenAI's form (`hermes_cli/runtime_provider.py` names it).
const GOOGLE: &str = "https://generativelanguage.googleapis.com/v1beta/openai";

/// Shorter addresses that services answer at as well, as their own pages say (api-docs.deepseek.com, novita.ai/docs), and one that is not
/// known well enough.
const ALSO: [&str; 3] = ["api.deepseek.com/", "api.novita.ai/openai", "api.deepinfra.com/v1"];

fn check(context: &Context<'_>, findings: &mut Findings) {
    for setting in &context.settings {
        let Some((url, place)) = setting.endpoint() else { continue };
        let Some(is_gemini) = used_by_gemini(context, setting, url) else { continue };
        let Some(found) = Found::of(context, url, is_gemini) else { continue };
        found.report(findings, setting.key(), place);
        if let Some(span) = text_in(context.config_text(), place, url).filter(|_| found.is_sure) {
            findings.replace(Place::new(place.source, span), &found.endpoint);
        }
    }
    let Some(runtime) = context.runtime().filter(|runtime| speaks_openai(runtime.api_mode.as_deref())) else {
        return;
    };
    for variable in variables(context) {
        let url = strip(variable.value);
        if url.trim_end_matches('/') != runtime.base_url.trim_end_matches('/') {
            continue;
        }
        let Some(found) = Found::of(context, url, runtime.provider == "gemini") else { continue };
        found.report(findings, variable.name, variable.value_place);
        if found.is_sure && variable.is_literal(context) {
            // White space around the value may stay.
            let start = variable.value.len() - variable.value.trim_start().len();
            let part = Span::new(start, variable.value.trim_end().len());
            findings.replace(variable.part_place(context, part), &found.endpoint);
        }
    }
}

/// What is wrong with an endpoint, and the whole one.
struct Found {
    service: &'static Service,
    endpoint: String,
    /// Whether nothing else can be meant.
    is_sure: bool,
    is_plain: bool,
}

impl Found {
    fn of(context: &Context<'_>, url: &str, is_gemini: bool) -> Option<Self> {
        let parsed = urlparse(url).filter(|_| !url.contains(['$', '?', '#']))?;
        let host = parsed.hostname().filter(|host| *host == parsed.netloc.to_ascii_lowercase())?;
        let service = Service::at(url)?;
        let path = parsed.path.trim_matches('/');
        let facts = context.facts;
        let defaults = facts.providers.values().iter().map(|row| row.inference_base_url.as_str());
        let mut known: Vec<(&str, String)> = Vec::new();
        for own in [service.endpoint.as_str()].into_iter().chain(defaults) {
            let Some(its) = urlparse(own).filter(|its| its.hostname().as_deref() == Some(&host)) else {
                continue;
            };
            let own = if service.id == "google" && !is_gemini { GOOGLE } else { own };
            let its = if own == GOOGLE { urlparse(own)? } else { its };
            let its = its.path.trim_matches('/').to_owned();
            if known.iter().all(|(_, path)| *path != its) {
                known.push((own, its));
            }
        }
        if known.is_empty() {
            return None;
        }
        if parsed.scheme == "http" {
            let endpoint = ["https", url.get("http".len()..)?].concat();
            return Some(Self { service, endpoint, is_sure: true, is_plain: true });
        }
        let is_whole = known.iter().any(|(_, its)| its == path)
            || ALSO.contains(&[&host, "/", path].concat().as_str())
            || is_gemini && parsed.path.holds("/openai");
        if parsed.scheme != "https" || is_whole {
            return None;
        }
        let goes_on =
            |its: &str| path.is_empty() || its.strip_prefix(path).is_some_and(|rest| rest.starts_with('/'));
        let longer: Vec<&str> = known.iter().filter(|(_, its)| goes_on(its)).map(|(own, _)| *own).collect();
        let endpoint = (*longer.first()?).to_owned();
        Some(Self { service, endpoint, is_sure: longer.len() == 1, is_plain: false })
    }

    fn report(&self, findings: &mut Findings, key: &str, place: Place) {
        findings
            .report(&SERVICE_ENDPOINT_CUT_SHORT, place)
            .with("key", key)
            .with("service", self.service.name.as_str())
            .with("endpoint", self.endpoint.as_str())
            .part("what", if self.is_plain { "plain" } else { "short" })
            .part("why", if self.is_plain { "readable" } else { "added" })
            .part("way", "write");
    }
}

/// Whether requests are in OpenAI's form: those in Anthropic's have other endpoints.
fn speaks_openai(api_mode: Option<&str>) -> bool {
    matches!(api_mode, Some("chat_completions" | "codex_responses"))
}

/// Whether the provider `gemini` sends requests to this endpoint; `None` where nothing does as it stands, or in another form than
/// OpenAI's.
fn used_by_gemini(context: &Context<'_>, setting: &Setting<'_>, url: &str) -> Option<bool> {
    let text =
        |name: &str| setting.mapping.get(name).and_then(|node| node.value.as_str()).map(strip).unwrap_or("");
    if [text("api_mode"), text("transport")].iter().any(|mode| mode.holds("anthropic")) {
        return None;
    }
    match setting.section {
        section if is_block(section) => Some(false),
        "fallback_providers" | "fallback_model" | "auxiliary" | "delegation" => {
            text("provider").eq_ignore_ascii_case("custom").then_some(false)
        }
        _ => {
            let runtime = context.runtime()?;
            let is_used =
                runtime.base_url == url.trim_end_matches('/') && speaks_openai(runtime.api_mode.as_deref());
            is_used.then_some(runtime.provider == "gemini")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::SERVICE_ENDPOINT_CUT_SHORT;
    use crate::rules::testing::{fires, silent};

    /// Asked of 0.19.0: each is the endpoint as it stands.
    #[test]
    fn the_path_is_written_out() {
        for (short, key, whole) in [
            ("https://api.openai.com", "sk-proj-fake-000000", "https://api.openai.com/v1"),
            ("https://openrouter.ai/api/", "sk-or-fake-000000", "https://openrouter.ai/api/v1"),
            ("https://api.groq.com/openai", "gsk_fake000000", "https://api.groq.com/openai/v1"),
            (
                "https://generativelanguage.googleapis.com/v1beta",
                "AIza-fake-000000",
                "https://generativelanguage.googleapis.com/v1beta/openai",
            ),
            ("http://api.mistral.ai/v1", "fake-mistral-000000", "https://api.mistral.ai/v1"),
        ] {
            let rest = format!("  key_env: BOX_KEY\n--- .env\nBOX_KEY={key}\n");
            fires(
                &SERVICE_ENDPOINT_CUT_SHORT,
                &format!(
                    "--- config.yaml\nmodel: {{provider: 'custom:box', default: m}}\ncustom_providers:\n- name: box\n  base_url: {short}\n            {} PC520\n{rest}\
                     --- fixed config.yaml\nmodel: {{provider: 'custom:box', default: m}}\ncustom_providers:\n- name: box\n  base_url: {whole}\n  key_env: BOX_KEY\n\
                     --- then\nendpoint: {whole}\n",
                    "^".repeat(short.len())
                ),
            );
        }
    }

    #[test]
    fn a_provider_of_hermes_and_its_variable() {
        fires(
            &SERVICE_ENDPOINT_CUT_SHORT,
            "\
--- config.yaml
model: {provider: zai, default: m, base_url: 'https://api.z.ai'}
                                             ^^^^^^^^^^^^^^^^^^ PC520
--- .env
GLM_API_KEY=0123456789abcdef0123456789abcdef.fakefakefakefake
--- fixed config.yaml
model: {provider: zai, default: m, base_url: 'https://api.z.ai/api/paas/v4'}
--- says
the endpoint of Z.AI is https://api.z.ai/api/paas/v4
",
        );
        fires(
            &SERVICE_ENDPOINT_CUT_SHORT,
            "\
--- config.yaml
model: {provider: openai-api, default: m}
--- .env
OPENAI_API_KEY=sk-proj-fake-000000
OPENAI_BASE_URL=https://api.openai.com
                ^^^^^^^^^^^^^^^^^^^^^^ PC520
--- fixed .env
OPENAI_API_KEY=sk-proj-fake-000000
OPENAI_BASE_URL=https://api.openai.com/v1
--- then
endpoint: https://api.openai.com/v1
nothing is found
",
        );
    }

    #[test]
    fn whole_ones_other_hosts_and_what_is_not_used() {
        for (provider, url) in [
            ("custom", "https://api.openai.com/v1"),
            ("custom", "https://api.deepseek.com"),
            ("deepseek", "https://api.deepseek.com/"),
            ("custom", "https://api.novita.ai/openai"),
            ("custom", "https://generativelanguage.googleapis.com/v1beta/openai/"),
            ("gemini", "https://generativelanguage.googleapis.com/v1beta"),
            ("gemini", "https://generativelanguage.googleapis.com/v1beta/openai"),
            ("anthropic", "https://api.anthropic.com/v1"),
            ("custom", "https://llm.example.com"),
            ("custom", "http://localhost:4000"),
            ("custom", "https://api.perplexity.ai"),
            ("zai", "https://api.z.ai/api/coding/paas/v4"),
            // Hermes does not take it: PC210.
            ("openrouter", "https://openrouter.ai/api"),
        ] {
            silent(
                &SERVICE_ENDPOINT_CUT_SHORT,
                &format!(
                    "--- config.yaml\nmodel: {{provider: {provider}, default: m, base_url: '{url}', api_key: fake-key-000000}}\n--- .env\nDEEPSEEK_API_KEY=sk-fake-1-000000\nGLM_API_KEY=0123456789abcdef0123456789abcdef.fakefakefakefake\nGEMINI_API_KEY=AIza-fake-000000\n"
                ),
            );
        }
    }
}
