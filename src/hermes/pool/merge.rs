//! What becomes of a row that is written while the disk knows of a cooldown that it does not.

use super::entry::{STATUS_FIELDS, merged_cooldowns};
use super::timestamps::{exhausted_until, parse_absolute_timestamp};
use super::{DEAD, EXHAUSTED, PooledCredential};
use crate::hermes::{Outcome, Process, caught};
use crate::python::{Dict, Node, Value, equal};

/// `_merge_disk_cooldown_state(row, known, provider)`: the row as it is written where `known` lies on the disk. A cooldown
/// there that is newer and still holds stays, unless the row has another key; so does a reset that is newer.
pub(in crate::hermes) fn merged_with_disk(
    process: &mut Process<'_>,
    provider: &str,
    row: &Node,
    known: &Node,
) -> Outcome<Node> {
    let (Some(own), Some(disk)) = (row.value.as_dict(), known.value.as_dict()) else {
        return Ok(row.clone());
    };
    let merged = caught(merged(process, provider, own, known, disk))?.flatten();
    Ok(merged.map_or_else(|| row.clone(), |merged| Node { value: Value::dict(merged), place: row.place }))
}

/// The same; `None` where the row stays as it is.
fn merged(
    process: &mut Process<'_>,
    provider: &str,
    own: &Dict,
    known: &Node,
    disk: &Dict,
) -> Outcome<Option<Dict>> {
    let mut merged = own.clone();
    let cooldowns = merged_cooldowns([field(disk, "model_cooldowns"), field(own, "model_cooldowns")])?;
    if !cooldowns.is_empty() {
        merged.set("model_cooldowns", Value::dict(cooldowns));
    }
    let mut from_disk = merged.clone();
    for name in STATUS_FIELDS.into_iter().chain(["status_cleared_at"]) {
        from_disk.set(name, field(disk, name).clone());
    }
    let time = |row: &Dict, name: &str| Ok(parse_absolute_timestamp(field(row, name))?.unwrap_or(0.0));
    let since = time(own, "last_status_at")?;
    let has_failed = |row: &Dict| matches!(field(row, "last_status").as_str(), Some(DEAD | EXHAUSTED));
    if has_failed(own) && time(disk, "status_cleared_at")? > since {
        return Ok(Some(from_disk));
    }
    if !has_failed(disk) {
        return Ok(Some(merged));
    }
    let (token, stored) = (field(own, "access_token"), field(disk, "access_token"));
    if token.is_true() && stored.is_true() && !equal(token, stored) {
        return Ok(None);
    }
    // Written this way round, as NaN is neither.
    if time(disk, "last_status_at")? <= since {
        return Ok(Some(merged));
    }
    if field(disk, "last_status").as_str() == Some(EXHAUSTED) {
        let entry = PooledCredential::from_row(provider, known, process)?;
        if exhausted_until(&entry, false)?.is_none_or(|until| until <= process.clock) {
            return Ok(Some(merged));
        }
    }
    Ok(Some(from_disk))
}

fn field<'r>(row: &'r Dict, name: &str) -> &'r Value {
    row.get(name).map_or(&Value::None, |node| &node.value)
}
