//! What a Secret of Kubernetes has under `data`: values in base64.

use crate::base::text::{Chars, LINE_END, Search, Span};
use crate::python::from_base64;

/// A value in base64.
pub struct Sealed<'t> {
    /// The key that it is the value of.
    pub key: &'t str,
    /// Where it is written.
    pub span: Span,
    /// What it is; `None` where it is no text.
    pub text: Option<String>,
}

/// The values of the Secrets that stand in `text`, in YAML or in JSON, in their order.
///
/// ```
/// use poolcheck::readers::sealed::sealed;
/// let found = sealed("kind: Secret\ndata:\n  A_KEY: eC1mYWtl\n");
/// assert_eq!((found.len(), found[0].key, found[0].text.as_deref()), (1, "A_KEY", Some("x-fake")));
/// assert!(sealed("kind: ConfigMap\ndata:\n  A_KEY: eC1mYWtl\n").is_empty());
/// ```
pub fn sealed(text: &str) -> Vec<Sealed<'_>> {
    if !text.holds("Secret") {
        return Vec::new();
    }
    let (mut found, mut of_document) = (Vec::new(), Vec::new());
    let mut is_secret = false;
    // How far the `data` is indented that is open.
    let mut data: Option<usize> = None;
    let mut start = 0;
    for line in text.split_inclusive(LINE_END) {
        let at = start + line.len() - line.trim_start_matches(BEFORE).len();
        let content = line.trim_start_matches(BEFORE).trim_end();
        let column = at - start;
        start += line.len();
        if content.is_empty() {
            continue;
        }
        if content == "---" || content.starts_with("```") || content.starts_with("~~~") {
            finish(&mut found, &mut of_document, std::mem::take(&mut is_secret));
            data = None;
            continue;
        }
        let (key, value) = content.split_once(':').unwrap_or(("", content));
        let value_at = at + content.len() - value.len();
        let (key, said) = (key.trim_start_matches("- ").trim_matches(AROUND), value.trim_matches(AROUND));
        is_secret |= key == "kind" && said == "Secret";
        match data {
            Some(column_of_data) if column > column_of_data => {
                add(text, key, Span::new(value_at, at + content.len()), &mut of_document);
            }
            _ if key == "data" => {
                data = Some(column);
                of_flow(text, Span::new(value_at, at + content.len()), &mut of_document);
            }
            _ => data = None,
        }
    }
    finish(&mut found, &mut of_document, is_secret);
    found
}

/// What stands in front of a line of a quotation, and around a value.
const BEFORE: Chars = |c| c.is_whitespace() || matches!(c, '>' | '│');
const AROUND: Chars = |c| c.is_whitespace() || matches!(c, '"' | '\'' | ',' | '{' | '}');

/// Takes what was found in a document, where it is a Secret.
fn finish<'t>(found: &mut Vec<Sealed<'t>>, of_document: &mut Vec<Sealed<'t>>, is_secret: bool) {
    if is_secret {
        found.append(of_document);
    }
    of_document.clear();
}

/// Adds what stands at `span`, where it is in base64.
fn add<'t>(text: &'t str, key: &'t str, span: Span, found: &mut Vec<Sealed<'t>>) {
    const BASE64: Chars = |c| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=');
    const SHORTEST: usize = 4;
    let own = span.of(text);
    let start = span.start + own.len() - own.trim_start_matches(AROUND).len();
    let bare = own.trim_matches(AROUND);
    if bare.len() >= SHORTEST && bare.chars().all(BASE64) {
        let decoded = from_base64(bare).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        found.push(Sealed { key, span: Span::new(start, start + bare.len()), text: decoded });
    }
}

/// Adds the values of a mapping in one line.
fn of_flow<'t>(text: &'t str, span: Span, found: &mut Vec<Sealed<'t>>) {
    let mut start = span.start;
    for pair in span.of(text).split(',') {
        if let Some((key, value)) = pair.split_once(':') {
            add(
                text,
                key.trim_matches(AROUND),
                Span::new(start + pair.len() - value.len(), start + pair.len()),
                found,
            );
        }
        start += pair.len() + 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Vec<(&str, &str, Option<String>)> {
        sealed(text).into_iter().map(|own| (own.key, own.span.of(text), own.text)).collect()
    }

    #[test]
    fn secrets_of_every_form() {
        let x = || Some("x-fake".to_owned());
        for text in [
            "> apiVersion: v1\n> data:\n>   a: eC1mYWtl\n> kind: Secret\n",
            "items:\n- apiVersion: v1\n  data:\n    a: \"eC1mYWtl\"\n  kind: Secret\n",
            "{\n  \"kind\": \"Secret\",\n  \"data\": {\n    \"a\": \"eC1mYWtl\"\n  }\n}\n",
            "kind: Secret\ndata: {a: eC1mYWtl}\n",
        ] {
            assert_eq!(told(text), [("a", "eC1mYWtl", x())], "{text}");
        }
        // What is no text is not shown either.
        assert_eq!(told("kind: Secret\ndata:\n  a: //79\n"), [("a", "//79", None)]);
    }

    #[test]
    fn what_is_no_value_of_a_secret() {
        for text in [
            "kind: Secret\nstringData:\n  a: eC1mYWtl\n",
            "kind: Secret\ndata:\nmetadata:\n  name: eC1mYWtl\n",
            "kind: Secret\n---\nkind: ConfigMap\ndata:\n  a: eC1mYWtl\n",
            "The Secret is\ndata:\n  a: eC1mYWtl\n",
        ] {
            assert_eq!(told(text), [], "{text}");
        }
    }
}
