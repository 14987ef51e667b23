//! The text as libyaml gets to see it, and the way back to the places in the user's text.
//!
//! Hermes opens config.yaml in text mode and hands the open file to the loader. Python turns `\r\n` and `\r`
//! into `\n`, and the loader fetches as many characters as libyaml asks for bytes, of which it passes on as
//! many bytes as fit. A `str` is passed on byte by byte as it is. This decides which of two errors is found
//! first, so it is followed here step by step.

use crate::base::text::Search;
use std::borrow::Cow;

/// libyaml's `INPUT_RAW_BUFFER_SIZE`: what it asks for when it has used everything up.
const RAW_BUFFER: usize = 16384;

/// libyaml gives up on a simple key after this many characters.
const SIMPLE_KEY_LIMIT: usize = 1024;

/// What stands for a character of several bytes in a line where bytes and characters must not be confused. It is
/// no indicator, no part of an anchor or a URI, and no white space, as are the characters that it replaces.
pub(super) const PLACEHOLDER: char = '^';

const BOM: char = '\u{feff}';

/// The text in the form that goes into libyaml.
pub(super) struct Feed<'t> {
    /// As Python reads it from the file.
    read: Cow<'t, str>,
    /// As libyaml gets it, where that differs: character by character the same text.
    shortened: Option<String>,
    /// From the byte of the fed text on, add so many bytes to come to the user's text.
    shifts: Vec<(usize, usize)>,
    bom: usize,
    stream: Stream,
}

/// What the text is given to `yaml.load` as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stream {
    /// A file opened in text mode.
    File,
    /// A `str`.
    Text,
}

impl<'t> Feed<'t> {
    /// Prepares `text`.
    pub(super) fn new(text: &'t str, stream: Stream) -> Self {
        let read = if stream == Stream::File { translate_newlines(text) } else { Cow::Borrowed(text) };
        let shortened = shorten(&read);
        let fed = shortened.as_deref().unwrap_or(&read);
        let mut shifts = Vec::new();
        if shortened.is_some() || read.len() != text.len() {
            let (mut source, mut at, mut shift) = (text.char_indices().peekable(), 0, 0);
            for fed_char in fed.chars() {
                let Some((start, own)) = source.next() else { break };
                if own == '\r' && stream == Stream::File {
                    let _ = source.next_if(|&(_, next)| next == '\n');
                }
                let end = source.peek().map_or(text.len(), |&(next, _)| next);
                at += fed_char.len_utf8();
                shift += (end - start) - fed_char.len_utf8();
                if shifts.last().map_or(0, |&(_, last)| last) != shift {
                    shifts.push((at, shift));
                }
            }
        }
        let bom = if fed.starts_with(BOM) { BOM.len_utf8() } else { 0 };
        Self { read, shortened, shifts, bom, stream }
    }

    /// The place in the user's text of a mark's index.
    pub(super) fn offset(&self, index: usize) -> usize {
        let at = index + self.bom;
        let after = self.shifts.partition_point(|&(start, _)| start <= at);
        let shift =
            after.checked_sub(1).and_then(|last| self.shifts.get(last)).map_or(0, |&(_, shift)| shift);
        at + shift
    }

    /// The place in the user's text of a byte of the text that libyaml got, byte order mark included.
    pub(super) fn offset_with_bom(&self, fed: usize) -> usize {
        self.offset(fed.saturating_sub(self.bom))
    }

    /// The place in the text that Python reads of a byte of the text that libyaml got, byte order mark included.
    pub(super) fn read_offset(&self, fed: usize) -> usize {
        let Some(shortened) = &self.shortened else { return fed };
        let before = shortened.get(..fed).map_or(0, |text| text.chars().count());
        self.read.chars().take(before).map(char::len_utf8).sum()
    }

    /// Whether wide characters were replaced.
    pub(super) fn is_shortened(&self) -> bool {
        self.shortened.is_some()
    }

    /// A reader that hands the text out as the file and the loader do.
    pub(super) fn reader(&self) -> Reader<'_> {
        Reader {
            read: &self.read,
            fed: self.shortened.as_deref().unwrap_or(&self.read),
            same: self.shortened.is_none(),
            portion: if self.stream == Stream::File { RAW_BUFFER } else { usize::MAX },
            passed: 0,
            fetched: 0,
        }
    }
}

fn translate_newlines(text: &str) -> Cow<'_, str> {
    if text.has('\r') {
        Cow::Owned(text.replaced("\r\n", "\n").replace('\r', "\n"))
    } else {
        Cow::Borrowed(text)
    }
}

/// Replaces the wide characters of all lines that are long in bytes; `None` where there is no such line.
fn shorten(read: &str) -> Option<String> {
    let is_affected = |line: &str| line.len() > SIMPLE_KEY_LIMIT && !line.is_ascii();
    if !read.split('\n').any(is_affected) {
        return None;
    }
    let mut result = String::with_capacity(read.len());
    for line in read.split_inclusive('\n') {
        if is_affected(line) {
            result.extend(line.chars().map(|c| if is_replaced(c) { PLACEHOLDER } else { c }));
        } else {
            result.push_str(line);
        }
    }
    Some(result)
}

