//! Files that another file has as a text in quotes or in base64, as a ConfigMap or a Secret of Kubernetes may have them. They are
//! unpacked into the form in which people write them, a text in the lines below its key, so that all the rest reads this form only.

use super::label::without_quote_marks;
use super::line;
use crate::base::sources::SourceKind;
use crate::base::text::{BLANK, Edit, Edits, LINE_END, QUOTE, Search, Span};
use crate::readers::sealed::{Sealed, sealed};

/// The edits that unpack the files of `text`.
///
/// ```
/// use poolcheck::readers::split::unpacked;
/// let text = "data:\n  config.yaml: \"model:\\n  provider: zai\\n\"\n";
/// assert_eq!(unpacked(text).apply(text), "data:\n  config.yaml: |\n      model:\n        provider: zai\n      \n");
/// ```
pub fn unpacked(text: &str) -> Edits {
    let mut edits = Vec::new();
    if ["config.y", ".env", "auth.json"].iter().any(|name| text.holds(name)) {
        let of_secrets = sealed(text);
        let mut of_secrets = of_secrets.iter().peekable();
        let mut at = 0;
        while at < text.len() {
            let rest = text.get(at..).unwrap_or("");
            let line = rest.split(LINE_END).next().unwrap_or("");
            let end = at + line.len();
            while of_secrets.next_if(|own| own.span.start < at).is_some() {}
            let own = of_secrets.peek().filter(|own| own.span.start < end).copied();
            let behind = Place::of(text, at, line).and_then(|place| place.unpack(text, own, &mut edits));
            at = behind.unwrap_or(end).max(end) + 1;
        }
    }
    // No two of them meet: each begins behind the one before.
    Edits::new(edits).unwrap_or_default()
}

/// A file as the value of a key on a line.
struct Place<'t> {
    kind: SourceKind,
    /// Behind the colon, and where the value begins.
    colon: usize,
    value: usize,
    /// What stands in front of the line in a quotation, and what each line of the file gets in front.
    marks: &'t str,
    indent: String,
}

impl<'t> Place<'t> {
    fn of(text: &'t str, at: usize, line: &'t str) -> Option<Self> {
        let bare = without_quote_marks(line);
        let marks = line.get(..line.len() - bare.len())?;
        let (key, behind) = bare.split_once(':')?;
        let value = behind.trim_start_matches(BLANK);
        if value.is_empty() || value.len() == behind.len() {
            return None;
        }
        let name = key.trim().trim_matches(QUOTE);
        let kind = line::kind_of_file(name.rsplit('/').next()?)?;
        let blanks = key.len() - key.trim_start_matches(BLANK).len();
        let is_read = matches!(kind, SourceKind::Config | SourceKind::Dotenv | SourceKind::AuthStore);
        is_read
            .then(|| Self {
                kind,
                colon: at + line.len() - behind.len(),
                value: at + line.len() - value.len(),
                marks: marks.trim_end_matches(BLANK),
                indent: ["\n", marks, key.get(..blanks).unwrap_or(""), "    "].concat(),
            })
            .filter(|place| text.get(place.value..).is_some())
    }

