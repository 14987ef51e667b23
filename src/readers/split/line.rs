//! What a line looks like by itself, whatever stands around it.

use crate::base::sources::SourceKind;
use crate::base::text::{COLON, Chars, DIGIT, Search, Span, WHITE};
use crate::python::{is_letter, lower};
use crate::readers::commands::{Table, cells, told};
use crate::readers::debug_report::DebugReport;
use crate::readers::listing::Listing;
use crate::readers::log::Log;

/// What an editor, a shell or a person calls a file: how its name ends, and what is in it. A file without a kind is known
/// to be none of those that Hermes has.
const FILES: &[(&str, Option<SourceKind>)] = &[
    ("config.yaml", Some(SourceKind::Config)),
    ("config.yml", Some(SourceKind::Config)),
    ("auth.json", Some(SourceKind::AuthStore)),
    ("jobs.json", Some(SourceKind::Jobs)),
    (".env", Some(SourceKind::Dotenv)),
    (".service", Some(SourceKind::Environ)),
    (".bashrc", Some(SourceKind::Environ)),
    (".zshrc", Some(SourceKind::Environ)),
    (".profile", Some(SourceKind::Environ)),
    (".bash_profile", Some(SourceKind::Environ)),
    (".container", Some(SourceKind::Environ)),
    ("agent.log", Some(SourceKind::Log)),
    ("gateway.log", Some(SourceKind::Log)),
    ("errors.log", Some(SourceKind::Log)),
];

/// The kind of the file with this name. A name that begins with a dot may be an ending; others are whole.
pub(super) fn kind_of_file(name: &str) -> Option<SourceKind> {
    let is_it = |own: &str| name == own || (own.starts_with('.') && name.ends_with(own));
    FILES.iter().find(|(own, _)| is_it(own)).and_then(|(_, kind)| *kind)
}

/// A file's name without what a copy of it has in its name: `config (1).yaml`, `.env.bak`, `agent.log.1`, `auth.json.txt`.
pub(super) fn without_copy_mark(name: &str) -> String {
    const ENDS: &[&str] = &[".txt", ".bak", ".backup", ".old", ".orig", ".save", "~"];
    let mut name = name.to_owned();
    if let Some((head, (number, tail))) =
        name.rsplit_once(" (").and_then(|(head, rest)| Some((head, rest.split_once(')')?)))
        && number.chars().all(|c| c.is_ascii_digit())
    {
        name = format!("{head}{tail}");
    }
    loop {
        let rotated = name.trim_end_matches(|c: char| c.is_ascii_digit()).strip_suffix('.');
        let ended = ENDS.iter().find_map(|end| name.strip_suffix(end));
        let Some(shorter) = ended.or(rotated).filter(|shorter| !shorter.is_empty()) else { return name };
        name = shorter.to_owned();
    }
}

/// Whether `line` begins with one of `heads`.
#[inline(never)]
fn begins_with_one(line: &str, heads: &[&str]) -> bool {
    heads.iter().any(|head| line.starts_with(head))
}

/// Whether `line` ends with one of `ends`.
#[inline(never)]
fn ends_with_one(line: &str, ends: &[&str]) -> bool {
    ends.iter().any(|end| line.ends_with(end))
}

/// What a fence's info string says of the lines below it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fenced {
    /// Nothing that is known.
    Anything,
    /// The file or output that is usual there.
    Kind(SourceKind),
    /// A program, which is nothing that Hermes reads.
    Code,
    /// Two versions of a file side by side.
    Changes,
}

