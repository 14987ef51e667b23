//! Every listing that the real programs printed, as people paste it: read, and read alike.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use poolcheck::api::{Input, Options, check};
use poolcheck::base::sources::{Given, Sources};
use poolcheck::diagnostic::messages::Language;
use poolcheck::facts::{EXPLAINED, Facts};
use poolcheck::hermes::{Process, World};
use poolcheck::readers::listing::{ListedRow, Listing};
use poolcheck::report::{Report, VerdictState};
use serde_json::Value;

/// What the real programs of all releases answered to `list`.
fn printed() -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/differential/recorded");
    let mut all = BTreeSet::new();
    for entry in fs::read_dir(folder).unwrap() {
        let text = fs::read_to_string(entry.unwrap().path()).unwrap();
        for line in text.lines() {
            let recorded: Value = serde_json::from_str(line).unwrap();
            let asked = recorded["case"]["ask"].as_array().unwrap();
            for (ask, answers) in asked.iter().zip(recorded["answers"].as_array().unwrap()) {
                if ask["do"] != "list" {
                    continue;
                }
                for answer in answers.as_array().unwrap() {
                    all.extend(answer["is"]["ok"].as_str().map(str::to_owned));
                }
            }
        }
    }
    assert!(all.len() > 200, "{}", all.len());
    // Left out is what only a hand in auth.json makes: a label over two lines, which is read where nothing else was done to
    // the text, and a type that is none.
    let has_type =
        |row: &str| row.contains(" api_key ") || row.contains(" oauth ") && !row.contains(" api-key ");
    let has_types = |text: &String| text.lines().all(|line| !line.starts_with("  #") || has_type(line));
    all.retain(|text| !text.contains("  line\nbreak  ") && has_types(text));
    all
}

/// The credential that is used, or how there is none.
fn won(report: &Report) -> (VerdictState, Option<[String; 2]>) {
    let winner = report.verdict.winner.as_ref();
    (report.verdict.state, winner.map(|winner| [winner.label.to_string(), winner.source.to_string()]))
}

/// A listing that was printed in a world contradicts nothing of it, and stands in for its auth.json. It is the one that we
/// print, which the recorded ones show to be that of the real program.
#[test]
fn a_listing_belongs_to_the_world_that_it_was_printed_in() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/differential/recorded");
    let mut seen = BTreeSet::new();
    let (mut asked, mut rows, mut joined, mut numbered) = (0, 0, 0, 0);
    for entry in fs::read_dir(folder).unwrap() {
        let text = fs::read_to_string(entry.unwrap().path()).unwrap();
        for line in text.lines() {
            let case = &serde_json::from_str::<Value>(line).unwrap()["case"];
            // All that counts can be pasted.
            let can_be_pasted = case["profile"].is_null() && case["home"].is_null();
            if !can_be_pasted || !seen.insert(format!("{}{}", case["files"], case["environ"])) {
                continue;
            }
            let file = |name: &str| {
                case["files"][name].as_str().map_or(Given::Absent, |text| Given::Text(text.to_owned()))
            };
            let variables = case["environ"].as_object().into_iter().flatten();
            let environ =
                variables.map(|(name, value)| format!("{name}={}\n", value.as_str().unwrap())).collect();
            let now = case["now"].as_f64().unwrap();
            let hermes = EXPLAINED[seen.len() % EXPLAINED.len()];
            let world = World {
                given: Sources {
                    config: file("config.yaml"),
                    dotenv: file(".env"),
                    auth_store: file("auth.json"),
                    environ: Given::Text(environ),
                    ..Sources::default()
                },
                now,
                ..World::default()
            };
            let started = Process::start(&world, Facts::of(hermes).unwrap());
            let Ok(listing) = started.and_then(|mut process| process.auth_list(None)) else { continue };
            asked += 1;
            rows += Listing::of(&listing).rows.len();
            let Sources { config, dotenv, auth_store, environ, .. } = world.given;
            let listing = Given::Text(listing);
            let input =
                Input::from(Sources { config, dotenv, auth_store, environ, listing, ..Sources::default() });
            let options = Options { now, hermes: Some(hermes.to_owned()), ..Options::default() };
            let whole = check(&input, &options).unwrap();
            numbered +=
                usize::from(is_numbered_alike(&whole, input.given.listing.text().unwrap(), &case["id"]));
            let store = input.given.auth_store.text().map_or("", String::as_str);
            // A login in auth.json, and which provider it names, decide without being listed.
            if !store.contains("\"active_provider\"") && !store.contains("nous") {
                let mut without_store = input;
                without_store.given.auth_store = Given::NotGiven;
                let part = check(&without_store, &options).unwrap();
                // Without its auth.json a listing may leave open what the file would tell; and of rows without an endpoint, which a
                // listing does not show, 0.21.4 is not modelled.
                let is_known =
                    !matches!(part.verdict.state, VerdictState::NotModelled | VerdictState::NotPasted)
                        && whole.verdict.state != VerdictState::NotModelled;
                joined += usize::from(is_known && part.verdict.winner.is_some());
                assert!(
                    !is_known || won(&part) == won(&whole),
                    "{hermes} {}: {:?}, {:?}",
                    case["id"],
                    won(&part),
                    won(&whole)
                );
            }
            for finding in whole.findings {
                let speaks = ["PC901", "PC903", "PC904", "PC905", "PC906"].contains(&finding.code.as_str());
                assert!(!speaks, "{hermes} {} {} {}", case["id"], finding.code, finding.what);
            }
        }
    }
    assert!(asked > 500 && rows > 500 && joined > 200, "{asked} listings of {rows} rows, {joined} that win");
    assert!(numbered > 50, "{numbered} pools of several rows");
}

