//! `difflib.get_close_matches`.

use std::collections::HashMap;

/// From this length on, `SequenceMatcher` leaves out what occurs often.
const AUTOJUNK_FROM: usize = 200;

/// The closest of `candidates` to `word`: `difflib.get_close_matches(word, candidates, n=1, cutoff=cutoff)`.
/// Of equally close ones the greatest text is taken, as `heapq.nlargest` does.
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
    let second: Vec<char> = word.chars().collect();
    let matcher = Matcher::new(&second);
    let mut best: Option<(f64, &str)> = None;
    for candidate in candidates {
        let first: Vec<char> = candidate.chars().collect();
        // `real_quick_ratio`, which is never less than the ratio.
        if ratio(first.len().min(second.len()), &first, &second) < cutoff {
            continue;
        }
        let found = ratio(matcher.matching(&first), &first, &second);
        if found >= cutoff
            && best.is_none_or(|(most, text)| found > most || (found == most && candidate > text))
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

/// `SequenceMatcher` with its second sequence set.
struct Matcher<'s> {
    second: &'s [char],
    /// Where each character of the second sequence stands.
    places: HashMap<char, Vec<usize>>,
}

/// A range of the first sequence beside one of the second.
struct Window {
    first: (usize, usize),
    second: (usize, usize),
}

impl<'s> Matcher<'s> {
    fn new(second: &'s [char]) -> Self {
        let mut places: HashMap<char, Vec<usize>> = HashMap::new();
        for (at, &c) in second.iter().enumerate() {
            places.entry(c).or_default().push(at);
        }
        if second.len() >= AUTOJUNK_FROM {
            let often = second.len() / 100 + 1;
            places.retain(|_, at| at.len() <= often);
        }
        Self { second, places }
    }

    /// The sum of the sizes of `get_matching_blocks()`.
    fn matching(&self, first: &[char]) -> usize {
        let mut open = vec![Window { first: (0, first.len()), second: (0, self.second.len()) }];
        let mut sum = 0;
        while let Some(window) = open.pop() {
            let (i, j, size) = self.longest(first, &window);
            if size == 0 {
                continue;
            }
            sum += size;
            open.push(Window { first: (window.first.0, i), second: (window.second.0, j) });
            open.push(Window { first: (i + size, window.first.1), second: (j + size, window.second.1) });
        }
        sum
    }

    /// `find_longest_match`: the first of the longest equal stretches, grown at both ends by characters that
    /// were left out of the search.
    fn longest(&self, first: &[char], window: &Window) -> (usize, usize, usize) {
        let ((from_i, to_i), (from_j, to_j)) = (window.first, window.second);
        let (mut i, mut j, mut size) = (from_i, from_j, 0);
        let mut lengths: HashMap<usize, usize> = HashMap::new();
        for (at, c) in first.iter().enumerate().take(to_i).skip(from_i) {
            let mut next = HashMap::new();
            for &place in self.places.get(c).into_iter().flatten() {
                if place < from_j {
                    continue;
                }
                if place >= to_j {
                    break;
                }
                let before =
                    place.checked_sub(1).and_then(|before| lengths.get(&before)).copied().unwrap_or(0);
                let length = before + 1;
                next.insert(place, length);
                if length > size {
                    (i, j, size) = (at + 1 - length, place + 1 - length, length);
                }
            }
            lengths = next;
        }
        let equal = |i: usize, j: usize| first.get(i).is_some_and(|c| self.second.get(j) == Some(c));
        while i > from_i && j > from_j && equal(i - 1, j - 1) {
            (i, j, size) = (i - 1, j - 1, size + 1);
        }
        while i + size < to_i && j + size < to_j && equal(i + size, j + size) {
            size += 1;
        }
        (i, j, size)
    }
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
            let found = ratio(Matcher::new(&second).matching(&first), &first, &second);
            assert!((found - expected).abs() < 1e-12, "{first:?} {second:?}: {found}");
        }
    }

    #[test]
    fn of_equally_close_ones_the_greatest_is_taken() {
        assert_eq!(close_match("abc", ["abd", "abe"], 0.6), Some("abe"));
    }
}