/// What the info string of a fence says of the lines below it.
pub(super) fn info(info: &str) -> Fenced {
    let word = info.split(WHITE).next().unwrap_or("").trim_matches(['{', '}', '.']);
    match word.to_ascii_lowercase().as_str() {
        "yaml" | "yml" => Fenced::Kind(SourceKind::Config),
        "json" | "jsonc" | "json5" => Fenced::Kind(SourceKind::AuthStore),
        "env" | "dotenv" | "ini" | "properties" => Fenced::Kind(SourceKind::Dotenv),
        "bash" | "sh" | "shell" | "zsh" | "console" | "powershell" | "shellsession" => {
            Fenced::Kind(SourceKind::Commands)
        }
        "systemd" => Fenced::Kind(SourceKind::Environ),
        "log" => Fenced::Kind(SourceKind::Log),
        "python" | "py" | "js" | "javascript" | "ts" | "typescript" | "rust" | "go" | "html" | "sql"
        | "java" | "c" | "cpp" | "csharp" | "ruby" | "php" | "lua" | "xml" | "css" | "toml" | "nix"
        | "hcl" | "http" | "nginx" | "mermaid" => Fenced::Code,
        "diff" | "patch" => Fenced::Changes,
        _ => Fenced::Anything,
    }
}

/// Whether a word is one that people write behind a fence.
pub(super) fn is_language(word: &str) -> bool {
    info(word) != Fenced::Anything
        || matches!(
            word.split(WHITE).next(),
            Some("text" | "txt" | "plaintext" | "markdown" | "md" | "dockerfile")
        )
}

/// The file that a line is about: it ends with the name, or with a remark in brackets behind it, or holds it and ends with a
/// colon.
pub(super) fn file_heading(line: &str) -> Option<SourceKind> {
    const LONGEST: usize = 200;
    const AROUND: Chars = |c| c.is_whitespace() || "*`_\"'“”()[]<>#=".has(c);
    const NAME_BORDER: Chars = |c| c.is_whitespace() || "*`\"'“”()[]<>/\\:：,，".has(c);
    const MARKS: Chars = |c| c.is_whitespace() || "*`_".has(c);
    if line.len() > LONGEST {
        return None;
    }
    let line = line.strip_prefix("<details>").unwrap_or(line);
    let line = line.strip_prefix("<summary>").unwrap_or(line);
    let line = line.strip_suffix("</summary>").unwrap_or(line);
    let bare = line.trim_matches(AROUND);
    let announces = bare.ends_with(COLON);
    let mut found = None;
    let mut ends = false;
    for word in bare.trim_end_matches(COLON).trim_end_matches(AROUND).split(NAME_BORDER) {
        // `prod.env` is one of these; `litellm_config.yaml` is of another program.
        let is_named = |end: &str| if end.starts_with('.') { word.ends_with(end) } else { word == end };
        let named = FILES.iter().find(|(end, _)| is_named(end));
        ends = named.is_some();
        found = named.and_then(|(_, kind)| *kind).or(found);
    }
    found
        .filter(|_| announces || ends)
        .or_else(|| without_remark(line.trim_end_matches(MARKS)).and_then(file_heading))
}

/// A line without the remark in brackets that it ends with.
fn without_remark(line: &str) -> Option<&str> {
    let head = line.trim_end().strip_suffix([')', '）'])?;
    let at = head.rfind(" (").or_else(|| head.rfind('（'))?;
    head.get(..at)
}

/// Whether a line is a heading that speaks of variables which a process has, in whatever way it came by them: `environment:`,
/// `environment of the gateway:`.
pub(super) fn names_environment(line: &str) -> bool {
    /// A heading has few words.
    const MOST: usize = 8;
    const AROUND: Chars = |c| c.is_whitespace() || "*`_:：".has(c);
    const HOLDERS: [&str; 7] = ["process", "service", "gateway", "container", "unit", "daemon", "shell"];
    const NOT: [&str; 6] = ["no", "not", "nothing", "without", "file", "in"];
    const CHINESE: [&str; 5] = ["进程", "服务", "网关", "容器", "系统"];
    if line.starts_with('#') || !line.trim_matches(['*', '`', '_']).ends_with(COLON) {
        return false;
    }
    let bare = line.trim_matches(AROUND);
    let said = lower(without_remark(bare).unwrap_or(bare).trim_matches(AROUND));
    let of_chinese = said.strip_suffix("环境变量").or_else(|| said.strip_suffix("环境"));
    if of_chinese.is_some_and(|head| ends_with_one(head.strip_suffix('的').unwrap_or(head), &CHINESE)) {
        return true;
    }
    let words: Vec<&str> = said.split_whitespace().collect();
    let Some(at) = words.iter().position(|word| *word == "environment") else { return false };
    let (before, behind) = words.split_at(at);
    let behind = behind.get(1..).unwrap_or_default();
    let is_of_holder = matches!(behind, ["of" | "for", .., holder] if HOLDERS.contains(holder));
    words.len() <= MOST
        && !before.iter().any(|word| NOT.contains(word) || word.has(','))
        && (behind.is_empty() || is_of_holder)
}

