//! Builds the wasm, the npm package and the page, and runs their tests.
//!
//! cargo, `wasm-bindgen` and binaryen's `wasm-opt` are called directly. wasm-pack would call the same three, but
//! takes minutes to install and stops where it cannot download its own `wasm-opt`.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::test::{Count, counted};
use crate::tools::{cargo, output, run, target_folder, workspace_root};
use crate::{flags, texts};

const TARGET: &str = "wasm32-unknown-unknown";
const FOR_WASM: [&str; 5] = ["--no-default-features", "--features", "wasm", "--target", TARGET];
const FOR_WASM_TESTS: [&str; 5] =
    ["--no-default-features", "--features", "wasm,embedded-texts", "--target", TARGET];

/// What `wasm-opt` does. The first 1024 bytes of the memory are the end of the stack, behind its last frame: no pointer
/// leads there, so that what is added to one may become the offset of an access. Functions with one caller stay
/// functions, and the control flow is built anew: both leave less to compress. So does an order by names, in which
/// functions stand beside others of their module.
const TO_SHRINK: [&str; 9] = [
    "--low-memory-unused",
    "--flatten",
    "--rereloop",
    "-Oz",
    "-Oz",
    "--one-caller-inline-max-function-size=0",
    "--reorder-functions-by-name",
    "--strip-debug",
    "--strip-producers",
];

/// Has cargo build the standard library along: in the form that is small rather than fast, and such that a panic ends
/// the program at once. A panic of the library as it comes with the toolchain first makes a message, which nothing in a
/// browser would ever show.
const BUILD_STD: [&str; 2] = ["-Zbuild-std=std,panic_abort", "-Zbuild-std-features=optimize_for_size"];
const ENDS_AT_ONCE: [&str; 2] = ["-Zunstable-options", "-Cpanic=immediate-abort"];

/// How the wasm is built.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Profile {
    /// As it is published: small and fast.
    Release,
    /// Built in seconds, to try something out.
    Dev,
}

impl Profile {
    fn of(dev: bool) -> Self {
        if dev { Self::Dev } else { Self::Release }
    }
}

/// Builds the wasm and lays the npm package's files into `pkg/dist`.
pub(crate) fn build_wasm(profile: Profile) -> Result<()> {
    ensure_target()?;
    let bindgen = ensure_bindgen()?.join(program("wasm-bindgen"));
    ensure_packages("pkg")?;

    let mut library = library();
    library.args(FOR_WASM);
    let folder = match profile {
        Profile::Release => {
            as_published(&mut library)?;
            "wasm"
        }
        Profile::Dev => "debug",
    };
    run(&mut library)?;

    let built = target_folder().join(TARGET).join(folder).join("poolcheck.wasm");
    let bound = target_folder().join("wasm-bindgen").join(folder);
    run(Command::new(bindgen)
        .args(["--target", "bundler", "--out-name", "poolcheck", "--out-dir"])
        .arg(&bound)
        .arg(built))?;

    let mut wasm = bound.join("poolcheck_bg.wasm");
    if profile == Profile::Release {
        let small = bound.join("poolcheck_small.wasm");
        run(node(&workspace_root().join("pkg/node_modules/binaryen/bin/wasm-opt"))
            .args(TO_SHRINK)
            .arg("-o")
            .arg(&small)
            .arg(wasm))?;
        wasm = small;
    }
    lay_out_package(&bound, &wasm)
}

/// Builds the page into `www/dist`, around the package that [`build_wasm`] made.
pub(crate) fn build_page() -> Result<()> {
    ensure_packages("www")?;
    run(npm("www").args(["run", "build"]))
}

/// `cargo xtask serve`: builds wasm and page and serves them until it is ended.
pub(crate) fn serve(flags: flags::Serve) -> Result<()> {
    build_wasm(Profile::of(flags.dev))?;
    build_page()?;
    let port = flags.port.unwrap_or(4173).to_string();
    run(npm("www").args(["run", "serve", "--", "--port", &port]))
}

/// `cargo xtask wasm`: builds the wasm and the npm package. `--bless` takes the types and the schema that it publishes as
/// those that the tests expect.
pub(crate) fn wasm(flags: flags::Wasm) -> Result<()> {
    build_wasm(Profile::of(flags.dev))?;
    if flags.bless {
        let package = workspace_root().join("pkg");
        for (published, expected) in
            [("index.d.ts", "api.d.ts"), ("report.schema.json", "report.schema.json")]
        {
            fs::copy(package.join("dist").join(published), package.join("tests").join(expected))
                .with_context(|| format!("cannot write pkg/tests/{expected}"))?;
        }
    }
    Ok(())
}

