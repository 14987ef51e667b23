//! Wordings that several rules share, and what the problems of the YAML parser mean in plain words.

use super::Context;
use crate::base::text::Search;
use crate::diagnostic::messages::templates;
use crate::diagnostic::{Message, Template};

templates! {
    EFFECT_BREAKS = "effect.breaks":
        "The file does not parse, so Hermes ignores all of it and uses its defaults.";
    EFFECT_BACKUP = "effect.backup":
        "The file does not parse, so Hermes goes on with its newest copy under `backups/config`, or with its defaults where there is none; a one-shot run stops.";
    EFFECT_SILENT = "effect.silent": "The file still parses, but Hermes reads something else there than you see.";
    LIMIT_DEPTH = "limit.depth": "it is nested too deeply";
    LIMIT_MERGES = "limit.merges": "its merges copy too many keys";
    LIMIT_NUMBER = "limit.number": "it has a number of more digits than Python prints";
    LIMIT_VALUES = "limit.values": "it has more than a million values, aliases counted as often as they are used";
    YAML_ALIAS = "yaml.alias": "`*` and `&` stand for YAML's aliases and anchors, and no name follows";
    YAML_ALIAS_TODO = "yaml.alias.todo": "Put the value in quotes. For a list item write `-` and a space.";
    YAML_BACKSLASH = "yaml.backslash": "a backslash in double quotes begins an escape, and this is not one";
    YAML_BACKSLASH_TODO = "yaml.backslash.todo": "Use single quotes, or write each backslash twice.";
    YAML_BRACKET = "yaml.bracket": "a `[` or `{{` is not closed, or a comma is missing before this place";
    YAML_BRACKET_TODO = "yaml.bracket.todo": "Close the bracket, or put a comma between its parts.";
    YAML_COLON_INSIDE = "yaml.colon-inside": "a second `: ` stands here where only a value can follow";
    YAML_COLON_INSIDE_TODO = "yaml.colon-inside.todo":
        "If the colon belongs to the value, put the value in quotes. If this is a key, check its indentation and the line before it.";
    YAML_COLON_MISSING = "yaml.colon-missing": "this line is no `key: value` and no list item";
    YAML_COLON_MISSING_TODO = "yaml.colon-missing.todo":
        "Write a colon and a space behind the key, or delete the line.";
    YAML_CONTROL = "yaml.control": "this character is a control character, which YAML does not allow";
    YAML_CONTROL_TODO = "yaml.control.todo": "Delete it. It often comes from a terminal or from a file that is no text.";
    YAML_DASH_EXPECTED = "yaml.dash-expected": "a list is open here, and this line is not one of its items";
    YAML_DASH_EXPECTED_TODO = "yaml.dash-expected.todo":
        "Begin the item with `- `. If the line is a key beside the list, indent it like the key of the list.";
    YAML_DASH_INLINE = "yaml.dash-inline": "a list item cannot begin on the line of its key";
    YAML_DASH_INLINE_TODO = "yaml.dash-inline.todo": "Put the item on a line of its own below the key.";
    YAML_NOT_UTF8 = "yaml.not-utf8": "the file is not UTF-8, and Hermes reads UTF-8";
    YAML_NOT_UTF8_TODO = "yaml.not-utf8.todo": "Open it in an editor in the encoding that it has, as GBK or Windows-1252, and save it as UTF-8.";
    YAML_UTF16 = "yaml.utf16": "the file is UTF-16, and Hermes reads UTF-8";
    YAML_UTF16_TODO = "yaml.utf16.todo": "Save it as UTF-8. UTF-16 is what `>` of Windows PowerShell writes.";
    YAML_VALUE = "yaml.value": "a value cannot be read: Python raises `{kind}`";
    YAML_VALUE_TODO = "yaml.value.todo":
        "Look for a date that cannot be, a number that is too long, or a tag (`!!int`) that does not fit its value, and put the value in quotes.";
    YAML_INDENT = "yaml.indent": "a key or the end of the section was expected here, and neither follows";
    YAML_INDENT_TODO = "yaml.indent.todo":
        "Indent the line exactly like its neighbours. Behind a value in quotes nothing but a comment may follow.";
    YAML_OTHER = "yaml.other": "the YAML parser stops here";
    YAML_OTHER_TODO = "yaml.other.todo": "Compare this line and the one before it with a line that is right.";
    YAML_PIPE = "yaml.pipe": "behind `|` or `>` at the start of a value only a comment may follow";
    YAML_PIPE_TODO = "yaml.pipe.todo": "Put the value in quotes, or put the text on the lines below.";
    YAML_QUOTE_OPEN = "yaml.quote-open": "the quote that opens here is never closed";
    YAML_QUOTE_OPEN_TODO = "yaml.quote-open.todo": "Close it at the end of the value, or delete it.";
    YAML_ROOT_ENDS = "yaml.root-ends": "the value of the file has ended before this line";
    YAML_ROOT_ENDS_TODO = "yaml.root-ends.todo": "Write the whole file as lines `key: value`.";
    YAML_SIGN = "yaml.sign": "no value can begin with this character";
    YAML_REFERENCE_TODO = "yaml.reference.todo": "Write `{meant}`: Hermes puts the variable in for it.";
    YAML_SIGN_TODO = "yaml.sign.todo": "Put the value in quotes. If it is a tab, put spaces there.";
    YAML_TAB = "yaml.tab": "a tab stands where only spaces may indent";
    YAML_TAB_TODO = "yaml.tab.todo": "Put spaces there.";
    YAML_TAG = "yaml.tag": "`!` begins a YAML tag, and Hermes' reader knows no such tag or cannot apply it here";
    YAML_TAG_TODO = "yaml.tag.todo": "Put the value in quotes.";
    YAML_UNKNOWN_ALIAS = "yaml.unknown-alias": "`*` stands for a YAML alias, and no anchor `&` of this name stands before it";
    YAML_UNKNOWN_ALIAS_TODO = "yaml.unknown-alias.todo": "If it is no alias, put the value in quotes.";
}

