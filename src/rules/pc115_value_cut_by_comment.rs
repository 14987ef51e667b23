//! PC115: a key in config.yaml that a number sign cuts.

use super::{Context, Findings, declare_rule};
use crate::base::text::{BLANK, Place, Span};
use crate::python::is_alphanumeric;
use crate::secret::names_a_secret;

declare_rule! {
    /// Behind white space `#` begins a comment in YAML. In an unquoted key that has ` #` in it, everything from there on
    /// is cut off, and the rest is sent.
    ///
    /// ```yaml fires
    /// model:
    ///   provider: custom
    ///   base_url: https://mine.example/v1
    ///   api_key: sk-SECRET #2
    /// ```
    /// ```yaml silent
    /// model:
    ///   provider: custom
    ///   base_url: https://mine.example/v1
    ///   api_key: "sk-SECRET #2"
    /// ```
    pub static VALUE_CUT_BY_COMMENT = {
        code: "PC115", name: "value-cut-by-comment", severity: Warning, since: "0.1.0",
        fix: None,
        what: "`{key}` ends before the `#`: the rest of the line is a comment",
        why: "In YAML `#` behind a space begins a comment. Comments mostly have a space behind the sign; this one has none, and may be a part of the key.",
        todo: "If it belongs to the key, put the whole key in quotes. If it is a comment, write a space behind `#`.",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    let text = context.config_text();
    for setting in &context.settings {
        let value = &setting.entry.value;
        let (Some(_), Some(place)) = (value.value.as_str(), value.place) else { continue };
        let rest = text.get(place.span.end..).and_then(|rest| rest.lines().next()).unwrap_or("");
        let comment = rest.trim_start_matches(BLANK);
        let is_close = comment.strip_prefix('#').is_some_and(|words| words.starts_with(is_alphanumeric));
        let is_cut = is_close && comment.len() < rest.len();
        // Names are looked at last: it takes longest, and few settings have such a sign behind them.
        if is_cut && !place.span.of(text).ends_with(['"', '\'']) && names_a_secret(setting.key()) {
            let start = place.span.end + rest.len() - comment.len();
            let sign = Place::new(place.source, Span::new(start, start + 1));
            findings.report(&VALUE_CUT_BY_COMMENT, sign).with("key", setting.key());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::VALUE_CUT_BY_COMMENT;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn a_sign_that_sticks_to_what_follows() {
        fires(
            &VALUE_CUT_BY_COMMENT,
            "\
--- config.yaml
model:
  provider: custom
  base_url: https://mine.example/v1
  api_key: sk-fake-000000 #def
                          ^ PC115
--- says
put the whole key in quotes
",
        );
    }

    #[test]
    fn a_comment_with_its_space_and_a_sign_within_the_key() {
        silent(
            &VALUE_CUT_BY_COMMENT,
            "\
--- config.yaml
model:
  provider: custom # local
  base_url: https://mine.example/v1 #mine
  api_key: sk-fake-000#def # the first
",
        );
    }
}
