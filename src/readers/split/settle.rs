//! What counts of the parts: fragments that complete each other are put together, of successive versions the last one counts,
//! and copies and samples are set aside.

use std::cmp::Reverse;

use super::line;
use super::{Part, Use, Why, extract, is_joined, label};
use crate::base::collections::{TextMap, joined};
use crate::base::sources::SourceKind;
use crate::base::text::{LINE_END, Search, Span, sort_by_span};
use crate::facts::Facts;
use crate::readers::environ::{line_name, named_files};
use crate::readers::follow::{Follow, Step};
use crate::readers::listing::Listing;
use crate::readers::paste::{Shapes, moved_to, without_comment};
use crate::readers::yaml_line::YamlLine;

/// Tells what becomes of each part. Those of the numbers `first` are the ones that the user spoke of: they count as if they
/// had been written last.
pub(super) fn settle(text: &str, parts: &mut [Part], first: &[usize]) {
    for part in parts.iter_mut() {
        part.left_out.clear();
        part.is_cut_short = extract::is_cut_short(text, part);
        part.use_of = if part.kind.is_some() { Use::Used } else { Use::Not };
    }
    // What goes on with another part is of it, unless the user says something else of one of them.
    let heads: Vec<Option<usize>> = parts
        .iter()
        .map(|part| {
            part.goes_on.filter(|head| {
                part.why != Why::Told && parts.get(*head).is_some_and(|head| head.kind == part.kind)
            })
        })
        .collect();
    for (part, _) in parts.iter_mut().zip(&heads).filter(|(_, head)| head.is_some()) {
        part.use_of = Use::Not;
    }
    let is_own = |number: &usize| !first.contains(number) && heads.get(*number) == Some(&None);
    let others = (0..parts.len()).filter(is_own);
    let order: Vec<usize> = first.iter().copied().chain(others).collect();
    repeats(text, parts, &order);
    files_of_units(text, parts);
    samples(parts);
    homes(parts);
    for kind in SourceKind::PASTED {
        // In the order in which they count: the last one most.
        let mut own: Vec<usize> = (0..parts.len()).filter(|number| !first.contains(number)).collect();
        own.extend(first.iter().copied());
        own.retain(|number| {
            parts.get(*number).is_some_and(|part| part.kind == Some(kind) && part.use_of == Use::Used)
        });
        if matches!(
            kind,
            SourceKind::Config
                | SourceKind::Dotenv
                | SourceKind::AuthStore
                | SourceKind::Jobs
                | SourceKind::Listing
        ) {
            // What is quoted was said before, or by another one: it takes the place of nothing that stands in the open, and what
            // is said to have been there before of nothing that is.
            own.sort_by_cached_key(|number| {
                let part = parts.get(*number).filter(|part| part.why != Why::Told);
                let depth = part.map_or(0, |part| extract::depth(text, part));
                (part.is_none(), !part.is_some_and(|part| part.is_of_before), Reverse(depth))
            });
        }
        match kind {
            SourceKind::Config => configs(text, parts, &own),
            SourceKind::Dotenv => variables(text, parts, &own),
            SourceKind::Environ => environments(text, parts, &own),
            SourceKind::AuthStore | SourceKind::Jobs => last_counts(parts, &own),
            SourceKind::Listing => listings(text, parts, &own),
            _ => {}
        }
    }
    for (number, head) in heads.into_iter().enumerate() {
        let use_of = head.and_then(|head| parts.get(head)).map(|head| head.use_of);
        if let (Some(use_of), Some(part)) = (use_of, parts.get_mut(number)) {
            part.use_of = if let Use::Under(_) = use_of { Use::Used } else { use_of };
        }
    }
    let mut settled: Vec<Use> = parts.iter().map(|part| part.use_of).collect();
    // Most give way to a later one: from the end on, what that one gave way to is settled.
    for (number, part) in parts.iter_mut().enumerate().rev() {
        if let Use::Behind(later) = part.use_of {
            part.use_of = Use::Behind(counting(&settled, later));
            if let Some(own) = settled.get_mut(number) {
                *own = part.use_of;
            }
        }
    }
}

