//! All wordings, of which `cargo xtask wasm` makes the English catalogue and the tests compare the others with.

use crate::diagnostic::{Template, loss_reasons, messages};
use crate::report::{markdown, parts, releases, rotation, steps, timeline, topics, view, words};
use crate::rules;

/// All English wordings that the core says. Those of the page stand with the page.
///
/// ```
/// let mut ids = poolcheck::wordings::all_templates().map(|template| template.id());
/// assert!(ids.any(|id| id == "PC301.what"));
/// ```
pub fn all_templates() -> impl Iterator<Item = &'static Template> {
    let lists = [
        messages::TEMPLATES,
        loss_reasons::TEMPLATES,
        words::TEMPLATES,
        view::TEMPLATES,
        markdown::TEMPLATES,
        parts::TEMPLATES,
        releases::TEMPLATES,
        rotation::TEMPLATES,
        steps::TEMPLATES,
        timeline::TEMPLATES,
        topics::TEMPLATES,
        rules::wordings::TEMPLATES,
        #[cfg(feature = "cli")]
        crate::cli::TEMPLATES,
    ];
    let of_rules = rules::RULES.iter().flat_map(|rule| rule.templates());
    lists.into_iter().flatten().copied().chain(of_rules)
}
