//! PC906: a pasted listing whose arrow stands at another entry than the one that the pasted files come to.

use super::pc901_listing_of_another_store::label_of;
use super::{Context, Findings, declare_rule};
use crate::facts::strategies::FILL_FIRST;
use crate::hermes::Origin;
use crate::python::equal;

declare_rule! {
    /// `hermes auth list` marks the entry that Hermes uses next. By the pasted auth.json and the variables it is another one:
    /// the files are newer or older than the listing, or of another Hermes home. The answer is for the files.
    ///
    /// ```text fires
    /// --- config.yaml
    /// model: {provider: gemini}
    /// --- auth.json
    /// {"version": 1, "providers": {}, "credential_pool": {"gemini": [
    ///   {"id": "a1", "label": "one", "auth_type": "api_key", "priority": 0, "source": "manual", "access_token": "AIza-fake-1-000000",
    ///    "base_url": "https://generativelanguage.googleapis.com/v1beta"},
    ///   {"id": "a2", "label": "two", "auth_type": "api_key", "priority": 1, "source": "manual", "access_token": "AIza-fake-2-000000",
    ///    "base_url": "https://generativelanguage.googleapis.com/v1beta"}]}}
    /// --- hermes auth list
    /// gemini (2 credentials):
    ///   #1  one                  api_key manual rate-limited (429) (41m 2s left)
    ///   #2  two                  api_key manual ←
    /// ```
    /// ```text silent
    /// --- config.yaml
    /// model: {provider: gemini}
    /// --- auth.json
    /// {"version": 1, "providers": {}, "credential_pool": {"gemini": [
    ///   {"id": "a1", "label": "one", "auth_type": "api_key", "priority": 0, "source": "manual", "access_token": "AIza-fake-1-000000",
    ///    "base_url": "https://generativelanguage.googleapis.com/v1beta"}]}}
    /// --- hermes auth list
    /// gemini (1 credentials):
    ///   #1  one                  api_key manual ←
    /// ```
    pub static ARROW_AT_ANOTHER_ROW = {
        code: "PC906", name: "arrow-at-another-row", severity: Warning, since: "0.1.0",
        fix: None,
        what: "The listing has its arrow at `{listed}`, and by the pasted files Hermes uses `{ours}`",
        why: "The arrow marks the entry that is used next. The listing and the files are not of the same time, or not of the same Hermes.",
        todo: "List the pool again, with the files as they are now: that listing shows what Hermes uses.",
        command: "hermes auth list {provider}",
        label ours: "this entry is used by the files",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    let world = context.world;
    let rests_still = |passed: f64| {
        let mut resting = context.listing.rows.iter().filter_map(|row| row.status.as_ref());
        resting.all(|status| status.seconds_left.is_some_and(|left| left as f64 > passed))
    };
    // The arrow is where it was, as long as no row has come back since.
    let is_of_now = world.listing_taken_at.is_none_or(|taken| {
        let passed = world.now - taken;
        passed == 0.0 || passed > 0.0 && rests_still(passed)
    });
    let Ok(verdict) = context.verdict else { return };
    let (Some(winner), Some(pool)) = (&verdict.winner, &verdict.pool) else { return };
    let Origin::Pool { provider, .. } = &winner.origin else { return };
    // Where auth.json was not pasted, its rows are those of the listing. By another strategy the arrow moves.
    if !is_of_now
        || !world.given.auth_store.is_given()
        || *provider != pool.provider
        || pool.strategy != FILL_FIRST
    {
        return;
    }
    let of_pool = |label: &str| label_of(&pool.provider, label);
    let ours = of_pool(&winner.label);
    let id_of = |label: &str| {
        let mut own =
            pool.entries.iter().filter(|entry| of_pool(entry.field("label").as_str().unwrap_or("")) == label);
        own.next().map(|entry| entry.field("id"))
    };
    let mut rows = context.listing.rows.iter().filter(|row| row.provider.as_deref() == Some(&pool.provider));
    let Some(arrow) = rows.find(|row| row.is_current) else { return };
    let listed = of_pool(&arrow.label.text);
    // Rows that only one of the two has are other rules' matter, and of rows with one id Hermes shows the first.
    if listed != ours
        && let (Some(listed), Some(ours)) = (id_of(&listed), id_of(&ours))
        && !equal(listed, ours)
    {
        findings
            .report(&ARROW_AT_ANOTHER_ROW, arrow.label.place)
            .with("listed", arrow.label.text.as_str())
            .with("ours", winner.label.as_str())
            .with("provider", pool.provider.as_str())
            .label("ours", winner.entry_place.or(winner.place));
    }
}

#[cfg(test)]
mod tests {
    use super::ARROW_AT_ANOTHER_ROW;
    use crate::rules::testing::{fires, silent};

    const FILES: &str = r#"--- config.yaml
model: {provider: gemini}
--- auth.json
{"version": 1, "providers": {}, "credential_pool": {"gemini": [
  {"id": "a1", "label": "one", "priority": 0, "source": "manual", "auth_type": "api_key", "access_token": "AIza-fake-1-000000"},
  {"id": "a2", "label": "two", "priority": 1, "source": "manual", "auth_type": "api_key", "access_token": "AIza-fake-2-000000"}]}}
--- hermes auth list
"#;

    #[test]
    fn a_listing_from_before_a_cooldown_was_over() {
        let listing = "\
gemini (2 credentials):
  #1  one                  api_key manual rate-limited (429) (41m 2s left)
  #2  two                  api_key manual ←
      ^^^ PC906
--- says
arrow at `two`, and by the pasted files Hermes uses `one`
hermes auth list gemini
";
        fires(&ARROW_AT_ANOTHER_ROW, &[FILES, listing].concat());
    }

    #[test]
    fn the_same_entry_one_that_only_one_of_both_has_and_another_strategy() {
        for listing in [
            "gemini (2 credentials):\n  #1  one                  api_key manual ←\n  #2  two                  api_key manual\n",
            "gemini (3 credentials):\n  #1  three                api_key manual ←\n  #2  one                  api_key manual\n  #3  two                  api_key manual\n",
        ] {
            silent(&ARROW_AT_ANOTHER_ROW, &[FILES, listing].concat());
        }
        let turns = FILES.replace(
            "{provider: gemini}",
            "{provider: gemini}\ncredential_pool_strategies: {gemini: round_robin}",
        );
        let listing = "gemini (2 credentials):\n  #1  one                  api_key manual\n  #2  two                  api_key manual ←\n";
        silent(&ARROW_AT_ANOTHER_ROW, &[&turns, listing].concat());
    }
}
