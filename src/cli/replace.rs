//! Puts a text in the place of a file. At any moment, also on a full disk and where the program is killed, the file holds the
//! whole old text or the whole new one.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

use tempfile::NamedTempFile;

/// Why a file was not written; it is as it was.
#[derive(Debug)]
pub(super) enum Refusal {
    /// It is not any more what was read.
    Changed,
    /// It has other names, which would keep the old text.
    OtherNames,
    /// Nothing can be made in its folder.
    Folder(io::Error),
    /// Anything else.
    Write(io::Error),
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Changed => f.write_str("it has changed meanwhile; check it again"),
            Self::OtherNames => {
                f.write_str("it has several names (hard links), and only this one would change")
            }
            Self::Folder(error) => write!(f, "no file can be made beside it: {error}"),
            Self::Write(error) => error.fmt(f),
        }
    }
}

/// Puts `text` in the place of the file at `path`, as long as `is_unchanged`. A symbolic link stays, and what it points to is
/// replaced; permissions stay, and the owner where that is allowed.
pub(super) fn replace(path: &Path, text: &str, is_unchanged: &dyn Fn() -> bool) -> Result<(), Refusal> {
    let target = fs::canonicalize(path).map_err(Refusal::Write)?;
    // Who may not write the file does not write it, whatever the folder allows.
    let old = OpenOptions::new().write(true).open(&target).map_err(Refusal::Write)?;
    let about = old.metadata().map_err(Refusal::Write)?;
    if has_other_names(&about) {
        return Err(Refusal::OtherNames);
    }
    let folder = target.parent().unwrap_or(Path::new("."));
    // It may hold keys: nobody else may read it while it is made.
    let new = tempfile::Builder::new().prefix(".poolcheck-").suffix(".tmp").tempfile_in(folder);
    let mut new = new.map_err(Refusal::Folder)?;
    write(&mut new, text, &about).map_err(Refusal::Write)?;
    if !is_unchanged() {
        return Err(Refusal::Changed);
    }
    new.persist(&target).map_err(|error| Refusal::Write(error.error))?;
    // The name outlives a loss of power too; not every file system knows this of a folder.
    let _ = File::open(folder).and_then(|folder| folder.sync_all());
    Ok(())
}

fn write(new: &mut NamedTempFile, text: &str, old: &Metadata) -> io::Result<()> {
    new.write_all(text.as_bytes())?;
    keep_owner(new.as_file(), old);
    new.as_file().set_permissions(old.permissions())?;
    new.as_file().sync_all()
}

/// Gives the file the owner and the group of the old one, as far as the user may.
#[cfg(unix)]
fn keep_owner(new: &File, old: &Metadata) {
    use std::os::unix::fs::{MetadataExt, fchown};
    if fchown(new, Some(old.uid()), Some(old.gid())).is_err() {
        let _ = fchown(new, None, Some(old.gid()));
    }
}

#[cfg(not(unix))]
fn keep_owner(_: &File, _: &Metadata) {}

#[cfg(unix)]
fn has_other_names(about: &Metadata) -> bool {
    std::os::unix::fs::MetadataExt::nlink(about) > 1
}

#[cfg(not(unix))]
fn has_other_names(_: &Metadata) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The moment between the write and the change of the name, at which a kill would be the worst: the file is the old one,
    /// and the new one stands whole beside it.
    #[test]
    fn the_new_text_is_whole_before_it_takes_the_place() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(".env");
        fs::write(&file, "old").unwrap();
        let texts = || {
            let mut texts: Vec<String> = fs::read_dir(folder.path())
                .unwrap()
                .map(|entry| fs::read_to_string(entry.unwrap().path()).unwrap())
                .collect();
            texts.sort();
            texts
        };
        let is_unchanged = || {
            assert_eq!(texts(), ["new text", "old"]);
            assert_eq!(fs::read_to_string(&file).unwrap(), "old");
            true
        };
        replace(&file, "new text", &is_unchanged).unwrap();
        assert_eq!(texts(), ["new text"]);
    }

    #[test]
    fn a_file_that_changed_is_refused_and_nothing_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(".env");
        fs::write(&file, "old").unwrap();
        let read = fs::read_to_string(&file).unwrap();
        let is_unchanged = || fs::read_to_string(&file).is_ok_and(|now| now == read);
        fs::write(&file, "theirs").unwrap();
        assert!(matches!(replace(&file, "new", &is_unchanged), Err(Refusal::Changed)));
        assert_eq!(fs::read_to_string(&file).unwrap(), "theirs");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
