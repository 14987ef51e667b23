//! Source text: byte spans, lines and columns in the caller's encoding, and edits that cannot overlap.

use std::fmt;

use crate::base::collections::order_of;
use crate::base::sources::SourceKind;

/// A range of bytes in one source text, start included, end excluded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// Offset of the first byte.
    pub start: usize,
    /// Offset behind the last byte; never less than `start`.
    pub end: usize,
}

impl Span {
    /// The span from `start` to `end`; an end before the start gives the empty span at `start`.
    ///
    /// ```
    /// use poolcheck::base::text::Span;
    /// assert_eq!(Span::new(3, 7).len(), 4);
    /// assert!(Span::new(5, 2).is_empty());
    /// ```
    pub fn new(start: usize, end: usize) -> Self {
        Self { start, end: end.max(start) }
    }

    /// The empty span at `offset`.
    pub fn at(offset: usize) -> Self {
        Self { start: offset, end: offset }
    }

    /// Length in bytes.
    pub fn len(self) -> usize {
        self.end - self.start
    }

    /// Whether the span holds no byte.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// The smallest span that holds both.
    pub fn to(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// Whether `other` lies wholly inside.
    pub fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// The bytes of `text` that the span covers; `""` where it does not fit the text's characters.
    pub fn of(self, text: &str) -> &str {
        text.get(self.start..self.end).unwrap_or("")
    }
}

/// A kind of characters to look for. The functions of `str` are compiled anew for each type of pattern; all kinds
/// are of this one.
///
/// ```
/// use poolcheck::base::text::{BLANK, Chars};
/// const SIGN: Chars = |c| matches!(c, '+' | '-');
/// assert_eq!("+ 1".trim_start_matches(SIGN).trim_start_matches(BLANK), "1");
/// ```
pub type Chars = fn(char) -> bool;

/// Space and tab.
pub const BLANK: Chars = |c| matches!(c, ' ' | '\t');
/// What Unicode takes for white space.
pub const WHITE: Chars = char::is_whitespace;
/// What ends a line in an editor.
pub const LINE_END: Chars = |c| matches!(c, '\n' | '\r');
/// Straight quotes.
pub const QUOTE: Chars = |c| matches!(c, '"' | '\'');
/// `0` to `9`.
pub const DIGIT: Chars = |c| c.is_ascii_digit();
/// A colon, also the full-width one.
pub const COLON: Chars = |c| matches!(c, ':' | '：');

/// How the text of a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileEncoding {
    /// As Hermes reads it.
    Utf8,
    /// As PowerShell's `>` writes it.
    Utf16,
    /// In another one, as GBK: in its text `U+FFFD` stands for what cannot be read.
    Other,
}

/// The text of a file: UTF-8, UTF-16 with its mark or, where every second byte is NUL, without, or what can be read of another
/// encoding. A mark of UTF-8 stays, that of UTF-16 goes. `None` for what is no text: it has NULs.
///
/// ```
/// use poolcheck::base::text::{FileEncoding, decoded};
/// assert_eq!(decoded(b"\xff\xfea\0b\0".to_vec()), Some(("ab".to_owned(), FileEncoding::Utf16)));
/// assert_eq!(decoded(b"a\0b\0c\0d\0".to_vec()), Some(("abcd".to_owned(), FileEncoding::Utf16)));
/// assert_eq!(decoded(b"A=1\0B=2\0".to_vec()), Some(("A=1\0B=2\0".to_owned(), FileEncoding::Utf8)));
/// assert_eq!(decoded(b"# \xc3\xdc\xd4\xbf\nA=1".to_vec()).map(|(_, encoding)| encoding), Some(FileEncoding::Other));
/// assert_eq!(decoded(b"\xff\0\xf0".to_vec()), None);
/// ```
pub fn decoded(bytes: Vec<u8>) -> Option<(String, FileEncoding)> {
    let Some((behind, is_little)) = utf16_of(&bytes) else {
        return match String::from_utf8(bytes) {
            Ok(text) => Some((text, FileEncoding::Utf8)),
            Err(error) if error.as_bytes().contains(&0) => None,
            Err(error) => Some((String::from_utf8_lossy(error.as_bytes()).into_owned(), FileEncoding::Other)),
        };
    };
    let pairs = bytes.get(behind..)?.chunks_exact(2);
    if !pairs.remainder().is_empty() {
        return None;
    }
    let units = pairs.filter_map(|pair| {
        let pair = <[u8; 2]>::try_from(pair).ok()?;
        Some(if is_little { u16::from_le_bytes(pair) } else { u16::from_be_bytes(pair) })
    });
    let text = char::decode_utf16(units).collect::<Result<String, _>>().ok()?;
    Some((text, FileEncoding::Utf16))
}

