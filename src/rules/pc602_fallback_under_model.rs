//! PC602: the fallback chain under `model`.

use super::{Context, Findings, declare_rule};
use crate::base::sources::SourceKind;
use crate::base::text::{Edit, Span};
use crate::diagnostic::Safety;
use crate::hermes::fallback::FALLBACK_KEYS;
use crate::python::Entry;

declare_rule! {
    /// Hermes reads `fallback_providers` (and the older `fallback_model`) at the root of config.yaml only. Under
    /// `model` the key is never read, and when the provider fails there is no fallback.
    ///
    /// ```yaml fires
    /// model:
    ///   provider: xiaomi
    ///   fallback_providers:
    ///     - {provider: openrouter, model: m}
    /// ```
    /// ```yaml silent
    /// model:
    ///   provider: xiaomi
    /// fallback_providers:
    ///   - {provider: openrouter, model: m}
    /// ```
    pub static FALLBACK_UNDER_MODEL = {
        code: "PC602", name: "fallback-under-model", severity: Error, since: "0.1.0",
        fix: Some(Safety::Safe),
        what: "`{key}` is never read under `model`",
        why: "Hermes reads `{key}` at the root of config.yaml only. From here nothing goes into the fallback chain.",
        todo: "Move `{key}` and everything below it to the root, without indentation.",
        fix_title: "Move `{key}` to the root",
        label root: "this one is read",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    let Some(model) = context.config_at(&["model"]) else { return };
    let text = context.config_text();
    for key in FALLBACK_KEYS {
        let Some(entry) = model.value.as_dict().and_then(|dict| dict.entry(key)) else { continue };
        let Some(place) = entry.key.place.filter(|_| entry.value.value.is_true()) else { continue };
        let root = context.config_root().and_then(|root| root.value.as_dict()?.entry(key)?.key.place);
        findings.report(&FALLBACK_UNDER_MODEL, place).with("key", key).label("root", root);
        if let Some(whole) = model.place.filter(|_| root.is_none() && context.is_plain_key(place, key))
            && let Some(edits) = moved(text, entry, whole.span)
        {
            findings.fix(SourceKind::Config, edits);
        }
    }
}

/// The edits that move a block of lines behind the mapping `model` and take its indentation away. `None` where
/// it does not stand on lines of its own, has a comment left of it, or takes part in anchors.
fn moved(text: &str, entry: &Entry, model: Span) -> Option<Vec<Edit>> {
    let key = entry.key.place?.span;
    let start = text.get(..key.start)?.rfind('\n')? + 1;
    let indent = text.get(start..key.start)?;
    if indent.is_empty() || indent.contains(|c| c != ' ') {
        return None;
    }
    let end = end_of_lines(text, entry.value.place?.span.end.max(key.end));
    let mut block = String::new();
    for line in text.get(start..end)?.split_inclusive('\n') {
        let is_blank = line.trim().is_empty();
        block.push_str(if is_blank { line.trim_start_matches(' ') } else { line.strip_prefix(indent)? });
    }
    if block.contains(['&', '*']) {
        return None;
    }
    let target = end_of_lines(text, model.end);
    if target <= end {
        return Some(vec![Edit::replace(Span::new(start, end), block)]);
    }
    if !block.ends_with('\n') {
        block.push('\n');
    }
    if !text.get(..target)?.ends_with('\n') {
        block.insert(0, '\n');
    }
    Some(vec![Edit::delete(Span::new(start, end)), Edit::insert(target, block)])
}

/// The end of the line on which the content before `offset` ends.
fn end_of_lines(text: &str, offset: usize) -> usize {
    let content = text.get(..offset).unwrap_or("").trim_end().len();
    text.get(content..).and_then(|rest| rest.find('\n')).map_or(text.len(), |at| content + at + 1)
}

#[cfg(test)]
mod tests {
    use super::FALLBACK_UNDER_MODEL;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn the_block_moves_behind_model() {
        fires(
            &FALLBACK_UNDER_MODEL,
            "\
--- config.yaml
model:
  provider: xiaomi
  fallback_providers:   # when xiaomi is down
  ^^^^^^^^^^^^^^^^^^ PC602
    - provider: openrouter
      # cheap
      model: a

    - provider: deepseek
      model: b
  default: mimo-v2

agent: {}
--- fixed config.yaml
model:
  provider: xiaomi
  default: mimo-v2
fallback_providers:   # when xiaomi is down
  - provider: openrouter
    # cheap
    model: a

  - provider: deepseek
    model: b

agent: {}
",
        );
    }

    #[test]
    fn the_last_block_stays_where_it_is() {
        fires(
            &FALLBACK_UNDER_MODEL,
            "\
--- config.yaml
model:
    provider: xiaomi
    fallback_model:
    ^^^^^^^^^^^^^^ PC602
    - provider: openrouter
      model: a
# next
agent: {}
--- fixed config.yaml
model:
    provider: xiaomi
fallback_model:
- provider: openrouter
  model: a
# next
agent: {}
",
        );
    }

    #[test]
    fn what_cannot_be_moved_by_lines_is_only_told() {
        for config in [
            "model: {provider: xiaomi, fallback_model: {provider: openrouter, model: a}}",
            "model:\n  fallback_model:\n    provider: openrouter\n# here\n    model: a\n  provider: xiaomi",
            "model:\n  fallback_model: {provider: openrouter, model: a}\nfallback_model: {provider: deepseek, model: b}",
            "model:\n  fallback_model: &f {provider: openrouter, model: a}\n  x: *f",
        ] {
            let report = crate::rules::testing::report(&format!("--- config.yaml\n{config}\n"));
            let finding = report.findings.iter().find(|finding| finding.code.as_str() == "PC602").unwrap();
            assert!(finding.fix.is_none(), "{config}");
        }
    }

    #[test]
    fn at_the_root_it_is_read() {
        silent(
            &FALLBACK_UNDER_MODEL,
            "--- config.yaml\nmodel: {provider: xiaomi, fallback_providers: []}\nfallback_providers: [{provider: openrouter, model: m}]\n",
        );
    }

    #[test]
    fn then_the_chain_is_read() {
        fires(
            &FALLBACK_UNDER_MODEL,
            "\
--- config.yaml
model:
  provider: xiaomi
  default: mimo-v2
  fallback_providers:
  ^^^^^^^^^^^^^^^^^^ PC602
  - {provider: openrouter, model: a}
  - {provider: deepseek, model: b}
--- .env
XIAOMI_API_KEY=fake-xiaomi-000000
OPENROUTER_API_KEY=sk-or-fake-000000
DEEPSEEK_API_KEY=sk-fake-deep-000000
--- fixed config.yaml
model:
  provider: xiaomi
  default: mimo-v2
fallback_providers:
- {provider: openrouter, model: a}
- {provider: deepseek, model: b}
--- then
fallback: openrouter/a, deepseek/b
Hermes uses XIAOMI_API_KEY (env:XIAOMI_API_KEY) for xiaomi
nothing is found
",
        );
    }
}