/// The part that counts in the place of part `number`, which may have given way to another one itself.
fn counting(settled: &[Use], number: usize) -> usize {
    let mut own = number;
    for _ in settled {
        match settled.get(own) {
            Some(Use::Behind(later) | Use::Repeats(later)) => own = *later,
            _ => break,
        }
    }
    own
}

/// A file that a unit names as its `EnvironmentFile` is of the environment, whatever its lines look like.
fn files_of_units(text: &str, parts: &mut [Part]) {
    let paths: Vec<&str> = parts
        .iter()
        .filter(|part| part.why == Why::Unit && part.use_of == Use::Used)
        .flat_map(|part| named_files(part.span.of(text)))
        .collect();
    for part in parts.iter_mut().filter(|part| part.why == Why::Assignments && part.use_of == Use::Used) {
        if is_headed(text, part, &paths) {
            part.kind = Some(SourceKind::Environ);
        }
    }
}

/// Whether the line above a part names one of the files `paths`, by the last two words of its path at least.
fn is_headed(text: &str, part: &Part, paths: &[&str]) -> bool {
    let before = text.get(..part.span.start).unwrap_or("");
    let says = |line: &&str| !line.trim().is_empty() && !line.trim_start().starts_with("```");
    let Some(above) = before.rsplit('\n').take(4).find(says) else { return false };
    paths.iter().any(|path| {
        let mut names = path.rsplit('/');
        let (last, folder) = (names.next().unwrap_or(""), names.next().unwrap_or(""));
        !folder.is_empty() && !last.is_empty() && above.holds(&[folder, "/", last].concat())
    })
}

/// Sets aside the files of another home than that of config.yaml, or without one than that of the last file: Hermes reads
/// those of one home. Only auth.json of the root home is read for a profile as well. A file whose path names no home stands behind one
/// of its kind whose path does.
fn homes(parts: &mut [Part]) {
    let is_known = |part: &Part| {
        let is_file = matches!(
            part.kind,
            Some(SourceKind::Config | SourceKind::Dotenv | SourceKind::AuthStore | SourceKind::Jobs)
        );
        is_file && part.use_of == Use::Used && part.home.as_ref().is_some_and(|home| !home.is_elsewhere())
    };
    let elsewhere = |part: &Part| {
        part.use_of == Use::Used
            && part.why != Why::Told
            && part.home.as_ref().is_some_and(super::Home::is_elsewhere)
    };
    for kind in SourceKind::PASTED {
        let of_kind = |part: &Part| part.kind == Some(kind);
        let Some(taken) = parts.iter().rposition(|part| of_kind(part) && is_known(part)) else { continue };
        for part in parts.iter_mut().filter(|part| of_kind(part) && elsewhere(part)) {
            part.use_of = Use::OtherHome(taken);
        }
    }
    let config = parts.iter().rposition(|part| is_known(part) && part.kind == Some(SourceKind::Config));
    let Some(taken) = config.or_else(|| parts.iter().rposition(is_known)) else { return };
    let Some(home) = parts.get(taken).and_then(|part| part.home.clone()) else { return };
    for part in parts.iter_mut().filter(|part| is_known(part) && part.why != Why::Told) {
        let is_other = part.home.as_ref().is_some_and(|own| {
            own.differs(&home) && !(part.kind == Some(SourceKind::AuthStore) && own.is_root_of(&home))
        });
        if is_other {
            part.use_of = Use::OtherHome(taken);
        }
    }
}