/// A line `--- … ---` of `hermes debug share`: `run_dump` of `hermes_cli/dump.py`, `collect_debug_report` of
/// `hermes_cli/debug.py`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    DumpBegin,
    DumpEnd,
    Log,
}

pub(super) fn mark(line: &str) -> Option<Mark> {
    let inside = line.strip_prefix("--- ")?.strip_suffix(" ---")?;
    match inside {
        "hermes dump" => Some(Mark::DumpBegin),
        "end dump" => Some(Mark::DumpEnd),
        _ if inside.ends_with(".log") || inside.holds(".log (last ") => Some(Mark::Log),
        _ => None,
    }
}

/// Whether a line begins what `hermes dump` prints, its first line lost. `next` is the line below.
pub(super) fn begins_dump(line: &str, next: &str) -> bool {
    let value = |name: &str| line.strip_prefix(name).map(str::trim);
    value("version:").is_some_and(|value| value.starts_with(DIGIT) && value.has('['))
        || value("openai_sdk:").is_some()
        || value("hermes_home:").is_some()
        || line == "config_overrides:"
        || (line == "api_keys:" && is_key_row(next))
}

/// Whether a line is a row below `api_keys:`.
fn is_key_row(line: &str) -> bool {
    let (name, value) = line.trim().split_once(WHITE).unwrap_or_default();
    !name.ends_with(':') && (value.trim().starts_with("set") || value.trim().starts_with("not set"))
}

/// Whether a line is one of the inside of `hermes dump`.
pub(super) fn is_of_dump(line: &str) -> bool {
    const NAME: Chars = |c| c.is_ascii_lowercase() || c == '_' || c == '.';
    let behind = line.trim_start_matches(NAME);
    (behind.len() < line.len() && behind.starts_with(':'))
        || is_key_row(line)
        || !DebugReport::of(line).keys.is_empty()
}

/// Whether a line begins what `hermes config show` or `hermes status` prints: `show_config` of `hermes_cli/config.py`.
/// `next` is the line below.
pub(super) fn begins_show(line: &str, next: &str) -> bool {
    const TITLES: [&str; 2] = ["⚕ Hermes Configuration", "⚕ Hermes Agent Status"];
    let has_title = |line: &str| TITLES.iter().any(|title| line.holds(title));
    // Of the first lines of `hermes status` this one alone tells what it is.
    let is_of_status = line.starts_with(".env file:") && ends_with_one(line, &["✓ exists", "✗ not found"]);
    is_of_status || line.starts_with("◆ ") || has_title(line) || (line.starts_with("┌─") && has_title(next))
}

/// Whether a line is one of the inside of what `hermes config show` and `hermes status` print.
pub(super) fn is_of_show(line: &str) -> bool {
    const FRAME: Chars = |c| "┌┐└┘│─◆⚷⚠✓✗".has(c);
    const UPPER: Chars = |c| c.is_ascii_uppercase();
    let named = line.cut_at(":").is_some_and(|(name, _)| name.len() <= 24);
    line.starts_with(FRAME)
        || line.starts_with(".env file:")
        || line.holds(" ✓ ")
        || line.holds(" ✗ ")
        || line.starts_with("Run 'hermes ")
        || (line.starts_with(UPPER) && (named || line.holds("  ") || line.holds("(STT/TTS)")))
}

/// Whether a line stands in what `hermes --version` prints.
pub(super) fn is_of_version(line: &str) -> bool {
    const HEADS: [&str; 7] = [
        "Project:",
        "Install directory:",
        "Install method:",
        "Python:",
        "OpenAI SDK:",
        "Up to date",
        "Update available",
    ];
    begins_with_one(line, &HEADS)
}

