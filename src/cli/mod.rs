//! The command line. The only place of the program with files, a clock and exit codes.

use std::ffi::OsString;
use std::fmt;
use std::fs;
use std::io::{self, Read, Write};
use std::path::{MAIN_SEPARATOR, Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use lexopt::prelude::*;
use serde::Serialize;

use crate::api::{self, Input, Options};
use crate::base::sources::{Given, SourceKind};
use crate::base::text::{Encoding, FileEncoding, decoded};
use crate::base::visible::visible;
use crate::diagnostic::messages::Language;
use crate::diagnostic::shown::Shown;
use crate::readers::split;
use crate::report::{NothingView, PartView, Report, SeverityName};

mod human;
mod replace;
mod screen;
mod settings;

pub(crate) use human::TEMPLATES;
use replace::replace;
use screen::Screen;
use settings::Settings;

/// No finding of severity error, and Hermes does not stop.
pub const CLEAN: u8 = 0;
/// At least one finding of severity error, or Hermes stops.
pub const FOUND: u8 = 1;
/// The command line or a file could not be used.
pub const USAGE: u8 = 2;

const HELP: &str = "\
poolcheck: which API key will Hermes Agent use, and what is wrong with its configuration

Usage: poolcheck [OPTIONS] [PATHS]

PATHS are a Hermes home folder (such as ~/.hermes) or files, told apart by their names:
config.yaml or *.yaml, .env or *.env, auth.json or *.json, jobs.json, *.log, *.sh (commands), and for the environment *.service,
*.container, and a *.yaml that is a compose file or a manifest of Kubernetes.
Any other file, and - for standard input, may be a text in which several of these stand, such as a forum post: it is
split into its parts, and a text that an option or another file gives comes before them.

Options:
  --config FILE       read FILE as config.yaml
  --dotenv FILE       read FILE as .env
  --auth-store FILE   read FILE as auth.json
  --jobs FILE         read FILE as cron/jobs.json
  --environ FILE      read FILE as the environment of the process that runs Hermes: lines NAME=value, a systemd unit, a
                      compose file, a manifest of Kubernetes, a Dockerfile, a property list, lines of a shell
  --this-environment  take the environment of this command as that of Hermes
  --listing FILE      read FILE as the output of `hermes auth list`
  --log FILE          read FILE as lines of Hermes' logs
  --commands FILE     read FILE as commands, one a line
  --debug-report FILE read FILE as the output of `hermes debug share`, `hermes dump` or `hermes config show`
  --hermes RELEASE    the release of Hermes: 0.21.4 (read in its source, not run), 0.19.0, 0.18.2, 0.17.0, 0.16.0, 0.15.2,
                      0.14.0 or 0.13.0 (default: the one that a file names in a line `Hermes Agent v0.18.2`, else
                      0.19.0)
  --compare-releases  say where the verdict and the findings change from release to release
  --severity CODE=S   count the findings of a rule as S: off, info, warning or error; may be given several times
  --settings FILE     read FILE instead of the poolcheck.toml that is nearest to what is checked, in its folder or above
  --no-settings       read no poolcheck.toml
  --fix               make all safe fixes in the files themselves, without a copy, and report what is left; of a file that
                      an option reads from standard input, as `--config -`, the fixed text is printed, keys included,
                      and the report goes to standard error; the parts of a text are left as they are
  --now SECONDS       the time in seconds since 1970, for cooldowns (default: now)
  --listing-taken SECONDS
                      when the listing was printed: the times left in it count from there (default: the time of --now)
  --format FORMAT     human (default), json, markdown or sarif (SARIF 2.1.0)
  --lang LANGUAGE     en (default) or zh-CN
  --explain CODE      explain a rule and end
  -h, --help          print this and end
  -V, --version       print the version and end

FILE may be - for standard input. Exit code: 0 no errors found, 1 errors found (also behind damage by pasting) or Hermes stops,
2 usage.
Nothing is sent anywhere, and keys are masked in every report.
";

/// Runs the command line and returns its exit code.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> u8 {
    let mut stdout = io::stdout().lock();
    match command(arguments, &mut stdout) {
        Ok(code) => code,
        Err(Failure::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => CLEAN,
        Err(failure) => {
            complain(&failure.to_string());
            USAGE
        }
    }
}

/// Says something on standard error.
fn complain(text: &str) {
    let _ = Screen::new(&mut io::stderr().lock()).lines(&format!("poolcheck: {text}\n"));
}

enum Failure {
    Usage(String),
    Output(io::Error),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

impl From<lexopt::Error> for Failure {
    fn from(error: lexopt::Error) -> Self {
        Self::Usage(format!("{error}; see poolcheck --help"))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(text) => f.write_str(text),
            Self::Output(error) => write!(f, "cannot write the report: {error}"),
        }
    }
}

#[derive(Clone, Copy, Default)]
enum Format {
    #[default]
    Human,
    Json,
    Markdown,
    Sarif,
}

impl Format {
    fn named(name: &str) -> Result<Self, String> {
        match name {
            "human" => Ok(Self::Human),
            "json" => Ok(Self::Json),
            "markdown" => Ok(Self::Markdown),
            "sarif" => Ok(Self::Sarif),
            other => Err(format!("no format {other}: human, json, markdown or sarif")),
        }
    }
}

fn language_of(tag: &str) -> Result<Language, String> {
    Language::of_tag(tag).ok_or_else(|| format!("no language {tag}: en or zh-CN"))
}

/// Where a text that is checked comes from.
#[derive(Clone, PartialEq, Eq)]
enum Origin {
    File(PathBuf),
    StandardInput,
}

/// A file of which only the text tells what it is.
struct Post {
    name: OsString,
    text: String,
}

/// What was found in such a file.
#[derive(Serialize)]
struct Found {
    name: Shown,
    parts: Vec<PartView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    nothing: Option<NothingView>,
}

/// What is printed as JSON: the report, and the parts of what only the text tells. Where nothing is recognised and nothing
/// else is checked there is no report.
#[derive(Serialize)]
struct Answer<'a> {
    #[serde(flatten)]
    report: Option<&'a Report>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pasted: &'a [Found],
}

