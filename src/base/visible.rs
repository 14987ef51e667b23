//! What is not seen in a text, or moves what stands around it, written out: terminal escapes and other controls,
//! marks that change the direction of writing, characters without width.

/// `text` with every hidden character written out. Controls become their pictures, so that a line keeps its columns;
/// what has none is written by its number. A tab and a line end are controls too.
///
/// ```
/// use poolcheck::base::visible::visible;
/// assert_eq!(visible("a\u{1b}[2J\tb\n"), "a␛[2J␉b␊");
/// assert_eq!(visible("x\u{202e}y\u{200b}z"), "x\\u{202e}y\\u{200b}z");
/// assert_eq!(visible("模型 é 🔑"), "模型 é 🔑");
/// ```
pub fn visible(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    for c in text.chars() {
        match picture(c) {
            Some(picture) => result.push(picture),
            None if is_hidden(c) => result.extend(c.escape_unicode()),
            None => result.push(c),
        }
    }
    result
}

/// The picture of a control of ASCII.
fn picture(c: char) -> Option<char> {
    const PICTURES: u32 = 0x2400;
    match u32::from(c) {
        code @ 0..0x20 => char::from_u32(PICTURES + code),
        0x7f => Some('␡'),
        _ => None,
    }
}

/// Whether nothing is seen where `c` stands, or what stands around it is moved: controls, line ends that only some readers
/// know, and what Unicode calls ignorable, but for the two selectors that make a sign a picture or a letter.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}'
                | '\u{34f}'
                | '\u{61c}'
                | '\u{115f}'
                | '\u{1160}'
                | '\u{17b4}'
                | '\u{17b5}'
                | '\u{180b}'..='\u{180f}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{3164}'
                | '\u{fe00}'..='\u{fe0d}'
                | '\u{feff}'
                | '\u{ffa0}'
                | '\u{fff0}'..='\u{fffb}'
                | '\u{1bca0}'..='\u{1bca3}'
                | '\u{1d173}'..='\u{1d17a}'
                | '\u{e0000}'..='\u{e0fff}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_hidden_is_left() {
        let all: String = ('\0'..=char::MAX).collect();
        let shown = visible(&all);
        // By hand: what terminals and forums act on, and what has no width.
        let acts = ["\u{1b}", "\u{7f}", "\u{9b}", "\u{85}", "\r", "\n", "\u{2028}", "\u{feff}", "\u{e0041}"];
        let turns = ["\u{200e}", "\u{200f}", "\u{61c}", "\u{202a}", "\u{202e}", "\u{2066}", "\u{2069}"];
        let thin = ["\u{200b}", "\u{200c}", "\u{200d}", "\u{2060}", "\u{ad}"];
        for hidden in acts.into_iter().chain(turns).chain(thin) {
            assert!(!shown.contains(hidden), "{hidden:?}");
        }
        assert!(shown.contains('\u{fe0f}') && shown.contains("模") && shown.contains('é'));
        assert_eq!(visible(&shown), shown);
    }
}