/// Whether a line is a heading or a row of `hermes auth list`.
pub(super) fn is_listing(line: &str) -> bool {
    if !line.holds(" credential") && !line.holds("api_key") && !line.holds("oauth") {
        return false;
    }
    let listing = Listing::of(line);
    let heads = |provider: &str| !provider.starts_with('#') && provider.split(WHITE).count() <= 4;
    // A numbered list has no source behind the word that names a type: a source is one word.
    listing.pools.iter().all(|pool| heads(&pool.provider.text))
        && listing.rows.iter().all(|row| line.has('#') || !row.source.text.contains(WHITE))
        && listing.pools.len() + listing.rows.len() == 1
}

/// Whether a line of a listing goes on in this one, which a narrow terminal broke.
pub(super) fn continues_listing(line: &str) -> bool {
    ends_with_one(line, &["←", "left)", "required)", "retry)"])
}

/// Whether a line is one of a log, or of what Hermes prints of an error in a terminal.
pub(super) fn is_log(line: &str) -> bool {
    // Who explains a log puts dots where something stands.
    let is_example = line.holds("marking ...")
        || line.holds("marking …")
        || line.ends_with(['…'])
        || line.ends_with("...");
    let mut words = line.split(WHITE).filter(|word| !word.is_empty());
    let first = words.next().unwrap_or("");
    let second = words.next().unwrap_or("");
    let third = words.next().unwrap_or("");
    is_of_terminal(line)
        || (!is_example && !Log::of(line).events.is_empty())
        || line.starts_with("Traceback (most recent call last)")
        || (is_level(first) && (second.starts_with('[') || second.ends_with(':')))
        || (is_time(first) && (is_level(second) || is_level(third) || (is_time(second) && third == "-")))
        || line.holds("agent.credential_pool:")
        || error_class(first)
}

/// Signs that Hermes has in front of what it tells in a terminal.
const SIGNS: [&str; 12] = ["┊", "⚠", "🔌", "🌐", "📝", "📋", "⏱", "🔄", "❌", "⏳", "🔁", "💀"];

/// What stands behind such a sign.
fn behind_sign(line: &str) -> Option<(&str, &str)> {
    const BETWEEN: Chars = |c| c.is_whitespace() || c == '\u{fe0f}';
    let sign = SIGNS.iter().find(|sign| line.starts_with(**sign))?;
    line.get(sign.len()..).map(|said| (*sign, said.trim_start_matches(BETWEEN)))
}

/// Whether a line begins with a sign that Hermes has in a terminal. People and their bots have it as well.
pub(super) fn has_sign(line: &str) -> bool {
    behind_sign(line).is_some()
}

/// Whether a line begins with a sign and with words that Hermes has behind it: `agent/conversation_loop.py`, `agent/chat_completion_helpers.py`
/// and `gateway/run.py`.
fn is_of_terminal(line: &str) -> bool {
    const HEADS: [&str; 36] = [
        "API call failed",
        "API failed after",
        "API key",
        "Auxiliary ",
        "Background task ",
        "Billing or credits exhausted",
        "Codex stream sent no events",
        "Connection to provider failed",
        "Context length exceeded",
        "Cron '",
        "Details: ",
        "Elapsed: ",
        "Empty response from model",
        "Empty/malformed response",
        "Endpoint: ",
        "Fallback chain (",
        "Fallback model: ",
        "Invalid API response",
        "Iteration budget exhausted",
        "Max retries",
        "Model returned",
        "No first byte from provider",
        "No response from provider",
        "Non-retryable",
        "Primary auth failed",
        "Primary model failed",
        "Provider: ",
        "Provider authentication failed",
        "Provider re",
        "Provider safety filter",
        "Provider unreachable",
        "Rate limit",
        "Retrying",
        "Switched to fallback model",
        "The model provider",
        "Upstream ",
    ];
    behind_sign(line).is_some_and(|(sign, said)| {
        let is_error = said.starts_with("Error: ")
            && (sign == "📝" || said.holds("HTTP ") || said.holds("Error code: "));
        sign == "┊" || is_error || begins_with_one(said, &HEADS)
    })
}