/// The kind of text that an option names: `--auth-store` for `authStore`.
fn kind_of_option(option: &str) -> Option<SourceKind> {
    let letters = |c: char| [c.is_ascii_uppercase().then_some('-'), Some(c.to_ascii_lowercase())];
    SourceKind::PASTED
        .into_iter()
        .find(|kind| kind.name().chars().flat_map(letters).flatten().eq(option.chars()))
}

/// What is checked, and where it comes from.
#[derive(Default)]
struct Inputs {
    input: Input,
    origins: Vec<(SourceKind, Origin)>,
    /// The files in which others stand, by what stands in them. They are read, and never written.
    posts: Vec<(SourceKind, PathBuf)>,
    /// The folder of the first file, or the first folder: settings are looked for from there on.
    folder: Option<PathBuf>,
}

impl Inputs {
    fn put(&mut self, kind: SourceKind, given: Given<String>, origin: Option<Origin>) {
        self.origins.retain(|(other, _)| *other != kind);
        self.origins.extend(origin.map(|origin| (kind, origin)));
        self.input.in_utf16.retain(|other| *other != kind);
        self.input.not_utf8.retain(|other| *other != kind);
        self.input.given[kind] = given;
    }

    fn put_file(&mut self, kind: SourceKind, path: &Path) -> Result<(), Failure> {
        self.put_text(kind, path, read(path)?);
        Ok(())
    }

    /// The text of a file, with the encoding that it had.
    fn put_text(&mut self, kind: SourceKind, path: &Path, (text, encoding): (String, FileEncoding)) {
        let name = shown(path);
        match (encoding, kind) {
            (FileEncoding::Utf16, SourceKind::Dotenv) => {
                complain(&format!(
                    "{name} is UTF-16, which not all releases of Hermes read: save it as UTF-8"
                ));
            }
            (FileEncoding::Other, _) => complain(&not_utf8(&name)),
            _ => {}
        }
        let folder = path.parent().filter(|parent| !parent.as_os_str().is_empty());
        self.folder.get_or_insert_with(|| folder.unwrap_or(Path::new(".")).to_owned());
        self.put(kind, Given::Text(text), Some(Origin::File(path.to_owned())));
        match encoding {
            FileEncoding::Utf8 => {}
            FileEncoding::Utf16 => self.input.in_utf16.push(kind),
            FileEncoding::Other => self.input.not_utf8.push(kind),
        }
    }

