//! Letters, numbers and the case of letters as Python 3.11 knows them, in version 14 of Unicode.
//!
//! The standard library goes by a newer version, and its tables are several times as large as `data/unicode-14.txt`.

use crate::base::embedded;

/// Characters of which each or every second one is in a table.
struct Run {
    first: u32,
    last: u32,
    stride: u32,
    /// What to add to get to the other case.
    change: i32,
}

/// What xtask/src/unicode.py prints, and tells of each table.
#[derive(Default)]
struct Tables {
    lower: Vec<Run>,
    /// Words of a character and its upper case, with a space between them.
    irregular_upper: &'static str,
    cased: Vec<Run>,
    case_ignorable: Vec<Run>,
    letters: Vec<Run>,
    numbers: Vec<Run>,
    signs: Vec<Run>,
}

thread_local! {
    static TABLES: Tables = Tables::of(embedded::text("unicode-14"));
}

impl Tables {
    fn of(text: &'static str) -> Self {
        let mut tables = Self::default();
        for line in text.lines() {
            let (name, content) = line.split_once(' ').unwrap_or_default();
            match name {
                "lower" => tables.lower = runs(content, true),
                "irregular_upper" => tables.irregular_upper = content,
                "cased" => tables.cased = runs(content, false),
                "case_ignorable" => tables.case_ignorable = runs(content, false),
                "letters" => tables.letters = runs(content, false),
                "numbers" => tables.numbers = runs(content, false),
                "signs" => tables.signs = runs(content, false),
                _ => {}
            }
        }
        tables
    }
}

/// The runs of a table, which xtask/src/unicode.py packs.
fn runs(table: &str, has_changes: bool) -> Vec<Run> {
    let mut numbers = table.split(' ').map_while(|number| number.parse::<i32>().ok());
    let mut runs = Vec::new();
    let mut first = 0;
    while let (Some(gap), Some(count)) = (numbers.next(), numbers.next()) {
        first += gap.cast_unsigned();
        let count = count.cast_unsigned();
        let stride = 1 + count % 2;
        let last = first + (count / 2 - 1) * stride;
        let change = if has_changes { numbers.next().unwrap_or(0) } else { 0 };
        runs.push(Run { first, last, stride, change });
        first = last;
    }
    runs
}

/// Whether `c` is in the runs that `table` takes.
fn is_in(table: fn(&Tables) -> &[Run], c: char) -> bool {
    TABLES.with(|tables| run_of(table(tables), c).is_some())
}

/// The run that `c` is in.
fn run_of(runs: &[Run], c: char) -> Option<&Run> {
    let code = u32::from(c);
    let run = runs.get(runs.partition_point(|run| run.last < code))?;
    (run.first <= code && (code - run.first) % run.stride == 0).then_some(run)
}

fn changed(c: char, change: i32) -> char {
    u32::from(c).checked_add_signed(change).and_then(char::from_u32).unwrap_or(c)
}

/// `str.isalpha()` of one character.
///
/// ```
/// use poolcheck::python::is_letter;
/// assert!(is_letter('é') && is_letter('中') && !is_letter('²'));
/// ```
pub fn is_letter(c: char) -> bool {
    if c.is_ascii() { c.is_ascii_alphabetic() } else { is_in(|tables| &tables.letters, c) }
}

/// Whether a character is a digit or another number, and no letter.
///
/// ```
/// use poolcheck::python::is_number;
/// assert!(is_number('7') && is_number('²') && is_number('Ⅷ') && !is_number('八'));
/// ```
pub fn is_number(c: char) -> bool {
    if c.is_ascii() { c.is_ascii_digit() } else { is_in(|tables| &tables.numbers, c) }
}

/// `str.isalnum()` of one character.
pub fn is_alphanumeric(c: char) -> bool {
    is_letter(c) || is_number(c)
}

/// `str.isprintable()` of one character: no control, format, private, unassigned or separator character but the space.
pub(super) fn is_printable(c: char) -> bool {
    is_alphanumeric(c) || is_in(|tables| &tables.signs, c)
}

/// `str.lower()`.
///
/// ```
/// use poolcheck::python::lower;
/// assert_eq!(lower("ΟΔΟΣ"), "οδος");
/// assert_eq!(lower("İ"), "i\u{307}");
/// ```
pub fn lower(text: &str) -> String {
    let mut lower = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        match c {
            c if c.is_ascii() => lower.push(c.to_ascii_lowercase()),
            'İ' => lower.push_str("i\u{307}"),
            'Σ' => lower.push(if is_final(text, at) { 'ς' } else { 'σ' }),
            c => lower
                .push(TABLES.with(|tables| run_of(&tables.lower, c).map_or(c, |run| changed(c, run.change)))),
        }
    }
    lower
}

/// Whether the sigma at `at` stands behind a cased letter and not before one.
fn is_final(text: &str, at: usize) -> bool {
    let (before, after) = text.split_at_checked(at).unwrap_or_default();
    is_cased(before.chars().rev()) && !is_cased(after.chars().skip(1))
}

