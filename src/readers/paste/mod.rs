//! The damage of a config.yaml that came through a forum, a chat or an editor, and its repair as text edits.
//!
//! Where the text does not parse, repairs of one kind are tried from the most specific on, then those of all kinds
//! together, then the nesting is worked out anew; a repair counts where the text then parses to what looks like a
//! Hermes config. Where the text parses, the tree tells which letters are no letters and which keys stand where
//! they cannot belong. Nothing here decides what Hermes does with the text.

mod characters;
mod decoration;
mod escapes;
mod lines;
mod nesting;
mod readings;
mod shape;
mod silent;

use crate::base::sources::SourceKind;
use crate::base::text::{BLANK, COLON, Chars, Edit, Edits, Span, sort_by_span};
use crate::facts::Facts;
use crate::python::{Dict, Node, same};
use crate::yaml::{self, DuplicateKey, YamlError};
use decoration::Gutter;
use lines::Line;

pub(super) use decoration::number as line_number;
pub(super) use lines::{ANY_SPACE, without_comment};
pub(super) use shape::{Shapes, moved_to};

pub use escapes::unescaped;
pub use nesting::Assumed;
pub use readings::{Doubt, Why};
pub use shape::CALLED_MODEL;

/// Longer texts are no pasted config: no repair is tried.
pub const LONGEST_TEXT: usize = 256 << 10;

/// A kind of damage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Signs as the source of a web page writes them.
    Escapes,
    /// Lines of an editor, a terminal or a chat.
    Decoration,
    /// Tabs at the start of lines.
    Tabs,
    /// White space that YAML takes for letters.
    OddSpaces,
    /// Other signs than `-` before the items of a list, or no space behind it.
    Bullets,
    /// Other signs than `:` behind a key.
    Colons,
    /// Other signs than `"` and `'` round keys and values.
    Quotes,
    /// Indentation that is lost or moved.
    Nesting,
}

/// The kinds that concern characters, the most specific first.
const KINDS: [Kind; 7] =
    [Kind::Escapes, Kind::Decoration, Kind::Tabs, Kind::OddSpaces, Kind::Bullets, Kind::Colons, Kind::Quotes];

/// Damage of one kind.
#[derive(Clone, Debug)]
pub struct Damage {
    /// The kind.
    pub kind: Kind,
    /// The first place that shows it.
    pub place: Span,
    /// How many places show it; of [`Kind::Nesting`] how many lines move, 0 where that is not known.
    pub count: usize,
    /// Of [`Kind::Nesting`] the key that the place belongs under.
    pub parent: Option<Span>,
    /// What mends it; empty where nobody can tell.
    pub edits: Vec<Edit>,
    /// Of [`Kind::Nesting`] what the repair assumes.
    pub nesting: Nesting,
}

/// What the repair of the nesting assumes.
#[derive(Clone, Debug, Default)]
pub struct Nesting {
    /// What was taken to belong under which key.
    pub assumed: Vec<Assumed>,
    /// What could be read in another way.
    pub doubts: Vec<Doubt>,
    /// Whether the text is too long for all lines to be looked at for that.
    pub is_partly_tried: bool,
}

/// What became of a text on its way.
#[derive(Clone, Debug, Default)]
pub struct Paste {
    /// The damage, one for each kind.
    pub damages: Vec<Damage>,
    /// Whether it is the reason why the text is no mapping. Where it is not, the text parses all the same.
    pub breaks: bool,
}

