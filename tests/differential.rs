//! Our answers against recorded ones of the real Hermes Agent; `cargo xtask record` writes those, and
//! `cargo xtask diff` compares with the real program itself.

#[path = "../examples/answer.rs"]
mod answer;
#[path = "../xtask/src/compare.rs"]
mod compare;

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::fs;
    use std::path::Path;

    use serde_json::Value;

    use super::compare::{Verdict, compare};

    /// Every question of the case protocol.
    const QUESTIONS: [&str; 25] = [
        "advance",
        "canonical",
        "classify",
        "config",
        "custom",
        "env",
        "environ",
        "fallback",
        "known_key",
        "lease",
        "list",
        "mark",
        "peek",
        "pool",
        "recover",
        "release",
        "reload",
        "resolve",
        "select",
        "start",
        "store",
        "strategy",
        "success",
        "validate",
        "yaml",
    ];

    struct Recorded {
        case: Value,
        answers: Vec<Value>,
    }

    impl Recorded {
        fn questions(&self) -> &Vec<Value> {
            self.case["ask"].as_array().unwrap()
        }
    }

    fn recorded() -> Vec<Recorded> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/differential/recorded");
        let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        let texts = paths.iter().map(|path| fs::read_to_string(path).unwrap());
        let lines: Vec<String> =
            texts.flat_map(|text| text.lines().map(str::to_owned).collect::<Vec<_>>()).collect();
        let read = |line: &String| {
            let mut line: Value = serde_json::from_str(line).unwrap();
            let answers = line["answers"].take().as_array().unwrap().clone();
            Recorded { case: line["case"].take(), answers }
        };
        lines.iter().map(read).collect()
    }

    #[test]
    fn our_answers_agree_with_the_recorded_ones() {
        let mut differences = Vec::new();
        for recorded in recorded() {
            let ours = super::answer::answer_case(&recorded.case);
            let ours = ours["answers"].as_array().unwrap();
            assert_eq!(ours.len(), recorded.answers.len());
            for ((question, theirs), ours) in recorded.questions().iter().zip(&recorded.answers).zip(ours) {
                if compare(ours, theirs) == Verdict::Differ {
                    let id = &recorded.case["id"];
                    differences.push(format!("case {id}, {question}\n  theirs: {theirs}\n  ours:   {ours}"));
                }
            }
        }
        assert!(differences.is_empty(), "{} differences:\n{}", differences.len(), differences.join("\n"));
    }

    /// The switches of a release by name, as the `Debug` form tells them.
    fn switches(release: &str) -> BTreeMap<String, bool> {
        let told = format!("{:?}", poolcheck::facts::Facts::of(release).unwrap().behaviour);
        let fields = told.trim_start_matches("Behaviour {").trim_end_matches('}').split(',');
        fields
            .map(|field| {
                let (name, value) = field.split_once(':').unwrap();
                (name.trim().to_owned(), value.trim().parse().unwrap())
            })
            .collect()
    }

    #[test]
    fn each_switch_shows_in_its_recorded_case() {
        let mut answers = BTreeMap::new();
        for recorded in recorded() {
            if let Some((name, release)) = recorded.case["id"].as_str().unwrap().split_once(' ') {
                answers.insert((name.to_owned(), release.to_owned()), recorded.answers);
            }
        }
        let mut alike = Vec::new();
        // Nothing is recorded of a release that cannot be run; what is read of it has tests beside the model.
        let is_run = |release: &&str| !poolcheck::facts::READ.contains(release);
        let releases: Vec<&str> = poolcheck::facts::RELEASES.into_iter().filter(is_run).collect();
        for (newer, older) in releases.iter().zip(releases.iter().skip(1)) {
            let on = switches(newer);
            for (name, own) in switches(older) {
                let of = |release: &str| answers.get(&(name.clone(), release.to_owned())).unwrap();
                if own != on[&name] && of(newer) == of(older) {
                    alike.push(format!("{name} of {newer} and {older}"));
                }
            }
        }
        assert_eq!(alike, [""; 0], "switches that do not show");
    }

    #[test]
    fn hardly_anything_recorded_is_not_modelled() {
        let mut asked: BTreeMap<String, (usize, usize)> = BTreeMap::new();
        for recorded in recorded() {
            let ours = super::answer::answer_case(&recorded.case);
            for (question, ours) in recorded.questions().iter().zip(ours["answers"].as_array().unwrap()) {
                let (all, without) = asked.entry(question["do"].as_str().unwrap().to_owned()).or_default();
                *all += 1;
                *without += usize::from(ours.get("not_modelled").is_some());
            }
        }
        for (question, (all, without)) in asked {
            assert!(
                without * 50 <= all,
                "`{question}`: {without} of {all} answers are not modelled, more than 2 %"
            );
        }
    }

    #[test]
    fn the_recorded_cases_cover_every_question() {
        let recorded = recorded();
        assert!(recorded.len() >= 200, "only {} recorded cases", recorded.len());
        let mut asked: BTreeMap<&str, usize> = BTreeMap::new();
        for question in recorded.iter().flat_map(Recorded::questions) {
            *asked.entry(question["do"].as_str().unwrap()).or_default() += 1;
        }
        for question in QUESTIONS {
            let times = asked.get(question).copied().unwrap_or(0);
            assert!(times >= 5, "`{question}` is asked {times} times in the recorded cases");
        }
        assert_eq!(asked.len(), QUESTIONS.len(), "a question that is no part of the protocol");
    }
}