/// Builds the wasm as it is published, with what only benches call, for Node. Returns the module's path.
pub(crate) fn build_for_bench() -> Result<PathBuf> {
    ensure_target()?;
    let bindgen = ensure_bindgen()?.join(program("wasm-bindgen"));
    let folder = target_folder().join("bench");
    let mut library = library();
    library
        .args(["--no-default-features", "--features", "bench", "--target", TARGET, "--target-dir"])
        .arg(&folder);
    as_published(&mut library)?;
    run(&mut library)?;
    run(Command::new(bindgen)
        .args(["--target", "nodejs", "--out-name", "poolcheck", "--out-dir"])
        .arg(folder.join("node"))
        .arg(folder.join(TARGET).join("wasm/poolcheck.wasm")))?;
    Ok(folder.join("node/poolcheck.js"))
}

/// The wasm that [`build_wasm`] published last.
pub(crate) fn published_wasm() -> PathBuf {
    target_folder().join("wasm-bindgen/wasm/poolcheck_small.wasm")
}

/// `cargo xtask screenshots`: takes the picture in `docs/` anew.
pub(crate) fn screenshots() -> Result<()> {
    build_wasm(Profile::Release)?;
    build_page()?;
    let chromium = ensure_program("CHROMIUM", &["chromium", "chromium-browser", "google-chrome"])?;
    run(node(&workspace_root().join("www/screenshots.js")).env("CHROMIUM", chromium))
}

/// Biome over all JavaScript, TypeScript and styles that `biome.jsonc` names: `format` or `lint`, which change nothing.
pub(crate) fn biome(command: &str) -> Result<Command> {
    ensure_packages("www")?;
    let mut biome = node(&workspace_root().join("www/node_modules/@biomejs/biome/bin/biome"));
    biome.arg(command).current_dir(workspace_root());
    Ok(biome)
}

/// The tests of the package in Node, on a fresh build.
pub(crate) fn node_tests() -> Result<Count> {
    build_wasm(Profile::Release)?;
    counted(npm("pkg").arg("test"))
}

/// The tests of the packed package in other people's tools, on the build of [`node_tests`].
pub(crate) fn consumer_tests() -> Result<Count> {
    ensure_packages("pkg/consumers")?;
    let chromium = ensure_program("CHROMIUM", &["chromium", "chromium-browser", "google-chrome"])?;
    // Not by npm, which would take a Node of the tests for that which runs them.
    let folder = workspace_root().join("pkg/consumers");
    counted(
        Command::new("node")
            .args(["--test", "--test-reporter=spec", "consumers.test.js"])
            .current_dir(folder)
            .env("CHROMIUM", chromium),
    )
}

/// The tests of the page in Chromium, on a fresh build around the package that [`node_tests`] built.
pub(crate) fn browser_tests() -> Result<Count> {
    build_page()?;
    let chromium = ensure_program("CHROMIUM", &["chromium", "chromium-browser", "google-chrome"])?;
    counted(npm("www").arg("test").env("CHROMIUM", chromium))
}

/// The lints of what is compiled for wasm only, and the headless wasm tests, in Node and in Chromium.
pub(crate) fn wasm_tests() -> Result<Count> {
    ensure_target()?;
    let runner = ensure_bindgen()?.join(program("wasm-bindgen-test-runner"));
    ensure_program("CHROMIUM", &["chromium", "chromium-browser", "google-chrome"])?;
    let driver = ensure_program("CHROMEDRIVER", &["chromedriver"])?;
    run(cargo().args(["clippy", "--lib"]).args(FOR_WASM).args(["--", "-D", "warnings"]))?;
    run(cargo()
        .args(["clippy", "--lib", "--test", "web"])
        .args(FOR_WASM_TESTS)
        .args(["--", "-D", "warnings"]))?;
    let mut passed = 0;
    for in_browser in [false, true] {
        let mut tests = cargo();
        tests
            .args(["test", "--test", "web"])
            .args(FOR_WASM_TESTS)
            .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", &runner);
        if in_browser {
            tests.env("WASM_BINDGEN_USE_BROWSER", "1").env("CHROMEDRIVER", &driver);
        }
        if let Count::Tests(count) = counted(&mut tests)? {
            passed += count;
        }
    }
    Ok(Count::Tests(passed))
}

