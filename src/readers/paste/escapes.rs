//! Signs as the source of a web page writes them: `&quot;`, `&amp;`, `&#39;`. Who copies a file from there, or from a form that
//! escapes twice, has them in place of the signs.

use crate::base::text::{Edit, Search, Span};

/// The longest that is looked for: `&#x10ffff;`.
const LONGEST: usize = 10;

/// The edits that put the signs in place of what a web page writes for them, where all of `text` is written so: no bare `&` or `<`
/// is left, and more than `&amp;` is in it, which the query of an address may have.
///
/// ```
/// use poolcheck::readers::paste::unescaped;
/// use poolcheck::base::text::Edits;
/// let undone = |text: &str| Edits::new(unescaped(text)).unwrap().apply(text);
/// assert_eq!(undone("A=&quot;x&amp;y&#39;&quot;&#10;B=1"), "A=\"x&y'\"\nB=1");
/// assert!(unescaped("URL=https://a.example/?x=1&amp;y=2").is_empty());
/// assert!(unescaped("A=&quot;x&y&quot;").is_empty());
/// ```
pub fn unescaped(text: &str) -> Vec<Edit> {
    let (mut edits, mut is_told, mut at) = (Vec::new(), false, 0);
    if text.has('<') {
        return edits;
    }
    while let Some(found) = text.get(at..).and_then(|rest| rest.find('&')) {
        let start = at + found;
        let Some((length, sign)) = sign_at(text.get(start..).unwrap_or("")) else { return Vec::new() };
        at = start + length;
        is_told |= sign != '&';
        edits.push(Edit::replace(Span::new(start, at), sign.to_string()));
    }
    if is_told { edits } else { Vec::new() }
}

/// The sign that stands for itself no more at the start of `text`, and how many bytes it is written with.
fn sign_at(text: &str) -> Option<(usize, char)> {
    let end = text.bytes().take(LONGEST).position(|byte| byte == b';')?;
    let name = text.get(1..end)?;
    let sign = match name {
        "quot" => '"',
        "apos" => '\'',
        "lt" => '<',
        "gt" => '>',
        "amp" => '&',
        "nbsp" => ' ',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16),
                None => number.parse(),
            };
            code.ok()
                .and_then(char::from_u32)
                .filter(|sign| !sign.is_control() || matches!(sign, '\n' | '\t'))?
        }
    };
    Some((end + 1, sign))
}
