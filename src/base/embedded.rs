//! The texts that the program reads: tables of the releases, catalogues of wordings.
//!
//! Natively they are part of the program. The published wasm asks the JavaScript around it for each at its first
//! use (`pkg/dist/texts.js`, which `cargo xtask wasm` makes of the same sources): code stays small however many releases and
//! languages there are, and what is not used is not read.

/// What comes from outside of the program with the features `wasm` and not `embedded-texts`: nothing is left
/// of a text in the program then.
macro_rules! embedded {
    ($text:expr) => {{
        #[cfg(all(feature = "wasm", not(feature = "embedded-texts")))]
        const TEXT: &str = "";
        #[cfg(not(all(feature = "wasm", not(feature = "embedded-texts"))))]
        const TEXT: &str = $text;
        TEXT
    }};
}
pub(crate) use embedded;

/// The text of this name: `hermes-0.19.0`, the tables of a release; `services`, whose keys go where; `unicode-14`, those of characters; `zh-CN`, a
/// catalogue. Empty where there is none. English wordings stand in the program, beside what says them; only where it holds
/// no texts is there a catalogue `en`.
#[cfg(not(all(feature = "wasm", not(feature = "embedded-texts"))))]
pub(crate) fn text(name: &str) -> &'static str {
    match name {
        "hermes-0.21.4" => include_str!("../../data/hermes-0.21.4.json"),
        "hermes-0.19.0" => include_str!("../../data/hermes-0.19.0.json"),
        "hermes-0.18.2" => include_str!("../../data/hermes-0.18.2.json"),
        "hermes-0.17.0" => include_str!("../../data/hermes-0.17.0.json"),
        "hermes-0.16.0" => include_str!("../../data/hermes-0.16.0.json"),
        "hermes-0.15.2" => include_str!("../../data/hermes-0.15.2.json"),
        "hermes-0.14.0" => include_str!("../../data/hermes-0.14.0.json"),
        "hermes-0.13.0" => include_str!("../../data/hermes-0.13.0.json"),
        "services" => include_str!("../../data/services.json"),
        "unicode-14" => include_str!("../../data/unicode-14.txt"),
        "zh-CN" => include_str!("../../locales/zh-CN.json"),
        _ => "",
    }
}

/// The text of this name, from JavaScript. It is kept for the rest of the program.
#[cfg(all(feature = "wasm", not(feature = "embedded-texts")))]
pub(crate) fn text(name: &str) -> &'static str {
    #[wasm_bindgen::prelude::wasm_bindgen(raw_module = "./texts.js")]
    extern "C" {
        #[wasm_bindgen(js_name = text)]
        fn handed_in(name: &str) -> String;
    }
    handed_in(name).leak()
}
