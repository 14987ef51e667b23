//! `cargo xtask bench`: the time of a whole check of three worlds beside a bare libyaml parse of the
//! same text, native and in wasm, how the time grows with hostile inputs, and the sizes of wasm and page. `--check` holds them
//! to `benches/budgets.json`; the times only as ratios within one run, so that a slow machine fails nothing.

use std::fs;
use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;

use crate::{flags, tools, web};

/// Runs the command.
///
/// # Errors
/// Something cannot be built or run; with `--check`, a budget is exceeded.
pub(crate) fn bench(flags: flags::Bench) -> Result<()> {
    let root = tools::workspace_root();
    let [worlds, inputs] =
        ["bench-worlds.json", "bench-inputs.json"].map(|name| tools::target_folder().join(name));
    let native = parsed(&tools::output(
        tools::cargo()
            .args(["run", "--quiet", "--release", "--example", "speed"])
            .env("POOLCHECK_BENCH_WORLDS", &worlds)
            .env("POOLCHECK_BENCH_INPUTS", &inputs),
    )?)?;
    web::build_wasm(web::Profile::Release)?;
    web::build_page()?;
    let module = web::build_for_bench()?;
    let in_wasm =
        parsed(&tools::output(web::node(&root.join("benches/wasm.mjs")).args([module, worlds, inputs]))?)?;

    let budgets: Value = serde_json::from_str(&fs::read_to_string(root.join("benches/budgets.json"))?)?;
    let mut exceeded = Vec::new();
    let by_kind = |lines: Vec<Value>| -> (Vec<_>, Vec<_>) {
        lines.into_iter().partition(|line| line.get("world").is_some())
    };
    let ((of_worlds, of_inputs), (worlds_in_wasm, inputs_in_wasm)) = (by_kind(native), by_kind(in_wasm));
    growth(&of_inputs, &inputs_in_wasm, &budgets, &mut exceeded)?;
    println!("{:<8} {:<12} {:>9} {:>10} {:>10} {:>7}", "", "world", "bytes", "check ms", "parse ms", "ratio");
    for (place, lines) in [("native", of_worlds), ("wasm", worlds_in_wasm)] {
        for line in lines {
            let number = |name: &str| line.get(name).and_then(Value::as_f64).unwrap_or(0.0);
            let world = line.get("world").and_then(Value::as_str).unwrap_or("");
            let ratio = number("check_ms") / number("parse_ms").max(1e-9);
            let (bytes, checked, parsed) = (number("bytes"), number("check_ms"), number("parse_ms"));
            println!("{place:<8} {world:<12} {bytes:>9} {checked:>10.3} {parsed:>10.3} {ratio:>7.1}");
            let limit = budgets.pointer(&format!("/ratio/{place}/{world}")).and_then(Value::as_f64);
            if limit.is_some_and(|limit| ratio > limit) {
                exceeded.push(format!("{place}, {world}: {ratio:.1} times a bare parse"));
            }
        }
    }
    let limit = budgets.get("wasm_gzip").and_then(Value::as_u64).context("budgets.json: wasm_gzip")?;
    let wasm = web::published_wasm();
    for path in [wasm.clone()].into_iter().chain(page_files()?) {
        let content = fs::read(&path)?;
        let gzipped = gzipped(&content)?;
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        println!("{name}: {} bytes, {gzipped} gzipped", content.len());
        if path == wasm && gzipped > limit {
            exceeded.push(format!("the wasm has {gzipped} bytes gzipped, {limit} are allowed"));
        }
    }
    if flags.check && !exceeded.is_empty() {
        bail!("over budget (benches/budgets.json): {}", exceeded.join("; "));
    }
    Ok(())
}

/// Shows how long inputs take at one to eight times a size and, in wasm as well, as long as texts may be. Adds those to `exceeded`
/// that take much more than eight times as long at eight times the size, where it is more than a moment (there the clock decides),
/// and those that take too long at all.
fn growth(judged: &[Value], in_wasm: &[Value], budgets: &Value, exceeded: &mut Vec<String>) -> Result<()> {
    let limit = |name: &str| {
        let limit = budgets.pointer(&format!("/growth/{name}")).and_then(Value::as_f64);
        limit.with_context(|| format!("budgets.json: growth, {name}"))
    };
    let (most, floor, longest) = (limit("ratio")?, limit("floor_ms")?, limit("most_ms")?);
    let longest_in_wasm = limit("most_ms_in_wasm")?;
    if judged.is_empty() || judged.len() != in_wasm.len() {
        bail!("the bench of growing inputs says nothing");
    }
    println!(
        "{:<30} {:>9} {:>9} {:>9} {:>9} {:>9} {:>6} {:>9} {:>9} {:>9}",
        "input", "bytes 8×", "ms 1×", "2×", "4×", "8×", "ratio", "longest", "ms", "in wasm"
    );
    for (line, in_wasm) in judged.iter().zip(in_wasm) {
        let name = line.get("input").and_then(Value::as_str).unwrap_or("");
        let bytes = |name: &str| line.get(name).and_then(Value::as_u64).unwrap_or(0);
        let times: Vec<f64> = line
            .get("ms")
            .and_then(Value::as_array)
            .map(|times| times.iter().filter_map(Value::as_f64).collect())
            .unwrap_or_default();
        let [one, two, four, eight] = times[..] else { bail!("{name}: four times are expected") };
        // A time below the floor counts as the floor: what is small at first may not grow without end.
        let ratio = eight / one.max(floor);
        let at_limit = |line: &Value| line.get("longest_ms").and_then(Value::as_f64).context("longest_ms");
        let (at_limit, in_wasm) = (at_limit(line)?, at_limit(in_wasm)?);
        let (bytes, length) = (bytes("bytes"), bytes("longest_bytes"));
        println!(
            "{name:<30} {bytes:>9} {one:>9.2} {two:>9.2} {four:>9.2} {eight:>9.2} {ratio:>6.1} {length:>9} {at_limit:>9.2} {in_wasm:>9.2}"
        );
        for (bytes, taken, longest) in
            [(bytes, eight, longest), (length, at_limit, longest), (length, in_wasm, longest_in_wasm)]
        {
            if taken > longest {
                exceeded.push(format!("{name}: {taken:.0} ms for {bytes} bytes"));
            }
        }
        if ratio > most {
            exceeded.push(format!("{name}: eight times the size takes {ratio:.1} times as long"));
        }
    }
    Ok(())
}

/// The bytes that `content` has gzipped, the same on each machine: Node's zlib, which measured this before, is one of
/// several by the processor, and they differ by a thousand bytes.
fn gzipped(content: &[u8]) -> Result<u64> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content)?;
    Ok(u64::try_from(encoder.finish()?.len())?)
}

fn parsed(lines: &str) -> Result<Vec<Value>> {
    let lines = lines.lines().filter(|line| line.starts_with('{'));
    lines.map(|line| serde_json::from_str(line).context("a line of the benches")).collect()
}

fn page_files() -> Result<Vec<PathBuf>> {
    let dist = tools::workspace_root().join("www/dist");
    let mut files = Vec::new();
    for entry in fs::read_dir(dist)? {
        files.push(entry?.path());
    }
    files.sort();
    Ok(files)
}
