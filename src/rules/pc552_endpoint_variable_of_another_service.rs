//! PC552: a variable that gives a provider the endpoint of another service.

use super::variables::{FOR_MANY, Variable, variables};
use super::{Context, Findings, declare_rule, whole_lines};
use crate::base::sources::SourceKind;
use crate::base::text::{Place, Span};
use crate::diagnostic::Safety;
use crate::facts::services::Service;

declare_rule! {
    /// Each provider has a variable for its endpoint: `GEMINI_BASE_URL`, `DEEPSEEK_BASE_URL`. Hermes sends the provider's keys where it says.
    /// With the endpoint of another service there, the keys go to that one, which does not know them. The variables of OpenAI
    /// and Anthropic are left alone: many services take their own keys under these names.
    ///
    /// ```env fires
    /// GEMINI_API_KEY=AIza-fake-key-000000
    /// GEMINI_BASE_URL=https://openrouter.ai/api/v1
    /// ```
    /// ```env silent
    /// GEMINI_API_KEY=AIza-fake-key-000000
    /// GEMINI_BASE_URL=http://localhost:4000/v1
    /// ```
    pub static ENDPOINT_VARIABLE_OF_ANOTHER_SERVICE = {
        code: "PC552", name: "endpoint-variable-of-another-service", severity: Error, since: "0.1.0",
        fix: Some(Safety::Unsafe),
        what: "`{name}` sends the keys of `{provider}` to {site}",
        why: "Hermes takes it as the endpoint of `{provider}`, whatever service it belongs to.",
        todo: "Take the line out: Hermes knows the endpoint of `{provider}`.",
        fix_title: "Make the line a comment",
        label key: "this key is sent there",
    }
}

/// A variable with an endpoint of another service than its provider's.
pub(super) struct ForeignUrl<'c> {
    variable: Variable<'c>,
    provider: &'static str,
    site: &'static Service,
    key: Option<Place>,
    /// Where the endpoint is written.
    pub(super) place: Place,
}

/// The variables that send keys of their provider to another service; a key that is of that service is right there.
pub(super) fn foreign_urls<'c>(context: &'c Context<'_>) -> Vec<ForeignUrl<'c>> {
    let mut found = Vec::new();
    for variable in variables(context) {
        let Some(provider) = super::variables::provider_of_url(context.facts, variable.name) else {
            continue;
        };
        let Some(site) = Service::at(variable.value).filter(|_| !FOR_MANY.contains(&provider)) else {
            continue;
        };
        let own = context.facts.providers.get(provider).map_or("", |row| &row.inference_base_url);
        let Some(own) = Service::at(own).filter(|own| own.family != site.family) else { continue };
        let sent: Vec<_> = (context.destinations.iter())
            .filter(|sent| sent.provider == provider && sent.site == Some(site))
            .collect();
        let mut foreign = sent.iter().filter(|sent| sent.owner.is_none_or(|owner| owner == own));
        if let Some(first) = foreign.next() {
            let (key, place) = (first.key.place, variable.value_place);
            found.push(ForeignUrl { variable, provider, site, key, place });
        }
    }
    found
}

/// The variable that gives `provider` its endpoint, and where that is written.
pub(super) fn url_variable<'c>(context: &'c Context<'_>, provider: &str) -> Option<(&'c str, Place)> {
    let name = &context.facts.providers.get(provider)?.base_url_env_var;
    variables(context)
        .into_iter()
        .find(|variable| variable.name == name)
        .map(|variable| (variable.name, variable.value_place))
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    for url in foreign_urls(context) {
        findings
            .report(&ENDPOINT_VARIABLE_OF_ANOTHER_SERVICE, url.place)
            .with("name", url.variable.name)
            .with("provider", url.provider)
            .with("site", url.site.name.as_str())
            .label("key", url.key);
        let (source, entry) = (url.variable.source(), url.variable.entry_place.span);
        if source == SourceKind::Dotenv && whole_lines(context.text_of(source), entry).is_some() {
            findings.replace(Place::new(source, Span::at(entry.start)), "# ");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::ENDPOINT_VARIABLE_OF_ANOTHER_SERVICE;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn the_endpoint_of_another_service() {
        fires(
            &ENDPOINT_VARIABLE_OF_ANOTHER_SERVICE,
            "\
--- config.yaml
model: {provider: deepseek, default: m}
--- .env
DEEPSEEK_API_KEY=sk-fake-000000
DEEPSEEK_BASE_URL=https://api.x.ai/v1
                  ^^^^^^^^^^^^^^^^^^^ PC552
--- fixed .env
DEEPSEEK_API_KEY=sk-fake-000000
# DEEPSEEK_BASE_URL=https://api.x.ai/v1
--- says
`DEEPSEEK_BASE_URL` sends the keys of `deepseek` to xAI
--- then
endpoint: https://api.deepseek.com/v1
nothing is found
",
        );
    }

    #[test]
    fn proxies_regions_plans_and_names_for_many() {
        silent(
            &ENDPOINT_VARIABLE_OF_ANOTHER_SERVICE,
            "\
--- .env
GEMINI_API_KEY=AIza-fake-key-000000
GEMINI_BASE_URL=http://localhost:4000/v1
KIMI_API_KEY=sk-fake-000000
KIMI_BASE_URL=https://api.moonshot.cn/v1
DASHSCOPE_API_KEY=sk-fake-000000
DASHSCOPE_BASE_URL=https://dashscope.aliyuncs.com/compatible-mode/v1
GLM_API_KEY=fake.1234567890
GLM_BASE_URL=https://open.bigmodel.cn/api/paas/v4
ANTHROPIC_API_KEY=sk-fake-000000
ANTHROPIC_BASE_URL=https://api.deepseek.com/anthropic
OPENAI_API_KEY=sk-fake-000000
OPENAI_BASE_URL=https://api.groq.com/openai/v1
XAI_BASE_URL=https://openrouter.ai/api/v1
",
        );
    }

    /// A key of the service at that endpoint is right there.
    #[test]
    fn a_key_of_that_service() {
        silent(
            &ENDPOINT_VARIABLE_OF_ANOTHER_SERVICE,
            "--- .env\nDEEPSEEK_API_KEY=sk-or-v1-fake-000000\nDEEPSEEK_BASE_URL=https://openrouter.ai/api/v1\n",
        );
    }
}