/// Whether the report shows a pool of several rows, each with the number that `listing` gives it: the ones that
/// `hermes auth remove` takes.
fn is_numbered_alike(report: &Report, listing: &str, case: &Value) -> bool {
    let Some(pool) = &report.verdict.pool else { return false };
    let all = Listing::of(listing);
    let own = all.rows.iter().filter(|row| row.provider.as_deref() == Some(pool.provider.as_str()));
    let mut rows = 0;
    for row in own {
        let shown = pool.entries.iter().find(|entry| entry.index as u64 == row.index).unwrap();
        let source = shown.credential.source.as_str();
        let source = source.strip_prefix("manual:").unwrap_or(source);
        let (label, listed) = (shown.credential.label.as_str(), (&*row.label.text, &*row.source.text));
        // In place of a label that is empty the next word is read.
        assert!(label.is_empty() || (label, source) == listed, "{case} {label} {source}\n{listing}");
        rows += 1;
    }
    rows > 1
}

/// 0.19.0 printed this listing before it selected. Afterwards `round_robin` has moved its first row to the end, and a row
/// that was dead for a day is gone.
#[test]
fn the_pool_is_shown_as_it_is_listed() {
    let row = |at: usize, more: &str| {
        format!(
            r#"{{"id": "r{at}", "label": "row{at}", "auth_type": "api_key", "priority": {at}, "source": "manual",
            "base_url": "https://generativelanguage.googleapis.com/v1beta", "access_token": "AIza-fake-{at}-0000000"{more}}}"#
        )
    };
    let dead =
        r#", "last_status": "dead", "last_status_at": 1779000000.0, "last_error_reason": "token_revoked""#;
    for (strategy, more, next) in [
        ("round_robin", "", 1),
        ("fill_first", "", 1),
        ("least_used", "", 1),
        ("round_robin", dead, 2),
        ("fill_first", dead, 2),
    ] {
        let rows = [row(0, more), row(1, ""), row(2, "")].join(", ");
        let input = Input::from(Sources {
            config: Given::Text(format!(
                "model: {{provider: gemini, default: g}}\ncredential_pool_strategies: {{gemini: {strategy}}}\n"
            )),
            dotenv: Given::Absent,
            auth_store: Given::Text(format!(
                r#"{{"version": 1, "credential_pool": {{"gemini": [{rows}]}}}}"#
            )),
            environ: Given::Text(String::new()),
            ..Sources::default()
        });
        let verdict = check(&input, &Options { now: 1_780_000_000.0, ..Options::default() }).unwrap().verdict;
        let pool = verdict.pool.unwrap();
        let shown: Vec<(usize, &str)> =
            pool.entries.iter().map(|entry| (entry.index, entry.credential.label.as_str())).collect();
        assert_eq!(shown, [(1, "row0"), (2, "row1"), (3, "row2")], "{strategy} {more}");
        let marked: Vec<usize> =
            pool.entries.iter().filter(|entry| entry.next).map(|entry| entry.index).collect();
        assert_eq!(marked, [next], "{strategy} {more}");
        assert_eq!(verdict.winner.unwrap().label.as_str(), format!("row{}", next - 1));
        assert!(pool.next.as_str().starts_with(&format!("Next: row{}", next - 1)), "{}", pool.next);
    }
}

/// What a row says, white space aside.
fn words(listing: &Listing) -> Vec<String> {
    let row = |row: &ListedRow| {
        let status = row.status.as_ref();
        let status = status.map(|told| (told.head, told.reason.as_str(), told.code, told.seconds_left));
        let words = [&row.label.text, &row.auth_type.text, &row.source.text];
        let words = words.map(|text| text.split_whitespace().collect::<Vec<_>>().join(" "));
        format!("{:?} {} {words:?} {status:?} {}", row.provider, row.index, row.is_current)
    };
    listing.rows.iter().map(row).collect()
}

