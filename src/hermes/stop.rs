//! How a call of the real program ends when it does not return.

use std::fmt;

use crate::base::text::Place;

/// An exception of the real program.
#[derive(Clone, PartialEq, Eq)]
pub struct Raised {
    /// The exception's class: `AuthError`, `TypeError`.
    pub kind: &'static str,
    /// What `str(error)` says. It may hold what the user wrote: reports mask it.
    pub message: String,
    /// `AuthError.code`, where there is one.
    pub code: Option<&'static str>,
    /// Where the value is written that it raised at, where that is known.
    pub place: Option<Place>,
}

impl Raised {
    /// Whether it is an error of Python's, which says that the program did not expect a value, and none that Hermes has words for.
    pub fn is_of_python(&self) -> bool {
        self.kind == "AttributeError" || self.is_vague()
    }

    /// Whether only the kind of the exception is certain, and its text is ours.
    pub fn is_vague(&self) -> bool {
        matches!(self.kind, "TypeError" | "KeyError" | "ValueError")
            && !self.message.starts_with("provider '")
    }

    /// What is certain of its text: all of it, or the kind alone where the text is ours.
    pub fn certain_text(&self) -> &str {
        if self.is_vague() { self.kind } else { &self.message }
    }
}

impl fmt::Debug for Raised {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind)
    }
}

/// Why a call did not return a value: a pointer to it, as almost every function of the model hands one on.
#[derive(Clone, PartialEq, Eq)]
pub struct Stop(Box<End>);

impl fmt::Debug for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// How a call ended that did not return a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// It raised; `except Exception` catches this one and nothing else.
    Raised(Raised),
    /// The program exited with a text.
    Exit(String),
    /// We do not know what the real program would do, and say so; never caught on the way.
    NotModelled(String),
}

/// What a call of the real program comes to.
pub type Outcome<T> = Result<T, Stop>;

impl Stop {
    /// An exception of class `kind`.
    pub fn raised(kind: &'static str, message: impl Into<String>) -> Self {
        Self::of(kind, message.into(), None)
    }

    /// `AuthError(message, code=code)`.
    pub fn auth_error(code: &'static str, message: impl Into<String>) -> Self {
        Self::of("AuthError", message.into(), Some(code))
    }

    fn of(kind: &'static str, message: String, code: Option<&'static str>) -> Self {
        Self(Box::new(End::Raised(Raised { kind, message, code, place: None })))
    }

    /// The same, raised at the value that is written at `place`.
    #[must_use]
    pub fn at(mut self, place: Option<Place>) -> Self {
        if let End::Raised(raised) = self.0.as_mut() {
            raised.place = raised.place.or(place);
        }
        self
    }

    /// `AttributeError` for a method that a value of this type does not have. Python names the module of a type that is
    /// written in C and not built in.
    pub fn no_attribute(type_name: &str, attribute: &str) -> Self {
        let module = if matches!(type_name, "date" | "datetime") { "datetime." } else { "" };
        Self::raised("AttributeError", format!("'{module}{type_name}' object has no attribute '{attribute}'"))
    }

    /// The program exits with a text.
    pub fn exit(text: impl Into<String>) -> Self {
        Self(Box::new(End::Exit(text.into())))
    }

    /// What is not modelled.
    pub fn not_modelled(what: impl Into<String>) -> Self {
        Self(Box::new(End::NotModelled(what.into())))
    }

    /// How it ended.
    pub fn end(&self) -> &End {
        &self.0
    }

    /// The exception, where it raised one.
    pub fn exception(&self) -> Option<&Raised> {
        match self.end() {
            End::Raised(raised) => Some(raised),
            End::Exit(_) | End::NotModelled(_) => None,
        }
    }

    /// The text that the program exits with, where it does.
    pub fn exit_text(&self) -> Option<&str> {
        match self.end() {
            End::Exit(text) => Some(text),
            End::Raised(_) | End::NotModelled(_) => None,
        }
    }

    /// What is not modelled, where that is why.
    pub fn unmodelled(&self) -> Option<&str> {
        match self.end() {
            End::NotModelled(what) => Some(what),
            End::Raised(_) | End::Exit(_) => None,
        }
    }
}

/// `try: … except Exception: fallback`: an exception becomes `None`, everything else passes.
///
/// ```
/// use poolcheck::hermes::{Stop, caught};
/// assert_eq!(caught::<u8>(Err(Stop::raised("TypeError", ""))), Ok(None));
/// assert!(caught::<u8>(Err(Stop::not_modelled("a vault"))).is_err());
/// ```
pub fn caught<T>(outcome: Outcome<T>) -> Outcome<Option<T>> {
    match outcome {
        Ok(value) => Ok(Some(value)),
        Err(stop) if stop.exception().is_some() => Ok(None),
        Err(stop) => Err(stop),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // What a scheduled job of 0.16.0 exits with for a config.yaml of `2026-05-28`.
    #[test]
    fn a_date_is_called_by_its_module() {
        let said = |name| Stop::no_attribute(name, "get").exception().unwrap().message.clone();
        assert_eq!(said("date"), "'datetime.date' object has no attribute 'get'");
        assert_eq!(said("str"), "'str' object has no attribute 'get'");
    }
}