/// Finds the parts that say what another one says: translations of comments and quotations. Of a log and a listing, lines
/// that stand further up are quoted from there.
fn repeats(text: &str, parts: &mut [Part], order: &[usize]) {
    let mut seen: TextMap<usize> = TextMap::new();
    let mut lines: TextMap<usize> = TextMap::new();
    for &number in order {
        let Some(part) = parts.get_mut(number) else { continue };
        let Some(kind) = part.kind else { continue };
        let own = part.span.of(text);
        let said = essence(kind, own);
        if let Some(before) = seen.get(&said) {
            part.use_of = Use::Repeats(*before);
            continue;
        }
        seen.insert(&said, number);
        if !matches!(kind, SourceKind::Log | SourceKind::Listing) {
            continue;
        }
        let mut of_whom = None;
        let mut is_quoted = part.why != Why::Told;
        for line in own.split(LINE_END) {
            let said = essence(kind, line);
            if said == essence(kind, "") {
                continue;
            }
            match lines.get(&said) {
                Some(before) => of_whom = of_whom.or(Some(*before)),
                None => {
                    is_quoted = false;
                    lines.insert(&said, number);
                }
            }
        }
        if let Some(before) = of_whom.filter(|_| is_quoted) {
            part.use_of = Use::Repeats(before);
        }
    }
}

/// What a part says, by which a repetition is known: without white space, quote marks and, where a translator may have
/// changed them, comments.
fn essence(kind: SourceKind, text: &str) -> String {
    let mut said = vec![kind_name(kind)];
    for line in text.split(LINE_END) {
        let line = label::without_quote_marks(line);
        let has_comments = !is_joined(kind);
        let code = if has_comments { without_comment(line) } else { line };
        if !has_comments || !code.trim_start().starts_with('#') {
            said.extend(code.split_whitespace());
        }
    }
    joined(&said)
}

fn kind_name(kind: SourceKind) -> &'static str {
    match kind {
        SourceKind::Config => "config ",
        SourceKind::Dotenv | SourceKind::Environ => "variables ",
        SourceKind::AuthStore | SourceKind::RootAuthStore => "store ",
        SourceKind::Jobs => "jobs ",
        SourceKind::Listing => "listing ",
        SourceKind::Log => "log ",
        SourceKind::Commands => "commands ",
        SourceKind::DebugReport => "report ",
    }
}

/// Sets aside what is no evidence: a log or a listing that is only shown as an example never is; of a file that is an
/// example or cut short, only where there is a real one.
fn samples(parts: &mut [Part]) {
    let is_lesser = |part: &Part| {
        part.why != Why::Told
            && (part.is_sample || (part.kind.is_some_and(SourceKind::is_json) && part.is_cut_short))
    };
    let lesser: Vec<bool> = parts.iter().map(is_lesser).collect();
    for kind in SourceKind::PASTED {
        if kind == SourceKind::Commands {
            continue;
        }
        let counts = |(number, part): (usize, &Part)| {
            part.kind == Some(kind) && part.use_of == Use::Used && lesser.get(number) == Some(&false)
        };
        let real = parts.iter().enumerate().filter(|one| counts(*one)).map(|(number, _)| number).next_back();
        let is_output = matches!(kind, SourceKind::Log | SourceKind::Listing | SourceKind::DebugReport);
        let mut last = None;
        for (number, part) in parts.iter_mut().enumerate() {
            if part.kind != Some(kind) || part.use_of != Use::Used || lesser.get(number) != Some(&true) {
                continue;
            }
            match real {
                _ if part.is_sample && is_output => part.use_of = Use::Sample,
                Some(_) if part.is_sample => part.use_of = Use::Sample,
                Some(real) => part.use_of = Use::Behind(real),
                None => last = Some(number),
            }
        }
        // Among what is left no fragment completes another one.
        if let (None, Some(last)) = (real, last) {
            let mut whole = None;
            for (number, part) in parts.iter().enumerate() {
                if part.kind == Some(kind)
                    && part.use_of == Use::Used
                    && !(kind.is_json() && part.is_cut_short)
                {
                    whole = Some(number);
                }
            }
            let taken = whole.unwrap_or(last);
            let stands_alone = parts.get(taken).is_some_and(|part| part.is_sample);
            for (number, part) in parts.iter_mut().enumerate() {
                let is_other = number != taken && part.kind == Some(kind) && part.use_of == Use::Used;
                if is_other && !(stands_alone && part.is_sample) {
                    part.use_of = Use::Behind(taken);
                }
            }
        }
    }
}

