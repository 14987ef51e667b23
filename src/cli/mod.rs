//! The command line. The only place of the program with files, a clock and exit codes.

use std::ffi::OsString;
use std::fmt;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use lexopt::prelude::*;

use crate::api::{self, Input, Options};
use crate::hermes::Given;
use crate::messages::Language;
use crate::report::{Report, SeverityName};
use crate::text::Encoding;

mod human;

pub(crate) use human::TEMPLATES;

/// No finding of severity error.
pub const CLEAN: u8 = 0;
/// At least one finding of severity error.
pub const FOUND: u8 = 1;
/// The command line or a file could not be used.
pub const USAGE: u8 = 2;

const HELP: &str = "\
poolcheck: which API key will Hermes Agent use, and what is wrong with its configuration

Usage: poolcheck [OPTIONS] [PATHS]

PATHS are a Hermes home folder (such as ~/.hermes) or files, told apart by their names:
config.yaml or *.yaml, .env or *.env, auth.json or *.json, *.service (a systemd unit), *.log, *.sh (commands).

Options:
  --config FILE       read FILE as config.yaml
  --dotenv FILE       read FILE as .env
  --auth-store FILE   read FILE as auth.json
  --environ FILE      read FILE as the environment of the process that runs Hermes
  --this-environment  take the environment of this command as that of Hermes
  --listing FILE      read FILE as the output of `hermes auth list`
  --log FILE          read FILE as lines of Hermes' logs
  --commands FILE     read FILE as commands, one a line
  --hermes RELEASE    the release of Hermes: 0.21.4 (read in its source, not run), 0.19.0, 0.18.2, 0.17.0, 0.16.0, 0.15.2,
                      0.14.0 or 0.13.0 (default: the one that a file names in a line `Hermes Agent v0.18.2`, else
                      0.19.0)
  --compare-releases  say where the verdict and the findings change from release to release
  --now SECONDS       the time in seconds since 1970, for cooldowns (default: now)
  --format FORMAT     human (default), json or markdown
  --lang LANGUAGE     en (default) or zh-CN
  --explain CODE      explain a rule and end
  -h, --help          print this and end
  -V, --version       print the version and end

FILE may be - for standard input. Exit code: 0 no errors found, 1 errors found (also behind damage by pasting), 2 usage.
Nothing is sent anywhere, and keys are masked in every output.
";

/// Runs the command line and returns its exit code.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> u8 {
    let mut stdout = io::stdout().lock();
    match command(arguments, &mut stdout) {
        Ok(code) => code,
        Err(Failure::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => CLEAN,
        Err(failure) => {
            let _ = writeln!(io::stderr(), "poolcheck: {failure}");
            USAGE
        }
    }
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

#[derive(Clone, Copy)]
enum Format {
    Human,
    Json,
    Markdown,
}

fn command(arguments: impl IntoIterator<Item = OsString>, output: &mut impl Write) -> Result<u8, Failure> {
    let mut parser = lexopt::Parser::from_iter(arguments);
    let mut input = Input::default();
    let mut options = Options { now: f64::NAN, encoding: Encoding::CodePoints, ..Options::default() };
    let mut format = Format::Human;
    let mut explain = None;
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
            Long("config") => input.config = Given::Text(read(&parser.value()?)?),
            Long("dotenv") => input.dotenv = Given::Text(read(&parser.value()?)?),
            Long("auth-store") => input.auth_store = Given::Text(read(&parser.value()?)?),
            Long("environ") => input.environ = Given::Text(read(&parser.value()?)?),
            Long("listing") => input.listing = Given::Text(read(&parser.value()?)?),
            Long("log") => input.log = Given::Text(read(&parser.value()?)?),
            Long("commands") => input.commands = Given::Text(read(&parser.value()?)?),
            Long("this-environment") => input.environ = Given::Text(own_environment()),
            Long("hermes") => options.hermes = Some(parser.value()?.string()?),
            Long("compare-releases") => options.compare_releases = true,
            Long("now") => options.now = parser.value()?.parse()?,
            Long("format") => {
                format = match parser.value()?.string()?.as_str() {
                    "human" => Format::Human,
                    "json" => Format::Json,
                    "markdown" => Format::Markdown,
                    other => {
                        return Err(Failure::Usage(format!("no format {other}: human, json or markdown")));
                    }
                }
            }
            Long("lang") => {
                let tag = parser.value()?.string()?;
                options.language = Language::of_tag(&tag)
                    .ok_or_else(|| Failure::Usage(format!("no language {tag}: en or zh-CN")))?;
            }
            Value(path) => add_path(&mut input, Path::new(&path))?,
            other => return Err(other.unexpected().into()),
        }
        asked = true;
    }
    if let Some(code) = explain {
        let rule = api::explain_rule(&code, options.language)
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
    answer(&input, &options, format, output)
}

