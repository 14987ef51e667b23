//! The one place with unsafe code: a small wrapper around `libyaml-rs`, the C library libyaml in Rust.
//!
//! Soundness rests on these points. The parser's structure lies in a box of its own that is reached through a raw
//! pointer only, is initialised before anything else and freed once, in `Drop`. The text outlives the parser by its
//! lifetime. The read handler gets the pointer to its reader, which nobody else touches while the parser lives, and
//! writes no more than the room that libyaml offers. Events are copied into owned Rust values before they are
//! freed, and strings of C are read up to the end that libyaml itself sets.

#![allow(unsafe_code)]

use std::ffi::{CStr, c_void};
use std::marker::PhantomData;
use std::mem::MaybeUninit;
use std::ptr;

use libyaml_rs as c;

use super::feed::{Feed, Reader};

/// A place as libyaml counts it: the index in bytes of the text that it got, without a byte order mark.
#[derive(Clone, Copy, Debug)]
pub(super) struct RawMark {
    pub(super) index: usize,
    pub(super) line: usize,
    pub(super) column: usize,
}

/// How a scalar is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    Plain,
    SingleQuoted,
    DoubleQuoted,
    Block,
}

/// What an event is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum EventKind {
    StreamStart,
    StreamEnd,
    DocumentStart,
    DocumentEnd,
    Alias,
    Scalar,
    SequenceStart,
    SequenceEnd,
    MappingStart,
    MappingEnd,
}

/// One step of the parse.
pub(super) struct Event {
    pub(super) kind: EventKind,
    pub(super) start: RawMark,
    pub(super) end: RawMark,
    /// What an alias names, or what stands before a node.
    pub(super) anchor: Option<String>,
    /// What stands before a node.
    pub(super) tag: Option<Vec<u8>>,
    /// Of a scalar, as the next two.
    pub(super) value: Vec<u8>,
    pub(super) plain_implicit: bool,
    pub(super) style: Style,
    /// Whether a sequence or mapping is written in brackets.
    pub(super) flow: bool,
}

/// What a token is, as far as comments need it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    FlowStart,
    FlowEnd,
    BlockScalar,
    Other,
}

/// One token.
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) start: RawMark,
    pub(super) end: RawMark,
}

/// What libyaml says of a text that it refuses.
pub(super) enum RawError {
    /// A character that must not be there, at a byte of the text that it got, byte order mark included.
    Reader { problem: String, value: i32, offset: usize },
    /// A syntax error.
    Marked { context: Option<(String, RawMark)>, problem: String, mark: RawMark },
    /// Anything else; does not happen.
    Other,
}

/// A libyaml parser over one text.
pub(super) struct Parser<'f> {
    parser: *mut c::yaml_parser_t,
    reader: *mut Reader<'f>,
    text: PhantomData<&'f Feed<'f>>,
}