/// Whether a character of several bytes means nothing to libyaml's scanner. Line breaks and byte order marks do, and
/// what the reader refuses must reach it.
pub(super) fn is_replaced(c: char) -> bool {
    let refused = matches!(c, '\u{80}'..='\u{84}' | '\u{86}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}');
    !c.is_ascii() && !matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}' | BOM) && !refused
}

/// Hands out a text in the portions in which the real program gets it.
pub(super) struct Reader<'f> {
    /// What has not been handed out, as Python reads it.
    read: &'f str,
    /// The same as libyaml gets it.
    fed: &'f str,
    same: bool,
    /// Characters that the real loader fetches at a time.
    portion: usize,
    /// Bytes at the head of `read` that the real loader has passed on already: the beginning of a character.
    passed: usize,
    /// Bytes behind them that it has fetched and not passed on.
    fetched: usize,
}

impl Reader<'_> {
    /// The next portion, whole characters and at most `room` bytes; empty at the end.
    pub(super) fn next(&mut self, room: usize) -> &str {
        if self.fetched == 0 {
            // Fetched are whole characters, so that nothing is passed on in part here.
            self.fetched = self.read.char_indices().nth(self.portion).map_or(self.read.len(), |(at, _)| at);
        }
        let mut taken = 0;
        while taken == 0 && self.fetched > 0 {
            let portion = self.fetched.min(RAW_BUFFER - self.passed);
            self.fetched -= portion;
            taken = floor_boundary(self.read, self.passed + portion);
            self.passed = self.passed + portion - taken;
        }
        let (portion, rest) = self.read.split_at_checked(taken).unwrap_or(("", ""));
        self.read = rest;
        let length = if self.same {
            taken
        } else {
            let count = portion.chars().count();
            self.fed.char_indices().nth(count).map_or(self.fed.len(), |(at, _)| at)
        };
        let (fed, rest) =
            self.fed.split_at_checked(floor_boundary(self.fed, length.min(room))).unwrap_or(("", ""));
        self.fed = rest;
        fed
    }
}

fn floor_boundary(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    fn portions(feed: &Feed<'_>) -> Vec<usize> {
        let mut reader = feed.reader();
        let mut lengths = Vec::new();
        loop {
            match reader.next(RAW_BUFFER).len() {
                0 => return lengths,
                length => lengths.push(length),
            }
        }
    }

    #[test]
    fn line_ends_of_a_file_become_line_feeds() {
        let text = "a\r\nb\rc\n";
        let feed = Feed::new(text, Stream::File);
        assert_eq!(feed.read, "a\nb\nc\n");
        let places: Vec<usize> = (0..=6).map(|index| feed.offset(index)).collect();
        assert_eq!(places, [0, 1, 3, 4, 5, 6, 7]);
        assert_eq!(Feed::new(text, Stream::Text).read, text);
    }

    #[test]
    fn marks_do_not_count_the_byte_order_mark() {
        let feed = Feed::new("\u{feff}a: b", Stream::File);
        assert_eq!((feed.offset(0), feed.offset(3)), (3, 6));
        assert_eq!((feed.offset_with_bom(3), feed.read_offset(3)), (3, 3));
    }

    #[test]
    fn a_file_is_fetched_by_characters_and_passed_on_by_bytes() {
        // 16384 characters are 49152 bytes. Of the first 16384 bytes the last one begins a character, so that next
        // time there is room for 16383. Here each character is one byte, the line being long.
        let text = "键".repeat(RAW_BUFFER + 1);
        assert_eq!(portions(&Feed::new(&text, Stream::File)), [5461, 5461, 5461, 1, 1]);
        assert_eq!(portions(&Feed::new(&text, Stream::Text)), [5461, 5461, 5461, 2]);
        assert_eq!(portions(&Feed::new(&"a".repeat(20000), Stream::File)), [16384, 3616]);
        assert!(portions(&Feed::new("", Stream::File)).is_empty());
    }

    #[test]
    fn wide_characters_of_long_lines_are_shortened_and_found_again() {
        let text = format!("é: 1\r\n{}é\u{85}键: x\r\né", "a".repeat(1024));
        let feed = Feed::new(&text, Stream::File);
        let shortened = feed.shortened.as_deref().unwrap();
        assert_eq!(shortened, format!("é: 1\n{}^\u{85}^: x\né", "a".repeat(1024)));
        for (own, fed) in
            text.replace("\r\n", "\n").char_indices().zip(shortened.char_indices()).map(|(a, b)| (a.0, b.0))
        {
            assert_eq!(feed.read_offset(fed), own);
        }
        let place = |what: &str| feed.offset(shortened.find(what).unwrap());
        assert_eq!(place(": x"), text.find(": x").unwrap());
        assert_eq!(place("\u{85}"), text.find('\u{85}').unwrap());
        assert_eq!(feed.offset(shortened.len()), text.len());
        assert!(!Feed::new(&"é\n".repeat(2000), Stream::File).is_shortened());
    }
}