    /// A file that an option names; `-` is standard input.
    fn put_named(&mut self, kind: SourceKind, name: &OsString) -> Result<(), Failure> {
        if name != "-" {
            return self.put_file(kind, Path::new(name));
        }
        self.put(kind, Given::Text(standard_input()?), Some(Origin::StandardInput));
        Ok(())
    }

    /// Adds a Hermes home folder, whose missing files are known not to exist, or one file by its name. Gives back a file whose
    /// name does not tell what it is.
    fn put_path(&mut self, path: &Path) -> Result<Option<Post>, Failure> {
        if path.is_dir() {
            self.folder.get_or_insert_with(|| path.to_owned());
            for kind in SourceKind::HOME_FILES {
                let file = path.join(kind.heading());
                if file.exists() {
                    self.put_file(kind, &file)?;
                } else {
                    self.put(kind, Given::Absent, None);
                }
            }
            return Ok(None);
        }
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let file = read(path)?;
        match split::kind_by_ending(&name, &file.0) {
            Some(kind) => self.put_text(kind, path, file),
            None => {
                if file.1 == FileEncoding::Other {
                    complain(&not_utf8(&shown(path)));
                }
                return Ok(Some(Post { name: path.into(), text: file.0 }));
            }
        }
        Ok(None)
    }

    /// Fills what is not given with the parts of `posts`.
    fn split(&mut self, posts: Vec<Post>, language: Language) -> Result<Vec<Found>, Failure> {
        let mut found = Vec::new();
        for post in posts {
            let name = Path::new(&post.name).display().to_string();
            let (pasted, mut origin) = api::pasted(&post.text, Some(&name), &[], language)
                .map_err(|error| Failure::Usage(error.to_string()))?;
            let mut texts = Input::from(pasted.texts);
            let mut taken = Vec::new();
            for kind in SourceKind::PASTED {
                if texts.given[kind].is_given() && !self.input.given[kind].is_given() {
                    self.input.given[kind] = std::mem::take(&mut texts.given[kind]);
                    taken.push(kind);
                    if post.name != "-" {
                        self.posts.push((kind, PathBuf::from(&post.name)));
                    }
                }
            }
            origin.back.retain(|(kind, _)| taken.contains(kind));
            self.input.origins.push(origin);
            found.push(Found { name: api::redact(&name), parts: pasted.parts, nothing: pasted.nothing });
        }
        Ok(found)
    }

    /// The files that are checked, as URIs.
    fn uris(&self) -> Vec<(SourceKind, String)> {
        let file = |origin: &Origin| match origin {
            Origin::File(path) => Some(uri_of(path)),
            Origin::StandardInput => None,
        };
        let own = self.origins.iter().filter_map(|(kind, origin)| Some((*kind, file(origin)?)));
        own.chain(self.posts.iter().map(|(kind, path)| (*kind, uri_of(path)))).collect()
    }

    /// Makes all safe fixes: files are written, of standard input the fixed text is printed. What came from neither stays
    /// as it is. Where a file cannot be written, those behind it are left as they are.
    fn fix(&mut self, options: &Options, output: &mut impl Write) -> Result<(), Failure> {
        let usage = |error: api::ApiError| Failure::Usage(error.to_string());
        let mut texts = api::apply_safe_fixes(&self.input, options).map_err(usage)?;
        let mut left: Vec<String> = Vec::new();
        let mut failed = None;
        for (kind, origin) in &self.origins {
            let fixed = texts[*kind].take();
            // What could not be read of another encoding would be lost.
            let fixed = fixed.filter(|_| !self.input.not_utf8.contains(kind));
            let given = &mut self.input.given[*kind];
            match (origin, fixed) {
                (Origin::File(path), Some(_)) if failed.is_some() => left.push(shown(path)),
                (Origin::File(path), Some(fixed)) => {
                    let path_shown = shown(path);
                    // Somebody may have changed it since; what they wrote is not lost.
                    let is_unchanged = || read_file(path).is_ok_and(|now| given.text() == Some(&now));
                    match replace(path, &fixed, &is_unchanged) {
                        Ok(()) => {
                            complain(&format!("fixed {path_shown}"));
                            *given = Given::Text(fixed);
                        }
                        Err(refusal) => failed = Some(format!("cannot write {path_shown}: {refusal}")),
                    }
                }
                (Origin::StandardInput, fixed) => {
                    if let Some(fixed) = fixed {
                        *given = Given::Text(fixed);
                    }
                    output.write_all(given.text().map_or(b"", |text| text.as_bytes()))?;
                }
                (Origin::File(_), None) => {}
            }
        }
        let Some(failed) = failed else { return Ok(()) };
        let others =
            if left.is_empty() { String::new() } else { format!("; not fixed either: {}", left.join(", ")) };
        Err(Failure::Usage(failed + &others))
    }
}