/// `pkg/dist`: our entries, the glue that wasm-bindgen wrote, its types, their JSON schema, and the wasm twice: as text in
/// a module, so that no runtime and no bundler has to find or fetch a file, and as that file, for runtimes that want it
/// compiled before.
fn lay_out_package(bound: &Path, wasm: &Path) -> Result<()> {
    let (sources, dist) = (workspace_root().join("pkg/src"), workspace_root().join("pkg/dist"));
    if dist.exists() {
        fs::remove_dir_all(&dist).context("cannot clear pkg/dist")?;
    }
    fs::create_dir_all(&dist).context("cannot make pkg/dist")?;
    for own in fs::read_dir(&sources).context("cannot read pkg/src")? {
        let own = own.context("cannot read pkg/src")?;
        fs::copy(own.path(), dist.join(own.file_name()))
            .with_context(|| format!("cannot copy {}", own.path().display()))?;
    }
    let copies = [
        (bound.join("poolcheck_bg.js"), "glue.js"),
        (bound.join("poolcheck.d.ts"), "index.d.ts"),
        (bound.join("poolcheck.d.ts"), "index.d.cts"),
        (wasm.to_owned(), "poolcheck.wasm"),
        (workspace_root().join("LICENSE-MIT"), "LICENSE-MIT"),
        (workspace_root().join("LICENSE-APACHE"), "LICENSE-APACHE"),
    ];
    for (from, to) in copies {
        fs::copy(&from, dist.join(to)).with_context(|| format!("cannot copy {}", from.display()))?;
    }
    let types =
        fs::read_to_string(sources.join("precompiled.d.ts")).context("cannot read precompiled.d.ts")?;
    fs::write(dist.join("precompiled.d.cts"), types.replace("./index.js", "./index.cjs"))
        .context("cannot write pkg/dist/precompiled.d.cts")?;
    let bytes = fs::read(wasm).with_context(|| format!("cannot read {}", wasm.display()))?;
    fs::write(dist.join("wasm.js"), module_of_bytes(&bytes)).context("cannot write pkg/dist/wasm.js")?;
    fs::write(dist.join("texts.js"), texts::module()?).context("cannot write pkg/dist/texts.js")?;
    fs::write(dist.join("report.schema.json"), report_schema(&dist.join("index.d.ts"))?)
        .context("cannot write pkg/dist/report.schema.json")
}

/// The JSON schema of a report, made of the published `types`. It allows properties that it does not name: a later
/// version may add some.
fn report_schema(types: &Path) -> Result<String> {
    let script =
        workspace_root().join("pkg/node_modules/ts-json-schema-generator/bin/ts-json-schema-generator.js");
    output(
        node(&script)
            .args(["--type", "Report", "--additional-properties", "--no-type-check", "--path"])
            .arg(types),
    )
}

/// The characters that stand for bytes. All are ASCII and none has to be escaped in a string or in a page: minifiers may
/// print strings as they like, and a page may be of any charset.
const SYMBOLS: &str =
    " !#%&()*+,-./0123456789:;=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_abcdefghijklmnopqrstuvwxyz{|}~";

/// So many of them, the first, stand for a byte together with the next one.
const LEADING: usize = 2;

/// A module of JavaScript whose function `wasm` gives `bytes`. The bytes that occur most are a symbol each, the others two.
/// Unlike base64, which takes a quarter more to load, it writes the same bytes alike wherever they stand, and gzip finds
/// them again.
fn module_of_bytes(bytes: &[u8]) -> String {
    let mut counts = [0_usize; 256];
    for byte in bytes {
        if let Some(count) = counts.get_mut(usize::from(*byte)) {
            *count += 1;
        }
    }
    let mut order: Vec<u8> = (0..=u8::MAX).collect();
    order.sort_by_key(|byte| std::cmp::Reverse(counts.get(usize::from(*byte)).copied()));

    let symbols = SYMBOLS.as_bytes();
    let symbol = |at: usize| symbols.get(at).map_or(' ', |symbol| char::from(*symbol));
    let single = symbols.len() - LEADING;
    let mut written = vec![String::new(); order.len()];
    for (rank, byte) in order.iter().enumerate() {
        if let Some(text) = written.get_mut(usize::from(*byte)) {
            *text = match rank.checked_sub(single) {
                None => symbol(LEADING + rank).into(),
                Some(rank) => [symbol(rank / symbols.len()), symbol(rank % symbols.len())].iter().collect(),
            };
        }
    }
    let text: String =
        bytes.iter().filter_map(|byte| written.get(usize::from(*byte))).map(String::as_str).collect();
    let length = bytes.len();
    format!(
        "// {length} bytes of wasm as ASCII. A symbol is one of the bytes that occur most, or, after one of the first\n\
         // {LEADING}, one of the others.\n\
         const symbols = \"{SYMBOLS}\";\n\
         const order = {order:?};\n\
         const text =\n  \"{text}\";\n\
         \n\
         export function wasm() {{\n\
         \x20 const ranks = new Uint8Array(128);\n\
         \x20 for (let rank = 0; rank < symbols.length; rank++) ranks[symbols.charCodeAt(rank)] = rank;\n\
         \x20 const bytes = new Uint8Array({length});\n\
         \x20 for (let at = 0, byte = 0; at < text.length; byte++) {{\n\
         \x20   let rank = ranks[text.charCodeAt(at++)] - {LEADING};\n\
         \x20   if (rank < 0) rank = (rank + {}) * symbols.length + ranks[text.charCodeAt(at++)] - {LEADING};\n\
         \x20   bytes[byte] = order[rank];\n\
         \x20 }}\n\
         \x20 return bytes;\n\
         }}\n",
        LEADING + 1,
    )
}

