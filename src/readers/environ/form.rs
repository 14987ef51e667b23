//! Where in a text environments stand that are no lines `NAME=value`: the files and commands that give variables to a
//! container or a service, and what shells have instead of `export`.

use super::{Environ, dict, hcl, manifest, plist, program, shell};
use crate::base::text::{BLANK, Chars, Span};
use crate::readers::follow::{Follow, Step, key_of};

/// A way to write variables down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::readers) enum Form {
    /// A compose file, a manifest of Kubernetes, or a part of one.
    Manifest,
    /// A property list of launchd, or a part of one.
    PropertyList,
    /// A Dockerfile, or lines of one.
    Dockerfile,
    /// `docker run` with its options.
    Run,
    /// Attributes of Nix that are variables.
    Attributes,
    /// A resource of Terraform, or the variables of one.
    Hcl,
    /// One line of a shell: `setx`, `set`, `$env:`, `set -gx`.
    Line,
    /// What Python prints of an environment.
    Dict {
        /// Whether all of it is there.
        is_whole: bool,
    },
}

impl Form {
    /// Whether it is of one container or service, which has other variables beside.
    pub(in crate::readers) fn is_of_service(self) -> bool {
        !matches!(self, Self::Line | Self::Dict { .. })
    }

    /// Adds the variables that stand at `span` of `text`.
    pub(super) fn read(self, text: &str, span: Span, environ: &mut Environ) {
        match self {
            Self::Manifest => manifest::read(text, span, environ),
            Self::PropertyList => plist::read(text, span, environ),
            Self::Attributes => shell::attributes(text, span, environ),
            Self::Hcl => hcl::read(text, span, environ),
            Self::Dockerfile | Self::Run | Self::Line => shell::read(self, text, span, environ),
            Self::Dict { .. } => dict::read(text, span, environ),
        }
        environ.is_piece |= self != Self::Dict { is_whole: true };
    }
}

/// Lines of one form.
#[derive(Clone, Copy, Debug)]
pub(in crate::readers) struct Region {
    pub(in crate::readers) form: Form,
    pub(in crate::readers) first: usize,
    pub(in crate::readers) last: usize,
    /// Whether it is surely a file of that form, and nothing in it is of Hermes.
    pub(in crate::readers) is_other: bool,
}

impl Region {
    fn new(form: Form, first: usize, last: usize) -> Self {
        Self { form, first, last, is_other: false }
    }
}

/// The regions of a text, in their order, by its lines without what a quotation puts in front of them; `None` is a border, as a
/// fence is. Each of them sets a variable, or names a file that does, or is of another program. Of a text that is known to be an
/// environment (`is_known`) nothing has to say so.
pub(in crate::readers) fn regions(lines: &[Option<&str>], is_known: bool) -> Vec<Region> {
    let mut found = Vec::new();
    // Up to here a file of YAML goes that sets none.
    let mut passed = 0;
    let mut number = 0;
    while number < lines.len() {
        let manifest = if number < passed { None } else { manifest_from(lines, number) };
        if let Some((region, false)) = manifest.filter(|(region, _)| !region.is_other) {
            passed = region.last + 1;
        }
        let begun = manifest
            .and_then(|(region, sets)| (sets || region.is_other).then_some(region))
            .or_else(|| plist_from(lines, number))
            .or_else(|| dockerfile_from(lines, number))
            .or_else(|| hcl_from(lines, number))
            .or_else(|| attributes_from(lines, number))
            .or_else(|| command_from(lines, number))
            .or_else(|| dict_from(lines, number, is_known));
        match begun {
            Some(mut region) => {
                number = region.last + 1;
                let is_real = is_real(lines, region);
                region.is_other &= !is_real;
                found.extend((is_real || region.is_other).then_some(region));
            }
            None => number += 1,
        }
    }
    found
}

