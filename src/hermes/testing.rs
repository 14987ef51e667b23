//! Worlds for tests.

use super::{Process, World};
use crate::base::sources::{Given, Sources};
use crate::facts::Facts;

/// A world that has a config.yaml and these variables and nothing else.
pub(crate) fn world(config: &str, variables: &[(&str, &str)]) -> World {
    World {
        given: Sources {
            config: Given::Text(config.to_owned()),
            dotenv: Given::Absent,
            auth_store: Given::Absent,
            ..Sources::default()
        },
        variables: variables.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect(),
        ..World::default()
    }
}

/// The release that was read in the source and not run, started on `world`.
pub(crate) fn read_process(world: &World) -> Process<'_> {
    Process::start(world, Facts::of("0.21.4").unwrap()).unwrap()
}

/// The newest release, started on `world`.
pub(crate) fn process(world: &World) -> Process<'_> {
    Process::start(world, Facts::newest().unwrap()).unwrap()
}
