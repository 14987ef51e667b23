//! Messages in words: a template, its wording in a language, and the arguments put in.
//!
//! English stands with the rule or the reason that says it; other languages stand in `locales/`, one file
//! each, under the same ids. The ids that begin with `page.` are the page's own. A program that holds no texts
//! (`src/base/embedded.rs`) has its English from a catalogue too.

use std::cell::OnceCell;

use crate::base::collections::TextMap;
use crate::base::embedded;
use crate::base::sources::SourceKind;
use crate::diagnostic::Template;
use crate::diagnostic::shown::Shown;
use crate::json;

/// A language that reports can be had in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
pub enum Language {
    /// English.
    #[default]
    #[cfg_attr(feature = "wasm", serde(rename = "en"))]
    English,
    /// 简体中文.
    #[cfg_attr(feature = "wasm", serde(rename = "zh-CN"))]
    SimplifiedChinese,
}

impl Language {
    /// The language of a tag such as `en-GB` or `zh-CN`, or `None` where there is no catalogue.
    ///
    /// ```
    /// use poolcheck::diagnostic::messages::Language;
    /// assert_eq!(Language::of_tag("zh-Hans-CN"), Some(Language::SimplifiedChinese));
    /// assert_eq!(Language::of_tag("fr"), None);
    /// ```
    pub fn of_tag(tag: &str) -> Option<Self> {
        match tag.split(['-', '_']).next()?.to_ascii_lowercase().as_str() {
            "en" => Some(Self::English),
            "zh" => Some(Self::SimplifiedChinese),
            _ => None,
        }
    }

    /// What stands between two sentences.
    pub fn sentence_gap(self) -> &'static str {
        match self {
            Self::English => " ",
            Self::SimplifiedChinese => "",
        }
    }

    /// The wording of `template`; English where the catalogue has none, which a test rules out.
    pub fn wording(self, template: &Template) -> &'static str {
        let id = template.id();
        let own = self.catalogue().get(&id);
        own.or_else(|| Self::English.catalogue().get(&id)).copied().unwrap_or(template.english)
    }

    /// The catalogue of the language, by id; empty for English where the program holds its wordings itself.
    pub fn catalogue(self) -> &'static TextMap<&'static str> {
        thread_local! {
            static CATALOGUES: [OnceCell<&'static TextMap<&'static str>>; 2] =
                const { [const { OnceCell::new() }; 2] };
        }
        let read = || -> &'static TextMap<&'static str> {
            Box::leak(Box::new(catalogue(embedded::text(self.tag()))))
        };
        CATALOGUES.with(|[english, chinese]| match self {
            Self::English => *english.get_or_init(read),
            Self::SimplifiedChinese => *chinese.get_or_init(read),
        })
    }

    /// Its tag, as BCP 47 has it.
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::SimplifiedChinese => "zh-CN",
        }
    }
}

/// Declares the wordings of a file, and `TEMPLATES`, their list.
macro_rules! templates {
    ($($name:ident = $id:literal: $english:literal;)*) => {
        $(pub(super) static $name: $crate::diagnostic::Template =
            $crate::diagnostic::Template { scope: "", part: $id, english: $crate::base::embedded::embedded!($english) };)*
        /// All wordings of this file.
        pub(crate) static TEMPLATES: &[&$crate::diagnostic::Template] = &[$(&$name),*];
    };
}
pub(crate) use templates;

templates! {
    MORE = "list.more": "Not listed: {count} more.";
}

/// So many rows of a list are told: nobody reads more, and a text may have as many as it has lines.
pub const MOST_LISTED: usize = 200;

/// The rows of a list that are told, and in words how many are not, where there are such.
///
/// ```
/// use poolcheck::diagnostic::messages::{Language, MOST_LISTED, told};
/// let (rows, more) = told(&[0; MOST_LISTED + 2], Language::English);
/// assert_eq!((rows.len(), more.unwrap().as_str()), (MOST_LISTED, "Not listed: 2 more."));
/// assert_eq!(told(&[0; MOST_LISTED], Language::English).1, None);
/// ```
pub fn told<T>(list: &[T], language: Language) -> (&[T], Option<Shown>) {
    let Some((first, [_, ..])) = list.split_at_checked(MOST_LISTED) else { return (list, None) };
    let count = Shown::number(list.len() - MOST_LISTED);
    (first, Some(fill(language.wording(&MORE), |_| Some(count.clone()))))
}

/// The catalogue that is written in `text`; empty where there is none.
fn catalogue(text: &str) -> TextMap<&'static str> {
    let mut messages = TextMap::new();
    // The catalogue is a file of ours: that it is JSON, and that every value is text, is tested.
    if let Ok(loaded) = json::load(text, SourceKind::Config)
        && let Some(entries) = loaded.root.value.as_dict()
    {
        for entry in entries.iter() {
            if let (Some(id), Some(wording)) = (entry.key.value.as_str(), entry.value.value.as_str()) {
                messages.insert(id, &*wording.to_owned().leak());
            }
        }
    }
    messages
}

/// `wording` with each `{name}` replaced by what `look_up` gives; `{{` is a brace. Names of arguments are small letters: of
/// `${NAME}`, as a user is to write it, all is text.
///
/// ```
/// use poolcheck::diagnostic::messages::fill;
/// use poolcheck::diagnostic::shown::Shown;
/// let text = fill("`{name}` is not {{known}}", |_| Some(Shown::fixed("googel")));
/// assert_eq!(text.as_str(), "`googel` is not {known}");
/// assert_eq!(fill("write `${NAME}`", |_| None).as_str(), "write `${NAME}`");
/// ```
pub fn fill(wording: &'static str, look_up: impl Fn(&str) -> Option<Shown>) -> Shown {
    let mut result = Shown::default();
    for piece in pieces(wording) {
        match piece {
            Piece::Text(text) => result.add(text, &[]),
            Piece::Argument(name) => match look_up(name) {
                Some(argument) => result = result.and(&argument),
                // Left out, it would make another sentence; as it is, everybody sees that it is missing.
                None => ["{", name, "}"].iter().for_each(|text| result.add(text, &[])),
            },
        }
    }
    result
}

/// The names that a wording puts in, in order.
pub fn arguments(wording: &str) -> Vec<&str> {
    let names = pieces(wording).into_iter();
    names.filter_map(|piece| if let Piece::Argument(name) = piece { Some(name) } else { None }).collect()
}

enum Piece<'a> {
    Text(&'a str),
    Argument(&'a str),
}

fn pieces(mut wording: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    while let Some((before, rest)) = wording.find(['{', '}']).and_then(|at| wording.split_at_checked(at)) {
        pieces.push(Piece::Text(before));
        if let Some(behind) = rest.strip_prefix("{{").or_else(|| rest.strip_prefix("}}")) {
            pieces.push(Piece::Text(rest.get(..1).unwrap_or("")));
            wording = behind;
        } else if let Some((name, behind)) = rest.strip_prefix('{').and_then(|rest| rest.split_once('}')) {
            let is_argument = name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
            if is_argument {
                pieces.push(Piece::Argument(name));
            } else {
                pieces.extend(["{", name, "}"].map(Piece::Text));
            }
            wording = behind;
        } else {
            break;
        }
    }
    pieces.push(Piece::Text(wording));
    pieces
}
