//! PC814: a pool that still rests beside the command that ends its cooldowns.

use super::calls::place;
use super::{Context, Findings, declare_rule};
use crate::base::collections::TextMap;
use crate::hermes::commands::Adds;
use crate::readers::listing::Listing;

declare_rule! {
    /// `hermes auth reset` ends the cooldowns in auth.json at once, yet the listing still shows one. A Hermes that runs meanwhile has the pool
    /// in its memory: it does not see the reset, and the next time that it stores something it writes the old cooldown back. Releases 0.20.x
    /// say "Reset status" and change nothing as long as the time runs (#84711, mended by #103635 in 0.21.1).
    ///
    /// ```text fires
    /// --- commands
    /// hermes auth reset gemini
    /// --- hermes auth list
    /// gemini (1 credentials):
    ///   #1  aistudio-1           api_key manual rate-limited (429) (58m 20s left)
    /// ```
    /// ```text silent
    /// --- commands
    /// hermes auth reset gemini
    /// --- hermes auth list
    /// gemini (1 credentials):
    ///   #1  aistudio-1           api_key manual ←
    /// ```
    pub static RESET_WITHOUT_EFFECT = {
        code: "PC814", name: "reset-without-effect", severity: Info, since: "0.1.0",
        fix: None,
        what: "The listing shows `{provider}` in cooldown, beside the command that ends it",
        why: "The command ends cooldowns in auth.json. {running}Releases 0.20.x say that they did and change nothing as long as the time runs; since 0.21.1 it works.",
        todo: "End all that runs, the gateway too, then reset and list again. With 0.20.x update Hermes.",
        command: "hermes auth reset {provider}\nhermes auth list {provider}",
        label resting: "still in cooldown",
        part running: "A Hermes that runs keeps the pool in its memory and writes the old cooldown back. ",
        part unknown: "",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    let mut resets = context.calls.iter().filter(|call| call.path() == "auth reset" && call.is_whole());
    let Some(listing) = context.world.given.listing.text() else { return };
    let mut resting = TextMap::new();
    for row in Listing::of(listing).rows {
        let left = row.status.and_then(|status| status.seconds_left).unwrap_or(0);
        if let Some(provider) = row.provider.filter(|_| left > 0) {
            resting.insert(&provider, row.place);
        }
    }
    let still_resting = resets.find_map(|call| match (call.provider(), &call.adds) {
        (Some((_, word)), Some(Ok(Adds::Key(pool) | Adds::Login(pool)))) => {
            Some((word, pool, *resting.get(pool)?))
        }
        _ => None,
    });
    let Some((word, pool, row)) = still_resting else { return };
    // What a running 0.21.4 does with a reset of another process was not read.
    let running = if context.is_read_only() { "unknown" } else { "running" };
    findings
        .report(&RESET_WITHOUT_EFFECT, place(word.span))
        .with("provider", pool.as_str())
        .part("running", running)
        .label("resting", Some(row));
}

#[cfg(test)]
mod tests {
    use super::RESET_WITHOUT_EFFECT;
    use crate::rules::testing::{fires, silent};

    const LISTING: &str = "
--- hermes auth list
gemini (2 credentials):
  #1  aistudio-1           api_key manual rate-limited (429) (58m 20s left)
  #2  aistudio-2           api_key manual rate-limited (429) (ready to retry)
";

    #[test]
    fn a_terminal_as_it_is_pasted() {
        let commands = "\
--- commands
$ hermes auth reset gemini
                    ^^^^^^ PC814
Reset status on 2 gemini credentials
$ hermes auth list gemini
";
        let says = "--- says\nwrites the old cooldown back\n";
        fires(&RESET_WITHOUT_EFFECT, &[commands, LISTING, says].concat());
        let newer = ["--- release 0.21.4\n", commands, LISTING, "--- says\nsince 0.21.1 it works\n"].concat();
        fires(&RESET_WITHOUT_EFFECT, &newer);
    }

    #[test]
    fn another_provider_a_cooldown_that_is_over_and_a_command_alone() {
        silent(&RESET_WITHOUT_EFFECT, &["--- commands\nhermes auth reset zai\n", LISTING].concat());
        silent(&RESET_WITHOUT_EFFECT, "--- commands\nhermes auth reset gemini\n");
        let over = LISTING.replace("58m 20s left", "ready to retry");
        silent(&RESET_WITHOUT_EFFECT, &["--- commands\nhermes auth reset gemini\n", &over].concat());
    }
}