    /// Adds the edits that unpack the file; tells where it is over.
    fn unpack(&self, text: &str, sealed: Option<&Sealed<'_>>, edits: &mut Vec<Edit>) -> Option<usize> {
        if let Some(sealed) = sealed.filter(|sealed| sealed.span.start <= self.value + 1) {
            let file = sealed.text.as_deref().filter(|file| self.may_be(file))?;
            let lines: Vec<&str> = file.trim_end().lines().collect();
            let behind = text.get(sealed.span.end..)?;
            let quote = behind.len() - behind.trim_start_matches(|c| QUOTE(c) || c == ',').len();
            edits.push(Edit::replace(Span::new(self.colon, sealed.span.start), " |"));
            edits
                .push(Edit::replace(sealed.span, [&self.indent, lines.join(&self.indent).as_str()].concat()));
            if quote > 0 {
                edits.push(Edit::delete(Span::new(sealed.span.end, sealed.span.end + quote)));
            }
            return Some(sealed.span.end + quote);
        }
        let head = Edit::replace(Span::new(self.colon, self.value), " |");
        let quote = text.get(self.value..)?.chars().next().filter(|sign| QUOTE(*sign))?;
        let mut quoted =
            Quoted { text, place: self, at: self.value + 1, edits: Vec::new(), file: String::new() };
        quoted.read(quote)?;
        let line_end = quoted.at + text.get(quoted.at..)?.find(LINE_END).unwrap_or(text.len() - quoted.at);
        let rest = Span::new(quoted.at, line_end).of(text).trim_matches(|c| BLANK(c) || c == ',');
        if !(rest.is_empty() || rest.starts_with('#')) || !self.may_be(&quoted.file) {
            return None;
        }
        edits.push(head);
        edits.push(Edit::replace(Span::new(self.value, self.value + 1), &self.indent));
        edits.append(&mut quoted.edits);
        edits.push(Edit::delete(Span::new(quoted.at - 1, line_end)));
        Some(line_end)
    }

    /// Whether a text may be the file, and not its path.
    fn may_be(&self, file: &str) -> bool {
        match self.kind {
            SourceKind::Config => file.lines().any(|line| line.ends_with(':') || line.holds(": ")),
            SourceKind::Dotenv => file.has('='),
            _ => file.trim_start().starts_with('{'),
        }
    }
}

/// Reads a text in quotes, as YAML and JSON have it.
struct Quoted<'t> {
    text: &'t str,
    place: &'t Place<'t>,
    /// The byte to be read next.
    at: usize,
    edits: Vec<Edit>,
    /// What was read so far.
    file: String,
}

