//! What `hermes auth list` printed, as people paste it: with the command and prompts around, with `#` or the arrow lost,
//! rows wrapped, several providers in one text, or in the newer form with `id=… priority=…`.

mod wrap;

use self::wrap::{rejoined, rejoined_heading};
use super::commands::is_bare_prompt;
use super::part::{Part, Printed};
use crate::base::collections::TextMap;
use crate::base::sources::SourceKind;
use crate::base::text::{COLON, Chars, DIGIT, Place, Search, Span, WHITE};

/// What `auth_type` is printed as: `AUTH_TYPE_API_KEY` and `AUTH_TYPE_OAUTH` of `agent/credential_pool.py`.
const AUTH_TYPES: [&str; 2] = ["api_key", "oauth"];

/// How a status begins: `_classify_exhausted_status` of `hermes_cli/auth_commands.py`.
const STATUS_HEADS: [&str; 3] = ["rate-limited", "auth failed", "exhausted"];

/// The arrow behind the entry that is next, and what becomes of it where it cannot be pasted.
const ARROWS: [&str; 5] = ["←", "⬅\u{fe0f}", "⬅", "<--", "<-"];

/// A heading: `gemini (3 credentials):`.
#[derive(Clone)]
pub struct ListedPool {
    /// The provider.
    pub provider: Printed,
    /// The number of entries that the heading names.
    pub count: u64,
}

/// A row: `#1  GOOGLE_API_KEY       api_key env:GOOGLE_API_KEY ←`.
#[derive(Clone)]
pub struct ListedRow {
    /// The provider of the heading above; `None` where that was not pasted.
    pub provider: Option<String>,
    /// The number behind `#`.
    pub index: u64,
    /// The entry's label; its text is empty for an entry without one.
    pub label: Printed,
    /// `api_key`, `oauth`, ….
    pub auth_type: Printed,
    /// The source as printed: `manual:` in front of another source is left out there.
    pub source: Printed,
    /// The entry's id, which only newer releases print.
    pub id: Option<Printed>,
    /// The entry's priority, which only newer releases print.
    pub priority: Option<i64>,
    /// The status, for an entry that has one.
    pub status: Option<ListedStatus>,
    /// Whether the arrow marks this entry as the next one.
    pub is_current: bool,
    /// The whole row.
    pub place: Place,
}

impl ListedRow {
    /// The variable that the row's key comes from, of the source `env:NAME`.
    pub fn variable(&self) -> Option<&str> {
        self.source.text.strip_prefix("env:")
    }

    /// Whether the arrow is behind this row, or nowhere in its pool, and no status says why.
    pub fn is_passed_over(&self, arrows: &TextMap<u64>) -> bool {
        let arrow = arrows.get(self.provider.as_deref().unwrap_or(""));
        self.status.is_none() && arrow.is_none_or(|arrow| *arrow > self.index)
    }

    /// Brings the row's places to where `to` says that they are.
    pub(super) fn move_places(&mut self, to: &dyn Fn(Span) -> Span) {
        let status = self.status.as_mut().map(|status| &mut status.printed);
        let printed = [&mut self.label, &mut self.auth_type, &mut self.source];
        for part in printed.into_iter().chain(&mut self.id).chain(status) {
            part.place.span = to(part.place.span);
        }
        self.place.span = to(self.place.span);
    }
}

/// A status: `rate-limited usage_limit_reached (429) (6d 0h left)`.
#[derive(Clone)]
pub struct ListedStatus {
    /// The whole status as printed.
    pub printed: Printed,
    /// `rate-limited`, `auth failed` or `exhausted`.
    pub head: &'static str,
    /// The reason behind the head; empty where there is none.
    pub reason: String,
    /// The status code in brackets.
    pub code: Option<u64>,
    /// The time that is left, in seconds; zero where it says that it is ready to retry. Days are printed without
    /// minutes and hours without seconds, so that up to an hour or a minute more may be left.
    pub seconds_left: Option<u64>,
}

/// A pasted listing.
#[derive(Clone, Default)]
pub struct Listing {
    /// The headings in order.
    pub pools: Vec<ListedPool>,
    /// The rows in order.
    pub rows: Vec<ListedRow>,
    /// Lines that are neither headings nor rows, blank, nor the command itself.
    pub unread: Vec<Place>,
}