impl Paste {
    /// Looks for damage in `text`; `read` is what became of it, `None` where there is nothing, and `duplicates` are its
    /// keys that are written twice.
    ///
    /// ```
    /// use poolcheck::facts::Facts;
    /// use poolcheck::readers::paste::{Kind, Paste};
    /// use poolcheck::base::text::Edits;
    /// use poolcheck::base::sources::SourceKind;
    /// use poolcheck::yaml;
    ///
    /// let text = "model:\ndefault: m\nprovider: gemini\ntoolsets:\n• web\n";
    /// let loaded = yaml::load(text, SourceKind::Config);
    /// let paste = Paste::of(text, loaded.root.as_ref().map(Some), &loaded.duplicates, Facts::newest().unwrap());
    /// let damage = paste.damage(Kind::Nesting).unwrap();
    /// let mended = Edits::new(damage.edits.clone()).unwrap().apply(text);
    /// assert_eq!(mended, "model:\n  default: m\n  provider: gemini\ntoolsets:\n  - web\n");
    /// ```
    pub fn of(
        text: &str,
        read: Result<Option<&Node>, &YamlError>,
        duplicates: &[DuplicateKey],
        facts: &'static Facts,
    ) -> Self {
        if text.len() > LONGEST_TEXT {
            return Self::default();
        }
        match read {
            Ok(None) => Self::default(),
            Ok(Some(root)) if root.value.as_dict().is_some() => {
                let shapes = Shapes::of(facts);
                Self { damages: Reader::new(text, &shapes).silent(root, duplicates), breaks: false }
            }
            Ok(Some(root)) if root.value.as_str().is_none() => Self::default(),
            Err(YamlError::Limit(_)) => Self::default(),
            Err(YamlError::Syntax(error)) if is_second_document(error) => Self::default(),
            _ => {
                let damages = Reader::new(text, &Shapes::of(facts)).broken();
                Self { breaks: !damages.is_empty(), damages }
            }
        }
    }

    /// The damage of a kind.
    pub fn damage(&self, kind: Kind) -> Option<&Damage> {
        self.damages.iter().find(|damage| damage.kind == kind)
    }
}

/// Whether a text has a second document, which Hermes does not read.
pub fn is_second_document(error: &yaml::SyntaxError) -> bool {
    error.stage == yaml::Stage::Composer && error.problem == "but found another document"
}

/// The edits of one kind in one variant.
struct Attempt {
    kind: Kind,
    edits: Vec<Edit>,
}

/// The first or the last variant of a kind.
fn variant(variants: &[Attempt], kind: Kind, last: bool) -> Option<&Attempt> {
    let is_wanted = |attempt: &&Attempt| attempt.kind == kind;
    if last { variants.iter().rfind(is_wanted) } else { variants.iter().find(is_wanted) }
}

fn all_edits(attempts: &[&Attempt], more: &[Edit]) -> Vec<Edit> {
    let mut edits = more.to_vec();
    for attempt in attempts {
        edits.extend_from_slice(&attempt.edits);
    }
    edits
}

/// A text after edits, and what it is read as.
struct Mended {
    root: Node,
    duplicates: Vec<DuplicateKey>,
    text: String,
}

struct Reader<'t> {
    text: &'t str,
    lines: Vec<Line>,
    gutter: Gutter,
    shapes: &'t Shapes,
}

impl<'t> Reader<'t> {
    fn new(text: &'t str, shapes: &'t Shapes) -> Self {
        let gutter = Gutter::of(text);
        let mut lines = lines::lines(text, |line| gutter.width(line));
        decoration::mark(text, &mut lines);
        Self { text, lines, gutter, shapes }
    }

    /// The edits of all kinds, each in all its variants, in the order of [`KINDS`].
    fn variants(&self) -> Vec<Attempt> {
        let (text, lines) = (self.text, self.lines.as_slice());
        let mut variants: Vec<Attempt> = Vec::new();
        let mut add = |kind: Kind, edits: Vec<Edit>| {
            let is_known = variants.last().is_some_and(|last| last.kind == kind && last.edits == edits);
            if !edits.is_empty() && !is_known {
                variants.push(Attempt { kind, edits });
            }
        };
        add(Kind::Escapes, unescaped(text));
        add(Kind::Decoration, self.decoration());
        for width in [2, 4, 8] {
            add(Kind::Tabs, characters::tabs(text, lines, width));
        }
        for width in [2, 1] {
            add(Kind::OddSpaces, characters::odd_spaces(text, lines, width));
        }
        for shift in [false, true] {
            add(Kind::Bullets, characters::bullets(text, lines, shift));
        }
        add(Kind::Colons, self.colons(false));
        add(Kind::Quotes, characters::quotes(text, lines, false));
        variants
    }

    /// The edits of full-width colons, of all or only of those behind what is a key somewhere.
    fn colons(&self, behind_keys: bool) -> Vec<Edit> {
        let mut edits = Vec::new();
        for (edit, name) in characters::colons(self.text, &self.lines) {
            if !behind_keys || self.shapes.is_key(name.of(self.text)) {
                edits.push(edit);
            }
        }
        edits
    }