/// Where UTF-16 begins, and whether the smaller byte comes first; `None` where the bytes are none.
fn utf16_of(bytes: &[u8]) -> Option<(usize, bool)> {
    /// Of ten characters, those that are ASCII at least: others have no NUL.
    const LEAST: usize = 7;
    const SHORTEST: usize = 8;
    match bytes {
        [0xff, 0xfe, ..] => return Some((2, true)),
        [0xfe, 0xff, ..] => return Some((2, false)),
        _ if bytes.len() < SHORTEST || bytes.len() % 2 == 1 => return None,
        _ => {}
    }
    let nuls = |first: usize| bytes.iter().skip(first).step_by(2).filter(|byte| **byte == 0).count();
    let (first, second) = (nuls(0), nuls(1));
    let is_most = |count: usize| count * 10 >= bytes.len() / 2 * LEAST;
    match (first, second) {
        (0, count) if is_most(count) => Some((0, true)),
        (count, 0) if is_most(count) => Some((0, false)),
        _ => None,
    }
}

/// Looks for texts in a text. The standard library's search for texts, with which its errors about places inside of
/// characters come along, makes 9 KB of wasm.
pub trait Search {
    /// Where `sought` begins for the first time, in time that grows with both lengths added up.
    ///
    /// ```
    /// use poolcheck::base::text::Search;
    /// assert_eq!("aaab·aab·b".find_text("aab·b"), Some(6));
    /// assert_eq!("key: ${KEY}".cut_at("${"), Some(("key: ", "KEY}")));
    /// assert_eq!("a\r\nb\r\n".replaced("\r\n", "\n"), "a\nb\n");
    /// ```
    fn find_text(&self, sought: &str) -> Option<usize>;

    /// Whether `sought` is in it.
    fn holds(&self, sought: &str) -> bool;

    /// Whether `c` is in it.
    fn has(&self, c: char) -> bool;

    /// What stands before the first `mark` and what stands behind it.
    fn cut_at(&self, mark: &str) -> Option<(&str, &str)>;

    /// The text with `new` for each `old`, which is not empty.
    fn replaced(&self, old: &str, new: &str) -> String;
}

/// Texts of so many bytes are short ones.
const SHORT: usize = 32;

impl Search for str {
    #[inline(never)]
    fn find_text(&self, sought: &str) -> Option<usize> {
        let (text, sought) = (self.as_bytes(), sought.as_bytes());
        let Some((first, others)) = sought.split_first() else { return Some(0) };
        if text.len() < sought.len() {
            return None;
        }
        let next_from =
            |at: usize| text.get(at..)?.iter().position(|byte| byte == first).map(|skipped| at + skipped);
        let mut at = next_from(0)?;
        // Of what is short, each place is tried: no table has to be made, and most are told apart by the first bytes.
        if sought.len() <= SHORT {
            while !text.get(at..)?.starts_with(sought) {
                at = next_from(at + 1)?;
            }
            return Some(at);
        }
        // The method of Knuth, Morris and Pratt: for each byte of what is sought but the last one, how many bytes of
        // its beginning end there as well.
        let mut again = Vec::with_capacity(others.len());
        let mut found = 0;
        for &byte in others {
            again.push(found);
            found = longer(sought, &again, found, byte);
        }
        found = 0;
        while let Some(byte) = text.get(at) {
            found = longer(sought, &again, found, *byte);
            at += 1;
            if found == sought.len() {
                return Some(at - found);
            }
            // Most of a text has nothing to do with what is sought.
            if found == 0 {
                at = next_from(at)?;
            }
        }
        None
    }

    #[inline(never)]
    fn holds(&self, sought: &str) -> bool {
        self.find_text(sought).is_some()
    }

    #[inline(never)]
    fn has(&self, c: char) -> bool {
        self.chars().any(|own| own == c)
    }

    #[inline(never)]
    fn cut_at(&self, mark: &str) -> Option<(&str, &str)> {
        let (before, rest) = self.split_at_checked(self.find_text(mark)?)?;
        Some((before, rest.get(mark.len()..)?))
    }