impl Listing {
    /// Reads a listing.
    ///
    /// ```
    /// use poolcheck::readers::listing::Listing;
    /// let listing = Listing::of("gemini (1 credentials):\n  #1  GOOGLE_API_KEY       api_key env:GOOGLE_API_KEY ←\n");
    /// assert!(listing.rows.iter().all(|row| row.is_current && row.source.text == "env:GOOGLE_API_KEY"));
    /// ```
    pub fn of(text: &str) -> Self {
        let mut listing = Self::default();
        let mut provider = None;
        // A row that its line does not end: a label may hold a line break.
        let mut open: Option<usize> = None;
        let mut lines = Lines { text, at: 0 };
        while let Some(content) = lines.next() {
            let inside = content.without_quote_marks();
            if is_around(inside.text, content.text) {
                continue;
            }
            if let Some((pool, behind)) = rejoined_heading(inside, &lines) {
                provider = Some(pool.provider.text.clone());
                listing.pools.push(pool);
                lines = behind;
            } else if let Some(pool) = heading(inside) {
                provider = Some(pool.provider.text.clone());
                listing.pools.push(pool);
            } else if let Some((row, behind)) = rejoined(inside, &lines, provider.as_ref()) {
                listing.rows.push(row);
                lines = behind;
            } else if let Some(row) = row(inside, provider.as_ref()) {
                listing.rows.push(row);
            } else {
                let joined =
                    open.and_then(|at| Some(Part { text: text.get(at..inside.end())?, at, ..inside }));
                if let Some(row) = joined.and_then(|part| row(part, provider.as_ref())) {
                    listing.rows.push(row);
                    let _ = listing.unread.pop();
                } else {
                    listing.unread.push(content.place());
                    open = inside.text.starts_with('#').then_some(inside.at);
                    continue;
                }
            }
            open = None;
        }
        listing
    }

    /// The pools of which as many rows are there as their headings say.
    pub fn whole_pools(&self) -> Vec<String> {
        let mut missing: TextMap<(u64, u64)> = TextMap::new();
        for pool in &self.pools {
            let (said, _) = missing.get(&pool.provider.text).copied().unwrap_or_default();
            missing.insert(&pool.provider.text, (said.saturating_add(pool.count), 0));
        }
        for row in &self.rows {
            if let Some((_, found)) = row.provider.as_deref().and_then(|provider| missing.get_mut(provider)) {
                *found += 1;
            }
        }
        let whole = missing.iter().filter(|(_, (said, found))| said == found);
        whole.map(|(provider, _)| provider.to_owned()).collect()
    }

    /// The number of the first row with an arrow in each pool that has one; rows without a heading are of a pool without a
    /// name.
    pub fn first_arrows(&self) -> TextMap<u64> {
        let mut first: TextMap<u64> = TextMap::new();
        for row in self.rows.iter().filter(|row| row.is_current) {
            let pool = row.provider.as_deref().unwrap_or("");
            let known = first.get(pool).copied().unwrap_or(u64::MAX);
            first.insert(pool, known.min(row.index));
        }
        first
    }
}

/// The lines of a text from some byte on.
#[derive(Clone)]
pub(super) struct Lines<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Lines<'t> {
    /// The text from one byte to another.
    pub(super) fn between(&self, start: usize, end: usize) -> Option<&'t str> {
        self.text.get(start..end)
    }
}

impl<'t> Iterator for Lines<'t> {
    type Item = Part<'t>;

    fn next(&mut self) -> Option<Part<'t>> {
        let line = self.text.get(self.at..)?.split_inclusive('\n').next()?;
        let part = Part { source: SourceKind::Listing, text: line, at: self.at }.trimmed();
        self.at += line.len();
        Some(part)
    }
}

/// Whether a line stands around a listing and is none of it: a blank one, the command, a prompt, a fence.
pub(super) fn is_around(inside: &str, whole: &str) -> bool {
    inside.is_empty()
        || inside.holds("hermes") && inside.holds("auth list")
        || is_bare_prompt(inside)
        || ["```", "~~~"].iter().any(|fence| whole.starts_with(fence))
}

