//! Recorded answers of the real program: how a line of `tests/differential/recorded` is written and read. Used by
//! `cargo xtask record` and by the tests that compare our core with them.
//!
//! A line is a case without a release, the releases that were asked, and for each question what they answered. An
//! answer that several releases give is written once: `{"of": "0.14.0 0.13.0", "is": …}`, and only `{"is": …}` where all do.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

/// A recorded case.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Recorded {
    /// The case, without the release that it is asked of.
    pub(crate) case: Value,
    /// The answers of each release, one for each question; the releases in the order in which they are written.
    pub(crate) answers: Vec<(String, Vec<Value>)>,
}

impl Recorded {
    /// The record of a line. One without answers is a case that nobody has been asked yet.
    ///
    /// # Errors
    /// The line is none of these; the text says why.
    pub(crate) fn parse(line: &str) -> Result<Self, String> {
        let mut line: Value = serde_json::from_str(line).map_err(|error| error.to_string())?;
        let mut case = line.get_mut("case").map(Value::take).ok_or("a line without a case")?;
        if let Some(fields) = case.as_object_mut() {
            fields.retain(|name, _| name != "hermes");
        }
        let releases: Vec<&str> =
            line.get("releases").and_then(Value::as_str).unwrap_or("").split(' ').collect();
        let mut of_release: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
        let questions = line.get("answers").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        for alternatives in questions {
            for alternative in alternatives.as_array().ok_or("answers without their releases")? {
                let is = alternative.get("is").ok_or("an answer without `is`")?;
                let of = alternative.get("of").and_then(Value::as_str);
                for release in of.map_or_else(|| releases.clone(), |of| of.split(' ').collect()) {
                    of_release.entry(release).or_default().push(is.clone());
                }
            }
        }
        let asked = case.get("ask").and_then(Value::as_array).map_or(0, Vec::len);
        if !questions.is_empty()
            && releases.iter().any(|name| of_release.get(name).is_none_or(|own| own.len() != asked))
        {
            let id = case.get("id").unwrap_or_default();
            return Err(format!("case {id}: not every release has an answer to every question"));
        }
        let answers = releases.iter().filter_map(|name| Some(((*name).to_owned(), of_release.remove(name)?)));
        Ok(Self { answers: answers.collect(), case })
    }

    /// The line of this record.
    pub(crate) fn line(&self) -> String {
        if self.answers.is_empty() {
            return format!("{}\n", json!({"case": self.case}));
        }
        let releases: Vec<&str> = self.answers.iter().map(|(release, _)| release.as_str()).collect();
        let questions = self.case.get("ask").and_then(Value::as_array).map_or(0, Vec::len);
        let answers: Vec<Value> = (0..questions).map(|question| self.alternatives(question)).collect();
        format!("{}\n", json!({"case": self.case, "releases": releases.join(" "), "answers": answers}))
    }

    /// What was answered to a question, each answer once.
    fn alternatives(&self, question: usize) -> Value {
        let mut different: Vec<(&Value, Vec<&str>)> = Vec::new();
        for (release, answers) in &self.answers {
            let Some(answer) = answers.get(question) else { continue };
            match different.iter_mut().find(|(is, _)| *is == answer) {
                Some((_, of)) => of.push(release),
                None => different.push((answer, vec![release])),
            }
        }
        let all = different.len() == 1;
        let alternatives = different.into_iter().map(|(is, of)| {
            let mut told = Map::new();
            if !all {
                told.insert("of".to_owned(), json!(of.join(" ")));
            }
            told.insert("is".to_owned(), is.clone());
            Value::Object(told)
        });
        Value::Array(alternatives.collect())
    }

    /// The case as it is asked of a release.
    pub(crate) fn case_of(&self, release: &str) -> Value {
        let mut case = self.case.clone();
        if let Some(fields) = case.as_object_mut() {
            fields.insert("hermes".to_owned(), json!(release));
        }
        case
    }
}

#[cfg(test)]
mod recorded_tests {
    use super::*;

    fn record(answers: &[(&str, [i32; 2])]) -> Recorded {
        let answers = answers.iter().map(|(release, [one, two])| {
            ((*release).to_owned(), vec![json!({"ok": one}), json!({"ok": two})])
        });
        Recorded {
            case: json!({"id": "c", "ask": [{"do": "list"}, {"do": "store"}]}),
            answers: answers.collect(),
        }
    }

    #[test]
    fn an_answer_that_releases_share_is_written_once() {
        let record = record(&[("3", [1, 2]), ("2", [1, 4]), ("1", [1, 2])]);
        let line = r#"{"case":{"id":"c","ask":[{"do":"list"},{"do":"store"}]},"releases":"3 2 1","answers":[[{"is":{"ok":1}}],[{"of":"3 1","is":{"ok":2}},{"of":"2","is":{"ok":4}}]]}"#;
        assert_eq!(record.line(), format!("{line}\n"));
        assert_eq!(Recorded::parse(line), Ok(record));
    }

    #[test]
    fn a_case_alone_has_no_answers_yet() {
        let record = Recorded::parse(r#"{"case":{"id":"c","hermes":"3","ask":[{"do":"list"}]}}"#).unwrap();
        assert_eq!(record.case, json!({"id": "c", "ask": [{"do": "list"}]}));
        assert_eq!(record.answers, []);
        assert_eq!(record.line(), "{\"case\":{\"id\":\"c\",\"ask\":[{\"do\":\"list\"}]}}\n");
    }

    #[test]
    fn a_release_without_an_answer_is_refused() {
        let line =
            r#"{"case":{"ask":[{"do":"list"}]},"releases":"2 1","answers":[[{"of":"2","is":{"ok":1}}]]}"#;
        assert!(Recorded::parse(line).is_err());
    }
}
