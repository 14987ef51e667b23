//! The damage of a config.yaml that came through a forum, a chat or an editor, and its repair as text edits.
//!
//! Where the text does not parse, repairs of one kind are tried from the most specific on, then those of all kinds
//! together, then the nesting is worked out anew; a repair counts where the text then parses to what looks like a
//! Hermes config. Where the text parses, the tree tells which letters are no letters and which keys stand where
//! they cannot belong. Nothing here decides what Hermes does with the text.

mod characters;
mod decoration;
mod lines;
mod nesting;
mod shape;
mod silent;

use crate::facts::Facts;
use crate::python::{Node, same};
use crate::text::{BLANK, COLON, Chars, Edit, Edits, SourceKind, Span, sort_by_span};
use crate::yaml::{self, DuplicateKey, YamlError};
use decoration::Gutter;
use lines::Line;
use shape::Shapes;

/// Longer texts are no pasted config: no repair is tried.
pub const LONGEST_TEXT: usize = 256 << 10;

/// A kind of damage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
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
const KINDS: [Kind; 6] =
    [Kind::Decoration, Kind::Tabs, Kind::OddSpaces, Kind::Bullets, Kind::Colons, Kind::Quotes];

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
    /// use poolcheck::text::{Edits, SourceKind};
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

    /// The edits of a kind, in each of its variants; none where there is nothing to edit.
    fn variants(&self, kind: Kind) -> Vec<Vec<Edit>> {
        let (text, lines) = (self.text, self.lines.as_slice());
        let mut variants = match kind {
            Kind::Decoration => vec![self.decoration()],
            Kind::Tabs => [2, 4, 8].map(|width| characters::tabs(text, lines, width)).into(),
            Kind::OddSpaces => [2, 1].map(|width| characters::odd_spaces(text, lines, width)).into(),
            Kind::Bullets => [false, true].map(|shift| characters::bullets(text, lines, shift)).into(),
            Kind::Colons => vec![characters::colons(text, lines).into_iter().map(|(edit, _)| edit).collect()],
            Kind::Quotes => vec![characters::quotes(text, lines, false)],
            Kind::Nesting => Vec::new(),
        };
        variants.dedup();
        variants.retain(|edits| !edits.is_empty());
        variants
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

    /// The mapping that the text is after `edits`, where it looks like a Hermes config, and the text.
    fn mended(&self, edits: &[&Vec<Edit>]) -> Option<(Node, Vec<DuplicateKey>, String)> {
        let edits = Edits::new(edits.iter().flat_map(|edits| edits.iter().cloned()).collect()).ok()?;
        let text = edits.apply(self.text);
        let loaded = yaml::load(&text, SourceKind::Config);
        let root = loaded.root.ok()?;
        let known = |root: &Node| {
            let names = root.value.as_dict()?.iter().filter_map(|entry| entry.key.value.as_str());
            names.into_iter().any(|name| self.shapes.is_root(name)).then_some(())
        };
        known(&root)?;
        Some((root, loaded.duplicates, text))
    }

    fn has_lost_nesting(&self, (root, duplicates, text): &(Node, Vec<DuplicateKey>, String)) -> bool {
        silent::lost(text, root, duplicates, self.shapes).is_some()
    }

    /// The damage of a text that does not parse.
    fn broken(&self) -> Vec<Damage> {
        let variants: Vec<(Kind, Vec<Vec<Edit>>)> = KINDS
            .into_iter()
            .map(|kind| (kind, self.variants(kind)))
            .filter(|(_, variants)| !variants.is_empty())
            .collect();
        for (kind, variants) in &variants {
            let mended: Vec<_> =
                variants.iter().filter_map(|edits| Some((edits, self.mended(&[edits])?))).collect();
            let Some((edits, first)) = mended.first() else { continue };
            if self.has_lost_nesting(first) {
                break;
            }
            // Where widths lead to different trees, nobody can tell which one is meant.
            let plain = mended.iter().all(|(_, (root, ..))| same(&root.value, &first.0.value));
            return vec![self.damage(*kind, edits, plain)];
        }
        self.together(&variants).or_else(|| self.nested(&variants)).unwrap_or_default()
    }

    /// Damage of several kinds, each of which alone leaves the text broken.
    fn together(&self, variants: &[(Kind, Vec<Vec<Edit>>)]) -> Option<Vec<Damage>> {
        let mut chosen: Vec<Attempt> = Vec::new();
        // The last variants of kinds with several are those for a text whose other lines need them.
        let pick = |last: bool| {
            variants.iter().filter_map(move |(kind, variants)| {
                let edits = if last { variants.last() } else { variants.first() }?;
                Some(Attempt { kind: *kind, edits: edits.clone() })
            })
        };
        for last in [false, true] {
            let attempts: Vec<Attempt> = pick(last).collect();
            let edits: Vec<&Vec<Edit>> = attempts.iter().map(|attempt| &attempt.edits).collect();
            if let Some(mended) = self.mended(&edits) {
                if self.has_lost_nesting(&mended) {
                    return None;
                }
                chosen = attempts;
                break;
            }
        }
        if chosen.is_empty() {
            return None;
        }
        self.without_needless(&mut chosen, &[]);
        Some(chosen.iter().map(|attempt| self.damage(attempt.kind, &attempt.edits, true)).collect())
    }

    /// Takes out the kinds that the text parses without.
    fn without_needless(&self, attempts: &mut Vec<Attempt>, always: &[Edit]) {
        let always = always.to_vec();
        for kind in KINDS {
            let rest: Vec<&Vec<Edit>> = attempts
                .iter()
                .filter(|attempt| attempt.kind != kind)
                .map(|attempt| &attempt.edits)
                .chain([&always])
                .collect();
            if rest.len() <= attempts.len() && self.mended(&rest).is_some() {
                attempts.retain(|attempt| attempt.kind != kind);
            }
        }
    }

    /// Damage of the nesting, and what else stands in lines.
    fn nested(&self, variants: &[(Kind, Vec<Vec<Edit>>)]) -> Option<Vec<Damage>> {
        if self.gutter != Gutter::None {
            return None;
        }
        let bodies: Vec<usize> = self.lines.iter().map(|line| line.content).collect();
        // What stands at line starts belongs to the nesting.
        let inside = |edit: &&Edit| {
            let line = self.lines.partition_point(|line| line.span.start <= edit.span.start);
            line.checked_sub(1).and_then(|line| bodies.get(line)).is_some_and(|body| edit.span.start >= *body)
        };
        let mut attempts: Vec<Attempt> = (variants.iter())
            .filter(|(kind, _)| matches!(kind, Kind::OddSpaces | Kind::Colons | Kind::Quotes))
            .filter_map(|(kind, variants)| {
                let edits: Vec<Edit> = variants.first()?.iter().filter(inside).cloned().collect();
                (!edits.is_empty()).then_some(Attempt { kind: *kind, edits })
            })
            .collect();
        let mut within: Vec<Edit> =
            attempts.iter().flat_map(|attempt| attempt.edits.iter().cloned()).collect();
        sort_by_span(&mut within, |edit| edit.span);
        let rebuilt = nesting::rebuild(self.text, &self.lines, &within, self.shapes)?;
        // What stands behind a list mark is already taken up.
        for attempt in &mut attempts {
            attempt.edits.retain(|edit| !rebuilt.edits.iter().any(|other| other.span.contains(edit.span)));
        }
        attempts.retain(|attempt| !attempt.edits.is_empty());
        let (place, parent) = rebuilt.first?;
        // An error of another kind, which the reading of keys alone would hide.
        if rebuilt.known * 2 < rebuilt.moved {
            return None;
        }
        let all: Vec<&Vec<Edit>> =
            attempts.iter().map(|attempt| &attempt.edits).chain([&rebuilt.edits]).collect();
        let mended = self.mended(&all)?;
        if self.has_lost_nesting(&mended) || !self.is_mostly_known(&mended.0) {
            return None;
        }
        self.without_needless(&mut attempts, &rebuilt.edits);
        let nesting = Damage {
            kind: Kind::Nesting,
            place: self.name_at(place),
            count: rebuilt.moved,
            parent: parent.map(|parent| self.name_at(parent)),
            edits: rebuilt.edits,
        };
        let others = attempts.iter().map(|attempt| self.damage(attempt.kind, &attempt.edits, true));
        Some(std::iter::once(nesting).chain(others).collect())
    }

    fn is_mostly_known(&self, root: &Node) -> bool {
        let dict = root.value.as_dict();
        let names: Vec<&str> = dict
            .into_iter()
            .flat_map(|dict| dict.iter())
            .filter_map(|entry| entry.key.value.as_str())
            .collect();
        names.iter().filter(|name| self.shapes.is_root(name)).count() * 2 >= names.len()
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

    fn damage(&self, kind: Kind, edits: &[Edit], plain: bool) -> Damage {
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
        Damage { kind, place, count, parent: None, edits: if plain { edits.to_vec() } else { Vec::new() } }
    }

    /// The damage of a text that parses.
    fn silent(&self, root: &Node, duplicates: &[DuplicateKey]) -> Vec<Damage> {
        let scalars = silent::plain_scalars(self.text, root);
        let mut damages = Vec::new();
        for kind in KINDS {
            let edits = self.silent_edits(kind, &scalars);
            if !edits.is_empty() {
                let mends = self.mended(&[&edits]).is_some_and(|(root, _, text)| {
                    let after = Reader::new(&text, self.shapes);
                    after.silent_edits(kind, &silent::plain_scalars(&text, &root)).is_empty()
                });
                if mends || kind != Kind::Decoration {
                    damages.push(self.damage(kind, &edits, mends));
                }
            }
        }
        if damages.is_empty()
            && let Some((place, parent)) = silent::lost(self.text, root, duplicates, self.shapes)
        {
            let mended = self.nested(&[]).and_then(|damages| damages.into_iter().next());
            let (count, edits) = mended.map_or((0, Vec::new()), |damage| (damage.count, damage.edits));
            damages.push(Damage { kind: Kind::Nesting, place, count, parent, edits });
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
            Kind::Decoration | Kind::Tabs | Kind::Nesting => Vec::new(),
            Kind::OddSpaces => {
                silent::within(scalars, characters::odd_spaces(text, lines, 2), |scalar, span| {
                    let before = Span::new(scalar.start, span.start).of(text);
                    let behind_key = before.strip_suffix(':').is_some_and(|name| self.shapes.is_key(name));
                    before.is_empty() || before == "-" || span.end == scalar.end || behind_key
                })
            }
            Kind::Bullets => {
                silent::within(scalars, characters::bullets(text, lines, false), |scalar, span| {
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
            Kind::Colons => {
                let known = characters::colons(text, lines)
                    .into_iter()
                    .filter(|(_, name)| self.shapes.is_key(name.of(text)));
                silent::within(scalars, known.map(|(edit, _)| edit).collect(), |_, _| true)
            }
            Kind::Quotes => silent::within(scalars, characters::quotes(text, lines, true), |scalar, span| {
                span.start == scalar.start || span.end == scalar.end
            }),
        }
    }
}
