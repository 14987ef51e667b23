//! How a call of the real program ends when it does not return.

use std::fmt;

/// An exception of the real program.
#[derive(Clone, PartialEq, Eq)]
pub struct Raised {
    /// The exception's class: `AuthError`, `TypeError`.
    pub kind: &'static str,
    /// What `str(error)` says. It may hold what the user wrote: reports mask it.
    pub message: String,
    /// `AuthError.code`, where there is one.
    pub code: Option<&'static str>,
}

impl fmt::Debug for Raised {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind)
    }
}

/// Why a call did not return a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stop {
    /// It raised; `except Exception` catches this one and nothing else.
    Raised(Box<Raised>),
    /// The program exited with a text.
    Exit(Box<str>),
    /// We do not know what the real program would do, and say so; never caught on the way.
    NotModelled(Box<str>),
}

/// What a call of the real program comes to.
pub type Outcome<T> = Result<T, Stop>;

impl Stop {
    /// An exception of class `kind`.
    pub fn raised(kind: &'static str, message: impl Into<String>) -> Self {
        Self::Raised(Box::new(Raised { kind, message: message.into(), code: None }))
    }

    /// `AuthError(message, code=code)`.
    pub fn auth_error(code: &'static str, message: impl Into<String>) -> Self {
        Self::Raised(Box::new(Raised { kind: "AuthError", message: message.into(), code: Some(code) }))
    }

    /// `AttributeError` for a method that a value of this type does not have.
    pub fn no_attribute(type_name: &str, attribute: &str) -> Self {
        Self::raised("AttributeError", format!("'{type_name}' object has no attribute '{attribute}'"))
    }

    /// What is not modelled.
    pub fn not_modelled(what: impl Into<String>) -> Self {
        Self::NotModelled(what.into().into_boxed_str())
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
        Err(Stop::Raised(_)) => Ok(None),
        Err(stop) => Err(stop),
    }
}