pub(super) fn heading(line: Part<'_>) -> Option<ListedPool> {
    const OPEN: Chars = |c| matches!(c, '(' | '（');
    const SHUT: Chars = |c| matches!(c, ')' | '）');
    let bare = line.text.trim_end_matches(COLON).trim_end();
    let open = bare.rfind(OPEN)?;
    let inside = bare.get(open..)?.trim_start_matches(OPEN);
    let (count, noun) = inside.trim_end_matches(SHUT).trim().split_once(WHITE)?;
    if !matches!(noun.trim(), "credentials" | "credential") {
        return None;
    }
    let provider = line.before(open).trimmed();
    (!provider.text.is_empty())
        .then_some(ListedPool { provider: provider.printed(), count: count.parse().ok()? })
}

pub(super) fn row(line: Part<'_>, provider: Option<&String>) -> Option<ListedRow> {
    const POINT: Chars = |c| matches!(c, '.' | ')' | ':');
    let numbered = line.text.strip_prefix('#').map_or(line, |_| line.behind(1)).trimmed();
    let digits = numbered.text.len() - numbered.text.trim_start_matches(DIGIT).len();
    let index = numbered.before(digits).text.parse().ok()?;
    let rest = numbered.behind(digits);
    let rest = if rest.text.starts_with(POINT) { rest.behind(1) } else { rest };
    if !rest.text.starts_with(WHITE) {
        return None;
    }
    let rest = rest.trimmed();
    let (label, auth_type, mut rest) = around_auth_type(rest)?;
    let mut id = None;
    let mut priority = None;
    loop {
        let (word, behind) = rest.word();
        if word.text.starts_with("id=") {
            id = Some(word.behind("id=".len()).printed());
        } else if let Some(number) = word.text.strip_prefix("priority=") {
            priority = number.parse().ok();
        } else {
            break;
        }
        rest = behind;
    }
    let arrow = ARROWS.iter().find(|arrow| rest.text.ends_with(**arrow));
    let rest = arrow.map_or(rest, |arrow| rest.before(rest.text.len() - arrow.len()).trimmed());
    let status_at = status_start(rest.text);
    let source = rest.before(status_at.map_or(rest.text.len(), |(at, _)| at)).trimmed();
    if source.text.is_empty() {
        return None;
    }
    Some(ListedRow {
        provider: provider.cloned(),
        index,
        label: label.printed(),
        auth_type: auth_type.printed(),
        source: source.printed(),
        id,
        priority,
        status: status_at.map(|(at, head)| status(rest.behind(at).trimmed(), head)),
        is_current: arrow.is_some(),
        place: line.place(),
    })
}

/// Label, type and the rest. A label may have blanks and even be a type's name: the first type that has
/// something on both sides counts, and one at the start only where there is no other: a source may have the name too.
fn around_auth_type(row: Part<'_>) -> Option<(Part<'_>, Part<'_>, Part<'_>)> {
    let mut found = None;
    let mut rest = row;
    while !rest.text.is_empty() {
        let (word, behind) = rest.word();
        if AUTH_TYPES.contains(&word.text) {
            let label = row.before(word.at - row.at).trimmed();
            let has_source = !behind.text.is_empty() && !ARROWS.contains(&behind.text);
            if !label.text.is_empty() && has_source {
                return Some((label, word, behind));
            }
            if label.text.is_empty() {
                found = Some((row.before(0), word, behind));
            }
        }
        rest = behind;
    }
    found
}

/// Where the status begins, and how: behind at least one word, which is the source.
fn status_start(rest: &str) -> Option<(usize, &'static str)> {
    let source = rest.find(WHITE)?;
    let behind = rest.get(source..)?;
    let mut before = None;
    for (at, c) in behind.char_indices() {
        for head in STATUS_HEADS {
            let after = behind.get(at..).and_then(|text| text.strip_prefix(head));
            let is_alone = |after: &str| after.is_empty() || after.starts_with(WHITE);
            if before.is_none_or(WHITE) && after.is_some_and(is_alone) {
                return Some((source + at, head));
            }
        }
        before = Some(c);
    }
    None
}

