//! The cases of `tests/mistakes`.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use poolcheck::api::Input;
use poolcheck::base::sources::Given;

use super::slot;

/// A mistake of a user, as it is pasted, and what answers it.
pub struct Case {
    /// What is wrong.
    pub name: String,
    /// The release that it is asked of.
    pub release: Option<String>,
    /// What is pasted.
    pub input: Input,
    /// The numbers of the issues and pull requests of Hermes that tell of it.
    pub reported: Vec<u32>,
    /// The answers, a line each.
    pub answers: Vec<String>,
}

/// The cases by their numbers.
pub fn cases() -> BTreeMap<usize, Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mistakes");
    let mut cases = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let text = fs::read_to_string(entry.unwrap().path()).unwrap();
        for case in text.split("=== ").skip(1) {
            let (head, body) = case.split_once('\n').unwrap();
            let (number, name) = head.split_once(": ").unwrap();
            let number: usize = number.parse().unwrap();
            assert!(cases.insert(number, read(name, body)).is_none(), "case {number} stands twice");
        }
    }
    cases
}

fn read(name: &str, body: &str) -> Case {
    let mut case = Case {
        name: name.to_owned(),
        release: None,
        input: Input::default(),
        reported: Vec::new(),
        answers: Vec::new(),
    };
    for section in body.split("--- ").skip(1) {
        let (heading, text) = section.split_once('\n').unwrap_or((section, ""));
        if heading == "answered by" {
            case.answers = text.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect();
        } else if heading == "reported in" {
            let number = |line: &str| line.strip_prefix('#').expect(name).parse().expect(name);
            case.reported = text.lines().filter(|line| !line.is_empty()).map(number).collect();
        } else if let Some(release) = heading.strip_prefix("release ") {
            case.release = Some(release.to_owned());
        } else if let Some(absent) = heading.strip_prefix("no ") {
            *slot(&mut case.input, absent).expect(absent) = Given::Absent;
        } else {
            *slot(&mut case.input, heading).expect(heading) = Given::Text(text.to_owned());
        }
    }
    assert!(!case.answers.is_empty(), "{name}: `--- answered by`");
    case
}
