//! Strings and their escapes.

use super::JsonError;
use super::reader::Reader;

impl Reader<'_> {
    /// Reads a string from its opening quote to behind its closing one.
    pub(super) fn string(&mut self) -> Result<String, JsonError> {
        let start = self.at;
        self.at += 1;
        let mut result = String::new();
        loop {
            let rest = self.rest();
            let stop = rest.find(|c: char| matches!(c, '"' | '\\') || c <= '\u{1f}');
            result.push_str(rest.get(..stop.unwrap_or(0)).unwrap_or(""));
            self.at += stop.unwrap_or(rest.len());
            match stop.and_then(|_| self.peek()) {
                None => return Err(self.error("Unterminated string starting at", start)),
                Some(b'"') => {
                    self.at += 1;
                    return Ok(result);
                }
                Some(b'\\') => {
                    let c = self.escape(start)?;
                    result.push(c);
                }
                Some(_) => return Err(self.error("Invalid control character at", self.at)),
            }
        }
    }

    /// Reads an escape from its backslash on.
    fn escape(&mut self, string: usize) -> Result<char, JsonError> {
        let start = self.at;
        self.at += 1;
        let Some(next) = self.rest().chars().next() else {
            return Err(self.error("Unterminated string starting at", string));
        };
        let plain = match next {
            '"' | '\\' | '/' => next,
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => return self.unicode_escape(start),
            _ => return Err(self.error("Invalid \\escape", start)),
        };
        self.at += 1;
        Ok(plain)
    }

    /// `\uXXXX`, or two of them that make a surrogate pair. Python wants a character behind the digits and,
    /// for a pair, looks for the second half only where one follows that, too.
    fn unicode_escape(&mut self, start: usize) -> Result<char, JsonError> {
        let first = self.four_digits(start)?;
        if let Some(c) = char::from_u32(first) {
            return Ok(c);
        }
        if (0xd800..0xdc00).contains(&first)
            && self.rest().starts_with("\\u")
            && self.rest().chars().nth(6).is_some()
        {
            let before = self.at;
            self.at += 1;
            let second = self.four_digits(before)?;
            if (0xdc00..0xe000).contains(&second) {
                let joined = 0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00);
                return Ok(char::from_u32(joined).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            self.at = before;
        }
        if self.unmodelled.is_none() {
            let place = self.place(start, self.at);
            self.unmodelled = Some(JsonError::Unmodelled { what: "half of a surrogate pair", place });
        }
        Ok(char::REPLACEMENT_CHARACTER)
    }

    /// The `uXXXX` behind the backslash at `start`.
    fn four_digits(&mut self, start: usize) -> Result<u32, JsonError> {
        let escape = self.rest();
        let digits = escape.get(1..5).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
        match digits.and_then(|digits| u32::from_str_radix(digits, 16).ok()) {
            Some(code) if escape.len() > 5 => {
                self.at += 5;
                Ok(code)
            }
            _ => Err(self.error("Invalid \\uXXXX escape", start + 1)),
        }
    }
}
