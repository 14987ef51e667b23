//! A key or token that cannot be printed or serialised by accident.

use std::fmt;
use std::rc::Rc;

use crate::base::text::Search;

mod grammar;
mod known;
mod named;
mod names;
mod plain;
mod reach;
mod shapes;
mod steps;
mod turned;

pub(crate) use known::{SecretSet, Wanted};
pub(crate) use named::LINE_BREAK;
pub use named::named_spans;
pub use names::{Says, names_a_secret, says};
pub use plain::is_plain;
pub(crate) use plain::{is_masked, is_odd};
pub(crate) use shapes::shaped_spans;

/// What the text of a credential begins with that nobody has seen; no text that is pasted has such a character.
const UNSEEN: char = '\u{10fffd}';

/// A credential's text. It has no `Display`, its `Debug` shows nothing, and it serialises to nothing:
/// what people see is [`Secret::masked`].
///
/// ```
/// use poolcheck::secret::Secret;
/// let key = Secret::new("sk-or-v1-invented-key-of-nobody-0000");
/// assert_eq!(format!("{key:?}"), "Secret");
/// assert!(!key.masked().contains("invented"));
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Secret(Rc<str>);

impl Secret {
    /// Takes a credential's text.
    pub fn new(text: impl Into<Rc<str>>) -> Self {
        Self(text.into())
    }

    /// A credential that is known to be there and whose text nobody has seen. Each number is another one; no text that
    /// people have begins like it.
    ///
    /// ```
    /// use poolcheck::secret::Secret;
    /// assert!(Secret::unseen(1).is_unseen() && Secret::unseen(1) != Secret::unseen(2));
    /// assert_eq!(Secret::unseen(1).masked(), "…");
    /// ```
    pub fn unseen(number: usize) -> Self {
        Self::new(format!("{UNSEEN}unseen-{number}"))
    }

    /// Whether nobody has seen its text.
    pub fn is_unseen(&self) -> bool {
        self.0.starts_with(UNSEEN)
    }

    /// The text itself. Only the model and `examples/answer.rs` may call this; `tests/architecture.rs` holds the list.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether the text is empty.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Length in bytes.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether `text` is this credential.
    pub fn is(&self, text: &str) -> bool {
        *self.0 == *text
    }

    /// What people may see: the first four characters and the last three of a text of 20 characters or more,
    /// and nothing of a shorter one.
    ///
    /// ```
    /// use poolcheck::secret::Secret;
    /// assert_eq!(Secret::new("AIza-invented-key-of-nobody-123").masked(), "AIza…123");
    /// assert_eq!(Secret::new("short").masked(), "…");
    /// ```
    pub fn masked(&self) -> String {
        mask(&self.0)
    }
}

/// The masked form of a text that is or may be a credential; see [`Secret::masked`]. What is masked already stays as it is.
pub fn mask(text: &str) -> String {
    if is_masked(text) {
        return text.to_owned();
    }
    const SHORTEST_SHOWN: usize = 20;
    let count = text.chars().count();
    if count < SHORTEST_SHOWN {
        return "…".to_owned();
    }
    let head: String = text.chars().take(4).collect();
    let tail: String = text.chars().skip(count - 3).collect();
    // What is shown is one word, so that it is known again as what is left of a key.
    let is_word = |part: &str| {
        part.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
    };
    if is_word(&head) && is_word(&tail) { format!("{head}…{tail}") } else { "…".to_owned() }
}

/// Whether `text` has the shape of the name of a variable that holds a credential: upper case, words joined by
/// underscores, one of them `KEY`, `TOKEN` or the like, numbered or not. No key has that shape, so it may be shown.
///
/// ```
/// use poolcheck::secret::is_key_variable;
/// assert!(is_key_variable("GEMINI_API_KEY_1") && is_key_variable("GH_TOKEN") && is_key_variable("MY_KEY2"));
/// assert!(!is_key_variable("gemini_api_key") && !is_key_variable("AKIA0000KEY") && !is_key_variable("GEMINI"));
/// ```
pub fn is_key_variable(text: &str) -> bool {
    const WORDS: [&str; 8] = ["KEY", "KEYS", "APIKEY", "APIKEYS", "TOKEN", "TOKENS", "SECRET", "PAT"];
    let is_upper = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    let is_word = |word: &str| WORDS.contains(&word.trim_end_matches(|c: char| c.is_ascii_digit()));
    text.starts_with(|c: char| c.is_ascii_uppercase() || c == '_')
        && text.has('_')
        && text.chars().all(is_upper)
        && text.split('_').any(is_word)
}

/// Whether `text` may be the name of a variable: a word of letters, digits and underscores that is not as long and mixed as
/// keys are.
///
/// ```
/// use poolcheck::secret::may_be_variable;
/// assert!(may_be_variable("BOX_KEY") && may_be_variable("9ROUTER_API_KEY") && may_be_variable("box_key"));
/// assert!(!may_be_variable("sk-fake-000000") && !may_be_variable("0fake1fake2fake3fake4fake"));
/// ```
pub fn may_be_variable(text: &str) -> bool {
    const LONGEST_MIXED: usize = 20;
    let is_word = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let is_mixed = text.bytes().any(|byte| byte.is_ascii_lowercase())
        && text.bytes().any(|byte| byte.is_ascii_digit())
        && !text.has('_');
    !text.is_empty() && is_word && !(is_mixed && text.len() > LONGEST_MIXED)
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}
