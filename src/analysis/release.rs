//! The release that an analysis is of, and where it is named.

use super::origin::Origin;
use crate::base::sources::SourceKind;
use crate::base::text::Place;
use crate::facts::{Facts, Fit, RELEASES};
use crate::hermes::World;
use crate::readers::version::{InUse, Named, dump_version, image_version, said_version, version_line};

/// Where a release is named.
#[derive(Clone, Copy, Debug)]
pub enum ReleasePlace {
    /// In a pasted text.
    At(Place),
    /// In the text of this number in which others stand, at this byte.
    In(usize, usize),
}

/// Why a report speaks of its release.
#[derive(Clone, Debug)]
pub enum ReleaseNamed {
    /// It was asked for.
    Asked,
    /// A text names it, or one that it answers for.
    Named {
        /// The release, as it is written.
        release: String,
        /// Where it stands.
        place: ReleasePlace,
        /// Whether the text names others as well, and does not say which one is in use.
        is_one_of_several: bool,
        /// How it is answered for.
        fit: Fit,
    },
    /// A text names a release, and does not say that it is in use.
    NotInUse {
        /// The release, as it is written.
        release: String,
        /// Where it stands.
        place: ReleasePlace,
    },
    /// No release was named.
    Nowhere,
}

/// The release that is spoken of, and why: the one that was `asked` for, or the one that a text names. Of one that is not known the
/// nearest one speaks. `None` where one is asked for that is not known.
pub fn release_of(
    asked: Option<&str>,
    world: &World,
    origins: &[Origin],
) -> Option<(&'static Facts, ReleaseNamed)> {
    let is_known = |release: &str| RELEASES.contains(&release);
    if let Some(release) = asked {
        return Some((Facts::of(release)?, ReleaseNamed::Asked));
    }
    let place = |kind: SourceKind, named: &Named<'_>| ReleasePlace::At(Place::new(kind, named.span));
    let printed = SourceKind::PASTED.into_iter().filter_map(|kind| {
        let text = world.text_of(kind);
        let of_dump = if kind == SourceKind::DebugReport { dump_version(text) } else { None };
        let named = of_dump.or_else(|| version_line(text))?;
        Some((place(kind, &named), named))
    });
    let said = |text| said_version(text, &is_known);
    let of_report = said(world.text_of(SourceKind::DebugReport))
        .map(|named| (place(SourceKind::DebugReport, &named), named));
    let of_posts = origins.iter().enumerate().filter_map(|(number, origin)| {
        let named = said(&origin.text)?;
        Some((ReleasePlace::In(number, named.span.start), named))
    });
    // Files that were given as such, and not in a post.
    let of_images = [SourceKind::Environ, SourceKind::Commands]
        .into_iter()
        .filter(|_| origins.is_empty())
        .filter_map(|kind| image_version(world.text_of(kind)).map(|named| (place(kind, &named), named)));
    let mut found: Vec<_> = printed.chain(of_report).chain(of_posts).chain(of_images).collect();
    // Of those that are as sure the first one counts.
    found.sort_by_key(|(_, named)| named.in_use);
    let Some((place, named)) = found.into_iter().next() else {
        return Some((Facts::newest()?, ReleaseNamed::Nowhere));
    };
    let release = named.release.to_owned();
    if named.in_use == InUse::NotSaid {
        return Some((Facts::newest()?, ReleaseNamed::NotInUse { release, place }));
    }
    let (own, fit) = Facts::fit(named.release, &RELEASES)?;
    let is_one_of_several = named.in_use == InUse::OneOfSeveral;
    Some((Facts::of(own)?, ReleaseNamed::Named { release, place, is_one_of_several, fit }))
}