/// Whether a config is what a program printed of it: keys with values as Python writes them.
pub(super) fn is_printed(text: &str) -> bool {
    let mut count = 0;
    for line in text.split(LINE_END).filter(|line| !line.trim().is_empty()) {
        let bare = label::without_quote_marks(line);
        let line = YamlLine::of(bare.trim());
        let value = line.value;
        let is_dict = value.starts_with("{'") && value.ends_with('}') && value.holds("': ");
        if line.key.is_none() || !(is_dict || (count > 0 && matches!(value, "True" | "False" | "None"))) {
            return false;
        }
        count += 1;
    }
    count > 0
}

/// The last one counts.
fn last_counts(parts: &mut [Part], own: &[usize]) {
    let Some((last, others)) = own.split_last() else { return };
    for number in others {
        if let Some(part) = parts.get_mut(*number) {
            part.use_of = Use::Behind(*last);
        }
    }
}

/// A section of a fragment: its key, and where it stands in the pasted text.
struct Section {
    key: String,
    /// Whether it is one line.
    is_scalar: bool,
    span: Span,
}

/// The sections of a fragment, and whether its indentation is lost, so that nobody knows where one ends.
fn sections(text: &str, part: &Part, shapes: &Shapes) -> (Vec<Section>, bool) {
    let mut found: Vec<Section> = Vec::new();
    let mut follow: Option<(usize, Follow)> = None;
    let (mut is_flat, mut is_open) = (false, false);
    for (span, content) in extract::lines(text, part) {
        let bare = content.trim_matches(|c: char| c.is_whitespace());
        let column = content.chars().take_while(|c| c.is_whitespace()).count();
        let base = follow.as_ref().map_or(column, |(base, _)| *base);
        // What says nothing is of a section only where more of the section stands below it.
        if bare.is_empty() || bare.starts_with('#') || bare == "---" {
            if let Some(last) = found.last_mut().filter(|_| column > base && !bare.is_empty()) {
                last.span = last.span.to(span);
            }
            continue;
        }
        let step = match &mut follow {
            Some((_, follow)) => follow.step(column, bare),
            None => {
                follow = Some((column, Follow::from(column, bare)));
                Step::Fits
            }
        };
        let line = YamlLine::of(bare);
        let is_inside = step == Step::Inside || column > base;
        let Some(key) = line.key.filter(|_| !line.is_item && !is_inside) else {
            if let Some(last) = found.last_mut() {
                last.span = last.span.to(span);
                last.is_scalar &= column <= base;
            }
            is_open &= !is_inside;
            continue;
        };
        if is_open && !shapes.is_root(key) && shapes.is_key(key) {
            is_flat = true;
        }
        is_open = line.value.is_empty();
        // Where Hermes moves a key, it is of the section that it moves it to.
        let key = moved_to(key).unwrap_or(key);
        found.push(Section {
            key: key.to_owned(),
            is_scalar: !line.value.is_empty() && !line.value.starts_with(['{', '[']),
            span,
        });
    }
    if is_flat {
        found.retain(|section| shapes.is_root(&section.key));
    }
    (found, is_flat)
}

/// A fragment that counts so far.
struct Piece {
    number: usize,
    sections: Vec<Section>,
    /// How many of them no later fragment has again.
    left: usize,
    is_flat: bool,
}

/// The fragments of config.yaml that count so far.
#[derive(Default)]
struct Fragments {
    pieces: Vec<Piece>,
    /// Which piece has the section of this name, and which of its sections are: more than one where a key stands twice.
    owners: TextMap<(usize, Vec<usize>)>,
    /// How many sections there are.
    count: usize,
}

impl Fragments {
    /// The piece that has the section `key`.
    fn owner(&self, key: &str) -> Option<&Piece> {
        self.owners.get(key).and_then(|(piece, _)| self.pieces.get(*piece))
    }

