//! What the rules about characters that got lost on the way have in common.

use super::context::config_place;
use super::{Context, Findings, Rule, wordings};
use crate::base::sources::SourceKind;
use crate::readers::paste::Kind;

/// Reports the damage of `kind` that the reader found, with its repair.
pub(super) fn paste_finding(context: &Context<'_>, findings: &mut Findings, rule: &'static Rule, kind: Kind) {
    let Some(damage) = context.paste.damage(kind) else { return };
    let shown = damage.place.of(context.config_text());
    findings
        .report(rule, config_place(damage.place))
        .with("count", damage.count)
        .with("effect", wordings::effect(context, context.paste.breaks));
    match kind {
        // What cannot be seen has a number.
        Kind::OddSpaces => {
            let code = shown.chars().next().map_or(0, u32::from);
            findings.with("sign", format!("U+{code:04X}"));
        }
        Kind::Bullets | Kind::Colons | Kind::Quotes => {
            findings.with("sign", shown);
        }
        Kind::Escapes | Kind::Decoration | Kind::Tabs | Kind::Nesting => {}
    }
    if !damage.edits.is_empty() {
        findings.repair(SourceKind::Config, damage.edits.clone());
    }
}
