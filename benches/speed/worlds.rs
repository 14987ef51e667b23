//! Times a whole check of three worlds beside a bare libyaml parse of the same config.yaml.

use std::hint::black_box;
use std::time::Instant;

use poolcheck::api::{Input, LONGEST_INPUT, Options, check};
use poolcheck::base::sources::{Given, Sources};
use poolcheck::yaml;

/// The median of so many runs is shown.
const RUNS: usize = 15;

/// Prints a JSON line for each: `{"world": …, "bytes": …, "check_ms": …, "parse_ms": …}`. With `POOLCHECK_BENCH_WORLDS`
/// it leaves the worlds in that file for the same measurement in wasm.
pub(crate) fn measure() {
    let forum = include_str!("../../tests/corpus/forum-indented/config.yaml");
    let forum_dotenv = include_str!("../../tests/corpus/forum-indented/dotenv");
    let defaults = include_str!("../../tests/corpus/defaults/config.yaml");
    let worlds = [
        ("forum case", forum.to_owned(), forum_dotenv),
        ("defaults", defaults.to_owned(), ""),
        ("longest", as_long_as_may_be(), ""),
    ];
    let texts = (worlds.iter()).map(
        |(world, config, dotenv)| serde_json::json!({"world": world, "config": config, "dotenv": dotenv}),
    );
    super::leave_for_wasm("POOLCHECK_BENCH_WORLDS", texts.collect());
    for (world, config, dotenv) in worlds {
        let input = Input::from(Sources {
            config: Given::Text(config.clone()),
            dotenv: Given::Text(dotenv.to_owned()),
            auth_store: Given::Absent,
            environ: Given::Absent,
            ..Sources::default()
        });
        let options = Options { now: 1_780_000_000.0, ..Options::default() };
        let check_ms = median(|| {
            // What is refused takes no time.
            assert!(black_box(check(black_box(&input), &options)).is_ok(), "a world is refused");
        });
        let parse_ms = median(|| {
            let _ = black_box(yaml::count_events(black_box(&config)));
        });
        let bytes = config.len();
        println!(
            "{{\"world\": \"{world}\", \"bytes\": {bytes}, \"check_ms\": {check_ms:.4}, \"parse_ms\": {parse_ms:.4}}}"
        );
    }
}

/// A configuration as long as one may be, as a program might write it: many custom endpoints.
fn as_long_as_may_be() -> String {
    let mut text =
        "model:\n  provider: gemini\n  default: gemini-flash-lite-latest\ncustom_providers:\n".to_owned();
    for number in 0.. {
        let endpoint = format!(
            "  - name: endpoint-{number}\n    base_url: https://host-{number}.example/v1\n    key_env: ENDPOINT_{number}_KEY\n    models: {{a: {{context_length: {number}}}}} # number {number}\n"
        );
        if text.len() + endpoint.len() > LONGEST_INPUT {
            break;
        }
        text.push_str(&endpoint);
    }
    text
}

fn median(mut run: impl FnMut()) -> f64 {
    run();
    let mut times: Vec<f64> = (0..RUNS)
        .map(|_| {
            let start = Instant::now();
            run();
            start.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times.get(RUNS / 2).copied().unwrap_or(0.0)
}
