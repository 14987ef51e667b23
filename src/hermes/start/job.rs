//! What a scheduled job says of its own provider, and what keeps it from running.

use super::Start;
use crate::hermes::urls::{base_url_host_matches, base_url_hostname};
use crate::hermes::{Outcome, Process, Stop, caught};
use crate::python::{Node, Value, lower, repr, strip};

/// A job of `cron/jobs.json`, as far as its requests go by it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Job<'n> {
    /// The id that Hermes calls it by.
    pub id: &'n str,
    /// What it is called: its name, else its prompt.
    pub name: &'n str,
    /// Its provider in place of the configured one; empty where it has none.
    pub provider: &'n str,
    /// Its model in place of the configured one.
    pub model: &'n str,
    /// Its endpoint in place of the provider's.
    pub base_url: &'n str,
    /// The provider that the configuration came to when the job was made.
    pub provider_snapshot: &'n str,
    /// The configured model when the job was made.
    pub model_snapshot: &'n str,
}

/// Why a scheduled job does not run though its provider may resolve.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It has no model, nor has config.yaml.
    NoModel {
        /// What the job is called.
        name: String,
    },
    /// Its endpoint is not one that the key of its provider may be sent to.
    Endpoint {
        /// Its host where a custom provider has one; empty otherwise.
        allowed: String,
        /// The rest of what Hermes says.
        why: String,
    },
    /// The configuration is another one than when the job was made, and the job goes by it.
    Drift {
        /// The provider, before and now.
        provider: Option<(String, String)>,
        /// The model, before and now.
        model: Option<(String, String)>,
    },
}

impl Refusal {
    /// What the run of the job `id` fails with.
    pub fn message(&self, id: &str) -> String {
        let (provider, model) = match self {
            Self::NoModel { name } => return format!("Cron job '{name}' has no model configured"),
            Self::Endpoint { why, .. } => return format!("Cron job '{id}' blocked for safety: {why}"),
            Self::Drift { provider, model } => (provider, model),
        };
        let changes: Vec<String> = [("provider", provider), ("model", model)]
            .into_iter()
            .filter_map(|(name, change)| {
                change.as_ref().map(|(before, now)| format!("{name} '{before}' -> '{now}'"))
            })
            .collect();
        format!(
            "Skipped to prevent unintended spend: global inference config drifted since this job was created ({}), and this \
             job is unpinned. No inference call was made. To run on the new config, pin it explicitly: `cronjob action=update \
             job_id={id} provider=<provider> model=<model>` (or pin the original values to keep them). See #44585.",
            changes.join("; ")
        )
    }
}

impl<'n> Job<'n> {
    /// What the record of a job says.
    ///
    /// # Errors
    /// What is no text is not modelled.
    pub fn of(record: &'n Node) -> Outcome<Self> {
        let text = |name: &str| match record.get(name).map(|node| &node.value).filter(|value| value.is_true())
        {
            None => Ok(""),
            Some(value) => value
                .as_str()
                .ok_or_else(|| Stop::not_modelled("a scheduled job with settings that are no text")),
        };
        let (id, name, prompt) = (text("id")?, text("name")?, text("prompt")?);
        Ok(Self {
            id,
            name: [name, prompt].into_iter().find(|text| !text.is_empty()).unwrap_or(id),
            provider: text("provider")?,
            model: text("model")?,
            base_url: text("base_url")?,
            provider_snapshot: text("provider_snapshot")?,
            model_snapshot: text("model_snapshot")?,
        })
    }
}

impl Process<'_> {
    /// `_guard_job_credential_exfil(job)`, by `_validate_cron_base_url` of `tools/cronjob_tools.py`: the key of a provider goes
    /// to no other host than its own.
    pub(super) fn refused_endpoint(&mut self, job: &Job<'_>) -> Outcome<Option<Refusal>> {
        let url = strip(job.base_url).trim_end_matches('/');
        let provider = strip(job.provider);
        let is_guarded = self.facts.behaviour.job_endpoints_are_guarded && !url.is_empty();
        if !is_guarded || lower(provider) == "custom" {
            return Ok(None);
        }
        let refused =
            |allowed: &str, why: String| Ok(Some(Refusal::Endpoint { allowed: allowed.to_owned(), why }));
        if provider.is_empty() {
            let why = "base_url override requires an explicit provider. Set provider to a configured custom provider to use a \
                       custom endpoint.";
            return refused("", why.to_owned());
        }
        let quoted =
            |text: &str| repr(&Value::str(text)).ok_or_else(|| Stop::not_modelled("the text of a string"));
        let pair = format!("base_url {} is not allowed for provider {}", quoted(url)?, quoted(provider)?);
        if let Some(named) = caught(self.named_custom_provider(provider))?.flatten() {
            let host = base_url_hostname(&named.base_url)?;
            if !host.is_empty() && base_url_host_matches(url, &host)? {
                return Ok(None);
            }
            let shown = if host.is_empty() { "unknown" } else { &host };
            let why = format!(
                "{pair}. A named custom provider's stored credential may only be sent to its own configured endpoint ({shown})."
            );
            return refused(&host, why);
        }
        let registered = self.facts.providers.get(lower(provider).as_str());
        let host = registered.map_or(Ok(String::new()), |row| base_url_hostname(&row.inference_base_url))?;
        if !host.is_empty() && base_url_host_matches(url, &host)? {
            return Ok(None);
        }
        let why = format!(
            "{pair}. A named provider's stored credential may only be sent to its own endpoint; use a configured custom provider \
             (provider=\"custom\") for a custom base_url."
        );
        refused("", why)
    }

    /// What changed since a job was made that goes by the configuration. `model` is the one that it would run with.
    pub(super) fn drift_of(&self, job: &Job<'_>, start: &Start, model: &str) -> Outcome<Option<Refusal>> {
        if !self.facts.behaviour.jobs_notice_drift {
            return Ok(None);
        }
        let of = |own: &str, snapshot: &str, now: &str| {
            let (snapshot, now) = (lower(strip(snapshot)), lower(strip(now)));
            let goes_by_it = strip(own).is_empty() && !snapshot.is_empty();
            (goes_by_it && !now.is_empty() && now != snapshot).then_some((snapshot, now))
        };
        if start.fallback.is_some()
            && strip(job.provider).is_empty()
            && !strip(job.provider_snapshot).is_empty()
        {
            return Err(Stop::not_modelled("which provider a scheduled job compares behind a fallback"));
        }
        let provider = of(job.provider, job.provider_snapshot, &start.runtime.provider);
        let model = of(job.model, job.model_snapshot, model);
        Ok((provider.is_some() || model.is_some()).then_some(Refusal::Drift { provider, model }))
    }
}