    #[inline(never)]
    fn replaced(&self, old: &str, new: &str) -> String {
        let (mut text, mut rest) = (String::with_capacity(self.len()), self);
        while let Some((before, behind)) = rest.cut_at(old).filter(|_| !old.is_empty()) {
            text.push_str(before);
            text.push_str(new);
            rest = behind;
        }
        text.push_str(rest);
        text
    }
}

/// How many bytes of `sought` are found with `byte`, where `found` of them were before it.
fn longer(sought: &[u8], again: &[usize], mut found: usize, byte: u8) -> usize {
    while sought.get(found) != Some(&byte) {
        match found.checked_sub(1) {
            Some(last) => found = again.get(last).copied().unwrap_or(0),
            None => return 0,
        }
    }
    found + 1
}

/// The unit in which a caller counts columns. Lines are the same in all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify), serde(rename_all = "camelCase"))]
pub enum Encoding {
    /// Bytes of UTF-8.
    Utf8,
    /// UTF-16 code units, as JavaScript and editors count.
    Utf16,
    /// Code points, as Python counts.
    CodePoints,
}

impl Encoding {
    /// The length of `text` in this unit.
    pub fn units(self, text: &str) -> usize {
        match self {
            Self::Utf8 => text.len(),
            Self::Utf16 => text.encode_utf16().count(),
            Self::CodePoints => text.chars().count(),
        }
    }
}

/// A place in a text for people and editors. Both numbers count from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// Lines before this one.
    pub line: usize,
    /// Units of the caller's [`Encoding`] before this place on its line.
    pub column: usize,
}

/// Where each line of a text begins. Lines end at LF, CR LF or CR, as editors in a browser end them.
#[derive(Clone, Debug)]
pub struct LineIndex {
    starts: Vec<usize>,
    length: usize,
}

impl LineIndex {
    /// Reads the line ends of `text`.
    ///
    /// ```
    /// use poolcheck::base::text::{Encoding, LineIndex};
    /// let text = "a: 1\r\n键: 2";
    /// let lines = LineIndex::new(text);
    /// let place = lines.position(text, text.find('2').unwrap_or(0), Encoding::Utf16);
    /// assert_eq!((place.line, place.column), (1, 3));
    /// ```
    pub fn new(text: &str) -> Self {
        let mut starts = vec![0];
        let mut bytes = text.bytes().enumerate().peekable();
        while let Some((at, byte)) = bytes.next() {
            match byte {
                b'\n' => starts.push(at + 1),
                b'\r' if bytes.peek().is_some_and(|&(_, next)| next == b'\n') => {}
                b'\r' => starts.push(at + 1),
                _ => {}
            }
        }
        Self { starts, length: text.len() }
    }

    /// The number of lines; a text without a line end has one.
    pub fn lines(&self) -> usize {
        self.starts.len()
    }

    /// The span of line `line` (from 0) without its line end, or `None` behind the last line.
    pub fn line_span(&self, text: &str, line: usize) -> Option<Span> {
        let start = *self.starts.get(line)?;
        let content = self.full_line(text, line).trim_end_matches(LINE_END);
        Some(Span::new(start, start + content.len()))
    }

    /// Line `line` (from 0) with its line end; `""` behind the last line.
    pub fn full_line<'t>(&self, text: &'t str, line: usize) -> &'t str {
        let Some(&start) = self.starts.get(line) else { return "" };
        let end = self.starts.get(line + 1).copied().unwrap_or(self.length);
        text.get(start..end).unwrap_or("")
    }

    /// The line, from 0, that byte `offset` is on.
    pub fn line_of(&self, offset: usize) -> usize {
        self.starts.partition_point(|&start| start <= offset).saturating_sub(1)
    }

    /// The place of byte `offset`, counted in `encoding`. An offset inside a character counts as its start,
    /// one behind the text as its end.
    pub fn position(&self, text: &str, offset: usize, encoding: Encoding) -> Position {
        let mut offset = offset.min(self.length);
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        let line = self.line_of(offset);
        let start = self.starts.get(line).copied().unwrap_or(0);
        let before = text.get(start..offset).unwrap_or("");
        Position { line, column: encoding.units(before) }
    }
}

/// One replacement in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced; empty for an insertion.
    pub span: Span,
    /// What stands there afterwards; empty for a deletion.
    pub text: String,
}

impl Edit {
    /// Replaces `span` by `text`.
    pub fn replace(span: Span, text: impl AsRef<str>) -> Self {
        Self::of(span, text.as_ref())
    }