/// Whether something of Hermes is set there, or a file named that sets it.
fn is_real(lines: &[Option<&str>], region: Region) -> bool {
    let own = lines.get(region.first..=region.last).unwrap_or_default();
    let text = own.iter().map(|line| line.unwrap_or("")).collect::<Vec<_>>().join("\n");
    let span = Span::new(0, text.len());
    let mut environ = Environ::default();
    region.form.read(&text, span, &mut environ);
    !environ.entries.is_empty()
        || !environ.failed.is_empty()
        || (region.form == Form::Manifest && manifest::names_file(&text, span))
}

/// Whether a text is a file of YAML that sets no variable of Hermes, and no config.yaml: a compose file, a manifest, a workflow.
pub(super) fn is_of_other(text: &str) -> bool {
    let lines: Vec<Option<&str>> = text.lines().map(Some).collect();
    let says = |line: &&str| !matches!(line.trim(), "" | "---") && !line.trim_start().starts_with('#');
    let begun = text.lines().position(|line| says(&line));
    let is_whole = |region: &Region| region.is_other && region.form == Form::Manifest;
    begun.is_some_and(|first| {
        regions(&lines, false).first().is_some_and(|region| is_whole(region) && region.first == first)
    })
}

/// How far a line is indented, and what it says.
fn indented(line: &str) -> (usize, &str) {
    let content = line.trim_start_matches(BLANK);
    (line.len() - content.len(), content.trim_end())
}

/// Keys that stand at the root of the files of containers.
const ROOTS: [&str; 23] = [
    "services",
    "volumes",
    "networks",
    "secrets",
    "configs",
    "version",
    "name",
    "include",
    "apiVersion",
    "kind",
    "metadata",
    "spec",
    "data",
    "stringData",
    "type",
    "immutable",
    "on",
    "jobs",
    "env",
    "permissions",
    "concurrency",
    "defaults",
    "run-name",
];

/// Whether a key at the root of a file of YAML tells that the file is one of containers or a workflow.
fn tells_file(key: &str, value: &str) -> bool {
    match key {
        "services" | "jobs" => value.is_empty() || value.starts_with('#'),
        "apiVersion" => !value.is_empty(),
        "kind" => value.trim_matches(['"', '\'']).starts_with(|c: char| c.is_ascii_uppercase()),
        _ => false,
    }
}

/// The key of a line of YAML, an item's mark left out, where it is one word; and what stands behind it.
fn plain_key(content: &str) -> Option<(&str, &str)> {
    const LETTERS: Chars = |c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    let content = content.strip_prefix("- ").map_or(content, str::trim_start);
    let value = key_of(content)?;
    let key = content.get(..content.len() - value.len() - 1)?.trim_matches(['"', '\'']);
    (!key.is_empty() && key.chars().all(LETTERS)).then(|| (key, value.trim()))
}

/// Whether a key may be the first of a piece of a workflow.
fn is_of_workflow(key: &str) -> bool {
    matches!(key, "env" | "steps" | "name" | "uses" | "run" | "on" | "jobs")
}