    fn decoration(&self) -> Vec<Edit> {
        let mut edits = Vec::new();
        for line in &self.lines {
            if line.is_decoration {
                edits.push(Edit::delete(line.full));
            } else if line.start > line.span.start {
                edits.push(Edit::delete(Span::new(line.span.start, line.start)));
            }
        }
        edits
    }

    /// What the text is after the edits of `attempts` and `more`, where that looks like a Hermes config.
    fn mended(&self, attempts: &[&Attempt], more: &[Edit]) -> Option<Mended> {
        let text = Edits::new(all_edits(attempts, more)).ok()?.apply(self.text);
        let loaded = yaml::load(&text, SourceKind::Config);
        let root = loaded.root.ok()?;
        let (known, _) = self.known_roots(&root);
        (known > 0).then_some(Mended { root, duplicates: loaded.duplicates, text })
    }

    /// How many of the keys of `root` stand at the root of a Hermes config, and how many there are.
    fn known_roots(&self, root: &Node) -> (usize, usize) {
        let (mut known, mut all) = (0, 0);
        for entry in root.value.as_dict().into_iter().flat_map(Dict::iter) {
            if let Some(name) = entry.key.value.as_str() {
                known += usize::from(self.shapes.is_root(name));
                all += 1;
            }
        }
        (known, all)
    }

    fn has_lost_nesting(&self, mended: &Mended) -> bool {
        silent::lost(&mended.text, &mended.root, &mended.duplicates, self.shapes).is_some()
    }

    /// The damage of a text that does not parse.
    fn broken(&self) -> Vec<Damage> {
        self.with_silent(self.breaking())
    }

    /// The damage that keeps a text from being parsed.
    fn breaking(&self) -> Vec<Damage> {
        let variants = self.variants();
        for kind in KINDS {
            let mut found: Option<(&Attempt, Mended)> = None;
            let mut plain = true;
            for attempt in variants.iter().filter(|attempt| attempt.kind == kind) {
                match (self.mended(&[attempt], &[]), &found) {
                    // Where widths lead to different trees, nobody can tell which one is meant.
                    (Some(other), Some((_, first))) => plain &= same(&other.root.value, &first.root.value),
                    (Some(mended), None) => found = Some((attempt, mended)),
                    (None, _) => {}
                }
            }
            let Some((attempt, mended)) = found else { continue };
            if self.has_lost_nesting(&mended) {
                break;
            }
            return vec![self.damage(attempt, plain)];
        }
        self.together(&variants).or_else(|| self.nested(&variants)).unwrap_or_default()
    }

    /// Damage of several kinds, each of which alone leaves the text broken.
    fn together(&self, variants: &[Attempt]) -> Option<Vec<Damage>> {
        // The last variants of kinds with several are those for a text whose other lines need them.
        for last in [false, true] {
            let mut attempts = Vec::new();
            for kind in KINDS {
                attempts.extend(variant(variants, kind, last));
            }
            if let Some(mended) = self.mended(&attempts, &[]) {
                if attempts.is_empty() || self.has_lost_nesting(&mended) {
                    return None;
                }
                self.without_needless(&mut attempts, &[]);
                return Some(attempts.iter().map(|attempt| self.damage(attempt, true)).collect());
            }
        }
        None
    }

    /// Takes out the kinds that the text parses without.
    fn without_needless(&self, attempts: &mut Vec<&Attempt>, always: &[Edit]) {
        for kind in KINDS {
            let mut rest = attempts.clone();
            rest.retain(|attempt| attempt.kind != kind);
            if rest.len() < attempts.len() && self.mended(&rest, always).is_some() {
                *attempts = rest;
            }
        }
    }

    /// Whether an edit is one of a line's text: what stands at line starts belongs to the nesting.
    fn is_inside_line(&self, edit: &Edit) -> bool {
        let behind = self.lines.partition_point(|line| line.span.start <= edit.span.start);
        let line = behind.checked_sub(1).and_then(|at| self.lines.get(at));
        line.is_some_and(|line| edit.span.start >= line.content)
    }