/// libyaml's read handler: copies the next portion of the text into its buffer.
///
/// # Safety
/// `data` is the reader that was registered with this handler, `buffer` has room for `size` bytes.
unsafe fn read(data: *mut c_void, buffer: *mut u8, size: u64, size_read: *mut u64) -> i32 {
    // SAFETY: `data` comes from `Parser::new`; the reader lives as long as the parser and is used only here.
    let reader = unsafe { &mut *data.cast::<Reader<'_>>() };
    let portion = reader.next(usize::try_from(size).unwrap_or(usize::MAX));
    // SAFETY: `next` returns at most `size` bytes, and the reader's text and libyaml's buffer do not overlap.
    unsafe {
        ptr::copy_nonoverlapping(portion.as_ptr(), buffer, portion.len());
        *size_read = portion.len() as u64;
    }
    1
}

impl<'f> Parser<'f> {
    /// A parser at the beginning of `feed`.
    pub(super) fn new(feed: &'f Feed<'f>) -> Self {
        let parser =
            Box::into_raw(Box::new(MaybeUninit::<c::yaml_parser_t>::uninit())).cast::<c::yaml_parser_t>();
        let reader = Box::into_raw(Box::new(feed.reader()));
        // SAFETY: `parser` points to memory for one parser; initialising fails only by running out of memory, which
        // ends the program. The handler gets the reader that it expects.
        unsafe {
            let _ = c::yaml_parser_initialize(parser);
            c::yaml_parser_set_input(parser, read, reader.cast());
        }
        Self { parser, reader, text: PhantomData }
    }

    /// The next event. After [`EventKind::StreamEnd`] or an error it must not be called again.
    pub(super) fn event(&mut self) -> Result<Event, RawError> {
        let mut event = MaybeUninit::<c::yaml_event_t>::uninit();
        // SAFETY: the parser is initialised; on success libyaml has filled the event, whose strings stay valid until
        // `yaml_event_delete`.
        unsafe {
            if !c::yaml_parser_parse(self.parser, event.as_mut_ptr()).ok {
                return Err(self.error());
            }
            let mut event = event.assume_init();
            let copy = copy_event(&event);
            c::yaml_event_delete(&raw mut event);
            copy.ok_or(RawError::Other)
        }
    }

    /// The next token; `None` behind the last one. Not to be mixed with [`Parser::event`].
    pub(super) fn token(&mut self) -> Result<Option<Token>, RawError> {
        let mut token = MaybeUninit::<c::yaml_token_t>::uninit();
        // SAFETY: as for events; a scalar token has a style.
        unsafe {
            if !c::yaml_parser_scan(self.parser, token.as_mut_ptr()).ok {
                return Err(self.error());
            }
            let mut token = token.assume_init();
            let kind = match token.type_ {
                c::YAML_NO_TOKEN => None,
                c::YAML_FLOW_SEQUENCE_START_TOKEN | c::YAML_FLOW_MAPPING_START_TOKEN => {
                    Some(TokenKind::FlowStart)
                }
                c::YAML_FLOW_SEQUENCE_END_TOKEN | c::YAML_FLOW_MAPPING_END_TOKEN => Some(TokenKind::FlowEnd),
                c::YAML_SCALAR_TOKEN if is_block(token.data.scalar.style) => Some(TokenKind::BlockScalar),
                _ => Some(TokenKind::Other),
            };
            let (start, end) = (mark(token.start_mark), mark(token.end_mark));
            c::yaml_token_delete(&raw mut token);
            Ok(kind.map(|kind| Token { kind, start, end }))
        }
    }

    fn error(&self) -> RawError {
        // SAFETY: the parser is initialised. The texts are C strings in the program's own data.
        unsafe {
            let parser = &**self.parser;
            let Some(problem) = string(parser.problem.cast()) else { return RawError::Other };
            match parser.error {
                c::YAML_READER_ERROR => RawError::Reader {
                    problem,
                    value: parser.problem_value,
                    offset: usize::try_from(parser.problem_offset).unwrap_or(usize::MAX),
                },
                c::YAML_SCANNER_ERROR | c::YAML_PARSER_ERROR => RawError::Marked {
                    context: string(parser.context.cast()).map(|text| (text, mark(parser.context_mark))),
                    problem,
                    mark: mark(parser.problem_mark),
                },
                _ => RawError::Other,
            }
        }
    }
}

impl Drop for Parser<'_> {
    fn drop(&mut self) {
        // SAFETY: both pointers come from `Box::into_raw` in `new` and are freed here only, the parser first since it
        // refers to the reader. The parser's own memory is a box of the same layout.
        unsafe {
            c::yaml_parser_delete(self.parser);
            drop(Box::from_raw(self.parser.cast::<MaybeUninit<c::yaml_parser_t>>()));
            drop(Box::from_raw(self.reader));
        }
    }
}

fn mark(mark: c::yaml_mark_t) -> RawMark {
    let count = |count: u64| usize::try_from(count).unwrap_or(usize::MAX);
    RawMark { index: count(mark.index), line: count(mark.line), column: count(mark.column) }
}