/// A file of YAML, as far as it goes on, and whether a section of variables, or the name of a file of them, is in it. It is
/// taken for one of another program where a key at its root or a value tells so, unless it sets something of Hermes.
fn manifest_from(lines: &[Option<&str>], first: usize) -> Option<(Region, bool)> {
    let line = |number: usize| lines.get(number).copied().flatten();
    let (base, content) = indented(line(first)?);
    let (key, value) = plain_key(content)?;
    let next = indented(line(first + 1)?);
    let is_section = (value.is_empty() || value.starts_with(['&', '#']))
        && (next.0 > base || (next.0 == base && next.1.starts_with("- ")));
    let is_root = matches!(key, "apiVersion" | "kind" | "version" | "name" | "image" | "container_name");
    if !is_section && !is_root {
        return None;
    }
    let is_variables = |content: &str| {
        let trimmed = content.trim_start_matches("- ");
        ["environment:", "env:", "env_file:", "envFrom:"].iter().any(|key| trimmed.starts_with(key))
    };
    // What a file of containers begins with; of a piece of a workflow, its values tell.
    let may_be_file = ROOTS.contains(&key) || key.starts_with("x-");
    let may_be_workflow = is_of_workflow(key);
    let mut is_other = may_be_file && tells_file(key, value);
    let mut has_variables = is_variables(content);
    // A service alone has an image and an environment.
    let (mut has_image, mut has_environment) = (key == "image", key == "environment");
    let mut follow = Follow::from(base, content);
    let (mut last, mut is_behind_blank, mut is_begin) = (first, false, false);
    for (number, line) in lines.iter().enumerate().skip(first + 1) {
        let Some(line) = line else { break };
        let (column, content) = indented(line);
        if content.is_empty() {
            is_behind_blank = true;
            continue;
        }
        // Farther in it is of a text.
        if content == "---" && column <= base {
            (is_begin, is_behind_blank) = (true, true);
            continue;
        }
        if content.starts_with('#') {
            continue;
        }
        let is_file_key = |key: &str| ROOTS.contains(&key) || key.starts_with("x-");
        let pair = plain_key(content);
        let key = pair.map(|(key, _)| key);
        if column < base || (is_begin && !key.is_some_and(is_file_key)) {
            break;
        }
        let step = if std::mem::take(&mut is_begin) {
            follow = Follow::from(column, content);
            Step::Fits
        } else {
            follow.step(column, content)
        };
        let fits = match step {
            Step::Misfit => false,
            _ if column > base => true,
            Step::Inside => !is_behind_blank,
            Step::Fits if is_behind_blank => key.is_some_and(is_file_key) || content.starts_with("- "),
            Step::Fits => key.is_some() || content.starts_with("- "),
        };
        if !fits {
            break;
        }
        has_variables |= is_variables(content);
        if let Some((key, value)) = pair {
            is_other |= may_be_file && column == base && tells_file(key, value);
            is_other |= may_be_workflow && value.contains("${{");
            has_image |= key == "image";
            has_environment |= key == "environment";
        }
        (last, is_behind_blank) = (number, false);
    }
    is_other |= has_image && has_environment;
    Some((Region { is_other, ..Region::new(Form::Manifest, first, last) }, has_variables))
}

/// A property list, or the variables of one.
fn plist_from(lines: &[Option<&str>], first: usize) -> Option<Region> {
    const VARIABLES: &str = "<key>EnvironmentVariables</key>";
    let begin = lines.get(first).copied().flatten()?.trim();
    let is_file = ["<?xml", "<plist", "<!DOCTYPE plist"].iter().any(|head| begin.starts_with(head));
    if !is_file && !begin.starts_with(VARIABLES) {
        return None;
    }
    let mut last = first;
    for (number, line) in lines.iter().enumerate().skip(first) {
        let Some(line) = line.map(str::trim) else { break };
        if line.is_empty() {
            continue;
        }
        if !line.starts_with('<') {
            break;
        }
        last = number;
        if line.ends_with("</plist>") || (!is_file && line.ends_with("</dict>")) {
            break;
        }
    }
    Some(Region::new(Form::PropertyList, first, last))
}

/// The line at which a command ends that begins at `first`: each of the lines before it goes on.
fn end_of_command(lines: &[Option<&str>], first: usize) -> usize {
    let goes_on = |number: &usize| {
        let line = lines.get(*number).copied().flatten().unwrap_or("").trim_end();
        line.ends_with(['\\', '`', '^']) && matches!(lines.get(number + 1), Some(Some(_)))
    };
    (first..).find(|number| !goes_on(number)).unwrap_or(first)
}