    /// Damage of the nesting, and what else stands in lines.
    fn nested(&self, variants: &[Attempt]) -> Option<Vec<Damage>> {
        if self.gutter != Gutter::None {
            return None;
        }
        let mut attempts: Vec<Attempt> = Vec::new();
        for kind in [Kind::OddSpaces, Kind::Colons, Kind::Quotes] {
            let mut edits = variant(variants, kind, false).map_or(Vec::new(), |found| found.edits.clone());
            edits.retain(|edit| self.is_inside_line(edit));
            attempts.push(Attempt { kind, edits });
        }
        let mut within = all_edits(&attempts.iter().collect::<Vec<_>>(), &[]);
        sort_by_span(&mut within, |edit| edit.span);
        let mut rebuilt = nesting::rebuild(self.text, &self.lines, &within, self.shapes)?;
        // What stands behind a list mark is already taken up.
        for attempt in &mut attempts {
            attempt.edits.retain(|edit| !rebuilt.edits.iter().any(|other| other.span.contains(edit.span)));
        }
        let mut attempts: Vec<&Attempt> =
            attempts.iter().filter(|attempt| !attempt.edits.is_empty()).collect();
        let (place, parent) = rebuilt.first?;
        let named = |span: &mut Span| *span = self.name_at(*span);
        for assumed in &mut rebuilt.assumed {
            assumed.keys.iter_mut().chain(&mut assumed.owner).for_each(named);
        }
        for doubt in &mut rebuilt.doubts {
            [&mut doubt.key].into_iter().chain(&mut doubt.owner).chain(&mut doubt.other).for_each(named);
        }
        // An error of another kind, which the reading of keys alone would hide.
        if rebuilt.known * 2 < rebuilt.moved {
            return None;
        }
        let mended = self.mended(&attempts, &rebuilt.edits)?;
        let (known, all) = self.known_roots(&mended.root);
        if self.has_lost_nesting(&mended) || known * 2 < all {
            return None;
        }
        self.without_needless(&mut attempts, &rebuilt.edits);
        let mut damages = vec![Damage {
            kind: Kind::Nesting,
            place: self.name_at(place),
            count: rebuilt.moved,
            parent: parent.map(|parent| self.name_at(parent)),
            edits: rebuilt.edits,
            nesting: Nesting {
                assumed: rebuilt.assumed,
                doubts: rebuilt.doubts,
                is_partly_tried: rebuilt.is_partly_tried,
            },
        }];
        damages.extend(attempts.iter().map(|attempt| self.damage(attempt, true)));
        Some(damages)
    }

    /// The key or the first word at the start of `span`.
    fn name_at(&self, span: Span) -> Span {
        const END: Chars = |c| BLANK(c) || COLON(c);
        let text = span.of(self.text);
        let length = text.find(END).unwrap_or(text.len());
        Span::new(span.start, span.start + length)
    }

    fn word_at(&self, start: usize) -> Span {
        let line = self.lines.iter().find(|line| line.span.start <= start && start <= line.span.end);
        self.name_at(Span::new(start, line.map_or(start, |line| line.span.end)))
    }

    /// What an attempt mends; without its edits where they are not plain.
    fn damage(&self, attempt: &Attempt, plain: bool) -> Damage {
        let (kind, edits) = (attempt.kind, &attempt.edits);
        let first = edits.first().map_or(Span::at(0), |edit| edit.span);
        let place = match kind {
            // Without the line's end.
            Kind::Decoration => {
                let line = self.lines.iter().find(|line| line.span.start == first.start);
                line.map_or(first, |line| if line.is_decoration { line.span } else { first })
            }
            // The item that sticks to its dash.
            Kind::Bullets if first.is_empty() => self.word_at(first.start.saturating_sub(1)),
            Kind::Bullets if first.of(self.text).starts_with(' ') => self.word_at(first.start + 1),
            _ => first,
        };
        let count = edits.len();
        let edits = if plain { edits.clone() } else { Vec::new() };
        Damage { kind, place, count, parent: None, edits, nesting: Nesting::default() }
    }