/// Whether a word is the level of a line of a log.
pub(super) fn is_level(word: &str) -> bool {
    const LEVELS: [&str; 6] = ["DEBUG", "INFO", "WARNING", "WARN", "ERROR", "CRITICAL"];
    LEVELS.contains(&word.trim_matches(['[', ']', ':']))
}

/// `RuntimeError:`, `openai.RateLimitError:`.
fn error_class(word: &str) -> bool {
    const LETTERS: Chars = |c| c.is_ascii_alphanumeric() || c == '.' || c == '_';
    let name = word.strip_suffix(':').unwrap_or("");
    name.ends_with("Error") && name.len() > "Error".len() && name.chars().all(LETTERS)
}

/// Whether a word is a date, a time of day, or both, as logs write them.
fn is_time(word: &str) -> bool {
    const PART: Chars = |c| c.is_ascii_digit() || ":-.,TZ+[]/".has(c);
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    digits >= 6 && word.chars().all(PART) && (word.has(':') || word.has('-') || word.has('/'))
}

/// A command line without its prompt, where the line is one by what it says: a prompt or Hermes' name in front.
pub(super) fn command(line: &str) -> Option<&str> {
    const BEFORE: Chars = |c| "`•*".has(c) || c.is_whitespace();
    let bare = line.trim_matches(BEFORE);
    let bare = bare.strip_prefix("- ").unwrap_or(bare).trim_start_matches('`');
    for prompt in ["$ ", "❯ ", "➜ ", "% "] {
        if let Some(rest) = bare.strip_prefix(prompt) {
            return Some(rest.trim_start());
        }
    }
    if let Some((before, rest)) = bare.cut_at("$ ").or_else(|| bare.cut_at("# "))
        && before.has('@')
        && before.split(WHITE).count() <= 2
        && !before.has('=')
    {
        return Some(rest.trim_start());
    }
    let of_hermes = bare.strip_prefix("sudo ").unwrap_or(bare);
    // Variables for this one command stand in front of it.
    let of_hermes = match of_hermes.cut_at(" hermes ") {
        Some((before, _)) if assignment(before).is_some() && !before.has(' ') => {
            of_hermes.get(before.len() + 1..).unwrap_or("")
        }
        _ => of_hermes,
    };
    (of_hermes == "hermes" || of_hermes.strip_prefix("hermes ").is_some_and(is_of_hermes)).then_some(bare)
}

/// Whether what stands behind `hermes` is a command and no sentence.
fn is_of_hermes(rest: &str) -> bool {
    const LOWER: Chars = |c| c.is_ascii_lowercase() || c == '-' || c == '_';
    const UPPER: Chars = |c| c.is_ascii_uppercase();
    const LETTERS: Chars = |c| c.is_ascii_alphabetic() || "-'’,/&".has(c);
    /// Words without a sign in them that stand one after the other in a command.
    const LONGEST_PLAIN: usize = 5;
    let rest = rest.cut_at(" #").map_or(rest, |(code, _)| code).trim();
    let first = rest.split(WHITE).next().unwrap_or("");
    if first.is_empty()
        || first == "-"
        || !first.chars().all(|c| LOWER(c) || c == 'V')
        || rest.ends_with(['.', '。', '，'])
    {
        return false;
    }
    if ["is", "was", "has", "does", "will", "can", "and", "or", "to", "not", "uses", "reads"].contains(&first)
    {
        return false;
    }
    // `hermes auth list Show all pools`, a table that lost its columns: a capital letter begins a sentence.
    let mut capital = false;
    let mut plain = 0;
    let mut behind_option = false;
    let mut quoted = false;
    let mut in_a_row = 0;
    for word in rest.split(WHITE).filter(|word| !word.is_empty()) {
        if quoted || word.starts_with(['"', '\'']) {
            quoted = !word.ends_with(['"', '\'']) || (!quoted && word.len() == 1);
            capital = false;
            continue;
        }
        let is_plain = word.chars().all(LETTERS) && !word.starts_with('-');
        in_a_row = if is_plain { in_a_row + 1 } else { 0 };
        let is_foreign = !behind_option && word.chars().any(|c| is_letter(c) && !c.is_ascii());
        if is_foreign || in_a_row > LONGEST_PLAIN {
            return false;
        }
        if is_plain && word.starts_with(UPPER) && !behind_option {
            (capital, plain) = (true, 0);
        } else if capital && (is_plain || word.has('-')) {
            plain += 1;
        } else {
            capital = false;
        }
        if capital && plain >= 2 {
            return false;
        }
        behind_option = word.starts_with("--") && !word.has('=');
    }
    !capital || plain == 0
}