/// Whether the first character that counts is a cased letter.
fn is_cased(mut characters: impl Iterator<Item = char>) -> bool {
    let counts = |c: &char| !is_in(|tables| &tables.case_ignorable, *c);
    characters.find(counts).is_some_and(|c| is_in(|tables| &tables.cased, c))
}

/// `str.upper()`.
///
/// ```
/// assert_eq!(poolcheck::python::upper("straße"), "STRASSE");
/// ```
pub fn upper(text: &str) -> String {
    let mut upper = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_ascii() {
            upper.push(c.to_ascii_uppercase());
            continue;
        }
        TABLES.with(|tables| match tables.irregular_upper.split(' ').find_map(|word| word.strip_prefix(c)) {
            Some(irregular) => upper.push_str(irregular),
            None => upper.push(first_with_lower(&tables.lower, c)),
        });
    }
    upper
}

/// The first character whose lower case is `c`.
fn first_with_lower(lower: &[Run], c: char) -> char {
    let upper = |run: &Run| changed(c, -run.change);
    let is_in = |run: &&Run| run_of(std::slice::from_ref(*run), upper(run)).is_some();
    lower.iter().find(is_in).map_or(c, upper)
}

#[cfg(test)]
#[allow(clippy::disallowed_methods)]
mod tests {
    use super::*;

    /// All characters but ideographs, private and unassigned ones.
    fn characters() -> impl Iterator<Item = char> {
        ('\0'..='\u{1ffff}').chain('\u{e0000}'..='\u{e0fff}')
    }

    /// The codes as ranges: `19b 10d50-10d65`.
    fn ranges(codes: &[u32]) -> String {
        let ranges = codes.chunk_by(|a, b| a + 1 == *b).map(|range| match range {
            [one] => format!("{one:x}"),
            [first, .., last] => format!("{first:x}-{last:x}"),
            [] => String::new(),
        });
        ranges.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn cases_are_those_of_the_standard_library_but_for_newer_letters() {
        let differs = |c: &char| {
            let text = c.to_string();
            lower(&text) != text.to_lowercase() || upper(&text) != text.to_uppercase()
        };
        let differing: Vec<u32> = characters().filter(differs).map(u32::from).collect();
        // Letters of later versions, and two that have an upper case since then; a newer standard library knows more.
        assert_eq!(
            ranges(&differing),
            "19b 264 1c89-1c8a a7cb-a7cf a7d2-a7d5 a7da-a7dc 10d50-10d65 10d70-10d85 16ea0-16eb8 \
             16ebb-16ed3"
        );
    }

    #[test]
    fn numbers_are_those_of_the_standard_library_but_for_newer_ones() {
        let differing: Vec<u32> =
            characters().filter(|c| is_number(*c) != c.is_numeric()).map(u32::from).collect();
        assert_eq!(
            ranges(&differing),
            "10d40-10d49 116d0-116e3 11bf0-11bf9 11de0-11de9 11f50-11f59 16130-16139 16d70-16d79 16ff4-16ff6 \
             1ccf0-1ccf9 1d2c0-1d2d3 1e4f0-1e4f9 1e5f1-1e5fa"
        );
    }

    #[test]
    fn letters_are_as_many_as_in_python() {
        // The standard library counts more as alphabetic: vowel signs, letters in circles and those that are numbers.
        assert!(characters().all(|c| c.is_alphabetic() || !is_letter(c)));
        // Python 3.11: sum(chr(code).isalpha() for code in range(0x110000)), and the same with isalnum().
        let count = |is: fn(char) -> bool| ('\0'..=char::MAX).filter(|c| is(*c)).count();
        assert_eq!((count(is_letter), count(is_alphanumeric)), (131_756, 133_547));
        // Also with isprintable().
        assert_eq!(count(is_printable), 144_516);
    }

    #[test]
    fn a_capital_sigma_is_final_where_the_standard_library_says_so() {
        let differs = |c: &char| {
            let texts = [format!("{c}Σ"), format!("aΣ{c}"), format!("a{c}Σ"), format!("aΣ{c}b")];
            texts.iter().any(|text| lower(text).contains('ς') != text.to_lowercase().contains('ς'))
        };
        let differing: Vec<u32> = characters().filter(differs).map(u32::from).collect();
        // Characters of later versions, and U+0295 and U+1171E, which count otherwise since then.
        assert_eq!(
            ranges(&differing),
            "295 897 ece 1acf-1add 1ae0-1aeb 1c89-1c8a a7cb-a7cf a7d2 a7d4 a7da-a7dc a7f1 10d4e \
             10d50-10d65 10d69-10d6d 10d6f-10d85 10ec5 10efa-10eff 11241 113bb-113c0 113ce 113d0 \
             113d2 113e1-113e2 1171e 11b60 11b62-11b64 11b66 11dd9 11f00-11f01 11f36-11f3a 11f40 \
             11f42 11f5a 13439-13440 13447-13455 1611e-16129 1612d-1612f 16d40-16d42 16d6b-16d6c \
             16ea0-16eb8 16ebb-16ed3 16ff2-16ff3 1df25-1df2a 1e030-1e06d 1e08f 1e4eb-1e4ef \
             1e5ee-1e5ef 1e6e3 1e6e6 1e6ee-1e6ef 1e6f5 1e6ff"
        );
    }
}