    /// Adds to `damages` what the text, once it parses without them, still has.
    fn with_silent(&self, mut damages: Vec<Damage>) -> Vec<Damage> {
        let edits = damages.iter().flat_map(|damage| damage.edits.iter().cloned()).collect();
        let Ok(edits) = Edits::new(edits) else { return damages };
        let (text, back) = (edits.apply(self.text), edits.way_back(self.text));
        let Ok(root) = yaml::load(&text, SourceKind::Config).root else { return damages };
        let (after, scalars) = (Reader::new(&text, self.shapes), silent::plain_scalars(&text, &root));
        for kind in KINDS {
            let mut edits = after.silent_edits(kind, &scalars);
            let is_kept = |edit: &mut Edit| {
                let before = back.before(edit.span);
                let is_kept = before.of(self.text) == edit.span.of(&text);
                edit.span = before;
                is_kept
            };
            if !edits.is_empty()
                && damages.iter().all(|damage| damage.kind != kind)
                && edits.iter_mut().all(is_kept)
            {
                damages.push(self.damage(&Attempt { kind, edits }, true));
            }
        }
        damages
    }

    /// The damage of a text that parses.
    fn silent(&self, root: &Node, duplicates: &[DuplicateKey]) -> Vec<Damage> {
        let scalars = silent::plain_scalars(self.text, root);
        let mut damages = Vec::new();
        for kind in KINDS {
            let edits = self.silent_edits(kind, &scalars);
            if !edits.is_empty() {
                let mends = self.mended(&[], &edits).is_some_and(|Mended { root, text, .. }| {
                    let after = Reader::new(&text, self.shapes);
                    after.silent_edits(kind, &silent::plain_scalars(&text, &root)).is_empty()
                });
                if mends || kind != Kind::Decoration {
                    damages.push(self.damage(&Attempt { kind, edits }, mends));
                }
            }
        }
        if damages.is_empty()
            && let Some((place, parent)) = silent::lost(self.text, root, duplicates, self.shapes)
        {
            let mended = self.nested(&[]).and_then(|damages| damages.into_iter().next());
            let (count, edits, nesting) =
                mended.map_or_else(Default::default, |damage| (damage.count, damage.edits, damage.nesting));
            damages.push(Damage { kind: Kind::Nesting, place, count, parent, edits, nesting });
        } else {
            // What belongs where shows once the characters are right.
            let edits: Vec<Edit> = damages.iter().flat_map(|damage| damage.edits.iter().cloned()).collect();
            if self.mended(&[], &edits).is_some_and(|mended| self.has_lost_nesting(&mended))
                && let Some(nested) = self.nested(&self.variants())
            {
                return self.with_silent(nested);
            }
        }
        damages
    }

    /// The edits of a kind that lie where a tree that parses shows the damage.
    fn silent_edits(&self, kind: Kind, scalars: &[Span]) -> Vec<Edit> {
        let (text, lines) = (self.text, self.lines.as_slice());
        let begins_line =
            |scalar: Span| lines.binary_search_by_key(&scalar.start, |line| line.content).is_ok();
        match kind {
            Kind::Decoration if self.gutter != Gutter::None => self.decoration(),
            // Where the text parses with them, a value may well speak of them.
            Kind::Escapes | Kind::Decoration | Kind::Tabs | Kind::Nesting => Vec::new(),
            Kind::OddSpaces => {
                silent::within(scalars, characters::odd_spaces(text, lines, 2), &|scalar, span| {
                    let before = Span::new(scalar.start, span.start).of(text);
                    let behind_key = before.strip_suffix(':').is_some_and(|name| self.shapes.is_key(name));
                    before.is_empty() || before == "-" || span.end == scalar.end || behind_key
                })
            }
            Kind::Bullets => {
                silent::within(scalars, characters::bullets(text, lines, false), &|scalar, span| {
                    let sticks = span.is_empty();
                    let shown = scalar.of(text);
                    let known = || shown.strip_prefix('-').is_some_and(|name| self.shapes.is_key(name));
                    begins_line(scalar)
                        && if sticks {
                            known()
                        } else {
                            !shown.starts_with('-') && characters::marker(shown).is_some()
                        }
                })
            }
            Kind::Colons => silent::within(scalars, self.colons(true), &|_, _| true),
            Kind::Quotes => {
                silent::within(scalars, characters::quotes(text, lines, true), &|scalar, span| {
                    span.start == scalar.start || span.end == scalar.end
                })
            }
        }
    }
}
