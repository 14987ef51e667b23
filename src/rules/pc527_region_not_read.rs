//! PC527: a region of Bedrock where Hermes reads none.

use super::variables::variables;
use super::{Context, Findings, declare_rule};
use crate::python::strip;

declare_rule! {
    /// The region of Amazon Bedrock is `bedrock.region`, in a section of its own. Where that says nothing, Hermes takes `AWS_REGION`, then
    /// `AWS_DEFAULT_REGION`, then what AWS's own files say, and at last `us-east-1`. A region beside the provider is read by nobody.
    ///
    /// ```yaml fires
    /// model: {provider: bedrock, default: amazon.nova-pro-v1:0, region: eu-central-1}
    /// ```
    /// ```yaml silent
    /// model: {provider: bedrock, default: amazon.nova-pro-v1:0}
    /// bedrock: {region: eu-central-1}
    /// ```
    pub static REGION_NOT_READ = {
        code: "PC527", name: "region-not-read", severity: Warning, since: "0.1.0",
        fix: None,
        what: "Hermes does not read the region in `{path}`",
        why: "It takes the region of Bedrock from `bedrock.region`, else from `AWS_REGION`, else from `AWS_DEFAULT_REGION`.{used}",
        todo: "Write it as `bedrock.region`: `bedrock` is a section of its own, beside `model`.",
        command: "hermes config set bedrock.region {region}",
        part used: " Here that is `{used_region}`.",
        part open: "",
    }
}

/// Where people write it.
const PATHS: [&[&str]; 5] = [
    &["model", "region"],
    &["model", "aws_region"],
    &["model", "region_name"],
    &["providers", "bedrock", "region"],
    &["providers", "bedrock", "aws_region"],
];

fn check(context: &Context<'_>, findings: &mut Findings) {
    let is_bedrock = |name: &str| context.facts.aliases.get(name).map_or(name, String::as_str) == "bedrock";
    let request = context.request.as_ref().filter(|request| is_bedrock(&request.name));
    // What 0.21.4 does with Bedrock was not read.
    if request.is_none() || context.is_read_only() {
        return;
    }
    let own = context.loaded_at(&["bedrock", "region"]).and_then(|node| node.value.as_str()).unwrap_or("");
    let set = variables(context);
    let value_of = |name: &str| set.iter().find(|own| own.name == name).map_or("", |own| own.value);
    let regions = [own, value_of("AWS_REGION"), value_of("AWS_DEFAULT_REGION")];
    let used = regions.map(strip).into_iter().find(|region| !region.is_empty());
    for path in PATHS {
        let Some(node) = context.config_at(path) else { continue };
        let (Some(written), Some(place)) = (node.value.as_str().map(strip), node.place) else { continue };
        if written.is_empty() || used == Some(written) {
            continue;
        }
        let is_plain = written.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        findings
            .report(&REGION_NOT_READ, place)
            .with("path", path.join("."))
            .with("used_region", used.unwrap_or_default())
            .part("used", if used.is_some() { "used" } else { "open" })
            .command("region", Some(written).filter(|_| is_plain));
    }
}

#[cfg(test)]
mod tests {
    use super::REGION_NOT_READ;
    use crate::rules::testing::{fires, silent};

    /// Expected: tests/evidence/PC527.json.
    #[test]
    fn a_region_under_model() {
        fires(
            &REGION_NOT_READ,
            "\
--- config.yaml
model: {provider: bedrock, default: amazon.nova-pro-v1:0, region: eu-central-1}
                                                                  ^^^^^^^^^^^^ PC527
--- .env
AWS_ACCESS_KEY_ID=AKIAFAKEFAKEFAKE0001
AWS_SECRET_ACCESS_KEY=fakeFAKEfakeFAKEfakeFAKEfakeFAKEfake0001
AWS_REGION=us-west-2
--- says
Hermes does not read the region in `model.region`
Here that is `us-west-2`.
hermes config set bedrock.region eu-central-1
",
        );
    }

    #[test]
    fn the_same_region_where_it_is_read() {
        silent(
            &REGION_NOT_READ,
            "--- config.yaml\nmodel: {provider: aws, default: m, region: eu-central-1}\nbedrock: {region: eu-central-1}\n",
        );
        silent(
            &REGION_NOT_READ,
            "--- config.yaml\nmodel: {provider: gemini, default: m, region: eu-central-1}\n",
        );
    }
}
