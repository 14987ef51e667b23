//! Times checks of inputs that grow: one part again and again, at one, two, four and eight times a size, and as long as a text
//! may be. What takes much more than eight times as long at eight times the size is not linear.

use std::fmt::Write;
use std::hint::black_box;
use std::time::{Duration, Instant};

use poolcheck::api::{Input, LONGEST_INPUT, Options, check, split};
use poolcheck::base::sources::{Given, Sources};
use poolcheck::diagnostic::messages::Language;

/// The best of so many rounds is shown: what else the machine does may make one longer.
const ROUNDS: usize = 3;

/// A round repeats a check until it has taken as long: the system tells of the time of a thread in steps of some 4 ms, and the best
/// of a few short times would be one that was told too low.
const ROUND: Duration = Duration::from_millis(60);

/// An input that takes longer than this in all is measured no further.
const LONGEST: Duration = Duration::from_secs(3);

const SIZES: [usize; 4] = [1, 2, 4, 8];

/// Parts that are numbered from 0.
fn numbered(count: usize, part: impl Fn(&mut String, usize)) -> String {
    let mut text = String::new();
    for number in 0..count {
        part(&mut text, number);
    }
    text
}

fn pool(rows: usize, key: impl Fn(usize) -> String) -> String {
    let rows: Vec<String> = (0..rows)
        .map(|row| {
            let key = key(row);
            format!(
                r#"{{"id": "a{row}", "label": "l{row}", "auth_type": "api_key", "priority": {row}, "source": "manual", "access_token": "{key}", "base_url": "https://generativelanguage.googleapis.com/v1beta"}}"#
            )
        })
        .collect();
    format!(r#"{{"version": 1, "credential_pool": {{"gemini": [{}]}}}}"#, rows.join(",\n"))
}

const GEMINI: &str = "model: {provider: gemini, default: g}\n";

fn config(text: String) -> Box<Input> {
    Box::new(Input::from(Sources { config: Given::Text(text), ..Sources::default() }))
}

fn beside(put: impl FnOnce(&mut Input)) -> Box<Input> {
    let mut input = config(GEMINI.to_owned());
    put(&mut input);
    input
}

fn store(text: String) -> Box<Input> {
    beside(|input| input.given.auth_store = Given::Text(text))
}

fn dotenv(text: String) -> Box<Input> {
    beside(|input| input.given.dotenv = Given::Text(text))
}

/// What is pasted: texts of their kinds, or one in which anything may stand.
enum Pasted {
    Texts(Box<Input>),
    Post(String),
}

/// An input by its size, of which 1 is the smallest.
type Made = fn(usize) -> Pasted;

const INPUTS: [(&str, Made); 29] = [
    ("pool rows", |n| Pasted::Texts(store(pool(200 * n, |row| format!("AIza-fake-{row:06}"))))),
    ("pool rows of one key", |n| Pasted::Texts(store(pool(200 * n, |_| "AIza-fake-one-000".to_owned())))),
    // Twice as many rows outgrow the processor's cache: at eight times the size they took 7.0 times the instructions and up to 14
    // times as long.
    ("rows of wrong types", |n| {
        let rows = vec![r#"{"id": 1, "label": 2, "auth_type": 3}"#; 200 * n].join(",\n");
        Pasted::Texts(store(format!(r#"{{"version": 1, "credential_pool": {{"gemini": [{rows}]}}}}"#)))
    }),
    ("pools", |n| {
        let pools = numbered(400 * n, |text, at| {
            let _ = write!(text, r#""p{at}": [{{"id": "a", "access_token": "AIza-fake-{at:06}"}}], "#);
        });
        Pasted::Texts(store(format!(r#"{{"version": 1, "credential_pool": {{{pools}"x": []}}}}"#)))
    }),
    ("one variable again and again", |n| {
        Pasted::Texts(dotenv(numbered(1_200 * n, |text, at| {
            let _ = writeln!(text, "GOOGLE_API_KEY=AIza-fake-{at}");
        })))
    }),
    ("variables", |n| {
        Pasted::Texts(dotenv(numbered(4_000 * n, |text, at| {
            let _ = writeln!(text, "K{at}=v");
        })))
    }),
    ("numbered variables", |n| {
        Pasted::Texts(dotenv(numbered(800 * n, |text, at| {
            let _ = writeln!(text, "GEMINI_API_KEY_{at}=AIza-fake-{at:06}");
        })))
    }),
    ("one long key", |n| Pasted::Texts(dotenv(format!("GOOGLE_API_KEY={}\n", "x".repeat((32 << 10) * n))))),
    ("lines of no variable", |n| {
        Pasted::Texts(dotenv(numbered(2_000 * n, |text, at| {
            let _ = writeln!(text, "some words {at}");
        })))
    }),
    ("NUL characters", |n| Pasted::Texts(config("\0".repeat((32 << 10) * n)))),
    ("keys twice", |n| Pasted::Texts(config("a: 1\n".repeat(6_000 * n)))),
    ("one key per line", |n| {
        Pasted::Texts(config(numbered(4_000 * n, |text, at| {
            let _ = writeln!(text, "k{at}: v");
        })))
    }),
    ("lost indentation", |n| Pasted::Texts(config("model:\nprovider: gemini\n".repeat(800 * n)))),
    ("tabs", |n| Pasted::Texts(config("k:\n\tprovider: x\n".repeat(1_000 * n)))),
    ("anchors", |n| {
        Pasted::Texts(config(numbered(1_200 * n, |text, at| {
            let _ = writeln!(text, "a{at}: &a{at} x\nb{at}: *a{at}");
        })))
    }),
    ("pool in config", |n| {
        let rows = numbered(400 * n, |text, at| {
            let _ = writeln!(text, "    - api_key: GEMINI_API_KEY_{at}");
        });
        Pasted::Texts(config(format!("{GEMINI}credential_pool:\n  gemini:\n{rows}")))
    }),
    ("endpoints", |n| {
        let all = numbered(400 * n, |text, at| {
            let _ = writeln!(text, "  - name: e{at}\n    url: https://h{at}.example/v1\n    key_env: K{at}");
        });
        Pasted::Texts(config(format!("model: {{provider: 'custom:e1'}}\ncustom_providers:\n{all}")))
    }),
    ("fallback chain", |n| {
        let all = numbered(400 * n, |text, at| {
            let _ = writeln!(text, "  - provider: e{at}\n    model: m{at}");
        });
        Pasted::Texts(config(format!("{GEMINI}fallback_providers:\n{all}")))
    }),
    ("strategies", |n| {
        let all = numbered(800 * n, |text, at| {
            let _ = writeln!(text, "  p{at}: nonsense");
        });
        Pasted::Texts(config(format!("{GEMINI}credential_pool_strategies:\n{all}")))
    }),
    ("comments that silence", |n| {
        Pasted::Texts(config(numbered(1_000 * n, |text, at| {
            let _ = writeln!(text, "k{at}: 1 # poolcheck: ignore[PC107]");
        })))
    }),
    ("listing", |n| {
        let rows = numbered(500 * n, |text, at| {
            let _ = writeln!(text, "  #{at}  l{at}  api_key manual rate-limited (429) (58m 20s left)");
        });
        Pasted::Texts(beside(|input| {
            input.given.listing = Given::Text(format!("gemini (1 credentials):\n{rows}"))
        }))
    }),
    ("listings", |n| {
        let part = "gemini (1 credentials):\n#1 X api_key env:X\n";
        Pasted::Texts(beside(|input| input.given.listing = Given::Text(part.repeat(500 * n))))
    }),
    ("log", |n| {
        let log = numbered(200 * n, |text, at| {
            let _ = writeln!(
                text,
                "credential pool: marking AIza-fake-{at:08} exhausted (status=429), rotating\nAuthorization: Bearer fake-{at:08}\n\
                 API call failed (attempt 1/3): E [HTTP 429]\n   Error: HTTP 429: key AIza-fake-{at:08}"
            );
        });
        Pasted::Texts(beside(|input| input.given.log = Given::Text(log)))
    }),
    ("commands", |n| {
        let commands = numbered(400 * n, |text, at| {
            let _ = writeln!(text, "hermes auth add gemini --type api-key --api-key AIza-fake-{at}");
        });
        Pasted::Texts(Box::new(Input::from(Sources {
            commands: Given::Text(commands),
            ..Sources::default()
        })))
    }),
    ("scheduled jobs", |n| {
        let jobs = numbered(400 * n, |text, at| {
            let _ = write!(text, r#"{{"id": "j{at}", "provider": "zai", "model": "m", "prompt": "Hi"}}, "#);
        });
        Pasted::Texts(beside(|input| input.given.jobs = Given::Text(format!(r#"{{"jobs": [{jobs}{{}}]}}"#))))
    }),
    ("the forum's thread", |n| {
        Pasted::Post(format!("{}\n", include_str!("../../tests/pastes/forum-post.txt")).repeat(12 * n))
    }),
    ("releases in one line", |n| Pasted::Post("Hermes Agent v0.18.2 (2026.7.1) ".repeat(1_000 * n))),
    ("files of a unit", |n| {
        let files = numbered(200 * n, |text, at| {
            let _ = writeln!(text, "EnvironmentFile=/etc/{at}/x");
        });
        let parts = numbered(200 * n, |text, at| {
            let _ = writeln!(text, "\n/opt/{at}/x:\n\n```\nA{at}_KEY=x\n```");
        });
        Pasted::Post(format!("```ini\n[Unit]\n[Service]\nExecStart=hermes gateway\n{files}```\n{parts}"))
    }),
    ("parts of a post", |n| {
        Pasted::Post(numbered(600 * n, |text, at| {
            let _ = writeln!(text, "hermes auth {at}\n\nx\n\n```yaml\nmodel:\n  provider: p{at}\n```\n");
        }))
    }),
];

/// What is refused takes no time.
fn is_answered(answered: bool) {
    assert!(black_box(answered), "an input is refused");
}

fn run(pasted: &Pasted) {
    let options = Options { now: 1_780_000_000.0, ..Options::default() };
    match pasted {
        Pasted::Texts(input) => {
            is_answered(check(black_box(input), &options).is_ok());
        }
        Pasted::Post(text) => {
            let pasted = split(black_box(text), &[], Language::English);
            is_answered(pasted.is_ok_and(|pasted| check(&pasted.texts.into(), &options).is_ok()));
        }
    }
}

fn bytes(pasted: &Pasted) -> usize {
    match pasted {
        Pasted::Post(text) => text.len(),
        Pasted::Texts(input) => {
            let given = [
                &input.given.config,
                &input.given.dotenv,
                &input.given.auth_store,
                &input.given.jobs,
                &input.given.listing,
                &input.given.log,
                &input.given.commands,
            ];
            given.into_iter().filter_map(Given::text).map(|text| text.len()).sum()
        }
    }
}

/// The time that this thread has had a processor for, where the system tells it: beside others' work the clock on the wall
/// tells of that.
fn time() -> Duration {
    thread_local!(static BEGUN: Instant = Instant::now());
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let used = told.and_then(|told| told.split_ascii_whitespace().next()?.parse().ok());
    used.map_or_else(|| BEGUN.with(Instant::elapsed), Duration::from_nanos)
}

/// The time of a check in the best of a few rounds, in milliseconds; in a single one where what began at `begun` has taken long.
fn best(pasted: &Pasted, begun: Instant) -> f64 {
    let mut best = f64::INFINITY;
    for done in 0..ROUNDS {
        if done > 0 && begun.elapsed() > LONGEST {
            break;
        }
        let start = time();
        let mut runs = 0;
        let taken = loop {
            run(pasted);
            runs += 1;
            let taken = time() - start;
            if taken >= ROUND {
                break taken;
            }
        };
        best = best.min(taken.as_secs_f64() * 1e3 / f64::from(runs));
    }
    best
}

/// The input as long as a text may be.
fn longest(made: Made) -> Pasted {
    let mut size = LONGEST_INPUT / bytes(&made(1)).max(1);
    // Numbers grow longer.
    while size > 1 && bytes(&made(size)) > LONGEST_INPUT {
        size -= 1;
    }
    made(size)
}

/// The input as wasm is given it: `{"input": …, "post": …}`, or `{"input": …, "texts": {…}}`.
fn for_wasm(name: &str, pasted: &Pasted) -> serde_json::Value {
    match pasted {
        Pasted::Post(text) => serde_json::json!({"input": name, "post": text}),
        Pasted::Texts(input) => serde_json::json!({"input": name, "texts": {
            "config": input.given.config.text(),
            "dotenv": input.given.dotenv.text(),
            "authStore": input.given.auth_store.text(),
            "jobs": input.given.jobs.text(),
            "listing": input.given.listing.text(),
            "log": input.given.log.text(),
            "commands": input.given.commands.text(),
        }}),
    }
}

/// Prints a JSON line for each input: `{"input": …, "bytes": …, "ms": [1×, 2×, 4×, 8×], "longest_bytes": …, "longest_ms": …}`.
/// With `POOLCHECK_BENCH_INPUTS` it leaves the longest of each in that file for wasm.
pub(crate) fn measure() {
    let inputs = INPUTS.iter().map(|(name, made)| for_wasm(name, &longest(*made)));
    super::leave_for_wasm("POOLCHECK_BENCH_INPUTS", inputs.collect());
    for (name, made) in INPUTS {
        let begun = Instant::now();
        let times = SIZES.map(|size| format!("{:.3}", best(&made(size), begun)));
        let longest = longest(made);
        let (length, last) = (bytes(&longest), bytes(&made(8)));
        let most = best(&longest, Instant::now());
        println!(
            "{{\"input\": \"{name}\", \"bytes\": {last}, \"ms\": [{}], \"longest_bytes\": {length}, \"longest_ms\": {most:.3}}}",
            times.join(", ")
        );
    }
}
