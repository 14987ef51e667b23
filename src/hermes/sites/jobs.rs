//! The scheduled jobs of `cron/jobs.json`.

use super::Route;
use crate::base::sources::SourceKind;
use crate::hermes::start::{Refusal, Start};
use crate::hermes::{Outcome, Process, Stop};
use crate::json::{self, JsonError};
use crate::python::{Node, Value};

impl Process<'_> {
    /// `load_jobs()` of `cron/jobs.py`: the records of `cron/jobs.json`, in its order; none where there is no file.
    ///
    /// # Errors
    /// What is no file as Hermes writes it: it mends some, and stumbles over others.
    pub fn jobs(&self) -> Outcome<Vec<Node>> {
        let Some(text) = self.world.given.jobs.text() else { return Ok(Vec::new()) };
        if self.world.is_undecodable(SourceKind::Jobs) {
            return Err(Stop::raised("UnicodeDecodeError", "invalid start byte"));
        }
        let loaded = json::load(text, SourceKind::Jobs).map_err(|error| match mends_itself(&error) {
            true => Stop::not_modelled(error.text()),
            false => {
                let why = format!("Cron database corrupted and unrepairable: {}", error.text());
                Stop::raised("RuntimeError", why)
            }
        })?;
        match loaded.root.get("jobs").map(|node| &node.value) {
            Some(Value::List(jobs)) => Ok(jobs.iter().cloned().collect()),
            _ => Err(Stop::not_modelled("a jobs.json without a list of jobs")),
        }
    }

    /// Where the agent of each of these jobs sends its requests and with which key, or why the job does not run. One fails with
    /// what its run fails with, or with what is not modelled.
    pub fn job_routes(&mut self, records: &[Node]) -> Vec<Outcome<Result<Route, Refusal>>> {
        let route = |start: Start| route_of(start).map(Ok);
        let started = self.starts_of_jobs(records).into_iter();
        started.map(|start| start?.map_or_else(|refusal| Ok(Err(refusal)), route)).collect()
    }
}

/// Whether `load_jobs()` may read a file in spite of this error: it takes control characters, since 0.19.0 a byte order mark, and
/// writes the file anew.
pub fn mends_itself(error: &JsonError) -> bool {
    match error {
        JsonError::Syntax { message, .. } => {
            message.starts_with("Invalid control character") || message.starts_with("Unexpected UTF-8 BOM")
        }
        JsonError::Unmodelled { .. } => true,
        JsonError::TooManyDigits { .. } | JsonError::TooDeep { .. } => false,
    }
}

fn route_of(start: Start) -> Outcome<Route> {
    match start.agent {
        Some(Ok(own)) => Ok(Route::of((own.base_url, own.api_key))),
        Some(Err(raised)) => Err(Stop::raised(raised.kind, raised.message)),
        None => Ok(Route::of((start.runtime.base_url, start.runtime.api_key))),
    }
}

/// Whether a record is a job that asks a model and that Hermes runs at its times: neither a script alone nor paused.
pub(super) fn asks_a_model(record: &Node) -> bool {
    let is_true = |name: &str| record.get(name).is_some_and(|node| node.value.is_true());
    let is_off = record.get("enabled").is_some_and(|node| !node.value.is_true());
    let is_paused = record.get("state").and_then(|node| node.value.as_str()) == Some("paused");
    record.value.as_dict().is_some() && !is_true("no_agent") && !is_off && !is_paused
}
