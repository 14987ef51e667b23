//! `difflib.get_close_matches`.

/// From this length on, `SequenceMatcher` leaves out what occurs often.
const AUTOJUNK_FROM: usize = 200;

/// The closest of `candidates` to `word`: `difflib.get_close_matches(word, candidates, n=1, cutoff=cutoff)`.
/// Of equally close ones the greatest text is taken, as `heapq.nlargest` does. The work grows with the product of the
/// lengths of texts that are about equally long.
///
/// ```
/// use poolcheck::python::close_match;
/// assert_eq!(close_match("modle", ["agent", "model"], 0.6), Some("model"));
/// assert_eq!(close_match("xyz", ["agent", "model"], 0.6), None);
/// ```
pub fn close_match<'c>(
    word: &str,
    candidates: impl IntoIterator<Item = &'c str>,
    cutoff: f64,
) -> Option<&'c str> {
    let candidates: Vec<&str> = candidates.into_iter().collect();
    closest(word, &candidates, cutoff)
}

/// [`close_match`] in a list.
#[inline(never)]
pub fn closest<'c>(word: &str, candidates: &[&'c str], cutoff: f64) -> Option<&'c str> {
    let second: Vec<char> = word.chars().collect();
    let mut best: Option<(f64, &str)> = None;
    for candidate in candidates {
        let first: Vec<char> = candidate.chars().collect();
        // `real_quick_ratio`, which is never less than the ratio.
        if ratio(first.len().min(second.len()), &first, &second) < cutoff {
            continue;
        }
        let found = ratio(matching(&first, &second), &first, &second);
        if found >= cutoff
            && best.is_none_or(|(most, text)| found > most || (found == most && *candidate > text))
        {
            best = Some((found, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// Twice the matching characters by all characters; two empty texts are equal.
fn ratio(matching: usize, first: &[char], second: &[char]) -> f64 {
    let length = first.len() + second.len();
    if length == 0 { 1.0 } else { 2.0 * matching as f64 / length as f64 }
}

/// A range of the first sequence beside one of the second.
#[derive(Clone, Copy)]
struct Window {
    first: (usize, usize),
    second: (usize, usize),
}

/// The sum of the sizes of `get_matching_blocks()`.
fn matching(first: &[char], second: &[char]) -> usize {
    let often = if second.len() < AUTOJUNK_FROM { second.len() } else { second.len() / 100 + 1 };
    let is_rare = |c: &char| second.iter().filter(|other| *other == c).count() <= often;
    let searched: Vec<Option<char>> = second.iter().map(|c| Some(*c).filter(is_rare)).collect();
    let mut open = vec![Window { first: (0, first.len()), second: (0, second.len()) }];
    let mut sum = 0;
    while let Some(window) = open.pop() {
        let (i, j, size) = longest(first, second, &searched, window);
        if size > 0 {
            sum += size;
            open.push(Window { first: (window.first.0, i), second: (window.second.0, j) });
            open.push(Window { first: (i + size, window.first.1), second: (j + size, window.second.1) });
        }
    }
    sum
}

/// `find_longest_match`: the first of the longest equal stretches, grown at both ends by characters that were left
/// out of the search.
fn longest(
    first: &[char],
    second: &[char],
    searched: &[Option<char>],
    window: Window,
) -> (usize, usize, usize) {
    let ((from_i, to_i), (from_j, to_j)) = (window.first, window.second);
    let (mut i, mut j, mut size) = (from_i, from_j, 0);
    // How long the stretch is that ends at the character before and at each of the second sequence.
    let mut lengths = vec![0; to_j];
    for (at, c) in first.iter().enumerate().take(to_i).skip(from_i) {
        let mut before = 0;
        for (place, length) in lengths.iter_mut().enumerate().skip(from_j) {
            let is_equal = searched.get(place) == Some(&Some(*c));
            let here = if is_equal { before + 1 } else { 0 };
            before = std::mem::replace(length, here);
            if here > size {
                (i, j, size) = (at + 1 - here, place + 1 - here, here);
            }
        }
    }
    let equal = |i: usize, j: usize| first.get(i).is_some_and(|c| second.get(j) == Some(c));
    while i > from_i && j > from_j && equal(i - 1, j - 1) {
        (i, j, size) = (i - 1, j - 1, size + 1);
    }
    while i + size < to_i && j + size < to_j && equal(i + size, j + size) {
        size += 1;
    }
    (i, j, size)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Expected values are those of `difflib.SequenceMatcher(None, first, second).ratio()`.
    #[test]
    fn ratios_are_pythons() {
        let long = "ab".repeat(150);
        let cases = [
            ("", "", 1.0),
            ("", "a", 0.0),
            ("abcd", "bcde", 0.75),
            ("timezone", "time_zone", 0.941_176_470_588_235_3),
            ("tide", "diet", 0.25),
            ("diet", "tide", 0.5),
            // Both letters occur too often in the second text to be looked for: only the growth from the start counts.
            ("abab", long.as_str(), 8.0 / 304.0),
            ("babab", long.as_str(), 0.0),
        ];
        for (first, second, expected) in cases {
            let (first, second): (Vec<char>, Vec<char>) = (first.chars().collect(), second.chars().collect());
            let found = ratio(matching(&first, &second), &first, &second);
            assert!((found - expected).abs() < 1e-12, "{first:?} {second:?}: {found}");
        }
    }

    #[test]
    fn of_equally_close_ones_the_greatest_is_taken() {
        assert_eq!(close_match("abc", ["abd", "abe"], 0.6), Some("abe"));
    }
}