/// The command between backquotes in a sentence that runs a container.
pub(super) fn container_in(line: &str) -> Option<Span> {
    const PROGRAMS: [&str; 4] = ["docker ", "podman ", "nerdctl ", "docker-compose "];
    let is_named = line.has('`') && PROGRAMS.iter().any(|program| line.holds(program));
    if !is_named || line.trim_start().starts_with('#') {
        return None;
    }
    told(line, Table::default()).into_iter().find(|own| {
        let code = own.of(line);
        begins_with_one(code.strip_prefix("sudo ").unwrap_or(code), &PROGRAMS)
    })
}

/// Whether a line is one that an editor shows around a file.
pub(super) fn is_of_editor(line: &str) -> bool {
    let status = line.strip_prefix("[ ").and_then(|rest| rest.strip_suffix(" ]"));
    let is_status = status
        .is_some_and(|said| begins_with_one(said, &["Read ", "Wrote ", "New File", "line ", "Cancelled"]));
    let is_vim =
        line.starts_with('"') && ends_with_one(line.split("  ").next().unwrap_or(""), &["B", "C", "[New]"]);
    is_status || line == "~" || begins_with_one(line, &["^G ", "^X "]) || (is_vim && line.holds("L, "))
}

/// Whether a line may be one of a shell where the lines around are commands.
pub(super) fn is_of_shell(line: &str) -> bool {
    const PROGRAMS: [&str; 24] = [
        "hermes",
        "sudo",
        "systemctl",
        "journalctl",
        "launchctl",
        "docker",
        "cd",
        "ls",
        "cat",
        "echo",
        "curl",
        "nano",
        "vim",
        "vi",
        "source",
        "unset",
        "env",
        "printenv",
        "pip",
        "uv",
        "chmod",
        "chown",
        "cp",
        "mv",
    ];
    let first = line.split(WHITE).next().unwrap_or("");
    PROGRAMS.contains(&first)
}

/// The name of a line `NAME=value`, whatever width the sign has: with the wide one nothing is set, and somebody meant to.
pub(super) fn assignment(line: &str) -> Option<&str> {
    let (name, _) = line.split_once(['=', '＝'])?;
    let name = name.trim_end();
    is_variable(name).then_some(name)
}

/// Whether a line sets a key, and ends with it.
pub(super) fn sets_key(line: &str) -> bool {
    const SHORTEST: usize = 8;
    let value = line.split_once('=').map_or("", |(_, value)| value.trim());
    let is_of_key = |name: &str| ends_with_one(&name.to_ascii_lowercase(), &["_key", "_token", "_keys"]);
    assignment(line).is_some_and(is_of_key) && value.len() >= SHORTEST && value.chars().all(OF_KEY)
}

/// Whether a line may be the rest of a key that a program for text has broken in two.
pub(super) fn is_rest_of_key(line: &str) -> bool {
    const SHORTEST: usize = 12;
    line.len() >= SHORTEST
        && line.chars().all(OF_KEY)
        && line.contains(DIGIT)
        && line.contains(|c: char| c.is_ascii_alphabetic())
        && assignment(line).is_none()
        && file_heading(line).is_none()
}

/// What keys consist of.
const OF_KEY: Chars = |c| c.is_ascii_alphanumeric() || "-_.+/=".has(c);

/// A row of a table that has a variable and its value.
#[derive(Clone, Copy)]
pub(super) struct Row {
    pub(super) name: Span,
    pub(super) value: Span,
}

