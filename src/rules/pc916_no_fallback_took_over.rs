//! PC916: a fallback that was tried and not found.

use super::{Context, Findings, declare_rule};
use crate::readers::log::Kind;

declare_rule! {
    /// The gateway found no credential for the provider and tried the fallback chain. Where an entry can be used, the next line says
    /// `Fallback provider resolved: …`; without it the chain is empty, or no entry of it has a key.
    ///
    /// ```log fires
    /// 02:01:12 WARNING gateway.run: Primary provider auth failed: No usable credentials found for provider 'gemini'. — trying fallback
    /// 02:01:13 ERROR gateway.run: Agent error
    /// No usable credentials found for provider 'gemini'
    /// ```
    /// ```log silent
    /// 02:01:12 WARNING gateway.run: Primary provider auth failed: No usable credentials found for provider 'gemini'. — trying fallback
    /// 02:01:13 INFO gateway.run: Fallback provider resolved: openrouter model=m
    /// ```
    pub static NO_FALLBACK_TOOK_OVER = {
        code: "PC916", name: "no-fallback-took-over", severity: Warning, since: "0.1.0",
        fix: None,
        what: "The fallback chain was tried, and no entry of it took over",
        why: "An entry that can be used is logged as `Fallback provider resolved`, and no such line follows. {chain}",
        todo: "{todo}",
        command: "hermes fallback list",
        part empty: "The pasted config.yaml gives an empty chain.",
        part keyless: "The chain is empty, or each of its entries fails as well: for want of a key, or a provider that is not known.",
        part add: "Add an entry with `hermes fallback add`.",
        part look: "Look at the chain, and whether each entry has a key.",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    let told = &context.story.told;
    for (index, failed) in context.story.of_kind(Kind::PrimaryFailed) {
        let mut behind = told.iter().skip(index + 1).map(|told| told.event.kind).peekable();
        if behind.peek().is_none()
            || behind.take_while(|kind| *kind != Kind::PrimaryFailed).any(|kind| kind == Kind::FallbackFound)
        {
            continue;
        }
        let is_empty = context.config_root().is_some()
            && context.verdict().is_some_and(|verdict| verdict.fallback.is_empty());
        findings
            .report(&NO_FALLBACK_TOOK_OVER, failed.event.place)
            .part("chain", if is_empty { "empty" } else { "keyless" })
            .part("todo", if is_empty { "add" } else { "look" });
        return;
    }
}

#[cfg(test)]
mod tests {
    use super::NO_FALLBACK_TOOK_OVER;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn it_is_found_where_it_stands() {
        fires(
            &NO_FALLBACK_TOOK_OVER,
            r#"
--- log
02:01:12 WARNING gateway.run: Primary provider auth failed: No usable credentials found for provider 'gemini'. — trying fallback
^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PC916
02:01:13 ERROR gateway.run: Agent error
No usable credentials found for provider 'gemini'
"#,
        );
    }

    #[test]
    fn what_is_something_else() {
        silent(
            &NO_FALLBACK_TOOK_OVER,
            r#"
--- log
02:01:12 WARNING gateway.run: Primary provider auth failed: No usable credentials found for provider 'gemini'. — trying fallback
02:01:13 INFO gateway.run: Fallback provider resolved: openrouter model=m
"#,
        );
    }
}
