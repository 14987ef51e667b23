//! The way out for text: known keys, what stands behind a name that says secret, and whatever has the shape of a key are
//! masked.
//!
//! Everything that a report shows of the user's text goes through a [`Redactor`]; it is the only maker of
//! [`Shown`] from text that is not a fixed wording.

use std::cell::RefCell;

use crate::base::text::{Span, sort_by_span};
use crate::diagnostic::shown::Shown;
use crate::secret::{Secret, SecretSet, Wanted, is_masked, mask, named_spans, shaped_spans};

/// Known keys of this many bytes or more are found inside longer texts; shorter ones only as a whole text,
/// where masking them inside others would blot out ordinary words.
const SHORTEST_INSIDE: usize = 8;

/// Texts longer than this many characters are cut: a report quotes, it does not reproduce.
const LONGEST_SHOWN: usize = 400;

/// Masks keys in texts, and names equal keys by a letter.
#[derive(Default)]
pub struct Redactor {
    /// Known keys of [`SHORTEST_INSIDE`] bytes or more.
    known: Wanted,
    /// Shorter ones, which are masked only where a text is one of them.
    short: SecretSet,
    letters: RefCell<SecretSet>,
}

impl Redactor {
    /// A redactor that knows `secrets`; empty ones are left out.
    ///
    /// ```
    /// use poolcheck::report::redact::Redactor;
    /// use poolcheck::secret::Secret;
    /// let redactor = Redactor::new([Secret::new("correct-horse-battery-staple")]);
    /// let shown = redactor.show("key correct-horse-battery-staple and sk-fake-000000000000000000");
    /// assert_eq!(shown.as_str(), "key corr…ple and sk-f…000");
    /// ```
    pub fn new(secrets: impl IntoIterator<Item = Secret>) -> Self {
        let (mut known, mut short) = (Vec::new(), SecretSet::default());
        for secret in secrets {
            if secret.len() >= SHORTEST_INSIDE {
                known.push(secret);
            } else if !secret.is_empty() {
                short.number(&secret);
            }
        }
        Self { known: Wanted::new(&known), short, letters: RefCell::default() }
    }

    /// `text` with every key masked, and cut where it is very long.
    pub fn show(&self, text: &str) -> Shown {
        if self.short.contains(text) {
            return Shown::masked(mask(text));
        }
        Shown::masked(cut(&masked(text, self.spans(text))))
    }

    /// `text` with every key masked, in its whole length.
    pub fn show_all(&self, text: &str) -> Shown {
        let spans = self.spans(text);
        Shown::masked(masked(text, spans))
    }

    /// A line with every character of a key replaced by `•`, so that columns stay true; only the part
    /// `window` of it, which is cut to whole characters.
    ///
    /// `keys` are the [`key_spans`](Self::key_spans) of the line.
    pub fn dotted(&self, line: &str, keys: &[Span], window: Span) -> Shown {
        let mut spans = keys.iter().skip(keys.partition_point(|key| key.end <= window.start)).peekable();
        let mut covered = 0;
        let mut result = String::new();
        for (at, c) in window.of(line).char_indices().map(|(at, c)| (window.start + at, c)) {
            while let Some(span) = spans.next_if(|span| span.start <= at) {
                covered = covered.max(span.end);
            }
            // UTF-16 columns stay true too: keys are of the basic plane, others get two dots.
            let dots = if c.len_utf16() == 2 { "••" } else { "•" };
            if at < covered { result.push_str(dots) } else { result.push(c) }
        }
        Shown::masked(result)
    }

    /// Where keys stand in a line: in order, and none in another one.
    pub fn key_spans(&self, line: &str) -> Vec<Span> {
        let mut spans = self.spans(line);
        sort_by_span(&mut spans, |span| *span);
        let mut joined: Vec<Span> = Vec::new();
        for span in spans {
            match joined.last_mut() {
                Some(last) if span.start < last.end => last.end = last.end.max(span.end),
                _ => joined.push(span),
            }
        }
        joined
    }

    fn spans(&self, text: &str) -> Vec<Span> {
        let mut spans = self.known.spans(text);
        spans.extend(named_spans(text));
        shaped_spans(text, &mut spans);
        // What is left of a key that is masked already says whose it is.
        spans.retain(|span| !is_masked(span.of(text)));
        spans
    }