/// What follows from damage that makes the file unreadable, or does not.
pub(super) fn effect(context: &Context<'_>, breaks: bool) -> Message {
    Message::new(match breaks {
        false => &EFFECT_SILENT,
        true if context.facts.behaviour.falls_back_to_backups => &EFFECT_BACKUP,
        true => &EFFECT_BREAKS,
    })
}

/// A problem of the parser in plain words.
pub(super) struct Plain {
    /// What it means.
    pub(super) what: &'static Template,
    /// What to do.
    pub(super) todo: &'static Template,
}

/// The problem texts of libyaml, what each means, and what to do.
static PROBLEMS: [(&str, &Template, &Template); 17] = [
    ("mapping values are not allowed in this context", &YAML_COLON_INSIDE, &YAML_COLON_INSIDE_TODO),
    ("could not find expected ':'", &YAML_COLON_MISSING, &YAML_COLON_MISSING_TODO),
    ("did not find expected key", &YAML_INDENT, &YAML_INDENT_TODO),
    ("did not find expected '-' indicator", &YAML_DASH_EXPECTED, &YAML_DASH_EXPECTED_TODO),
    ("block sequence entries are not allowed in this context", &YAML_DASH_INLINE, &YAML_DASH_INLINE_TODO),
    ("did not find expected ',' or ']'", &YAML_BRACKET, &YAML_BRACKET_TODO),
    ("did not find expected ',' or '}'", &YAML_BRACKET, &YAML_BRACKET_TODO),
    ("did not find expected node content", &YAML_BRACKET, &YAML_BRACKET_TODO),
    ("found unknown escape character", &YAML_BACKSLASH, &YAML_BACKSLASH_TODO),
    ("did not find expected hexdecimal number", &YAML_BACKSLASH, &YAML_BACKSLASH_TODO),
    ("found character that cannot start any token", &YAML_SIGN, &YAML_SIGN_TODO),
    ("found a tab character that violates indentation", &YAML_TAB, &YAML_TAB_TODO),
    ("found a tab character where an indentation space is expected", &YAML_TAB, &YAML_TAB_TODO),
    ("did not find expected alphabetic or numeric character", &YAML_ALIAS, &YAML_ALIAS_TODO),
    ("found undefined alias", &YAML_UNKNOWN_ALIAS, &YAML_UNKNOWN_ALIAS_TODO),
    ("did not find expected comment or line break", &YAML_PIPE, &YAML_PIPE_TODO),
    ("did not find expected <document start>", &YAML_ROOT_ENDS, &YAML_ROOT_ENDS_TODO),
];

/// What a problem text of libyaml means; `context` is what it was reading.
pub(super) fn plain(problem: &str, context: Option<&str>) -> Plain {
    let is_open = context == Some("while scanning a quoted scalar")
        && ["found unexpected end of stream", "found unexpected document indicator"].contains(&problem);
    let known = PROBLEMS.iter().find(|(text, ..)| *text == problem);
    let (what, todo) = match known {
        _ if is_open => (&YAML_QUOTE_OPEN, &YAML_QUOTE_OPEN_TODO),
        Some((_, what, todo)) => (*what, *todo),
        None if problem.starts_with("could not determine a constructor") || problem.holds("tag") => {
            (&YAML_TAG, &YAML_TAG_TODO)
        }
        None => (&YAML_OTHER, &YAML_OTHER_TODO),
    };
    Plain { what, todo }
}