/// Lines of a Dockerfile that stand together.
fn dockerfile_from(lines: &[Option<&str>], first: usize) -> Option<Region> {
    const INSTRUCTIONS: [&str; 16] = [
        "FROM",
        "ENV",
        "RUN",
        "COPY",
        "ADD",
        "ARG",
        "CMD",
        "ENTRYPOINT",
        "WORKDIR",
        "EXPOSE",
        "USER",
        "VOLUME",
        "LABEL",
        "SHELL",
        "HEALTHCHECK",
        "STOPSIGNAL",
    ];
    let is_instruction = |line: &str| {
        let word = line.split_whitespace().next().unwrap_or("");
        INSTRUCTIONS.contains(&word) && line.trim().len() > word.len()
    };
    let mut last = None;
    let mut number = first;
    while let Some(Some(line)) = lines.get(number) {
        if is_instruction(line) {
            number = end_of_command(lines, number);
            last = Some(number);
        } else if last.is_none() || !(line.trim().is_empty() || line.trim_start().starts_with('#')) {
            break;
        }
        number += 1;
    }
    // From `FROM` on it is a whole one.
    let is_other = lines.get(first).copied().flatten()?.trim_start().starts_with("FROM ") && last? > first;
    Some(Region { is_other, ..Region::new(Form::Dockerfile, first, last?) })
}

/// A set of Nix whose attributes are variables, or one of them by its path.
fn attributes_from(lines: &[Option<&str>], first: usize) -> Option<Region> {
    const SETS: [&str; 4] = ["environment", "sessionVariables", "variables", "EnvironmentVariables"];
    let (path, value) = lines.get(first).copied().flatten()?.split_once('=')?;
    let mut names = path.trim().rsplit('.');
    let last_name = names.next()?;
    let mut last = first;
    if value.trim() == "{" && program::has_hermes(path) {
        return Some(Region::new(Form::Attributes, first, end_of_set(lines, first)));
    }
    if value.trim() == "{" && SETS.contains(&last_name) {
        let is_over = |line: &&str| line.trim_start().starts_with('}');
        let of_set = lines.iter().skip(first + 1).map_while(|line| line.filter(|line| !is_over(line)));
        last += of_set.count();
    } else if !names.next().is_some_and(|name| SETS.contains(&name)) {
        return None;
    }
    Some(Region::new(Form::Attributes, first, last))
}

/// A resource of Terraform, or the variables of one alone.
fn hcl_from(lines: &[Option<&str>], first: usize) -> Option<Region> {
    let begin = lines.get(first).copied().flatten()?;
    let is_resource = hcl::begins_resource(begin);
    // Nix has mappings as well, and no lists or blocks of variables.
    if !is_resource && (!hcl::opens(begin) || begin.contains("= {")) {
        return None;
    }
    let last = end_of_set(lines, first);
    // It is one of another program where nothing of Hermes is read in it.
    Some(Region { is_other: is_resource, ..Region::new(Form::Hcl, first, last) })
}

/// The line at which a set of Nix ends that begins at `first`, or the last one before a border.
fn end_of_set(lines: &[Option<&str>], first: usize) -> usize {
    let mut depth = 0_usize;
    let mut last = first;
    for (number, line) in lines.iter().enumerate().skip(first) {
        let Some(line) = line else { break };
        depth = (depth + line.matches(['{', '[']).count()).saturating_sub(line.matches(['}', ']']).count());
        last = number;
        if depth == 0 {
            break;
        }
    }
    last
}

/// An environment that Python printed.
fn dict_from(lines: &[Option<&str>], first: usize, is_known: bool) -> Option<Region> {
    let above = lines.get(..first)?.iter().rev().copied();
    let (count, is_whole) = dict::lines_of(lines.get(first..)?, above, is_known)?;
    Some(Region::new(Form::Dict { is_whole }, first, first + count - 1))
}

/// A line of a shell that sets a variable, or a command that runs a container.
fn command_from(lines: &[Option<&str>], first: usize) -> Option<Region> {
    let form = shell::form_of(lines.get(first).copied().flatten()?)?;
    let last = if form == Form::Run { end_of_command(lines, first) } else { first };
    Some(Region::new(form, first, last))
}