/// The cargo that builds only the cdylib: where the rlib is built beside it, less is optimised away, and the wasm is 8 %
/// larger.
fn library() -> Command {
    let mut command = cargo();
    command.args(["rustc", "--lib", "--crate-type", "cdylib"]);
    command
}

/// Has `library` built as it is published: by the profile `wasm`, and with these flags.
fn as_published(library: &mut Command) -> Result<()> {
    // The smaller SHA-256, of which only heads of keys' fingerprints are made.
    let mut flags = OsString::from(r#"--cfg sha2_backend_soft="compact""#);
    // A value is moved by one instruction where it is longer than a word, not by a pair of instructions for each of its
    // words: the wasm is 3 % smaller. A check takes 7 % longer.
    flags.push(" -Cllvm-args=--max-store-memcpy=1 -Cllvm-args=--max-store-memmove=1");
    // No computation is copied to where it may be spared: 500 bytes less.
    flags.push(" -Cllvm-args=--enable-pre=false");
    // This machine's folders, which panic messages would name.
    let mut homes = vec![(cargo_home(), "cargo"), (workspace_root(), "poolcheck")];
    if let Ok(sysroot) = sysroot() {
        homes.push((sysroot, "rust"));
    }
    for (folder, name) in homes {
        flags.push(format!(" --remap-path-prefix={}={name}", folder.display()));
    }
    if builds_std()? {
        library.env("RUSTC_BOOTSTRAP", "1").args(BUILD_STD);
        flags.push(" ");
        flags.push(ENDS_AT_ONCE.join(" "));
    }
    library.args(["--profile", "wasm"]).env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", flags);
    Ok(())
}

/// Whether the toolchain can build its own standard library, whose sources are added where rustup can and they are
/// missing. Cargo and rustc give this to nightly toolchains only, unless they are told by `RUSTC_BOOTSTRAP` to take
/// themselves for one: a later release may call its flags otherwise. The wasm is then built with the library that comes
/// with the toolchain, and is larger.
fn builds_std() -> Result<bool> {
    let knows_flags =
        output(Command::new("rustc").env("RUSTC_BOOTSTRAP", "1").args(ENDS_AT_ONCE).args(["--print", "cfg"]));
    let has_sources = || Ok::<_, anyhow::Error>(sysroot()?.join("lib/rustlib/src/rust/library").exists());
    let builds = knows_flags.is_ok()
        && (has_sources()?
            || (run(Command::new("rustup").args(["component", "add", "rust-src"])).is_ok()
                && has_sources()?));
    if !builds {
        eprintln!(
            "warning: this toolchain cannot build its standard library anew; the wasm is some 3 % larger"
        );
    }
    Ok(builds)
}

/// The folder of the Rust toolchain.
fn sysroot() -> Result<PathBuf> {
    Ok(PathBuf::from(output(Command::new("rustc").args(["--print", "sysroot"]))?.trim()))
}

/// Adds the wasm target where rustup can and it is missing.
fn ensure_target() -> Result<()> {
    if sysroot()?.join("lib/rustlib").join(TARGET).exists() {
        return Ok(());
    }
    run(Command::new("rustup").args(["target", "add", TARGET])).with_context(|| {
        format!("the Rust target {TARGET} is missing; add it with your toolchain's installer")
    })
}

/// The folder of `wasm-bindgen` and its test runner in the version of Cargo.lock, installed where it is missing.
fn ensure_bindgen() -> Result<PathBuf> {
    let lock = fs::read_to_string(workspace_root().join("Cargo.lock")).context("cannot read Cargo.lock")?;
    let version = lock
        .split("[[package]]")
        .find(|package| package.contains("name = \"wasm-bindgen\"\n"))
        .and_then(|package| package.split("version = \"").nth(1)?.split('"').next())
        .context("Cargo.lock names no wasm-bindgen")?;
    let own = target_folder().join("tools");
    for folder in [cargo_home().join("bin"), own.join("bin")] {
        let found = output(Command::new(folder.join(program("wasm-bindgen"))).arg("--version"));
        if found.is_ok_and(|text| text.trim() == format!("wasm-bindgen {version}"))
            && folder.join(program("wasm-bindgen-test-runner")).exists()
        {
            return Ok(folder);
        }
    }
    // A debug build writes the same files and takes a quarter of the time to install.
    run(Command::new("cargo")
        .args(["install", "wasm-bindgen-cli", "--version", version, "--debug", "--root"])
        .arg(&own)
        .env("CARGO_PROFILE_DEV_DEBUG", "0")
        .env("CARGO_PROFILE_DEV_STRIP", "true"))?;
    Ok(own.join("bin"))
}

/// Installs the npm packages that `folder`'s lock file names, unless they are there.
fn ensure_packages(folder: &str) -> Result<()> {
    let folder_path = workspace_root().join(folder);
    let wanted = fs::metadata(folder_path.join("package-lock.json")).and_then(|file| file.modified());
    let installed =
        fs::metadata(folder_path.join("node_modules/.package-lock.json")).and_then(|file| file.modified());
    if let (Ok(wanted), Ok(installed)) = (&wanted, &installed)
        && wanted <= installed
    {
        return Ok(());
    }
    run(npm(folder).arg("ci"))
}

/// A program of the browser: the one that `variable` names, one on the path, or one from Debian's packages.
fn ensure_program(variable: &str, names: &[&str]) -> Result<PathBuf> {
    if let Some(path) = env::var_os(variable) {
        return Ok(PathBuf::from(path));
    }
    if let Some(path) = on_path(names) {
        return Ok(path);
    }
    let is_root = output(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0");
    if is_root && on_path(&["apt-get"]).is_some() {
        run(Command::new("apt-get").arg("update"))?;
        run(Command::new("apt-get")
            .args(["install", "-y", "--no-install-recommends", "chromium", "chromium-driver"])
            .env("DEBIAN_FRONTEND", "noninteractive"))?;
    }
    on_path(names).with_context(|| {
        format!(
            "no {} found: install Chromium and ChromeDriver (Debian: `apt-get install chromium chromium-driver`), \
             or name the program in the variable {variable}",
            names.first().unwrap_or(&variable)
        )
    })
}

fn on_path(names: &[&str]) -> Option<PathBuf> {
    let folders = env::var_os("PATH")?;
    env::split_paths(&folders)
        .flat_map(|folder| names.iter().map(move |name| folder.join(program(name))))
        .find(|path| path.is_file())
}

fn program(name: &str) -> String {
    format!("{name}{}", env::consts::EXE_SUFFIX)
}

fn cargo_home() -> PathBuf {
    env::var_os("CARGO_HOME").map(PathBuf::from).unwrap_or_else(|| {
        let home = env::var_os("HOME").or_else(|| env::var_os("USERPROFILE")).unwrap_or_default();
        Path::new(&home).join(".cargo")
    })
}

fn npm(folder: &str) -> Command {
    let mut command = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
    command.current_dir(workspace_root().join(folder));
    command
}

pub(crate) fn node(script: &Path) -> Command {
    let mut command = Command::new("node");
    command.arg(script);
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_come_out_of_the_module_as_they_went_in() {
        // Every byte, some often and most once, so that there are bytes of one symbol and of two.
        let bytes: Vec<u8> = (0..=u8::MAX).chain((0..90).flat_map(|byte| [byte; 3])).rev().collect();
        let module = module_of_bytes(&bytes);
        assert!(module.is_ascii());
        let script = format!("{module}\nconsole.log(JSON.stringify(Array.from(wasm())));");
        let told = output(Command::new("node").args(["--input-type=module", "--eval", &script])).unwrap();
        assert_eq!(serde_json::from_str::<Vec<u8>>(&told).unwrap(), bytes);
    }

    #[test]
    fn symbols_are_enough_and_need_no_escape() {
        let mut symbols: Vec<char> = SYMBOLS.chars().collect();
        assert!(symbols.iter().all(|symbol| (' '..='~').contains(symbol) && !"\"'`\\$<".contains(*symbol)));
        assert!(symbols.len() - LEADING + LEADING * symbols.len() >= 256);
        let count = symbols.len();
        symbols.sort_unstable();
        symbols.dedup();
        assert_eq!(symbols.len(), count);
    }
}