/// The variable and the value that a row of a table has in its two cells.
pub(super) fn row(line: &str) -> Option<Row> {
    const AROUND: Chars = |c| c.is_whitespace() || c == '`' || c == '*';
    let bare = |cell: Span| {
        let own = cell.of(line);
        let start = cell.start + own.len() - own.trim_start_matches(AROUND).len();
        Span::new(start, start + own.trim_matches(AROUND).len())
    };
    let [_, name, value] = cells(line)?.try_into().ok()?;
    let (name, value) = (bare(name), bare(value));
    let is_named = name.of(line).has('_') && is_variable(name.of(line));
    let is_value = !value.is_empty() && !value.of(line).contains(WHITE);
    (is_named && is_value).then_some(Row { name, value })
}

/// The name of a line `export NAME=value`.
pub(super) fn export(line: &str) -> Option<&str> {
    let rest = line.strip_prefix("export ")?.trim_start();
    let name = rest.split(|c: char| matches!(c, '=' | '＝') || c.is_whitespace()).next().unwrap_or("");
    is_variable(name).then_some(name)
}

/// The name of a line `NAME: value` with the name of a variable that holds a key.
pub(super) fn colon_assignment(line: &str) -> Option<&str> {
    const UPPER: Chars = |c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    let (name, _) = line.split_once(COLON)?;
    let ends = ends_with_one(name, &["_KEY", "_TOKEN", "_BASE_URL"]);
    (ends && name.chars().all(UPPER)).then_some(name)
}

/// Whether a name is one that people give to variables: in capitals, or of a key, where it may begin with a digit, as a
/// provider's may.
pub(super) fn is_variable(name: &str) -> bool {
    const LETTER: Chars = |c| c.is_ascii_alphanumeric() || c == '_';
    const UPPER: Chars = |c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    let is_of_key = ends_with_one(&name.to_ascii_lowercase(), &["_key", "_token", "_keys"]);
    name.len() >= 2
        && name.chars().all(LETTER)
        && (is_of_key || (name.chars().all(UPPER) && !name.starts_with(DIGIT)))
}

/// Whether a line is one of a systemd unit that alone tells it.
pub(super) fn begins_unit(line: &str) -> bool {
    matches!(line, "[Service]" | "[Unit]" | "[Install]" | "[Container]") || line.starts_with("Environment=")
}

/// Whether a line is a setting or a heading of a systemd unit.
pub(super) fn is_of_unit(line: &str) -> bool {
    const LETTERS: Chars = |c| c.is_ascii_alphanumeric();
    const UPPER: Chars = |c| c.is_ascii_uppercase();
    let setting =
        line.split_once('=').is_some_and(|(name, _)| name.starts_with(UPPER) && name.chars().all(LETTERS));
    setting || (line.starts_with('[') && line.ends_with(']')) || line.starts_with(';')
}

/// Whether a line is a command that prints the variables of a process: `env`, in a container as well, what Linux has of them, or
/// those with which cron starts one.
pub(super) fn prints_environ(line: &str) -> bool {
    const RUNNERS: [&str; 8] =
        ["docker", "podman", "nerdctl", "docker-compose", "kubectl", "oc", "sudo", "ssh"];
    let bare = command(line).unwrap_or(line);
    let has_prompt = bare.len() < line.len();
    let (own, rest) = bare.split_once('|').unwrap_or((bare, ""));
    let words: Vec<&str> = own.split_whitespace().collect();
    let first = words.first().copied().unwrap_or("");
    if own.holds("/environ") && own.holds("/proc/") {
        return has_prompt || matches!(first, "cat" | "sudo" | "tr" | "strings" | "xargs");
    }
    match words.as_slice() {
        ["env"] => has_prompt || !rest.is_empty(),
        ["printenv"] | ["crontab", "-l"] => true,
        [.., "env" | "printenv"] => RUNNERS.contains(&first),
        _ => false,
    }
}