fn command(arguments: impl IntoIterator<Item = OsString>, output: &mut impl Write) -> Result<u8, Failure> {
    let mut parser = lexopt::Parser::from_iter(arguments);
    let mut sources = Inputs::default();
    let mut said = Settings::default();
    let (mut settings_file, mut has_settings, mut fixes) = (None, true, false);
    let mut options = Options { now: f64::NAN, encoding: Encoding::CodePoints, ..Options::default() };
    let mut explain = None;
    let mut posts = Vec::new();
    let mut asked = false;
    while let Some(argument) = parser.next()? {
        match argument {
            Short('h') | Long("help") => {
                output.write_all(HELP.as_bytes())?;
                return Ok(CLEAN);
            }
            Short('V') | Long("version") => {
                writeln!(output, "poolcheck {}", env!("CARGO_PKG_VERSION"))?;
                return Ok(CLEAN);
            }
            Long("explain") => explain = Some(parser.value()?.string()?),
            Long("this-environment") => {
                sources.put(SourceKind::Environ, Given::Text(own_environment()), None);
            }
            Long("hermes") => said.hermes = Some(parser.value()?.string()?),
            Long("compare-releases") => options.compare_releases = true,
            Long("now") => options.now = parser.value()?.parse()?,
            Long("listing-taken") => options.listing_taken_at = Some(parser.value()?.parse()?),
            Long("format") => {
                said.format = Some(Format::named(&parser.value()?.string()?).map_err(Failure::Usage)?);
            }
            Long("lang") => {
                said.language = Some(language_of(&parser.value()?.string()?).map_err(Failure::Usage)?);
            }
            Long("severity") => {
                let value = parser.value()?.string()?;
                let (code, name) = value
                    .split_once('=')
                    .ok_or_else(|| Failure::Usage(format!("--severity {value}: write CODE=SEVERITY")))?;
                let (code, choice) = settings::choice_of(code, name).map_err(Failure::Usage)?;
                said.severities.insert(&code, choice);
            }
            Long("settings") => settings_file = Some(PathBuf::from(parser.value()?)),
            Long("no-settings") => has_settings = false,
            Long("fix") => fixes = true,
            Long(name) if let Some(kind) = kind_of_option(name) => {
                sources.put_named(kind, &parser.value()?)?;
            }
            Value(path) if path == "-" => posts.push(Post { name: path, text: standard_input()? }),
            Value(path) => posts.extend(sources.put_path(Path::new(&path))?),
            other => return Err(other.unexpected().into()),
        }
        asked = true;
    }
    if let Some(code) = explain {
        let rule = api::explain_rule(&code, said.language.unwrap_or_default())
            .ok_or_else(|| Failure::Usage(format!("no rule has the code {code}")))?;
        writeln!(output, "{} {}\n\n{}", rule.code, rule.name, rule.doc)?;
        return Ok(CLEAN);
    }
    if !asked {
        return Err(Failure::Usage(
            "nothing to check; name a Hermes home folder or files, see poolcheck --help".into(),
        ));
    }
    if options.now.is_nan() {
        options.now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0.0, |passed| passed.as_secs_f64());
    }
    let found = if has_settings {
        let folder = sources.folder.as_deref().unwrap_or(Path::new("."));
        settings_file.or_else(|| settings::nearest(folder))
    } else {
        None
    };
    let written = found.map(|path| settings::read(&path)).transpose().map_err(Failure::Usage)?;
    let mut written = written.unwrap_or_default();
    options.hermes = said.hermes.or(written.hermes);
    options.language = said.language.or(written.language).unwrap_or_default();
    let format = said.format.or(written.format).unwrap_or_default();
    for (code, choice) in said.severities.iter() {
        written.severities.insert(code, *choice);
    }
    options.severities = written.severities;
    let found = sources.split(posts, options.language)?;
    if fixes {
        sources.fix(&options, output)?;
        if !sources.posts.is_empty() {
            complain("--fix left the parts of the text as they are");
        }
        if sources.origins.iter().any(|(_, origin)| *origin == Origin::StandardInput) {
            return answer(&sources, &found, &options, format, &mut io::stderr().lock());
        }
    }
    answer(&sources, &found, &options, format, output)
}