    /// Adds the fragment of this number.
    fn add(&mut self, number: usize, sections: Vec<Section>, is_flat: bool) {
        let piece = self.pieces.len();
        let mut left = 0;
        for (at, section) in sections.iter().enumerate() {
            match self.owners.get_mut(&section.key) {
                // A key that stands twice in one fragment is a mistake of its own.
                Some((own, places)) if *own == piece => places.push(at),
                _ => {
                    self.owners.insert(&section.key, (piece, vec![at]));
                    left += 1;
                }
            }
        }
        self.count += left;
        self.pieces.push(Piece { number, sections, left, is_flat });
    }

    /// Leaves out what stands for `key` so far; tells of which part it is, where it stands, and whether the part has another
    /// section.
    fn leave_out(&mut self, key: &str) -> Option<(usize, Vec<Span>, bool)> {
        let (piece, places) = self.owners.remove(key)?;
        let piece = self.pieces.get_mut(piece)?;
        piece.left = piece.left.saturating_sub(1);
        self.count = self.count.saturating_sub(1);
        let spans = places.iter().filter_map(|at| Some(piece.sections.get(*at)?.span)).collect();
        Some((piece.number, spans, piece.left > 0))
    }
}

/// Fragments without a section in common are put together. One that has most of what stands so far takes its place; one that
/// has a section of it anew takes the place of this section.
fn configs(text: &str, parts: &mut [Part], own: &[usize]) {
    let Some(facts) = Facts::newest() else { return };
    if own.len() < 2 {
        return;
    }
    let shapes = Shapes::of(facts);
    let mut now = Fragments::default();
    for &number in own {
        let Some(part) = parts.get(number) else { continue };
        let is_sure = matches!(part.why, Why::Told | Why::Named);
        let (sections, is_flat) = sections(text, part, &shapes);
        let common: Vec<usize> = (0..sections.len())
            .filter(|at| sections.get(*at).is_some_and(|own| now.owner(&own.key).is_some()))
            .collect();
        let met = || common.iter().filter_map(|at| now.owner(&sections.get(*at)?.key));
        // A setting or two that somebody names in a sentence are no new version of a file.
        let whole =
            met().find(|piece| piece.sections.iter().any(|own| !own.is_scalar)).map(|piece| piece.number);
        if !is_sure
            && sections.iter().all(|section| section.is_scalar)
            && let Some(whole) = whole
        {
            set(parts, number, Use::Behind(whole));
            continue;
        }
        let meets_flat = is_flat || met().any(|piece| piece.is_flat);
        let is_most = common.len() * 2 >= now.count && sections.len() > 1;
        // What the user takes for a config.yaml and has no section is at least not a piece of another one.
        let is_odd = sections.is_empty() && part.why == Why::Told;
        if common.is_empty() && !is_odd {
            now.add(number, sections, is_flat);
        } else if is_odd || is_most || meets_flat || common.len() >= now.count {
            for piece in std::mem::take(&mut now).pieces {
                set(parts, piece.number, Use::Behind(number));
            }
            now.add(number, sections, is_flat);
        } else {
            for at in common {
                let Some((of, spans, has_more)) = sections.get(at).and_then(|own| now.leave_out(&own.key))
                else {
                    continue;
                };
                set(parts, of, if has_more { Use::Under(number) } else { Use::Behind(number) });
                if let Some(part) = parts.get_mut(of) {
                    part.left_out.extend(spans);
                }
            }
            now.add(number, sections, is_flat);
        }
    }
    for part in parts.iter_mut() {
        sort_by_span(&mut part.left_out, |span| *span);
    }
}

fn set(parts: &mut [Part], number: usize, use_of: Use) {
    if let Some(part) = parts.get_mut(number) {
        part.use_of = use_of;
    }
}

/// The variable that a line sets.
fn name_of(bare: &str) -> Option<String> {
    let written =
        line::assignment(bare).or_else(|| line::export(bare)).or_else(|| line::colon_assignment(bare));
    let of_row = || line::row(bare).map(|row| row.name.of(bare));
    written.or_else(of_row).map(str::to_owned).or_else(|| line_name(bare))
}