/// Whether a line says that the `.env` below stands beside a compose file.
pub(super) fn is_beside_compose(line: &str) -> bool {
    const BESIDE: [&str; 9] =
        ["next to", "beside", "alongside", "same folder", "same dir", "neben", "旁", "同目录", "同级"];
    let said = lower(line);
    let is_compose = ["docker-compose", "compose.y", "compose file"].iter().any(|name| said.holds(name));
    is_compose
        && said.holds(".env")
        && !said.holds("hermes/.env")
        && BESIDE.iter().any(|word| said.holds(word))
}

/// Whether a line is the heading of a file of JSON that is not auth.json.
pub(super) fn names_other_json(line: &str) -> bool {
    const AROUND: Chars = |c| c.is_whitespace() || "*`_\"'“”()[]<>#=:：".has(c);
    let word = line.trim_matches(AROUND).rsplit(AROUND).next().unwrap_or("");
    let name = word.rsplit(['/', '\\']).next().unwrap_or(word).to_ascii_lowercase();
    name.len() > ".json".len() && name.ends_with(".json") && kind_of_file(&without_copy_mark(&name)).is_none()
}

/// Whether what stands behind the first word of a line `NAME=value` is a sentence: a comma, and two words that none parts. Keys
/// that stand behind each other are no words.
pub(super) fn is_sentence_of_assignment(line: &str) -> bool {
    let value = line.split_once(['=', '＝']).map_or("", |(_, value)| value.trim());
    let (first, rest) = value.split_once(WHITE).unwrap_or((value, ""));
    let words: Vec<&str> = rest.split_whitespace().collect();
    let has_words = words.windows(2).any(|pair| pair.first().is_some_and(|word| word.chars().all(is_letter)));
    let wide = first.split_once(['，', '。', '；']).map_or("", |(_, rest)| rest);
    let says = |text: &str| text.chars().any(|c| is_letter(c) && !c.is_ascii());
    !value.starts_with(['"', '\'']) && ((first.ends_with([',', ';']) && has_words) || says(wide))
}

/// Whether JSON has one of `fields` at its root. A forum may have made its quotes curly.
pub(super) fn has_root_field(text: &str, fields: &[&str]) -> bool {
    let mut depth = 0_usize;
    let mut begun: Option<usize> = None;
    let mut is_escaped = false;
    for (at, c) in text.char_indices() {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' if begun.is_some() => is_escaped = true,
            '"' | '“' | '”' => match begun.take() {
                None => begun = Some(at + c.len_utf8()),
                Some(start) => {
                    let is_field = text.get(start..at).is_some_and(|name| fields.contains(&name));
                    let behind = text.get(at + c.len_utf8()..).unwrap_or("").trim_start();
                    if depth == 1 && is_field && behind.starts_with(COLON) {
                        return true;
                    }
                }
            },
            // No string of JSON goes on behind its line.
            '\n' | '\r' => begun = None,
            '{' | '[' if begun.is_none() => depth += 1,
            '}' | ']' if begun.is_none() => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    false
}

/// Follows the brackets of JSON from line to line.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Brackets {
    depth: usize,
    in_string: bool,
}

impl Brackets {
    /// Reads a line; tells whether brackets are open behind it.
    pub(super) fn read(&mut self, line: &str) -> bool {
        let mut escaped = false;
        for byte in line.bytes() {
            match byte {
                _ if escaped => escaped = false,
                b'\\' if self.in_string => escaped = true,
                b'"' => self.in_string = !self.in_string,
                b'{' | b'[' if !self.in_string => self.depth += 1,
                b'}' | b']' if !self.in_string => self.depth = self.depth.saturating_sub(1),
                _ => {}
            }
        }
        // No string of JSON goes on behind its line.
        self.in_string = false;
        self.depth > 0
    }
}

/// Whether a line may be one of the inside of JSON.
pub(super) fn is_of_json(line: &str) -> bool {
    const BEGIN: Chars = |c| "\"{}[],“”'".has(c) || c.is_ascii_digit() || c == '-';
    line.starts_with(BEGIN)
        || line.ends_with([',', '{', '[', '}', ']'])
        || matches!(line, "..." | "…" | "null" | "true" | "false")
        || line.starts_with("//")
}
