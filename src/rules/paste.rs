//! What the rules about characters that got lost on the way have in common.

use super::{Context, Findings, Rule, wordings};
use crate::readers::paste::Kind;
use crate::text::{Place, SourceKind};

/// Reports the damage of `kind` that the reader found, with its repair.
pub(super) fn paste_finding(context: &Context<'_>, findings: &mut Findings, rule: &'static Rule, kind: Kind) {
    let Some(damage) = context.paste.damage(kind) else { return };
    let mut finding = findings
        .report(rule, Place::new(SourceKind::Config, damage.place))
        .with("count", damage.count)
        .with("effect", wordings::effect(context.paste.breaks));
    let shown = damage.place.of(context.config_text());
    match kind {
        // What cannot be seen has a number.
        Kind::OddSpaces => {
            let code = shown.chars().next().map_or(0, u32::from);
            finding = finding.with("sign", format!("U+{code:04X}"));
        }
        Kind::Bullets | Kind::Colons | Kind::Quotes => finding = finding.with("sign", shown),
        Kind::Decoration | Kind::Tabs | Kind::Nesting => {}
    }
    if damage.edits.is_empty() {
        finding.done();
    } else {
        finding.fix(SourceKind::Config, damage.edits.clone());
    }
}
