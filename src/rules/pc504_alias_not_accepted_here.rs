//! PC504: an alias where Hermes wants the id of the provider.

use super::odd_names::{OddName, Oddity, report_odd};
use super::variables::is_like;
use super::{Context, Findings, declare_rule};
use crate::diagnostic::Safety;

declare_rule! {
    /// `model.provider` takes many aliases. Entries of the fallback chain and side tasks go another way in Hermes, which
    /// knows fewer: `ollama`, `hf`, `lm-studio` or `aws` find nothing there. Those that it does know, such as `google`,
    /// stay the fallback's name: the credential pool of `gemini`, and what Hermes does for `gemini` alone, are
    /// looked up under the id and not used. Write the id.
    ///
    /// ```yaml fires
    /// model: {provider: deepseek, default: deepseek-chat}
    /// fallback_providers:
    ///   - {provider: ollama, model: llama3, base_url: "http://localhost:11434/v1"}
    /// ```
    /// ```yaml silent
    /// model: {provider: google, default: gemini-3.1-pro}
    /// fallback_providers:
    ///   - {provider: custom, model: llama3, base_url: "http://localhost:11434/v1"}
    /// ```
    pub static ALIAS_NOT_ACCEPTED_HERE = {
        code: "PC504", name: "alias-not-accepted-here", severity: Warning, since: "0.1.0",
        fix: Some(Safety::Safe),
        what: "The alias `{name}` is not enough here",
        why: "{effect}",
        todo: "{way}",
        fix_title: "Write `{id}`",
        part unknown: "Fallbacks and side tasks know fewer aliases than `model.provider`, and not `{name}`: a fallback is skipped, a side task fails.",
        part write: "Write the id: {instead}.",
        part keyed: "Write `{id}`, which takes the key of {variable}. What `model.provider` takes `{name}` for wants a login.",
        part kept: "Hermes finds the endpoint of `{id}`, but the fallback stays `{name}`: the credential pool of `{id}`, and what Hermes does for `{id}` alone, are not used.",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    for odd in &context.odd_names {
        let effect = match &odd.oddity {
            Oddity::UnknownAlias(_) => "unknown",
            Oddity::KeptAlias(_) => "kept",
            _ => continue,
        };
        if let Some((id, variable)) = keyed(context, odd) {
            findings
                .report(&ALIAS_NOT_ACCEPTED_HERE, odd.place)
                .with("name", odd.name.as_str())
                .with("id", id)
                .with("variable", variable)
                .part("effect", effect)
                .part("way", "keyed");
            if odd.replacement(context.text_of(odd.place.source)).is_some() {
                findings.replace(odd.place, id);
            }
            continue;
        }
        report_odd(context, findings, &ALIAS_NOT_ACCEPTED_HERE, odd)
            .part("effect", effect)
            .part("way", "write");
    }
}

/// The provider that is called so as well and whose key is there, where the alias stands for one that takes a login only.
fn keyed(context: &Context<'_>, odd: &OddName) -> Option<(&'static str, &'static str)> {
    let facts = context.facts;
    let id = odd.id().filter(|id| facts.oauth_capable_providers.contains(id))?;
    if context.key_variable(id).is_some() {
        return None;
    }
    let name = [odd.name.to_ascii_uppercase().as_str(), "_KEY"].concat();
    let keyed = facts.providers.values().iter().filter(|row| row.auth_type == "api_key");
    keyed.filter(|row| is_like(facts, &name, &row.id)).find_map(|row| {
        let mut set = row.api_key_env_vars.iter().filter(|name| context.variables.contains(name));
        Some((row.id.as_str(), set.next()?.as_str()))
    })
}

#[cfg(test)]
mod tests {
    use super::ALIAS_NOT_ACCEPTED_HERE;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn the_id_is_written() {
        fires(
            &ALIAS_NOT_ACCEPTED_HERE,
            "\
--- config.yaml
fallback_providers:
- {provider: ollama, model: llama3, base_url: 'http://localhost:11434/v1'}
             ^^^^^^ PC504
- {provider: google, model: gemini-3.1-pro}
             ^^^^^^ PC504
auxiliary:
  vision: {provider: hf, model: m}
                     ^^ PC504
--- fixed config.yaml
fallback_providers:
- {provider: custom, model: llama3, base_url: 'http://localhost:11434/v1'}
- {provider: gemini, model: gemini-3.1-pro}
auxiliary:
  vision: {provider: huggingface, model: m}
--- says
and not `hf`: a fallback is skipped
the fallback stays `google`
",
        );
    }

    /// `qwen-oauth` takes a login; the key at hand is Alibaba's, and 0.19.0 uses it for `alibaba`.
    #[test]
    fn the_provider_whose_key_is_there() {
        fires(
            &ALIAS_NOT_ACCEPTED_HERE,
            "\
--- config.yaml
model: {provider: openrouter, default: m}
auxiliary:
  compression: {provider: qwen, model: qwen3-max}
                          ^^^^ PC504
--- .env
OPENROUTER_API_KEY=sk-or-fake-0000000000
DASHSCOPE_API_KEY=sk-fake-0000000000
--- fixed config.yaml
model: {provider: openrouter, default: m}
auxiliary:
  compression: {provider: alibaba, model: qwen3-max}
--- says
Write `alibaba`, which takes the key of DASHSCOPE_API_KEY
--- then
site: auxiliary.compression
nothing is found
",
        );
    }

    #[test]
    fn where_aliases_are_fine() {
        silent(
            &ALIAS_NOT_ACCEPTED_HERE,
            "\
--- config.yaml
model: {provider: ollama, base_url: 'http://localhost:11434/v1'}
auxiliary:
  vision: {provider: google, model: m}
fallback_providers:
- {provider: gemini, model: m}
- {provider: grok, model: m}
providers:
  grok: {base_url: 'http://localhost:8080/v1'}
",
        );
    }

    #[test]
    fn then_the_chain_holds_the_ids() {
        fires(
            &ALIAS_NOT_ACCEPTED_HERE,
            "\
--- config.yaml
model: {provider: deepseek, default: deepseek-chat}
fallback_providers:
- {provider: google, model: gemini-3.1-pro}
             ^^^^^^ PC504
- {provider: ollama, model: llama3, base_url: 'http://localhost:11434/v1'}
             ^^^^^^ PC504
--- .env
DEEPSEEK_API_KEY=sk-fake-deep-000000
GEMINI_API_KEY=AIza-fake-one-000000
--- fixed config.yaml
model: {provider: deepseek, default: deepseek-chat}
fallback_providers:
- {provider: gemini, model: gemini-3.1-pro}
- {provider: custom, model: llama3, base_url: 'http://localhost:11434/v1'}
--- then
fallback: gemini/gemini-3.1-pro, custom/llama3
nothing is found
",
        );
    }

    /// Asked: 0.19.0 passes over `custom` in the chain where it has no endpoint, as over `ollama`.
    #[test]
    fn custom_alone_would_be_no_better() {
        fires(
            &ALIAS_NOT_ACCEPTED_HERE,
            "\
--- config.yaml
model: {provider: deepseek, default: deepseek-chat}
fallback_providers:
- {provider: ollama, model: llama3}
             ^^^^^^ PC504
auxiliary: {vision: {provider: ollama, model: m}}
                               ^^^^^^ PC504
--- says
Write the id: `custom` + `base_url`.
",
        );
    }
}