fn status(part: Part<'_>, head: &'static str) -> ListedStatus {
    let behind = part.behind(head.len()).trimmed();
    let open = behind.text.find('(').unwrap_or(behind.text.len());
    let reason = behind.before(open).text.trim().to_owned();
    let mut code = None;
    let mut seconds_left = None;
    for group in behind.behind(open).text.split('(').map(|group| group.trim().trim_end_matches(')').trim()) {
        if let Ok(number) = group.parse() {
            code = Some(number);
        } else if group == "ready to retry" {
            seconds_left = Some(0);
        } else if let Some(time) = group.strip_suffix("left") {
            seconds_left = seconds(time);
        }
    }
    ListedStatus { printed: part.printed(), head, reason, code, seconds_left }
}

/// `6d 0h`, `1h 2m`, `58m 20s` or `9s` in seconds.
fn seconds(time: &str) -> Option<u64> {
    time.split_whitespace().try_fold(0_u64, |sum, part| {
        let unit = part.chars().next_back()?;
        let length = match unit {
            'd' => 86_400,
            'h' => 3_600,
            'm' => 60,
            's' => 1,
            _ => return None,
        };
        let number: u64 = part.strip_suffix(unit)?.parse().ok()?;
        sum.checked_add(number.checked_mul(length)?)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn only(text: &str) -> ListedRow {
        let mut rows = Listing::of(text).rows;
        assert_eq!(rows.len(), 1);
        rows.pop().unwrap()
    }

    fn words(row: &ListedRow) -> [&str; 3] {
        [&row.label.text, &row.auth_type.text, &row.source.text]
    }

    // The form is that of `auth_list_command`.
    #[test]
    fn several_providers() {
        let text = "\
anthropic (1 credentials):
  #1  claude_code          oauth   claude_code ←

gemini (3 credentials):
  #1  GOOGLE_API_KEY       api_key env:GOOGLE_API_KEY rate-limited (429) (58m 20s left)
  #2  aistudio-2           api_key manual ←
  #3  my own key           api_key manual auth failed permission_denied (403) (re-auth may be required)

";
        let listing = Listing::of(text);
        assert!(listing.unread.is_empty());
        let pools: Vec<_> =
            listing.pools.iter().map(|pool| (pool.provider.text.as_str(), pool.count)).collect();
        assert_eq!(pools, [("anthropic", 1), ("gemini", 3)]);
        let rows: Vec<_> = listing
            .rows
            .iter()
            .map(|row| (row.provider.as_deref().unwrap(), row.index, words(row), row.is_current))
            .collect();
        assert_eq!(
            rows,
            [
                ("anthropic", 1, ["claude_code", "oauth", "claude_code"], true),
                ("gemini", 1, ["GOOGLE_API_KEY", "api_key", "env:GOOGLE_API_KEY"], false),
                ("gemini", 2, ["aistudio-2", "api_key", "manual"], true),
                ("gemini", 3, ["my own key", "api_key", "manual"], false),
            ]
        );
        let limited = listing.rows[1].status.as_ref().unwrap();
        assert_eq!(
            (limited.head, limited.code, limited.seconds_left),
            ("rate-limited", Some(429), Some(3500))
        );
        let refused = listing.rows[3].status.as_ref().unwrap();
        assert_eq!((refused.head, refused.reason.as_str()), ("auth failed", "permission_denied"));
        assert_eq!((refused.code, refused.seconds_left), (Some(403), None));
    }

    #[test]
    fn statuses() {
        let status = |text: &str| {
            let row = only(&format!("  #1  k                    api_key manual {text}"));
            assert_eq!(row.source.text, "manual");
            let status = row.status.unwrap();
            assert_eq!(status.printed.text, text.trim_end_matches(" ←"));
            (status.head, status.reason, status.code, status.seconds_left)
        };
        let none = String::new;
        assert_eq!(status("rate-limited (429)"), ("rate-limited", none(), Some(429), None));
        assert_eq!(
            status("rate-limited (429) (ready to retry) ←"),
            ("rate-limited", none(), Some(429), Some(0))
        );
        assert_eq!(
            status("rate-limited usage_limit_reached (429) (6d 0h left)"),
            ("rate-limited", "usage_limit_reached".to_owned(), Some(429), Some(518_400))
        );
        assert_eq!(status("exhausted (402) (1h 2m left)"), ("exhausted", none(), Some(402), Some(3720)));
        assert_eq!(status("exhausted"), ("exhausted", none(), None, None));
        assert_eq!(status("auth failed (re-auth may be required)"), ("auth failed", none(), None, None));
    }

    #[test]
    fn what_pasting_does() {
        let damaged = [
            "$ hermes auth list gemini\ngemini (1 credentials)：\n#1 GOOGLE_API_KEY api_key env:GOOGLE_API_KEY ←",
            "> gemini (1 credentials):\r\n> 1  GOOGLE_API_KEY  api_key  env:GOOGLE_API_KEY <-\r\n",
            "gemini (1 credential)\n- #1\u{a0}GOOGLE_API_KEY\tapi_key env:GOOGLE_API_KEY ⬅\u{fe0f}\n",
            "```\ngemini（1 credentials）:\n 1. GOOGLE_API_KEY api_key env:GOOGLE_API_KEY <--\n```\n",
        ];
        for text in damaged {
            let row = only(text);
            assert_eq!(words(&row), ["GOOGLE_API_KEY", "api_key", "env:GOOGLE_API_KEY"], "{text}");
            assert_eq!(
                (row.provider.as_deref(), row.index, row.is_current),
                (Some("gemini"), 1, true),
                "{text}"
            );
            assert!(Listing::of(text).unread.is_empty(), "{text}");
        }
    }

    #[test]
    fn rows_without_a_heading_and_the_newer_form() {
        let row = only("#2  aistudio-2           api_key id=432ab5 priority=1 manual");
        assert_eq!(row.provider, None);
        assert_eq!(row.id.as_ref().unwrap().text, "432ab5");
        assert_eq!((row.priority, row.source.text.as_str(), row.is_current), (Some(1), "manual", false));
    }

    #[test]
    fn labels_and_sources_of_any_words() {
        assert_eq!(words(&only("#1  api_key              api_key manual")), ["api_key", "api_key", "manual"]);
        assert_eq!(words(&only("  #1                       api_key manual")), ["", "api_key", "manual"]);
        assert_eq!(words(&only("  #1                       oauth   oauth ←")), ["", "oauth", "oauth"]);
        let row = only("#1  My Server            api_key config:My Server exhausted (500) (9s left)");
        assert_eq!(words(&row), ["My Server", "api_key", "config:My Server"]);
        assert_eq!(row.status.unwrap().seconds_left, Some(9));
    }

    #[test]
    fn a_label_over_two_lines() {
        let text = "#1  line\nbreak           api_key manual ←\n#2  half\n#3  k api_key manual\n";
        let listing = Listing::of(text);
        let labels: Vec<_> = listing.rows.iter().map(|row| row.label.text.as_str()).collect();
        assert_eq!(labels, ["line\nbreak", "k"]);
        let unread: Vec<_> = listing.unread.iter().map(|place| place.span.of(text)).collect();
        assert_eq!(unread, ["#2  half"]);
    }

    #[test]
    fn other_lines_are_told() {
        let text = "gemini (1 credentials):\n  #1  k api_key manual ←\nWhy is this?\n2 keys are enough\n";
        let listing = Listing::of(text);
        let unread: Vec<_> = listing.unread.iter().map(|place| place.span.of(text)).collect();
        assert_eq!(unread, ["Why is this?", "2 keys are enough"]);
    }

    #[test]
    fn places() {
        let text = "> gemini (1 credentials):\n>   #1  a b  api_key manual exhausted (402) ←\n";
        let listing = Listing::of(text);
        assert_eq!(listing.pools[0].provider.place.span.of(text), "gemini");
        let row = &listing.rows[0];
        let status = &row.status.as_ref().unwrap().printed;
        for part in [&row.label, &row.auth_type, &row.source, status] {
            assert_eq!(part.place.span.of(text), part.text);
        }
        assert_eq!(row.place.span.of(text), "#1  a b  api_key manual exhausted (402) ←");
    }
}