impl Quoted<'_> {
    /// Reads up to the closing quote; `None` where there is none, and where a sign is written in a way that is not read here.
    fn read(&mut self, quote: char) -> Option<()> {
        loop {
            let rest = self.text.get(self.at..)?;
            let c = rest.chars().next()?;
            let next = rest.chars().nth(1);
            match c {
                '\'' if quote == c && next == Some(quote) => self.put(2, "'"),
                _ if c == quote => {
                    self.at += 1;
                    return Some(());
                }
                '\\' if quote == '"' => self.escaped(next?)?,
                _ if LINE_END(c) => self.fold()?,
                _ => {
                    self.file.push(c);
                    self.at += c.len_utf8();
                }
            }
        }
    }

    /// Puts `text` for the next `length` bytes.
    fn put(&mut self, length: usize, text: &str) {
        self.file.push_str(text);
        let written = text.replaced("\n", &self.place.indent);
        self.edits.push(Edit::replace(Span::new(self.at, self.at + length), written));
        self.at += length;
    }

    fn escaped(&mut self, sign: char) -> Option<()> {
        match sign {
            'n' => self.put(2, "\n"),
            'r' => self.put(2, ""),
            't' => self.put(2, "\t"),
            '"' => self.put(2, "\""),
            '\\' => self.put(2, "\\"),
            '/' => self.put(2, "/"),
            ' ' => self.put(2, " "),
            'x' | 'u' | 'U' => {
                let digits = match sign {
                    'x' => 2,
                    'u' => 4,
                    _ => 8,
                };
                let code = self.text.get(self.at + 2..self.at + 2 + digits)?;
                let own = char::from_u32(u32::from_str_radix(code, 16).ok()?)?;
                self.put(2 + digits, own.encode_utf8(&mut [0; 4]));
            }
            // The line goes on in the next one.
            _ if LINE_END(sign) => {
                let end = self.begin_of_next(self.at + 1)?.0;
                self.put(end - self.at, "");
            }
            _ => return None,
        }
        Some(())
    }

    /// A line end within quotes is a blank, and blank lines are line ends.
    fn fold(&mut self) -> Option<()> {
        let (end, ends) = self.begin_of_next(self.at)?;
        if self.text.get(end..)?.starts_with("```") {
            return None;
        }
        let text = if ends > 1 { "\n".repeat(ends - 1) } else { " ".to_owned() };
        self.put(end - self.at, &text);
        Some(())
    }

    /// Where behind the line ends from `at` on a line says something, and how many lines ended.
    fn begin_of_next(&self, at: usize) -> Option<(usize, usize)> {
        let (mut at, mut ends) = (at, 0);
        loop {
            let rest = self.text.get(at..)?;
            if let Some(behind) = rest.strip_prefix("\r\n").or_else(|| rest.strip_prefix(LINE_END)) {
                ends += 1;
                at += rest.len() - behind.len();
                let rest = self.text.get(at..)?;
                let behind = rest.strip_prefix(self.place.marks).unwrap_or(rest);
                at += rest.len() - behind.trim_start_matches(BLANK).len();
            } else {
                return Some((at, ends));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "model:\n  provider: zai\n  default: \"m\"";

    /// The file that is unpacked from a text, without the indentation that it gets.
    fn file(text: &str) -> String {
        let after = unpacked(text).apply(text);
        let (_, below) = after.split_once("|\n").unwrap_or(("", "none"));
        let indent = below.len() - below.trim_start_matches([' ', '>']).len();
        let lines = below.lines().map(|line| line.get(indent..).unwrap_or("").trim_end());
        let own: Vec<&str> = lines.take_while(|line| !line.is_empty()).collect();
        own.join("\n")
    }

    #[test]
    fn every_form_of_a_text_is_unpacked() {
        for text in [
            r#"  config.yaml: "model:\n  provider: zai\n  default: \"m\"\n""#,
            r#"  "config.yaml": "model:\n  provider: zai\n  default: \u0022m\x22\n","#,
            "> data:\n>   config.yaml: \"model:\\n\n>     \\  provider: zai\\n\\\n>     \\  default: \\\"m\\\"\\n\"",
            "data:\n  config.yaml: 'model:\n\n      provider: zai\n\n      default: \"m\"'\n",
            "{\n\"kind\": \"Secret\",\n\"data\": {\n  \"config.yaml\": \"bW9kZWw6CiAgcHJvdmlkZXI6IHphaQogIGRlZmF1bHQ6ICJtIgo=\",\n}}\n",
            "kind: Secret\ndata:\n  config.yaml: bW9kZWw6CiAgcHJvdmlkZXI6IHphaQogIGRlZmF1bHQ6ICJtIgo=\n",
        ] {
            let lines = |text: &str| text.lines().map(str::trim).collect::<Vec<_>>().join("\n");
            assert_eq!(lines(&file(text)), lines(FILE), "{text}");
        }
    }

    #[test]
    fn what_is_no_file_stays() {
        for text in [
            "config.yaml: \"/opt/data/config.yaml\"\n",
            "config.yaml: bW9kZWw6CiAgcHJvdmlkZXI6IHphaQo=\n",
            "kind: Secret\ndata:\n  config.yaml: //79\n",
            "config.yaml: \"model:\\n  provider: zai\\n\n```\n\"\n",
            "config.yaml: \"model:\\n  provider: \\q\"\n",
            "config.yaml: \"model:\\n  provider: zai\" and more\n",
            ".env: \"\n",
        ] {
            assert_eq!(unpacked(text), Edits::default(), "{text}");
        }
    }

    #[test]
    fn places_are_those_of_the_text_in_quotes() {
        let text = "a: b\nconfig.yaml: \"model:\\n  provider: zai\\n\"\n";
        let edits = unpacked(text);
        let (after, back) = (edits.apply(text), edits.way_back(text));
        let at = after.find("zai").unwrap();
        assert_eq!(back.before(Span::new(at, at + 3)).of(text), "zai");
        let sealed = "kind: Secret\ndata:\n  .env: QV9LRVk9eC1mYWtlCg==\n";
        let edits = unpacked(sealed);
        let (after, back) = (edits.apply(sealed), edits.way_back(sealed));
        let at = after.find("x-fake").unwrap();
        assert_eq!(back.before(Span::new(at, at + 6)).of(sealed), "QV9LRVk9eC1mYWtlCg==");
    }
}
