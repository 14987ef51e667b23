//! Python's values and the behaviours of its built-ins that Hermes leans on: the readers build these
//! values, the model computes with them. Nothing here knows Hermes.

mod base64;
mod bigint;
mod compare;
mod dict_of;
mod difflib;
mod float;
mod iso;
mod number;
mod repr;
mod text;
mod unicode;
mod url;
mod value;

pub use base64::from_base64;
pub use bigint::BigInt;
pub use compare::{equal, less, same, sort};
pub use dict_of::{NoDict, dict_of};
pub use difflib::{close_match, closest};
pub use float::{parse_float, with_tenths};
pub use iso::{iso_text, iso_timestamp};
pub use number::{MAX_INT_DIGITS, NoInt, decimal, float_of_text, int_in_base, int_of_text};
pub use repr::{repr, to_str};
pub use text::{is_space, strip, strip_end, strip_start};
pub use unicode::{is_alphanumeric, is_letter, is_number, lower, upper};
pub use url::{Url, urlparse};
pub use value::{Dict, Entry, Int, Key, Node, Timestamp, Value};
