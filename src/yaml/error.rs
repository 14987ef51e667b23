//! Why a text has no value.

/// A place as libyaml tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// The byte of the text that was given.
    pub offset: usize,
    /// Lines before it, counted from 0. Lines of YAML 1.1 also end at NEL, LS and PS.
    pub line: usize,
    /// Code points before it on its line.
    pub column: usize,
}

/// The part of PyYAML that found an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// `ScannerError` or `ParserError` of libyaml.
    Parser,
    /// `ComposerError`: anchors, aliases, several documents.
    Composer,
    /// `ConstructorError`: tags and what they ask for.
    Constructor,
    /// `DuplicateKeyError` of ruamel.yaml. Its words quote both values; they are not here.
    DuplicateKey,
}

/// An error with a place.
#[derive(Clone, PartialEq, Eq)]
pub struct SyntaxError {
    /// Who found it.
    pub stage: Stage,
    /// What was being read.
    pub context: Option<String>,
    /// Where that began.
    pub context_mark: Option<Mark>,
    /// What is wrong. It quotes a tag or nothing of the text.
    pub problem: String,
    /// Where.
    pub mark: Mark,
}

/// A character that YAML does not allow.
#[derive(Clone, PartialEq, Eq)]
pub struct ReaderError {
    /// What is wrong with it.
    pub reason: String,
    /// The character.
    pub character: u32,
    /// What the real program calls its position: bytes before it, with each line end as one.
    pub position: usize,
    /// Its byte in the text that was given.
    pub offset: usize,
}

/// A limit of our own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// Nested more deeply than [`super::MAX_DEPTH`].
    Depth,
    /// More values than [`super::MAX_VALUES`].
    Values,
    /// Merges that move more than [`super::MAX_VALUES`] pairs.
    Merges,
    /// A number of more digits than Python prints.
    Number,
    /// A sequence as a key, of which ruamel.yaml makes a tuple.
    TupleKey,
}

/// Why a text has no value.
#[derive(Clone, PartialEq, Eq)]
pub enum YamlError {
    /// `MarkedYAMLError`.
    Syntax(SyntaxError),
    /// `ReaderError`.
    Reader(ReaderError),
    /// An exception of Python itself: a date that cannot be, `!!bool x`.
    Raised {
        /// Its class.
        kind: &'static str,
        /// What `str(error)` says, exact where the class is none of `TypeError`, `AttributeError`, `KeyError`,
        /// `ValueError`.
        message: String,
    },
    /// The real program may read this text; we do not.
    Limit(Limit),
}

impl std::fmt::Debug for YamlError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Syntax(error) => write!(f, "Syntax({:?}, {:?})", error.stage, error.mark),
            Self::Reader(error) => write!(f, "Reader({})", error.offset),
            Self::Raised { kind, .. } => write!(f, "Raised({kind})"),
            Self::Limit(limit) => write!(f, "Limit({limit:?})"),
        }
    }
}

/// What a part of the reading gives. Every step returns one, so the error is a pointer.
pub(super) type Read<T> = Result<T, Box<YamlError>>;

impl From<Limit> for Box<YamlError> {
    fn from(limit: Limit) -> Self {
        Self::new(YamlError::Limit(limit))
    }
}

impl YamlError {
    pub(super) fn raised(kind: &'static str, message: impl Into<String>) -> Box<Self> {
        Box::new(Self::Raised { kind, message: message.into() })
    }

    /// The class of the exception that the real program raises; `None` for a limit of our own. libyaml's errors are
    /// `ScannerError` or `ParserError`; both are called the latter.
    pub fn kind(&self) -> Option<&'static str> {
        Some(match self {
            Self::Syntax(error) => match error.stage {
                Stage::Parser => "ParserError",
                Stage::Composer => "ComposerError",
                Stage::Constructor => "ConstructorError",
                Stage::DuplicateKey => "DuplicateKeyError",
            },
            Self::Reader(_) => "ReaderError",
            Self::Raised { kind, .. } => kind,
            Self::Limit(_) => return None,
        })
    }

    /// What `str(error)` says for a stream called `name`, as it stands in Hermes' log; `None` for a limit of our own.
    pub fn text(&self, name: &str) -> Option<String> {
        let at = |mark: &Mark| format!("  in \"{name}\", line {}, column {}", mark.line + 1, mark.column + 1);
        match self {
            Self::Syntax(error) => {
                let mut lines = Vec::new();
                lines.extend(error.context.clone());
                let same = |mark: &Mark| (mark.line, mark.column) == (error.mark.line, error.mark.column);
                lines.extend(error.context_mark.as_ref().filter(|mark| !same(mark)).map(at));
                lines.push(error.problem.clone());
                lines.push(at(&error.mark));
                Some(lines.join("\n"))
            }
            Self::Reader(error) => {
                let (character, reason) = (error.character, &error.reason);
                Some(format!(
                    "unacceptable character #x{character:04x}: {reason}\n  in \"{name}\", position {}",
                    error.position
                ))
            }
            Self::Raised { message, .. } => Some(message.clone()),
            Self::Limit(_) => None,
        }
    }
}