/// A report as it is printed for people; its columns are code points.
pub fn human(report: &Report, language: Language) -> String {
    let mut text = Vec::new();
    // Nothing fails that is written into memory.
    let _ = human::write(report, language, &mut Screen::new(&mut text));
    String::from_utf8_lossy(&text).into_owned()
}

fn answer(
    sources: &Inputs,
    found: &[Found],
    options: &Options,
    format: Format,
    output: &mut impl Write,
) -> Result<u8, Failure> {
    let usage = |error: api::ApiError| Failure::Usage(error.to_string());
    let input = &sources.input;
    let is_nothing = found.iter().any(|found| found.nothing.is_some()) && input.is_empty();
    if is_nothing && !matches!(format, Format::Sarif) {
        match format {
            Format::Json => json(&Answer { report: None, pasted: found }, output)?,
            _ => human::parts(found, options.language, &mut Screen::new(output))?,
        }
        return Ok(CLEAN);
    }
    let report = api::check(input, options).map_err(usage)?;
    match format {
        Format::Human => {
            let mut screen = Screen::new(output);
            human::parts(found, options.language, &mut screen)?;
            human::write(&report, options.language, &mut screen)?;
        }
        Format::Json => json(&Answer { report: Some(&report), pasted: found }, output)?,
        Format::Markdown => writeln!(output, "{}", api::markdown_of(&report, options.language))?,
        Format::Sarif => json(&api::sarif(input, options, &sources.uris()).map_err(usage)?, output)?,
    }
    Ok(exit_code(&report))
}

fn json(value: &impl serde::Serialize, output: &mut impl Write) -> Result<(), Failure> {
    serde_json::to_writer_pretty(&mut *output, value).map_err(io::Error::from)?;
    Ok(writeln!(output)?)
}

/// A path as a URI, or as the end of one where it is relative.
fn uri_of(path: &Path) -> String {
    let path_text = path.to_string_lossy().replace(MAIN_SEPARATOR, "/");
    let mut uri = String::new();
    if path.is_absolute() {
        uri.push_str(if path_text.starts_with('/') { "file://" } else { "file:///" });
    }
    for byte in path_text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    uri
}

/// What the command ends with where it could report: [`FOUND`] or [`CLEAN`].
pub fn exit_code(report: &Report) -> u8 {
    let has_error = human::all_findings(report).any(|finding| finding.severity == SeverityName::Error);
    if has_error || report.verdict.stops { FOUND } else { CLEAN }
}

/// A path, to be put into a message.
fn shown(path: &Path) -> String {
    visible(&path.display().to_string())
}

fn standard_input() -> Result<String, Failure> {
    let failed = |error: &dyn fmt::Display| Failure::Usage(format!("cannot read standard input: {error}"));
    let mut bytes = Vec::new();
    io::stdin().read_to_end(&mut bytes).map_err(|error| failed(&error))?;
    let (text, encoding) = decoded(bytes).ok_or_else(|| failed(&NO_TEXT))?;
    if encoding == FileEncoding::Other {
        complain(&not_utf8("standard input"));
    }
    Ok(text)
}