#[test]
fn all_rows_are_read() {
    for text in printed() {
        let listing = Listing::of(&text);
        let unread: Vec<_> = listing.unread.iter().map(|place| place.span.of(&text)).collect();
        assert!(unread.is_empty(), "{text}\n{unread:?}");
        for pool in &listing.pools {
            let rows = listing.rows.iter().filter(|row| row.provider.as_deref() == Some(&pool.provider.text));
            let numbers: Vec<u64> = rows.map(|row| row.index).collect();
            assert_eq!(numbers, (1..=pool.count).collect::<Vec<_>>(), "{text}");
        }
        let expected = words(&listing);
        let lines = |change: &dyn Fn(&str) -> String| -> String { text.lines().map(change).collect() };
        let pasted = [
            format!("$ hermes auth list\n{text}$ \n"),
            format!("me@host:~$ hermes auth list\n{text}me@host:~$"),
            format!("(venv) root@host:/srv# hermes -p work auth list\n{text}(venv) root@host:/srv# \n"),
            format!(
                "PS C:\\Users\\me> hermes auth list\r\n{}PS C:\\Users\\me>\r\n",
                lines(&|l| format!("{l}\r\n"))
            ),
            format!("C:\\Users\\me>hermes auth list\n{text}\nC:\\Users\\me>"),
            format!("```console\n{text}```\n"),
            format!("~~~\n{text}~~~\n"),
            lines(&|line| format!("> {line}\n")),
            lines(&|line| format!("│ {line:<78} │\n")),
            lines(&|line| format!("    {line}\n")),
            lines(&|line| format!("{}\n", line.trim_start())),
        ];
        for pasted in pasted {
            let listing = Listing::of(&pasted);
            let unread: Vec<_> = listing.unread.iter().map(|place| place.span.of(&pasted)).collect();
            assert!(unread.is_empty(), "{pasted}\n{unread:?}");
            assert_eq!(words(&listing), expected, "{pasted}");
        }
    }
}

/// The line cut every `width` characters, as a terminal does.
fn cut(line: &str, width: usize) -> String {
    let all: Vec<char> = line.chars().collect();
    all.chunks(width).map(|part| part.iter().collect::<String>() + "\n").collect()
}

/// The line broken at blanks, as a mail program does.
fn broken(line: &str, width: usize) -> String {
    let (mut done, mut length) = (String::new(), 0);
    for word in line.split_inclusive(' ') {
        if length > 0 && length + word.trim_end().chars().count() > width {
            done.truncate(done.trim_end().len());
            done.push('\n');
            length = 0;
        }
        done.push_str(word);
        length += word.chars().count();
    }
    done + "\n"
}

#[test]
fn wrapped_rows_are_put_together() {
    for text in printed() {
        let expected = words(&Listing::of(&text));
        for width in [80, 72, 60, 50, 40] {
            for wrap in [cut, broken] {
                for sign in ["", "> "] {
                    let line = |line: &str| {
                        wrap(line, width).lines().map(|line| format!("{sign}{line}\n")).collect::<String>()
                    };
                    let pasted: String = text.lines().map(line).collect();
                    assert_eq!(words(&Listing::of(&pasted)), expected, "{width}\n{pasted}");
                }
            }
        }
    }
}

/// What the model leaves open of a listing stands in the report's language.
#[test]
fn what_a_listing_leaves_open_is_said_in_chinese_too() {
    for rows in [
        "  #1  one                  api_key manual\n  #2  two                  api_key manual ←\n",
        "  #1  one                  oauth   device_code ←\n",
    ] {
        let input = Input::from(Sources {
            config: Given::Text("model: {provider: gemini, default: m}\n".to_owned()),
            listing: Given::Text(format!("gemini (2 credentials):\n{rows}")),
            ..Sources::default()
        });
        let options =
            Options { language: Language::SimplifiedChinese, now: 1_780_000_000.0, ..Options::default() };
        let report = check(&input, &options).unwrap();
        assert_eq!(report.verdict.state, VerdictState::NotModelled, "{rows}");
        let said = report.verdict.summary.to_string();
        assert!(!said.contains(" row ") && !said.contains("listing") && said.contains("列表"), "{said}");
    }
}

/// The arrow of a listing that was taken a while ago is compared with the files as long as no row has come back since.
#[test]
fn an_arrow_counts_until_a_row_comes_back() {
    let row = |id: &str, label: &str, priority: usize| {
        format!(
            r#"{{"id": "{id}", "label": "{label}", "priority": {priority}, "source": "manual", "auth_type": "api_key",
            "access_token": "AIza-fake-{id}-000000"}}"#
        )
    };
    let store = format!(
        r#"{{"version": 1, "providers": {{}}, "credential_pool": {{"gemini": [{}, {}]}}}}"#,
        row("a1", "one", 0),
        row("a2", "two", 1)
    );
    let input = Input::from(Sources { config: Given::Text("model: {provider: gemini, default: g}\n".to_owned()), auth_store: Given::Text(store), listing: Given::Text(
            "gemini (2 credentials):\n  #1  one                  api_key manual rate-limited (429) (41m 2s left)\n  #2  two                  api_key manual ←\n"
                .to_owned(),
        ), ..Sources::default() });
    let now = 1_780_000_000.0;
    let is_told = |ago: Option<f64>| {
        let options = Options { now, listing_taken_at: ago.map(|ago| now - ago), ..Options::default() };
        let report = check(&input, &options).unwrap();
        report.findings.iter().any(|finding| finding.code.as_str() == "PC906")
    };
    // 41 minutes and 2 seconds are 2462 seconds.
    let told: Vec<bool> =
        [None, Some(0.0), Some(5.0), Some(2461.0), Some(2462.0), Some(-1.0)].map(is_told).into();
    assert_eq!(told, [true, true, true, true, false, false]);
}