fn is_block(style: c::yaml_scalar_style_t) -> bool {
    matches!(style, c::YAML_LITERAL_SCALAR_STYLE | c::YAML_FOLDED_SCALAR_STYLE)
}

/// The bytes of a C string.
///
/// # Safety
/// `text` is null or points to a string that ends with a zero byte.
unsafe fn bytes(text: *const u8) -> Option<Vec<u8>> {
    // SAFETY: as the caller promises.
    (!text.is_null()).then(|| unsafe { CStr::from_ptr(text.cast()) }.to_bytes().to_vec())
}

/// A C string that is ASCII: an anchor, or a message.
///
/// # Safety
/// As for [`bytes`].
unsafe fn string(text: *const u8) -> Option<String> {
    // SAFETY: as the caller promises.
    unsafe { bytes(text) }.and_then(|text| String::from_utf8(text).ok())
}

/// `None` for an event of no kind, which libyaml makes only behind the end of the stream.
///
/// # Safety
/// `event` was filled by libyaml and not freed.
unsafe fn copy_event(event: &c::yaml_event_t) -> Option<Event> {
    let kind = match event.type_ {
        c::YAML_STREAM_START_EVENT => EventKind::StreamStart,
        c::YAML_STREAM_END_EVENT => EventKind::StreamEnd,
        c::YAML_DOCUMENT_START_EVENT => EventKind::DocumentStart,
        c::YAML_DOCUMENT_END_EVENT => EventKind::DocumentEnd,
        c::YAML_ALIAS_EVENT => EventKind::Alias,
        c::YAML_SCALAR_EVENT => EventKind::Scalar,
        c::YAML_SEQUENCE_START_EVENT => EventKind::SequenceStart,
        c::YAML_SEQUENCE_END_EVENT => EventKind::SequenceEnd,
        c::YAML_MAPPING_START_EVENT => EventKind::MappingStart,
        c::YAML_MAPPING_END_EVENT => EventKind::MappingEnd,
        _ => return None,
    };
    let mut copy = Event {
        kind,
        start: mark(event.start_mark),
        end: mark(event.end_mark),
        anchor: None,
        tag: None,
        value: Vec::new(),
        plain_implicit: false,
        style: Style::Plain,
        flow: false,
    };
    let (mut anchor, mut tag) = (ptr::null(), ptr::null());
    // SAFETY: the event's type says which field of the union is filled; its strings end with a zero byte, and a
    // scalar has `length` bytes.
    unsafe {
        match kind {
            EventKind::Alias => anchor = event.data.alias.anchor.cast_const(),
            EventKind::Scalar => {
                let scalar = event.data.scalar;
                (anchor, tag) = (scalar.anchor.cast_const(), scalar.tag.cast_const());
                let length = usize::try_from(scalar.length).ok()?;
                copy.value = std::slice::from_raw_parts(scalar.value, length).to_vec();
                copy.plain_implicit = scalar.plain_implicit;
                copy.style = match scalar.style {
                    c::YAML_SINGLE_QUOTED_SCALAR_STYLE => Style::SingleQuoted,
                    c::YAML_DOUBLE_QUOTED_SCALAR_STYLE => Style::DoubleQuoted,
                    style if is_block(style) => Style::Block,
                    _ => Style::Plain,
                };
            }
            EventKind::SequenceStart => {
                let start = event.data.sequence_start;
                (anchor, tag) = (start.anchor.cast_const(), start.tag.cast_const());
                copy.flow = start.style == c::YAML_FLOW_SEQUENCE_STYLE;
            }
            EventKind::MappingStart => {
                let start = event.data.mapping_start;
                (anchor, tag) = (start.anchor.cast_const(), start.tag.cast_const());
                copy.flow = start.style == c::YAML_FLOW_MAPPING_STYLE;
            }
            _ => {}
        }
        copy.anchor = string(anchor);
        copy.tag = bytes(tag);
    }
    Some(copy)
}
