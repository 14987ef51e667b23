//! PC928: a key of AI Studio that was sent to Vertex AI.

use super::{Context, Findings, declare_rule};
use crate::base::text::Search;
use crate::readers::log::{Event, Kind};

declare_rule! {
    /// Google gives out keys that begin with `AQ.`, for AI Studio and for Vertex AI. Builds of September 2026 from #114784 to #116820 (read
    /// in these pull requests, not run) send all of them to `aiplatform.googleapis.com`, which refuses those of AI Studio with HTTP 403
    /// (#115306, #116053). The releases before take every key to AI Studio.
    ///
    /// ```log fires
    /// API call failed (attempt 1/3): GeminiAPIError [HTTP 403]
    ///    Provider: gemini  Model: gemini-3-flash
    ///    Error: HTTP 403: Requests to this API aiplatform.googleapis.com method google.cloud.aiplatform.v1beta1.PredictionService.StreamGenerateContent are blocked.
    /// ```
    /// ```log silent
    /// API call failed (attempt 1/3): GeminiAPIError [HTTP 403]
    ///    Provider: gemini  Model: gemini-3-flash
    ///    Error: HTTP 403: Requests to this API generativelanguage.googleapis.com method google.ai.generativelanguage.v1beta.GenerativeService.GenerateContent are blocked.
    /// ```
    pub static GEMINI_KEY_SENT_TO_VERTEX = {
        code: "PC928", name: "gemini-key-sent-to-vertex", severity: Warning, since: "0.1.0",
        fix: None,
        what: "This request of `gemini` went to Vertex AI, which refused the key",
        why: "The error is one of `aiplatform.googleapis.com`. Builds of September 2026 take each key that begins with `AQ.` for one of Vertex AI, though those of AI Studio begin so, too (#116053). The key may well be good.",
        todo: "Update Hermes: #116820 has mended it.",
    }
}

/// Vertex AI.
const VERTEX: &str = "aiplatform.googleapis.com";

fn check(context: &Context<'_>, findings: &mut Findings) {
    // Who names Vertex AI means it.
    let texts = [context.config_text(), context.text_of(crate::base::sources::SourceKind::Dotenv)];
    if texts.iter().any(|text| text.holds(VERTEX)) {
        return;
    }
    let is_sent_there = |event: &Event| {
        event.text("provider") == "gemini"
            && event.status() == Some(403)
            && ["text", "details", "endpoint"].iter().any(|name| event.text(name).holds(VERTEX))
    };
    if let Some((_, told)) = context.story.of_kind(Kind::Failed).find(|(_, told)| is_sent_there(&told.event))
    {
        findings.report(&GEMINI_KEY_SENT_TO_VERTEX, told.event.place_of("text"));
    }
}

#[cfg(test)]
mod tests {
    use super::GEMINI_KEY_SENT_TO_VERTEX;
    use crate::rules::testing::{fires, silent};

    #[test]
    fn an_answer_of_vertex() {
        fires(
            &GEMINI_KEY_SENT_TO_VERTEX,
            "\
--- config.yaml
model: {provider: gemini, default: gemini-3-flash}
--- log
API call failed (attempt 1/3): GeminiAPIError [HTTP 403]
   Provider: gemini  Model: gemini-3-flash
   Error: HTTP 403: Requests to this API aiplatform.googleapis.com are blocked.
          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PC928
",
        );
    }

    #[test]
    fn who_asks_vertex_and_another_provider() {
        let block = "\
API call failed (attempt 1/3): GeminiAPIError [HTTP 403]
   Provider: gemini  Model: gemini-3-flash
   Error: HTTP 403: Requests to this API aiplatform.googleapis.com are blocked.
";
        let config = "--- config.yaml\nmodel: {provider: gemini, base_url: 'https://aiplatform.googleapis.com/v1beta1'}\n--- log\n";
        silent(&GEMINI_KEY_SENT_TO_VERTEX, &[config, block].concat());
        silent(&GEMINI_KEY_SENT_TO_VERTEX, &["--- log\n", &block.replace(": gemini ", ": vertex ")].concat());
    }
}
