//! PC113: lines of an editor, a terminal or a chat in config.yaml, and signs as the source of a web page writes them.

use super::paste::paste_finding;
use super::{Context, Findings, declare_rule};
use crate::base::sources::SourceKind;
use crate::base::text::{Edit, Edits, Place};
use crate::diagnostic::Safety;
use crate::json;
use crate::readers::paste::{Kind, LONGEST_TEXT, unescaped};

declare_rule! {
    /// Beside the file itself the text holds what an editor, a terminal or a chat shows round it: the header of GNU nano,
    /// a Markdown fence, a prompt with the command `cat`, line numbers, quote marks. For YAML they are part of the file,
    /// and it does not parse.
    ///
    /// Who copies a file from the source of a web page, or from a form that escapes what it shows, has `&quot;` for each quote
    /// mark, `&amp;` for `&` and so on. This is reported for .env and auth.json as well.
    ///
    /// ```text fires
    /// --- config.yaml
    ///   GNU nano 8.4    config.yaml
    /// model:
    ///   provider: gemini
    /// ```
    /// ```yaml silent
    /// # $ hermes config edit
    /// model:
    ///   provider: gemini
    /// ```
    pub static PASTED_DECORATION = {
        code: "PC113", name: "pasted-decoration", severity: Error, since: "0.1.0",
        fix: Some(Safety::Safe),
        what: "{found}",
        why: "{reason}",
        todo: "{way}",
        fix_title: "Undo what copying added",
        part frame: "This is no part of config.yaml but of what it was copied from (places: {count})",
        part means_else: "What editors, terminals and chats show round a file means something else to YAML. {effect}",
        part delete: "Delete it, also in config.yaml itself if it stands there.",
        part escaped: "`{sign}` is how the source of a web page writes a sign (places: {count})",
        part literal: "Hermes takes it as it stands, and not for the sign that the page shows.",
        part write: "Copy the text as the page shows it. Where the file itself has this in it, write the signs.",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    if context.paste.damage(Kind::Decoration).is_some() {
        paste_finding(context, findings, &PASTED_DECORATION, Kind::Decoration);
        findings.part("found", "frame").part("reason", "means_else").part("way", "delete");
    }
    let texts: Vec<(SourceKind, Vec<Edit>)> = [SourceKind::Config, SourceKind::Dotenv, SourceKind::AuthStore]
        .into_iter()
        .filter_map(|source| Some((source, escapes(context, source).filter(|edits| !edits.is_empty())?)))
        .collect();
    let Some((source, first)) = texts.first().and_then(|(source, edits)| Some((*source, edits.first()?)))
    else {
        return;
    };
    let count: usize = texts.iter().map(|(_, edits)| edits.len()).sum();
    findings
        .report(&PASTED_DECORATION, Place::new(source, first.span))
        .with("sign", first.span.of(context.text_of(source)))
        .with("count", count)
        .part("found", "escaped")
        .part("reason", "literal")
        .part("way", "write");
    for (source, edits) in texts {
        findings.repair(source, edits);
    }
}

/// What undoes the escapes of a text: of config.yaml and auth.json where they keep it from being parsed, of `.env` in any case, as
/// no key and no address has them in it.
fn escapes(context: &Context<'_>, source: SourceKind) -> Option<Vec<Edit>> {
    let text = context.text_of(source);
    match source {
        SourceKind::Config => context.paste.damage(Kind::Escapes).map(|damage| damage.edits.clone()),
        _ if text.len() > LONGEST_TEXT => None,
        SourceKind::AuthStore => {
            let Some(Err(_)) = &context.auth_store else { return None };
            let edits = unescaped(text);
            let mended = Edits::new(edits.clone()).ok()?.apply(text);
            json::load(&mended, source).is_ok().then_some(edits)
        }
        _ => Some(unescaped(text)),
    }
}

#[cfg(test)]
mod tests {
    use super::PASTED_DECORATION;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn fences_and_prompts() {
        fires(
            &PASTED_DECORATION,
            "\
--- config.yaml
```yaml
^^^^^^^ PC113
model:
  provider: gemini
```
--- .env
OPENROUTER_API_KEY=sk-or-fake-000000
GEMINI_API_KEY=AIza-fake-one-000000
--- fixed config.yaml
model:
  provider: gemini
--- then
Hermes uses GEMINI_API_KEY (env:GEMINI_API_KEY) for gemini
",
        );
        fires(
            &PASTED_DECORATION,
            "\
--- config.yaml
me@box:~$ cat ~/.hermes/config.yaml
^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PC113
model:
  provider: gemini
me@box:~$ 
--- .env
OPENROUTER_API_KEY=sk-or-fake-000000
GEMINI_API_KEY=AIza-fake-one-000000
--- fixed config.yaml
model:
  provider: gemini
--- says
places: 2
--- then
Hermes uses GEMINI_API_KEY (env:GEMINI_API_KEY) for gemini
",
        );
    }

    #[test]
    fn signs_of_a_web_page() {
        fires(
            &PASTED_DECORATION,
            "\
--- config.yaml
model:
  provider: &quot;gemini&quot;
            ^^^^^^ PC113
  base_url: https://a.example/v1?x=1&amp;y=2
--- .env
OPENROUTER_API_KEY=sk-or-fake-000000
GEMINI_API_KEY=AIza-fake-one-000000
--- fixed config.yaml
model:
  provider: \"gemini\"
  base_url: https://a.example/v1?x=1&y=2
--- says
`&quot;` is how the source of a web page writes a sign (places: 3)
--- then
Hermes uses GEMINI_API_KEY (env:GEMINI_API_KEY) for gemini
",
        );
        fires(
            &PASTED_DECORATION,
            "\
--- .env
GEMINI_API_KEY=&#39;AIza-fake-one-000000&#39;
               ^^^^^ PC113
--- config.yaml
model:
  provider: gemini
--- fixed .env
GEMINI_API_KEY='AIza-fake-one-000000'
--- then
Hermes uses GEMINI_API_KEY (env:GEMINI_API_KEY) for gemini
",
        );
        fires(
            &PASTED_DECORATION,
            "\
--- auth.json
{&quot;version&quot;: 1, &quot;providers&quot;: {}, &quot;credential_pool&quot;: {}}
 ^^^^^^ PC113
--- fixed auth.json
{\"version\": 1, \"providers\": {}, \"credential_pool\": {}}
--- says
places: 6
",
        );
        silent(
            &PASTED_DECORATION,
            "\
--- config.yaml
model:
  provider: gemini
  base_url: https://a.example/v1?x=1&amp;y=2
agent:
  system_prompt: Write &lt;b&gt; for bold
--- .env
GEMINI_API_KEY=AIza-fake-one-000000
GEMINI_BASE_URL=https://a.example/v1?x=1&amp;y=2
",
        );
    }

    #[test]
    fn an_editor_s_frame() {
        fires(
            &PASTED_DECORATION,
            "\
--- config.yaml
  GNU nano 7.2          config.yaml          Modified
^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PC113
model:
  provider: gemini
^G Help      ^O Write Out  ^W Where Is
--- .env
OPENROUTER_API_KEY=sk-or-fake-000000
GEMINI_API_KEY=AIza-fake-one-000000
--- fixed config.yaml
model:
  provider: gemini
--- then
Hermes uses GEMINI_API_KEY (env:GEMINI_API_KEY) for gemini
",
        );
    }

    #[test]
    fn marks_at_every_line_start() {
        fires(
            &PASTED_DECORATION,
            "\
--- config.yaml
> model:
^^ PC113
>   provider: gemini
--- .env
OPENROUTER_API_KEY=sk-or-fake-000000
GEMINI_API_KEY=AIza-fake-one-000000
--- fixed config.yaml
model:
  provider: gemini
--- then
Hermes uses GEMINI_API_KEY (env:GEMINI_API_KEY) for gemini
",
        );
        fires(
            &PASTED_DECORATION,
            "\
--- config.yaml
1 model:
^^ PC113
2   provider: gemini
--- .env
OPENROUTER_API_KEY=sk-or-fake-000000
GEMINI_API_KEY=AIza-fake-one-000000
--- fixed config.yaml
model:
  provider: gemini
--- says
still parses
--- then
Hermes uses GEMINI_API_KEY (env:GEMINI_API_KEY) for gemini
",
        );
    }

    #[test]
    fn what_looks_alike_inside_values() {
        silent(
            &PASTED_DECORATION,
            "\
--- config.yaml
# ```yaml
personalities:
  a: |
    ```
    $ ls
    ```
quick_commands:
  b: $ ls
",
        );
        silent(&PASTED_DECORATION, "--- config.yaml\n1: a\n2: b\n");
    }
}