fn answer(input: &Input, options: &Options, format: Format, output: &mut impl Write) -> Result<u8, Failure> {
    let usage = |error: api::ApiError| Failure::Usage(error.to_string());
    let report = api::check(input, options).map_err(usage)?;
    match format {
        Format::Human => human::write(&report, options.language, output)?,
        Format::Json => {
            serde_json::to_writer_pretty(&mut *output, &report).map_err(io::Error::from)?;
            writeln!(output)?;
        }
        Format::Markdown => writeln!(output, "{}", api::markdown(input, options).map_err(usage)?)?,
    }
    Ok(exit_code(&report))
}

fn exit_code(report: &Report) -> u8 {
    let errors = human::all_findings(report).any(|finding| finding.severity == SeverityName::Error);
    if errors { FOUND } else { CLEAN }
}

/// Adds a Hermes home folder, whose missing files are known not to exist, or one file by its name.
fn add_path(input: &mut Input, path: &Path) -> Result<(), Failure> {
    if path.is_dir() {
        let file = |name: &str| -> Result<Given<String>, Failure> {
            let path = path.join(name);
            if path.exists() { Ok(Given::Text(read_file(&path)?)) } else { Ok(Given::Absent) }
        };
        input.config = file("config.yaml")?;
        input.dotenv = file(".env")?;
        input.auth_store = file("auth.json")?;
        return Ok(());
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    let slot = match name.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "yaml" | "yml" => &mut input.config,
        "env" => &mut input.dotenv,
        "json" => &mut input.auth_store,
        "service" | "conf" => &mut input.environ,
        "log" => &mut input.log,
        "sh" => &mut input.commands,
        _ => {
            return Err(Failure::Usage(format!(
                "{}: what kind of file is this? Say it with --config, --dotenv, --auth-store, --environ, --listing, --log \
                 or --commands",
                path.display()
            )));
        }
    };
    *slot = Given::Text(read_file(path)?);
    Ok(())
}

fn read(name: &OsString) -> Result<String, Failure> {
    if name == "-" {
        return io::read_to_string(io::stdin())
            .map_err(|error| Failure::Usage(format!("cannot read standard input: {error}")));
    }
    read_file(&PathBuf::from(name))
}

fn read_file(path: &Path) -> Result<String, Failure> {
    fs::read_to_string(path)
        .map_err(|error| Failure::Usage(format!("cannot read {}: {error}", path.display())))
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

    fn run_on(arguments: &[&str]) -> (Result<u8, String>, String) {
        let mut output = Vec::new();
        let code = command(arguments.iter().map(OsString::from), &mut output).map_err(|f| f.to_string());
        (code, String::from_utf8(output).unwrap())
    }

    #[test]
    fn help_names_every_option() {
        let (code, text) = run_on(&["poolcheck", "--help"]);
        assert_eq!(code, Ok(CLEAN));
        for option in
            ["--config", "--dotenv", "--auth-store", "--environ", "--listing", "--log", "--commands", "--now"]
        {
            assert!(text.contains(option), "{option}");
        }
        for release in crate::facts::EXPLAINED {
            assert!(text.contains(release), "{release}");
        }
    }

    #[test]
    fn nothing_to_check_is_a_usage_error() {
        assert!(run_on(&["poolcheck"]).0.unwrap_err().contains("nothing to check"));
        assert!(run_on(&["poolcheck", "--format", "xml"]).0.unwrap_err().contains("no format xml"));
        assert!(run_on(&["poolcheck", "--frob"]).0.unwrap_err().contains("--frob"));
        assert!(run_on(&["poolcheck", "/nowhere/config.yaml"]).0.unwrap_err().contains("cannot read"));
    }
}