/// Assignments are put together; of those of one name the last one counts.
fn variables(text: &str, parts: &mut [Part], own: &[usize]) {
    if own.len() < 2 {
        return;
    }
    let mut by: TextMap<usize> = TextMap::new();
    for &number in own.iter().rev() {
        let Some(part) = parts.get_mut(number) else { continue };
        let (mut names, mut left, mut under) = (Vec::new(), 0, number);
        for (span, content) in extract::lines(text, part) {
            let bare = content.trim();
            let Some(name) = name_of(bare) else {
                left += usize::from(!bare.is_empty() && !bare.starts_with('#'));
                continue;
            };
            match by.get(&name) {
                Some(later) => {
                    under = *later;
                    names.push(span);
                }
                None => left += 1,
            }
        }
        for (_, content) in extract::lines(text, part) {
            let bare = content.trim();
            if let Some(name) = name_of(bare)
                && by.get(&name).is_none()
            {
                by.insert(&name, number);
            }
        }
        if names.is_empty() {
            continue;
        }
        if left == 0 {
            part.use_of = Use::Behind(under);
        } else {
            part.use_of = Use::Under(under);
            part.left_out = names;
        }
    }
}

/// Environments of one form are put together; of several forms, those of the first one count, but a service has an environment
/// of its own, to which no shell adds anything, and comes before the lines of a shell.
fn environments(text: &str, parts: &mut [Part], own: &[usize]) {
    let of_unit = |parts: &[Part], number: usize| {
        parts.get(number).is_some_and(|part| matches!(part.why, Why::Unit | Why::Service))
    };
    let told =
        own.iter().copied().find(|number| parts.get(*number).is_some_and(|part| part.why == Why::Told));
    // Of the versions of a container the last one counts.
    let is_service = |number: &usize| parts.get(*number).is_some_and(|part| part.why == Why::Service);
    let is_every = |number: &usize| parts.get(*number).is_some_and(|part| part.why == Why::EveryProcess);
    // What a process has is no line that somebody set up.
    let begun = own.iter().copied().find(|number| is_every(number) || of_unit(parts, *number));
    let service = begun.filter(is_service).and_then(|_| own.iter().copied().rfind(is_service));
    let Some(first) = told.or(service).or(begun).or(own.first().copied()) else { return };
    let is_unit = of_unit(parts, first);
    let unit = parts.get(first).filter(|part| part.why == Why::Unit);
    let paths: Vec<&str> = unit.map(|part| named_files(part.span.of(text)).collect()).unwrap_or_default();
    let mut same = Vec::new();
    for &number in own {
        // Units and containers are not put together: each is of one service.
        let is_named = number > first
            && parts.get(number).is_some_and(|part| !of_unit(parts, number) && is_headed(text, part, &paths));
        if number != first && !is_named && (is_unit || of_unit(parts, number)) {
            if let Some(part) = parts.get_mut(number) {
                part.use_of = Use::Behind(first);
            }
        } else {
            same.push(number);
        }
    }
    variables(text, parts, &same);
}

/// Listings are put together; of those of one provider the last one counts.
fn listings(text: &str, parts: &mut [Part], own: &[usize]) {
    let mut by: TextMap<usize> = TextMap::new();
    for &number in own.iter().rev() {
        let Some(part) = parts.get_mut(number) else { continue };
        let listing = Listing::of(part.span.of(text));
        let mut later = None;
        let mut is_left = listing.pools.is_empty();
        for pool in &listing.pools {
            match by.get(&pool.provider.text) {
                Some(own) => later = later.or(Some(*own)),
                None => is_left = true,
            }
        }
        for pool in &listing.pools {
            if by.get(&pool.provider.text).is_none() {
                by.insert(&pool.provider.text, number);
            }
        }
        if let Some(later) = later.filter(|_| !is_left) {
            part.use_of = Use::Behind(later);
        }
    }
}
