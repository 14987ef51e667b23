//! PC113: lines of an editor, a terminal or a chat in config.yaml.

use super::paste::paste_finding;
use super::{Context, Findings, declare_rule};
use crate::diagnostic::Safety;
use crate::readers::paste::Kind;

declare_rule! {
    /// Beside the file itself the text holds what an editor, a terminal or a chat shows round it: the header of GNU nano,
    /// a Markdown fence, a prompt with the command `cat`, line numbers, quote marks. For YAML they are part of the file,
    /// and it does not parse.
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
        what: "This is no part of config.yaml but of what it was copied from (places: {count})",
        why: "What editors, terminals and chats show round a file means something else to YAML. {effect}",
        todo: "Delete it, also in config.yaml itself if it stands there.",
        fix_title: "Delete it",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    paste_finding(context, findings, &PASTED_DECORATION, Kind::Decoration);
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
