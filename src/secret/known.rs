//! Looks for credentials that are known in texts, and numbers them.

use std::collections::VecDeque;

use super::Secret;
use super::steps::looked_at;
use crate::base::collections::TextSet;
use crate::base::text::Span;

/// Credentials that are looked for in texts: the automaton of Aho and Corasick over their bytes, in time that grows with the
/// length of the text and of the credentials added up, however many and however alike they are.
///
/// What is wanted at each place is the longest credential that ends there, so that those that overlap are found as well. The
/// crate `aho-corasick` keeps a list of all that end at a state, which grows faster than the credentials do where many are
/// ends of each other.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wanted {
    /// The first is the root.
    states: Vec<State>,
}

/// A beginning of one of the credentials.
#[derive(Clone, Copy, Debug, Default)]
struct State {
    /// The byte that leads here.
    byte: u8,
    /// The first of the states behind this one, and the next one behind the same; 0 for none.
    child: u32,
    sibling: u32,
    /// The longest beginning that this one ends with.
    fallback: u32,
    /// The length of the longest credential that this beginning ends with.
    longest: u32,
}

impl Wanted {
    /// Those of `secrets`.
    pub(crate) fn new(secrets: &[Secret]) -> Self {
        let mut wanted = Self::default();
        if secrets.iter().any(|secret| !secret.is_empty()) {
            wanted.states.push(State::default());
            secrets.iter().for_each(|secret| wanted.add(&secret.0));
            wanted.link();
        }
        wanted
    }

    fn state(&self, number: u32) -> State {
        self.states.get(number as usize).copied().unwrap_or_default()
    }

    fn change(&mut self, number: u32, change: impl FnOnce(&mut State)) {
        if let Some(state) = self.states.get_mut(number as usize) {
            change(state);
        }
    }

    /// The state behind `from` by `byte`.
    fn child(&self, from: u32, byte: u8) -> Option<u32> {
        let mut at = self.state(from).child;
        while at != 0 {
            let state = self.state(at);
            if state.byte == byte {
                return Some(at);
            }
            at = state.sibling;
        }
        None
    }

    fn add(&mut self, text: &str) {
        let mut at = 0;
        for byte in text.bytes() {
            at = match self.child(at, byte) {
                Some(next) => next,
                None => {
                    let Ok(new) = u32::try_from(self.states.len()) else { return };
                    let sibling = self.state(at).child;
                    self.states.push(State { byte, sibling, ..State::default() });
                    self.change(at, |state| state.child = new);
                    new
                }
            };
        }
        let length = u32::try_from(text.len()).unwrap_or(0);
        self.change(at, |state| state.longest = length);
    }

    /// Gives each state its fallback, the shorter ones first.
    fn link(&mut self) {
        let mut open = VecDeque::from([0]);
        while let Some(from) = open.pop_front() {
            let mut at = self.state(from).child;
            while at != 0 {
                let State { byte, sibling, longest, .. } = self.state(at);
                let fallback = if from == 0 { 0 } else { self.next(self.state(from).fallback, byte) };
                let longest = longest.max(self.state(fallback).longest);
                self.change(at, |state| {
                    state.fallback = fallback;
                    state.longest = longest;
                });
                open.push_back(at);
                at = sibling;
            }
        }
    }

    /// The longest beginning that `at` with `byte` behind it ends with.
    fn next(&self, mut at: u32, byte: u8) -> u32 {
        loop {
            looked_at(1);
            match self.child(at, byte) {
                Some(next) => return next,
                None if at == 0 => return 0,
                None => at = self.state(at).fallback,
            }
        }
    }

    /// Where credentials stand in `text`: at each place where one ends, the longest. In the order of their ends.
    pub(crate) fn spans(&self, text: &str) -> Vec<Span> {
        let mut spans: Vec<Span> = Vec::new();
        if self.states.is_empty() {
            return spans;
        }
        let mut at = 0;
        for (end, byte) in text.bytes().enumerate().map(|(offset, byte)| (offset + 1, byte)) {
            at = self.next(at, byte);
            let length = self.state(at).longest as usize;
            if length == 0 {
                continue;
            }
            let mut span = Span::new(end - length, end);
            // What overlaps is one: a run of one letter ends a credential at each place.
            while let Some(last) = spans.pop_if(|last| span.start < last.end) {
                span = span.to(last);
            }
            spans.push(span);
        }
        spans
    }
}

/// Credentials, each once, by the order in which they came.
#[derive(Clone, Debug, Default)]
pub(crate) struct SecretSet(TextSet);

impl SecretSet {
    /// The number of `secret`, from 0; equal ones have the same. It is added where it is not there.
    pub(crate) fn number(&mut self, secret: &Secret) -> usize {
        self.0.insert(&secret.0);
        self.0.position(&secret.0).unwrap_or(0)
    }

    /// Whether `text` is one of them.
    pub(crate) fn contains(&self, text: &str) -> bool {
        self.0.contains(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found<'t>(secrets: &[&str], text: &'t str) -> Vec<&'t str> {
        let secrets: Vec<Secret> = secrets.iter().map(|secret| Secret::new(*secret)).collect();
        Wanted::new(&secrets).spans(text).into_iter().map(|span| span.of(text)).collect()
    }

    #[test]
    fn all_that_stand_in_a_text_overlapping_ones_as_one() {
        let secrets = ["abacus", "cusp", "é", "éa", "zz", "usp"];
        assert_eq!(found(&secrets, "an abacus, a cusp"), ["abacus", "cusp"]);
        assert_eq!(found(&secrets, "abacusp"), ["abacusp"]);
        assert_eq!(found(&secrets, "cafés zéa"), ["é", "éa"]);
        assert_eq!(found(&secrets, "abacu cu z"), [""; 0]);
        assert_eq!(found(&secrets, "zzz"), ["zzz"]);
        assert_eq!(found(&[], "zz"), [""; 0]);
        assert_eq!(found(&[""], "zz"), [""; 0]);
    }

    /// A longer one may fail where a shorter one within it goes on.
    #[test]
    fn one_within_another_that_does_not_end() {
        assert_eq!(found(&["abcde", "bcd"], "abcdx"), ["bcd"]);
        assert_eq!(found(&["aab", "abc"], "aaabc"), ["aabc"]);
    }

    /// Each byte of the text leads to one state; each step back to a fallback undoes a step forward. So the states are as many
    /// as the bytes of the credentials, and no list of endings is kept beside them.
    #[test]
    fn as_many_states_as_bytes() {
        for count in [2, 10, 100] {
            let secrets: Vec<Secret> = (1..=count).map(|length| Secret::new("x".repeat(length))).collect();
            assert_eq!(Wanted::new(&secrets).states.len(), count + 1);
            let text = "x".repeat(1000);
            assert_eq!(Wanted::new(&secrets).spans(&text), [Span::new(0, 1000)]);
        }
    }
}
