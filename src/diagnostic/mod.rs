//! Findings: a code, a place, a message with named arguments, and a way out.

pub mod loss_reasons;
pub mod messages;
pub mod shown;

use crate::base::sources::SourceKind;
use crate::base::text::{Edit, Edits, Place};
use crate::secret::Secret;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Good to know.
    Info,
    /// Something is ignored or risky.
    Warning,
    /// Hermes fails, or uses something else than what is written.
    Error,
}

/// What a user wants the findings of a rule to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SeverityChoice {
    /// Not told, only counted.
    Off,
    /// Told with this severity.
    Is(Severity),
}

impl SeverityChoice {
    /// The names that can be chosen, for errors.
    pub const NAMES: &str = "off, info, warning or error";

    /// The choice called `name`.
    ///
    /// ```
    /// use poolcheck::diagnostic::{Severity, SeverityChoice};
    /// assert_eq!(SeverityChoice::named("info"), Some(SeverityChoice::Is(Severity::Info)));
    /// assert_eq!(SeverityChoice::named("none"), None);
    /// ```
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "off" => Self::Off,
            "info" => Self::Is(Severity::Info),
            "warning" => Self::Is(Severity::Warning),
            "error" => Self::Is(Severity::Error),
            _ => return None,
        })
    }
}

/// The English wording of one message. Other languages have it in `locales/` under the same id.
#[derive(Debug)]
pub struct Template {
    /// What the message belongs to: the code of a rule, or empty.
    pub(crate) scope: &'static str,
    /// Which one of these it is: `what`, `label.NAME`; without a scope the whole id.
    pub(crate) part: &'static str,
    /// The wording; `{name}` stands for the argument of that name. Empty in a program that holds no texts.
    pub english: &'static str,
}

impl Template {
    /// The message's name, unique in the program: `PC203.what`, `reason.later-in-pool`.
    pub fn id(&self) -> String {
        if self.scope.is_empty() { self.part.to_owned() } else { [self.scope, ".", self.part].concat() }
    }

    /// The one of `templates` whose part is `kind`, a dot and `name`.
    pub(crate) fn named<'t>(templates: &'t [Self], name: &str) -> Option<&'t Self> {
        templates.iter().find(|template| template.part.split_once('.').is_some_and(|(_, own)| own == name))
    }
}

/// A value named in a message.
#[derive(Clone, Debug, PartialEq)]
pub enum Arg {
    /// Words from the user's input or from Hermes; masked where they look like a key.
    Text(String),
    /// Several such texts, a line each.
    Lines(Vec<String>),
    /// A credential; only its masked form is ever shown.
    Secret(Secret),
    /// A count.
    Count(u64),
    /// A length of time in seconds.
    Seconds(f64),
    /// A place in a pasted text, shown as file and line.
    Place(Place),
    /// Another message.
    Message(Box<Message>),
}

impl From<&str> for Arg {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Arg {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Secret> for Arg {
    fn from(secret: Secret) -> Self {
        Self::Secret(secret)
    }
}

impl From<usize> for Arg {
    fn from(count: usize) -> Self {
        Self::Count(count as u64)
    }
}

impl From<Place> for Arg {
    fn from(place: Place) -> Self {
        Self::Place(place)
    }
}

impl From<Message> for Arg {
    fn from(message: Message) -> Self {
        Self::Message(Box::new(message))
    }
}

/// An argument with its name.
pub type Named = (&'static str, Arg);

/// Named arguments.
pub type Args = Vec<Named>;

/// A message before it is put into words: which wording, and what its arguments are.
#[derive(Clone, Debug)]
pub struct Message {
    /// The wording.
    pub template: &'static Template,
    /// The arguments by name.
    pub args: Args,
}

impl PartialEq for Message {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.template, other.template) && self.args == other.args
    }
}

impl Message {
    /// The message of `template` without arguments.
    pub fn new(template: &'static Template) -> Self {
        Self { template, args: Vec::new() }
    }

    /// The message with one more argument.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Arg>) -> Self {
        self.args.push((name, value.into()));
        self
    }
}

/// A further place that a finding speaks of.
#[derive(Clone, Debug)]
pub struct Label {
    /// The place.
    pub place: Place,
    /// What is there; what it does not name itself are the finding's arguments.
    pub message: Message,
}

/// Whether a fix can be applied without a thought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Safety {
    /// The fixed text means what the user wrote, or what they plainly meant.
    Safe,
    /// The user has to look: the fix drops something or picks one of several meanings.
    Unsafe,
}

/// Edits that mend a finding.
#[derive(Clone, Debug)]
pub struct Fix {
    /// What the fix does, as a button says it, put into words with the finding's arguments.
    pub title: &'static Template,
    /// Whether a look is needed.
    pub safety: Safety,
    /// Whether it undoes what pasting did to the text: the world is worked out a second time with all of these.
    pub is_repair: bool,
    /// The edits, for each pasted text that they change.
    pub edits: Vec<(SourceKind, Edits)>,
}

impl Fix {
    /// Its edits of the text `kind`.
    pub fn edits_of(&self, kind: SourceKind) -> Vec<Edit> {
        let own = self.edits.iter().filter(|(own, _)| *own == kind);
        own.flat_map(|(_, edits)| edits.iter()).cloned().collect()
    }
}

/// One thing that is wrong or worth knowing.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    /// The rule's code, `PC` and three digits.
    pub code: &'static str,
    /// The rule's name, in words joined by hyphens.
    pub name: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// The narrowest place that shows it.
    pub place: Place,
    /// What is wrong.
    pub what: &'static Template,
    /// Why it is so.
    pub why: &'static Template,
    /// What to do.
    pub todo: &'static Template,
    /// A command that mends it, ready to be copied.
    pub command: Option<&'static Template>,
    /// The arguments of all these wordings.
    pub args: Args,
    /// Other places that belong to it.
    pub labels: Vec<Label>,
    /// Edits that mend it.
    pub fix: Option<Fix>,
}