    /// A key as people may see it.
    pub fn key(&self, secret: &Secret) -> Shown {
        Shown::masked(secret.masked())
    }

    /// `A` for the first key asked for, `B` for the next other one, behind `Z` `AA`, …; empty for no key.
    /// Equal keys have equal letters; nothing of the key is in them.
    pub fn letter(&self, secret: &Secret) -> Shown {
        if secret.is_empty() || secret.is_unseen() {
            return Shown::default();
        }
        Shown::masked(letter(self.letters.borrow_mut().number(secret)))
    }
}

fn letter(mut index: usize) -> String {
    let mut name = String::new();
    loop {
        name.insert(0, char::from(b'A' + u8::try_from(index % 26).unwrap_or(0)));
        if index < 26 {
            return name;
        }
        index = index / 26 - 1;
    }
}

/// `text` with each of `spans` masked; overlapping ones are masked as one.
fn masked(text: &str, mut spans: Vec<Span>) -> String {
    sort_by_span(&mut spans, |span| *span);
    let mut result = String::with_capacity(text.len());
    let mut done = 0;
    let mut pending: Option<Span> = None;
    let mut flush = |span: Span| {
        result.push_str(text.get(done..span.start).unwrap_or(""));
        result.push_str(&mask(span.of(text)));
        done = span.end;
    };
    for span in spans {
        pending = match pending {
            Some(open) if span.start < open.end => Some(open.to(span)),
            Some(open) => {
                flush(open);
                Some(span)
            }
            None => Some(span),
        };
    }
    if let Some(open) = pending {
        flush(open);
    }
    result.push_str(text.get(done..).unwrap_or(""));
    result
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(LONGEST_SHOWN) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or("")),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        Redactor::default().show(text).to_string()
    }

    #[test]
    fn names_of_things_are_not_keys() {
        for text in [
            "gemini-3.1-flash-lite-preview",
            "claude-3-7-sonnet-20250219",
            "https://generativelanguage.googleapis.com/v1beta",
            "OPENROUTER_API_KEY",
            "env:ALIBABA_CODING_PLAN_API_KEY",
            "z-ai/glm-4.5-air:free",
            "credential_pool_strategies",
            "custom:together.ai",
            "xai-oauth",
            "providers.xai-grok-oauth.tokens",
            "xai-oauth: fill_first",
        ] {
            assert_eq!(shown(text), text);
        }
    }

    #[test]
    fn keys_are_masked_wherever_they_stand() {
        for key in [
            "sk-or-v1-fake-fake-fake-fake",
            "AIzaFakeFakeFakeFakeFakeFake123",
            "123e4567-e89b-12d3-a456-426614174000",
            "task-sk-fake-fake",
            "xai-oauth-fake-fake",
            "xai-oauthfake",
            "ab12ab12ab12ab12ab12ab12ab12ab12",
        ] {
            for text in [
                key.to_owned(),
                format!("provider '{key}' is unknown"),
                format!("KEY={key}#x"),
                format!("https://host/v1?key={key}"),
                format!("模型：{key}，"),
            ] {
                assert!(!shown(&text).contains(key), "{text}");
            }
        }
    }

    #[test]
    fn a_short_key_is_masked_alone_and_left_inside_words() {
        let redactor = Redactor::new([Secret::new("abc")]);
        assert_eq!(redactor.show("abc").as_str(), "…");
        assert_eq!(redactor.show("abcdef").as_str(), "abcdef");
    }

    #[test]
    fn passwords_in_urls_are_masked() {
        assert_eq!(shown("https://me:secret@host/v1"), "https://…@host/v1");
        assert_eq!(shown("https://host/v1?api_key=abc&x=1"), "https://host/v1?api_key=…&x=1");
    }

    #[test]
    fn overlapping_keys_are_masked_as_one() {
        let redactor = Redactor::new([Secret::new("aaaa-bbbb-cccc"), Secret::new("cccc-dddd-eeee")]);
        assert_eq!(redactor.show("x aaaa-bbbb-cccc-dddd-eeee y").as_str(), "x aaaa…eee y");
    }

    #[test]
    fn letters_go_on_behind_z() {
        assert_eq!(
            (letter(0), letter(25), letter(26), letter(701)),
            ("A".into(), "Z".into(), "AA".into(), "ZZ".into())
        );
    }
}
