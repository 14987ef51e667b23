//! The way back from an edited text: laws that hold for any text and any edits.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use poolcheck::base::text::{Edit, Edits, Span};
use proptest::prelude::*;

/// A text and edits of it, made of cuts at character boundaries.
fn edited() -> impl Strategy<Value = (String, Edits)> {
    let parts = prop::collection::vec(("[a•：\n]{0,4}", prop::option::of("[b• ]{0,3}")), 0..8);
    parts.prop_map(|parts| {
        let (mut text, mut edits) = (String::new(), Vec::new());
        for (part, put_in) in parts {
            let start = text.len();
            text.push_str(&part);
            if let Some(put_in) = put_in {
                edits.push(Edit::replace(Span::new(start, text.len()), put_in));
            }
        }
        let edits = Edits::new(edits).unwrap_or_default();
        (text, edits)
    })
}

/// The offsets of a text that lie between its characters.
fn boundaries(text: &str) -> Vec<usize> {
    (0..=text.len()).filter(|at| text.is_char_boundary(*at)).collect()
}

proptest! {
    #[test]
    fn later_places_were_later_and_lie_between_characters((text, edits) in edited()) {
        let (after, back) = (edits.apply(&text), edits.way_back(&text));
        let mut last = Span::at(0);
        for at in boundaries(&after) {
            let start = back.before(Span::new(at, after.len())).start;
            let end = back.before(Span::new(0, at)).end;
            prop_assert!(text.is_char_boundary(start) && text.is_char_boundary(end));
            prop_assert!(start <= text.len() && end <= text.len());
            prop_assert!(last.start <= start && last.end <= end);
            last = Span { start, end };
        }
    }

    #[test]
    fn what_was_kept_is_found_again((text, edits) in edited()) {
        let (after, back) = (edits.apply(&text), edits.way_back(&text));
        let (mut kept, mut moved) = (0, 0);
        for edit in edits.iter() {
            let length = edit.span.start - kept;
            let old = Span::new(kept, kept + length);
            let new = Span::new(moved, moved + length);
            prop_assert_eq!(new.of(&after), old.of(&text));
            if length > 0 {
                prop_assert_eq!(back.before(new), old);
            }
            kept = edit.span.end;
            moved += length + edit.text.len();
        }
    }

    #[test]
    fn without_edits_every_place_stays(text in "\\PC{0,20}") {
        let back = Edits::default().way_back(&text);
        for start in boundaries(&text) {
            prop_assert_eq!(back.before(Span::new(start, text.len())), Span::new(start, text.len()));
        }
    }
}

/// An edit that does not fit the characters changes nothing and moves nothing.
#[test]
fn an_edit_inside_of_a_character_moves_nothing() {
    let text = "•a";
    let edits = Edits::new(vec![Edit::insert(1, "xyz"), Edit::insert(4, "!")]).unwrap();
    assert_eq!(edits.apply(text), "•a!");
    assert_eq!(edits.way_back(text).before(Span::new(3, 4)), Span::new(3, 4));
}

#[test]
fn what_was_deleted_lies_before_or_behind() {
    let edits = Edits::one(Edit::delete(Span::new(1, 3)));
    let back = edits.way_back("abcd");
    assert_eq!(back.before(Span::new(0, 1)), Span::new(0, 1));
    assert_eq!(back.before(Span::new(1, 2)), Span::new(3, 4));
    assert_eq!(back.before(Span::new(0, 2)), Span::new(0, 4));
}