/// What is said of bytes that are no text.
const NO_TEXT: &str = "it is neither UTF-8 nor UTF-16";

/// What is said of a text in another encoding than UTF-8 and UTF-16.
fn not_utf8(name: &str) -> String {
    format!(
        "{name} is not UTF-8: only what is ASCII in it is read, and --fix leaves it alone; save it as UTF-8"
    )
}

/// The text of a file, and its encoding.
fn read(path: &Path) -> Result<(String, FileEncoding), Failure> {
    let failed = |error: &dyn fmt::Display| Failure::Usage(format!("cannot read {}: {error}", shown(path)));
    let bytes = fs::read(path).map_err(|error| failed(&error))?;
    decoded(bytes).ok_or_else(|| failed(&NO_TEXT))
}

fn read_file(path: &Path) -> Result<String, Failure> {
    read(path).map(|(text, _)| text)
}

/// This command's environment as lines `NAME=value`; what is no text, or holds a line end, is left out.
fn own_environment() -> String {
    let variables = std::env::vars_os().filter_map(|(name, value)| {
        let (name, value) = (name.into_string().ok()?, value.into_string().ok()?);
        (!value.contains(['\n', '\r'])).then(|| format!("{name}={value}\n"))
    });
    variables.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is read, changed by somebody, and then fixed: what they wrote stays.
    #[test]
    fn a_file_that_changed_since_it_was_read_is_not_written() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(".env");
        let damaged = "\u{feff}GEMINI_API_KEY=AIza-fake-0000\n";
        let fixed = |change: &dyn Fn()| {
            fs::write(&file, damaged).unwrap();
            let mut sources = Inputs::default();
            assert!(sources.put_path(folder.path()).is_ok());
            change();
            let result = sources.fix(&Options::default(), &mut Vec::new());
            (result.err().map(|failure| failure.to_string()), fs::read_to_string(&file).ok())
        };
        let (said, text) = fixed(&|| {});
        assert_eq!((said, text.as_deref()), (None, damaged.strip_prefix('\u{feff}')));
        let theirs = "OPENROUTER_API_KEY=sk-fake-1\n";
        let (said, text) = fixed(&|| fs::write(&file, theirs).unwrap());
        assert!(said.unwrap().ends_with(".env: it has changed meanwhile; check it again"));
        assert_eq!(text.as_deref(), Some(theirs));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");
    }

    fn run_on(arguments: &[&str]) -> (Result<u8, String>, String) {
        let mut output = Vec::new();
        let code = command(arguments.iter().map(OsString::from), &mut output).map_err(|f| f.to_string());
        (code, String::from_utf8(output).unwrap())
    }

    #[test]
    fn help_names_every_option() {
        let (code, text) = run_on(&["poolcheck", "--help"]);
        assert_eq!(code, Ok(CLEAN));
        for option in [
            "--now",
            "--listing-taken",
            "--fix",
            "--severity",
            "--settings",
            "--no-settings",
            "--this-environment",
        ] {
            assert!(text.contains(option), "{option}");
        }
        let named = text.split("  --").filter_map(|line| kind_of_option(line.split_whitespace().next()?));
        assert_eq!(named.collect::<Vec<_>>(), SourceKind::PASTED);
        for release in crate::facts::EXPLAINED {
            assert!(text.contains(release), "{release}");
        }
    }

    #[test]
    fn paths_are_written_as_uris() {
        assert_eq!(uri_of(Path::new("my home/a+键.yaml")), "my%20home/a%2B%E9%94%AE.yaml");
        #[cfg(unix)]
        assert_eq!(uri_of(Path::new("/home/me/.env")), "file:///home/me/.env");
    }

    #[test]
    fn nothing_to_check_is_a_usage_error() {
        assert!(run_on(&["poolcheck"]).0.unwrap_err().contains("nothing to check"));
        assert!(run_on(&["poolcheck", "--format", "xml"]).0.unwrap_err().contains("no format xml"));
        assert!(run_on(&["poolcheck", "--frob"]).0.unwrap_err().contains("--frob"));
        assert!(run_on(&["poolcheck", "/nowhere/config.yaml"]).0.unwrap_err().contains("cannot read"));
    }
}