    #[inline(never)]
    fn of(span: Span, text: &str) -> Self {
        Self { span, text: text.to_owned() }
    }

    /// Inserts `text` at byte `offset`.
    pub fn insert(offset: usize, text: impl AsRef<str>) -> Self {
        Self::of(Span::at(offset), text.as_ref())
    }

    /// Deletes `span`.
    pub fn delete(span: Span) -> Self {
        Self::of(span, "")
    }
}

/// Two edits claim the same bytes, or two insertions the same place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overlap {
    /// The edit that comes first.
    pub first: Span,
    /// The edit that meets it.
    pub second: Span,
}

impl fmt::Display for Overlap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "edits of bytes {}..{} and {}..{} overlap",
            self.first.start, self.first.end, self.second.start, self.second.end
        )
    }
}

impl std::error::Error for Overlap {}

/// Edits of one text, in order, that do not overlap.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Edits(Vec<Edit>);

impl Edits {
    /// Sorts `edits` and refuses overlapping ones.
    ///
    /// # Errors
    /// [`Overlap`] names the first two that claim the same bytes.
    ///
    /// ```
    /// use poolcheck::base::text::{Edit, Edits, Span};
    /// let edits = Edits::new(vec![Edit::insert(0, "- "), Edit::delete(Span::new(1, 2))])?;
    /// assert_eq!(edits.apply("abc"), "- ac");
    /// assert!(Edits::new(vec![Edit::delete(Span::new(0, 2)), Edit::delete(Span::new(1, 3))]).is_err());
    /// # Ok::<(), poolcheck::base::text::Overlap>(())
    /// ```
    pub fn new(mut edits: Vec<Edit>) -> Result<Self, Overlap> {
        sort_by_span(&mut edits, |edit| edit.span);
        for pair in edits.windows(2) {
            if let [first, second] = pair
                && (second.span.start < first.span.end || second.span == first.span)
            {
                return Err(Overlap { first: first.span, second: second.span });
            }
        }
        Ok(Self(edits))
    }

    /// One edit, which cannot overlap.
    pub fn one(edit: Edit) -> Self {
        Self(vec![edit])
    }

    /// The edits in order.
    pub fn iter(&self) -> impl Iterator<Item = &Edit> {
        self.0.iter()
    }

    /// The edits that fit the characters of `text`; others are left out.
    fn fitting(&self, text: &str) -> impl Iterator<Item = &Edit> {
        self.0.iter().filter(|edit| text.get(edit.span.start..edit.span.end).is_some())
    }

    /// The text after all edits. An edit that does not fit the text's characters is left out.
    pub fn apply(&self, text: &str) -> String {
        let mut result = String::with_capacity(text.len());
        let mut done = 0;
        for edit in self.fitting(text) {
            result.push_str(text.get(done..edit.span.start).unwrap_or(""));
            result.push_str(&edit.text);
            done = edit.span.end;
        }
        result.push_str(text.get(done..).unwrap_or(""));
        result
    }

    /// The way back from places of the text after all edits to those of `text`.
    pub fn way_back(&self, text: &str) -> WayBack {
        let (mut pieces, mut written, mut done) = (Vec::new(), 0, 0);
        for edit in self.fitting(text) {
            let start = written + (edit.span.start - done);
            written = start + edit.text.len();
            done = edit.span.end;
            pieces.push((edit.span, Span::new(start, written)));
        }
        WayBack(pieces)
    }
}

/// The way back from the places of an edited text to those of the text before: what was replaced, and what stands there now.
#[derive(Clone, Debug, Default)]
pub struct WayBack(Vec<(Span, Span)>);

impl WayBack {
    /// Where `span` of the text after the edits was before them. What was kept is where it was; a span that begins or
    /// ends within what an edit has put in begins or ends with what stood there.
    ///
    /// ```
    /// use poolcheck::base::text::{Edit, Edits, Span};
    /// let text = "• provider: x\nmodel: y\n";
    /// let edits = Edits::new(vec![Edit::replace(Span::new(0, 3), "  -"), Edit::insert(16, "    ")])?;
    /// let (after, back) = (edits.apply(text), edits.way_back(text));
    /// assert_eq!(after, "  - provider: x\n    model: y\n");
    /// assert_eq!(back.before(Span::new(4, 12)).of(text), "provider");
    /// assert_eq!(back.before(Span::new(20, 25)).of(text), "model");
    /// assert_eq!(back.before(Span::new(2, 12)).of(text), "• provider");
    /// # Ok::<(), poolcheck::base::text::Overlap>(())
    /// ```
    pub fn before(&self, span: Span) -> Span {
        Span::new(self.start(span.start), self.end(span.end))
    }

    fn start(&self, at: usize) -> usize {
        let behind = self.0.partition_point(|(_, new)| new.start <= at);
        match behind.checked_sub(1).and_then(|last| self.0.get(last)) {
            Some((old, new)) if at < new.end => old.start,
            Some((old, new)) => old.end + (at - new.end),
            None => at,
        }
    }

    fn end(&self, at: usize) -> usize {
        let first = self.0.partition_point(|(_, new)| new.end < at);
        match self.0.get(first) {
            Some((old, new)) if at > new.start => old.end,
            Some((old, new)) => old.start - (new.start - at),
            None => self.0.last().map_or(at, |(old, new)| old.end + (at - new.end)),
        }
    }
}

/// Sorts `items` by their spans; those of one span stay in their order.
///
/// ```
/// use poolcheck::base::text::{Span, sort_by_span};
/// let mut words = vec![("b", Span::new(4, 5)), ("a", Span::new(0, 5)), ("c", Span::new(4, 5))];
/// sort_by_span(&mut words, |word| word.1);
/// assert_eq!(words.iter().map(|word| word.0).collect::<String>(), "abc");
/// ```
pub fn sort_by_span<T>(items: &mut [T], span: impl Fn(&T) -> Span) {
    sort_by_place(items, |item| Place::new(SourceKind::Config, span(item)));
}

/// Sorts `items` by their texts and their spans in them, as [`sort_by_span`] does.
pub fn sort_by_place<T>(items: &mut [T], place: impl Fn(&T) -> Place) {
    let places: Vec<Place> = items.iter().map(place).collect();
    arrange(&places, &mut |one, other| items.swap(one, other));
}

/// Swaps items until they lie in the order of their `places`.
#[inline(never)]
fn arrange(places: &[Place], swap: &mut dyn FnMut(usize, usize)) {
    let mut ranks = vec![0; places.len()];
    for (rank, number) in order_of_places(places).into_iter().enumerate() {
        if let Some(slot) = ranks.get_mut(number) {
            *slot = rank;
        }
    }
    for at in 0..ranks.len() {
        while let Some(&rank) = ranks.get(at).filter(|rank| **rank != at) {
            swap(at, rank);
            ranks.swap(at, rank);
        }
    }
}

#[inline(never)]
fn order_of_places(places: &[Place]) -> Vec<usize> {
    order_of(places.len(), &|one, other| places.get(one).cmp(&places.get(other)))
}

/// Places to look up, each with how often it was taken.
#[derive(Debug, Default)]
pub struct Places(Vec<(Place, usize)>);

impl Places {
    /// All of `places`.
    ///
    /// ```
    /// use poolcheck::base::text::{Place, Places, Span};
    /// use poolcheck::base::sources::SourceKind;
    /// let at = |offset| Place::new(SourceKind::Dotenv, Span::at(offset));
    /// let marked = Places::new(vec![at(7), at(3)]);
    /// assert!(marked.contains(at(3)) && !marked.contains(at(4)));
    /// ```
    pub fn new(places: Vec<Place>) -> Self {
        let order = order_of_places(&places).into_iter();
        Self(order.filter_map(|number| Some((*places.get(number)?, 0))).collect())
    }

    /// Whether `place` is one of them.
    pub fn contains(&self, place: Place) -> bool {
        self.0.get(self.before(place)).is_some_and(|(own, _)| *own == place)
    }

    /// Whether `place` is one of them and is taken for the first time.
    pub fn take(&mut self, place: Place) -> bool {
        let before = self.before(place);
        match self.0.get_mut(before) {
            Some((own, taken)) if *own == place => {
                *taken += 1;
                *taken == 1
            }
            _ => false,
        }
    }

    #[inline(never)]
    fn before(&self, place: Place) -> usize {
        self.0.partition_point(|(own, _)| *own < place)
    }
}

/// A span in one of the pasted texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    /// The text.
    pub source: SourceKind,
    /// The bytes.
    pub span: Span,
}

impl Place {
    /// The place of `span` in `source`.
    pub fn new(source: SourceKind, span: Span) -> Self {
        Self { source, span }
    }
}
