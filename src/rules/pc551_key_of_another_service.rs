//! PC551: a key of one service that Hermes sends to another.

use super::calls::place;
use super::pc207_stale_base_url::stale_base_url;
use super::pc552_endpoint_variable_of_another_service::{foreign_urls, url_variable};
use super::pools::PoolNames;
use super::variables::{is_plain, variables};
use super::{Context, Findings, declare_rule, whole_lines};
use crate::base::sources::SourceKind;
use crate::base::text::{Edit, Place, Places, Span};
use crate::diagnostic::Safety;
use crate::facts::Facts;
use crate::facts::services::{Service, strange_to};
use crate::hermes::Origin;
use crate::hermes::commands::Adds;
use crate::hermes::destinations::{Destination, Sender};
use crate::python::urlparse;

declare_rule! {
    /// Some services give out keys that are known by their beginning: `sk-or-` is OpenRouter's, `sk-ant-` Anthropic's, `sk-kimi-` Kimi
    /// Code's. Hermes looks at hardly any of them: it sends the key that it has under a name to the endpoint that belongs to
    /// the name. A key of another service is refused there. A proxy or a server of one's own may want any key, and is left alone.
    ///
    /// ```env fires
    /// DEEPSEEK_API_KEY=sk-or-v1-fake-000000
    /// ```
    /// ```env silent
    /// DEEPSEEK_API_KEY=sk-fake-000000
    /// OPENROUTER_API_KEY=sk-or-v1-fake-000000
    /// ```
    pub static KEY_OF_ANOTHER_SERVICE = {
        code: "PC551", name: "key-of-another-service", severity: Error, since: "0.1.0",
        fix: Some(Safety::Unsafe),
        what: "This is a key of {owner}, and Hermes sends it to {site}",
        why: "{told} `{host}` belongs to {site}, which does not know the key.{family}",
        todo: "{way}",
        command: "{command}",
        fix_title: "Send this key to {owner}",
        label endpoint: "Hermes sends it here",
        part begins: "Keys that begin with `{mark}` are keys of {owner}.",
        part form: "Keys of the form `{mark}` are keys of {owner}.",
        part family: " The two belong together, and have keys of their own all the same.",
        part apart: "",
        part rename: "Call the variable `{variable}`, which Hermes reads for `{provider}`.",
        part switch: "Call the variable `{variable}` and use the provider `{provider}`, or put a key of {site} here.",
        part provider: "Use the provider `{provider}`, which sends this key to {owner}, or put a key of {site} here.",
        part without_url: "Use the provider `{provider}` and take `{url_variable}` out, which would send the key elsewhere, or put a key of {site} here.",
        part url: "Take `{url_variable}` out, or write an endpoint of {owner} there.",
        part row: "Write `{endpoint}` as the row's `base_url`. `hermes auth add {provider}` stores another endpoint with every key; in the variable `{variable}` Hermes tells this one by its beginning.",
        part endpoint: "Write `{endpoint}` as the row's `base_url`.",
        part pool: "Add the key to the pool of `{provider}`; Hermes asks for it. Then remove this row.",
        part pool_and_use: "Add the key to the pool of `{provider}`; Hermes asks for it. Then remove this row, and use the provider `{provider}`.",
        part variable: "Put the key into the variable `{variable}`: Hermes tells it by its beginning there, and `hermes auth add {provider}` stores another endpoint with it. Then remove this row.",
        part in_variable: "Put the key into the variable `{variable}`: Hermes tells it by its beginning there, and `hermes auth add {provider}` stores another endpoint with it.",
        part add: "Add the key to the pool of `{provider}`; Hermes asks for it.",
        part remove: "hermes auth remove {pool} {row}",
        part block: "Write `{endpoint}` as `base_url`, or put a key of {site} here.",
        part key: "Put a key of {site} here.",
        part either: "Its beginning does not tell whether it is of the provider `{provider}` or of `{other}`: use the one that it is of, or put a key of {site} here.",
        part custom: "Hermes has no provider for {owner}: use it through `custom` with `base_url: {endpoint}`, and put a key of {site} here.",
        part own_url: "Set `{url_variable}` in `.env` to the endpoint of {owner}: `{endpoint}`. Keep the key in `{variable}`.",
        part own_url_of: "Set `{url_variable}` in `.env` to the endpoint of {owner} that its page shows you: `{endpoint}`, or the same at {hosts}. Keep the key in `{variable}`.",
        part set: "hermes config set model.provider {provider}",
        part move: "hermes auth add {provider} --type api-key\nhermes auth remove {pool} {row}",
        part move_and_use: "hermes auth add {provider} --type api-key\nhermes auth remove {pool} {row}\nhermes config set model.provider {provider}",
        part into_pool: "hermes auth add {provider} --type api-key",
    }
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    let all = &context.destinations;
    // What is wrong with the endpoint is said at the endpoint.
    let mut endpoints: Vec<Place> = stale_base_url(context).map(|stale| stale.place).into_iter().collect();
    endpoints.extend(foreign_urls(context).iter().map(|url| url.place));
    let endpoints = Places::new(endpoints);
    let is_right = |one: &&Destination| one.owner.is_some() && one.site.is_some() && one.mismatch().is_none();
    let right = all.iter().filter(is_right);
    let right = Places::new(right.filter_map(|one| one.key.place).collect());
    let mut places = Places::new(all.iter().filter_map(|one| one.key.place).collect());
    for sent in all {
        let (Some((owner, site)), Some(place)) = (sent.mismatch(), sent.key.place) else { continue };
        let is_used = sent.sender == Sender::Verdict;
        // Without config.yaml it is not known where the key in use goes.
        if is_used && !context.world.given.config.is_given() {
            continue;
        }
        if sent.url_place.is_some_and(|url| endpoints.contains(url))
            || !is_used && (right.contains(place) || is_for_many(sent))
            || !places.take(place)
        {
            continue;
        }
        // Before the host a name and a password may stand.
        let host = urlparse(&sent.url).and_then(|url| url.hostname()).unwrap_or_default();
        let told = if owner.form.is_empty() { "begins" } else { "form" };
        findings
            .report(&KEY_OF_ANOTHER_SERVICE, place)
            .with("owner", owner.name.as_str())
            .with("site", site.name.as_str())
            .with("host", host)
            .with("mark", sent.mark.unwrap_or_default())
            .part("told", told)
            .part("family", if owner.family == site.family { "family" } else { "apart" })
            .label("endpoint", sent.url_place);
        Way { context, sent, owner }.say(findings);
    }
    of_commands(context, findings);
}

/// Keys that `hermes auth add` would store with the endpoint of another service.
fn of_commands(context: &Context<'_>, findings: &mut Findings) {
    for call in &context.calls {
        let (Some(Ok(Adds::Key(pool))), Some((value, word))) = (&call.adds, call.value("--api-key")) else {
            continue;
        };
        let Some((owner, site)) = strange_to(context.facts, pool, value).filter(|_| !word.is_open) else {
            continue;
        };
        let host = Service::host_of_default(pool, context.facts).unwrap_or_default();
        findings
            .report(&KEY_OF_ANOTHER_SERVICE, place(word.span))
            .with("owner", owner.name.as_str())
            .with("site", site.name.as_str())
            .with("host", host)
            .with("mark", owner.mark_of(value).unwrap_or_default())
            .with("endpoint", owner.endpoint.as_str())
            .part("told", if owner.form.is_empty() { "begins" } else { "form" })
            .part("family", if owner.family == site.family { "family" } else { "apart" });
        if says_either(findings, owner, owner.mark_of(value)) {
            continue;
        }
        match target_of(context.facts, owner).filter(|_| owner.mark_of(value) != Some(BARRED)) {
            Some((provider, variable)) => {
                findings.with("provider", provider).with("variable", variable);
                if owner.is_default_of(provider, context.facts) {
                    findings.part("command", "into_pool").part("way", "add");
                } else {
                    findings.without_command().part("way", "in_variable");
                }
            }
            None if says_own_url(findings, context.facts, pool, owner, site) => {}
            None => {
                findings
                    .without_command()
                    .part("way", if owner.endpoint.is_empty() { "key" } else { "custom" });
            }
        }
    }
}

/// Says that the variable for the endpoint of `provider` can carry that of the key's owner, who is of the family of `site` and has
/// no provider of its own; whether that is so.
fn says_own_url(
    findings: &mut Findings,
    facts: &'static Facts,
    provider: &str,
    owner: &Service,
    site: &Service,
) -> bool {
    let row = facts.providers.get(provider).filter(|row| !row.base_url_env_var.is_empty());
    let Some((row, variable)) = row.and_then(|row| Some((row, row.api_key_env_vars.first()?))) else {
        return false;
    };
    if owner.endpoint.is_empty() || !owner.provider.is_empty() || owner.family != site.family {
        return false;
    }
    let host = urlparse(&owner.endpoint).and_then(|url| url.hostname()).unwrap_or_default();
    let others: Vec<&str> = owner.hosts.iter().map(String::as_str).filter(|other| *other != host).collect();
    findings
        .without_command()
        .with("url_variable", row.base_url_env_var.as_str())
        .with("variable", variable.as_str())
        .with("hosts", others.join(", "))
        .part("way", if others.is_empty() { "own_url" } else { "own_url_of" });
    true
}

/// Names both services where the beginning `mark` does not tell which of them a key is of.
fn says_either(findings: &mut Findings, owner: &Service, mark: Option<&str>) -> bool {
    let Some(other) = mark.and_then(|mark| owner.sharing(mark)) else { return false };
    findings
        .with("provider", owner.provider.as_str())
        .with("other", other.provider.as_str())
        .without_command()
        .part("way", "either");
    true
}

/// Copilot refuses classic tokens, as PC414 says.
const BARRED: &str = "ghp_";

/// The provider of this release that sends keys to `owner`, and its variable.
fn target_of(facts: &'static Facts, owner: &Service) -> Option<(&'static str, &'static str)> {
    if owner.provider == "openrouter" {
        return Some(("openrouter", "OPENROUTER_API_KEY"));
    }
    let row = facts.providers.get(&owner.provider).filter(|row| row.auth_type == "api_key")?;
    Some((&row.id, row.api_key_env_vars.first()?))
}

/// Whether the variable is one that many programs read, and parts of Hermes beside its provider: what it is for is not known as
/// long as no request uses it.
fn is_for_many(sent: &Destination) -> bool {
    variable_of(sent) == Some("OPENAI_API_KEY")
}

/// The variable that holds the key.
fn variable_of(sent: &Destination) -> Option<&str> {
    match &sent.key.origin {
        Origin::Variable(name) => Some(name),
        Origin::Pool { source, .. } => source.strip_prefix("env:"),
        _ => None,
    }
}

/// The way out for a key.
struct Way<'c> {
    context: &'c Context<'c>,
    sent: &'c Destination,
    owner: &'static Service,
}

impl Way<'_> {
    fn say(&self, findings: &mut Findings) {
        let (context, owner) = (self.context, self.owner);
        findings.with("endpoint", owner.endpoint.as_str());
        if says_either(findings, owner, self.sent.mark) {
            return;
        }
        let target = self.target();
        if let Some((provider, variable)) = target {
            findings.with("provider", provider).with("variable", variable);
        }
        // The variable of a custom provider is called as the user likes.
        let facts = context.facts;
        let is_named = |name: &&str| super::variables::provider_of_key(facts, name, false).is_some();
        match variable_of(self.sent).filter(is_named) {
            Some(name) => return self.of_variable(findings, name, target),
            None if self.is_row() => return self.of_row(findings, target),
            None => findings.without_command(),
        };
        findings.part("way", if owner.endpoint.is_empty() { "key" } else { "block" });
    }

    /// The provider of this release that sends keys to the key's owner, and its variable; none where Hermes takes it nowhere.
    fn target(&self) -> Option<(&'static str, &'static str)> {
        target_of(self.context.facts, self.owner).filter(|_| !self.is_barred())
    }

    fn is_barred(&self) -> bool {
        self.sent.mark == Some(BARRED)
    }

    /// The way out where no provider of Hermes takes the key.
    fn elsewhere(&self) -> &'static str {
        if self.owner.endpoint.is_empty() || self.is_barred() { "key" } else { "custom" }
    }

    fn is_row(&self) -> bool {
        matches!(self.sent.key.origin, Origin::Pool { .. })
            && self.sent.key.place.is_some_and(|place| place.source == SourceKind::AuthStore)
    }

    fn of_variable(&self, findings: &mut Findings, name: &str, target: Option<(&str, &str)>) {
        let (context, sent) = (self.context, self.sent);
        let Some((provider, variable)) = target else {
            let facts = context.facts;
            let is_own = super::variables::provider_of_key(facts, name, false) == Some(&sent.provider);
            // An endpoint of config.yaml comes before that of the variable.
            if sent.url_place.is_some_and(|place| place.source == SourceKind::Config) {
                findings
                    .without_command()
                    .part("way", if self.owner.endpoint.is_empty() { "key" } else { "block" });
            } else if !is_own
                || !sent
                    .site
                    .is_some_and(|site| says_own_url(findings, facts, &sent.provider, self.owner, site))
            {
                findings.without_command().part("way", self.elsewhere());
            }
            return;
        };
        let is_used = sent.sender == Sender::Verdict;
        let reads = context.facts.providers.get(provider);
        let is_own = reads.is_some_and(|row| row.api_key_env_vars.iter().any(|own| own == name));
        if is_own && provider == sent.provider {
            let url = url_variable(context, provider).filter(|(_, place)| Some(*place) == sent.url_place);
            if let Some((url, place)) = url {
                findings.with("url_variable", url).without_command().part("way", "url");
                let text = context.text_of(place.source);
                if let Some(lines) = whole_lines(text, self.line_of(place)) {
                    findings.fix(place.source, vec![Edit::replace(Span::at(lines.start), "# ")]);
                }
                return;
            }
            findings.without_command().part("way", "key");
            return;
        }
        let edits = self.provider_edit(provider).filter(|_| is_used);
        if is_own && let Some(setting) = self.diverted_by(provider).filter(|_| is_used) {
            findings.with("url_variable", setting).without_command().part("way", "without_url");
            return;
        }
        if is_own {
            findings.part("command", "set").part("way", "provider");
            if let Some((place, edit)) = edits {
                findings.fix(place.source, vec![edit]);
            }
            return;
        }
        if is_used {
            findings.part("command", "set").part("way", "switch");
        } else {
            findings.without_command().part("way", "rename");
        }
        // Where the variable has a value already, that one is lost.
        let set = variables(context);
        let written = set.iter().find(|one| one.name == name);
        let is_free = !set.iter().any(|one| one.name == variable);
        let Some(written) = written.filter(|one| is_free && is_plain(context.facts, one.value)) else {
            return;
        };
        match (is_used, edits) {
            (true, Some((place, edit))) => {
                findings.replace(written.name_place, variable);
                findings.fix(place.source, vec![edit]);
            }
            (false, _) => {
                findings.replace(written.name_place, variable);
            }
            (true, None) => {}
        }
    }

    fn of_row(&self, findings: &mut Findings, target: Option<(&str, &str)>) {
        let (sent, names): (_, &PoolNames) = (self.sent, &self.context.pool_names);
        let Some((provider, _)) = target else {
            let is_family = sent.site.is_some_and(|site| site.family == self.owner.family);
            let way =
                if is_family && !self.owner.endpoint.is_empty() { "endpoint" } else { self.elsewhere() };
            findings.without_command().part("way", way);
            return;
        };
        let pool = names.provider(&sent.provider).unwrap_or_else(|| sent.provider.clone());
        if provider == pool {
            // What Hermes tells by the key's beginning it tells of variables only.
            let is_told = !self.owner.is_default_of(provider, self.context.facts);
            findings.without_command().part("way", if is_told { "row" } else { "endpoint" });
            if let Some(place) = sent.url_place.filter(|place| place.source == SourceKind::AuthStore) {
                findings.replace(place, &["\"", &self.owner.endpoint, "\""].concat());
            }
            return;
        }
        let is_stored = self.owner.is_default_of(provider, self.context.facts);
        let row = sent.row.unwrap_or(1);
        // Without this row Hermes may not find the provider by itself.
        let is_enough =
            sent.sender != Sender::Verdict || self.context.moving_helps(provider, &sent.provider, row);
        let (command, way) = match (is_stored, is_enough) {
            (true, true) => ("move", "pool"),
            (true, false) => ("move_and_use", "pool_and_use"),
            (false, _) => ("remove", "variable"),
        };
        findings.with("pool", pool).with("row", row).part("command", command).part("way", way);
    }

    /// The setting that keeps the key from its owner once `model.provider` is `id`, where Hermes, asked so, sends it elsewhere.
    fn diverted_by(&self, id: &str) -> Option<&str> {
        let context = self.context;
        let request = context.request.as_ref().filter(|request| request.path == "model.provider")?;
        let change = vec![(request.place.source, Edit::replace(request.place.span, id))];
        let url = context.verdict_after(&change)?.outcome.ok()?.base_url;
        let is_there = Service::at(&url)
            .is_some_and(|site| *site == *self.owner || site.may_own(self.owner, self.sent.mark));
        if is_there {
            return None;
        }
        match url_variable(context, id) {
            Some((name, _)) => Some(name),
            None => context.config_at(&["model", "base_url"]).map(|_| "model.base_url"),
        }
    }

    /// What writes the provider `id` as the one that is used, where nothing else there speaks against it.
    fn provider_edit(&self, id: &str) -> Option<(Place, Edit)> {
        let request = self.context.request.as_ref()?;
        let has_url = self.context.config_at(&["model", "base_url"]).is_some();
        let is_plain = super::lines::name_at(self.context.text_of(request.place.source), request.place)
            == request.name
            && request.path == "model.provider"
            && !has_url;
        is_plain.then(|| (request.place, Edit::replace(request.place.span, id)))
    }

    /// The line of an assignment whose value is at `place`.
    fn line_of(&self, place: Place) -> Span {
        let text = self.context.text_of(place.source);
        let before = text.get(..place.span.start).unwrap_or("");
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        Span::new(start, place.span.end)
    }
}

#[cfg(test)]
mod tests {
    /// `XIAOMI_BASE_URL` carries it in 0.19.0 (`resolve_runtime_provider`, run).
    #[test]
    fn the_endpoint_variable_carries_the_plan_s_endpoint() {
        fires(
            &KEY_OF_ANOTHER_SERVICE,
            "\
--- config.yaml
model: {provider: xiaomi, default: mimo-v2-pro}
--- .env
XIAOMI_API_KEY=tp-fakefakefakefakefakefake
               ^^^^^^^^^^^^^^^^^^^^^^^^^^^ PC551
--- says
Set `XIAOMI_BASE_URL` in `.env` to the endpoint of Xiaomi MiMo's Token Plan that its page shows you: `https://token-plan-cn.xiaomimimo.com/v1`, or the same at token-plan-sgp.xiaomimimo.com
",
        );
        silent(
            &KEY_OF_ANOTHER_SERVICE,
            "--- config.yaml\nmodel: {provider: xiaomi, default: mimo-v2-pro}\n--- .env\nXIAOMI_API_KEY=tp-fakefakefakefakefakefake\nXIAOMI_BASE_URL=https://token-plan-ams.xiaomimimo.com/v1\n",
        );
    }

    /// `hermes auth add kimi-coding` of 0.19.0 stores api.moonshot.ai with every key (`auth_commands.py`, run).
    #[test]
    fn a_key_on_the_command_line() {
        let world = |command: &str| format!("--- commands\n{command}\n");
        let key = "sk-kimi-fake-000000";
        let command = format!("hermes auth add kimi-coding --type api-key --api-key {key}");
        let mark = format!("{}{} PC551", " ".repeat(command.len() - key.len()), "^".repeat(key.len()));
        fires(
            &KEY_OF_ANOTHER_SERVICE,
            &world(&format!("{command}\n{mark}\n--- says\nPut the key into the variable `KIMI_API_KEY`")),
        );
        let key = "sk-or-v1-fake-000000";
        let command = format!("hermes auth add gemini --type api-key --api-key {key}");
        let mark = format!("{}{} PC551", " ".repeat(command.len() - key.len()), "^".repeat(key.len()));
        fires(
            &KEY_OF_ANOTHER_SERVICE,
            &world(&format!("{command}\n{mark}\n--- says\nAdd the key to the pool of `openrouter`")),
        );
        let key = "sk-cp-fake-000000";
        let command = format!("hermes auth add deepseek --api-key {key}");
        let mark = format!("{}{} PC551", " ".repeat(command.len() - key.len()), "^".repeat(key.len()));
        fires(
            &KEY_OF_ANOTHER_SERVICE,
            &world(&format!("{command}\n{mark}\n--- says\nof the provider `minimax` or of `minimax-cn`")),
        );
        for command in [
            "hermes auth add openrouter --type api-key --api-key sk-or-v1-fake-000000",
            "hermes auth add gemini --type api-key --api-key \"$KEY\"",
            "hermes auth add nous --type oauth",
            // Both of MiniMax' regions give out keys that begin so.
            "hermes auth add minimax-cn --api-key sk-cp-fake-000000",
            "hermes auth add minimax --api-key sk-cp-fake-000000",
        ] {
            silent(&KEY_OF_ANOTHER_SERVICE, &world(command));
        }
    }

    use super::KEY_OF_ANOTHER_SERVICE;
    use crate::base::sources::{Given, Sources};
    use crate::facts::Facts;
    use crate::facts::services::{Service, all};
    use crate::rules::testing::{NOW, fires, silent};
    use poolcheck::api::{Input, Options, apply_fixes, check};
    use poolcheck::report::{FindingView, Report};

    #[test]
    fn the_variable_of_another_provider_in_use() {
        fires(
            &KEY_OF_ANOTHER_SERVICE,
            "\
--- config.yaml
model: {provider: gemini, default: m}
--- .env
GEMINI_API_KEY=sk-or-v1-fake-000000
               ^^^^^^^^^^^^^^^^^^^^ PC551
--- fixed config.yaml
model: {provider: openrouter, default: m}
--- fixed .env
OPENROUTER_API_KEY=sk-or-v1-fake-000000
--- says
This is a key of OpenRouter, and Hermes sends it to Google
Keys that begin with `sk-or-` are keys of OpenRouter.
hermes config set model.provider openrouter
--- then
Hermes uses OPENROUTER_API_KEY (env:OPENROUTER_API_KEY) for openrouter
endpoint: https://openrouter.ai/api/v1
nothing is found
",
        );
    }

    /// Both read `DASHSCOPE_API_KEY`: the other provider alone mends it.
    #[test]
    fn a_variable_that_the_right_provider_reads_as_well() {
        fires(
            &KEY_OF_ANOTHER_SERVICE,
            "\
--- config.yaml
model: {provider: alibaba, default: m}
--- .env
DASHSCOPE_API_KEY=sk-sp-fake-000000
                  ^^^^^^^^^^^^^^^^^ PC551
--- fixed config.yaml
model: {provider: alibaba-coding-plan, default: m}
--- says
Use the provider `alibaba-coding-plan`
The two belong together
hermes config set model.provider alibaba-coding-plan
--- then
endpoint: https://coding-intl.dashscope.aliyuncs.com/v1
nothing is found
",
        );
        silent(
            &KEY_OF_ANOTHER_SERVICE,
            "--- config.yaml\nmodel: {provider: alibaba-coding-plan}\n--- .env\nDASHSCOPE_API_KEY=sk-sp-fake-000000\n",
        );
    }

    /// Asked of 0.19.0: `hermes auth add kimi-coding` stores the default endpoint, and the row's endpoint is used as it is; a
    /// variable's key is told by its beginning.
    #[test]
    fn the_row_of_a_key_of_kimi_code() {
        fires(
            &KEY_OF_ANOTHER_SERVICE,
            r#"
--- config.yaml
model: {provider: kimi-coding, default: k}
--- auth.json
{"version": 1, "credential_pool": {"kimi-coding": [{"id": "a", "label": "code", "auth_type": "api_key", "priority": 0,
  "source": "manual", "access_token": "sk-kimi-fake-000000",
                                      ^^^^^^^^^^^^^^^^^^^^^ PC551
  "base_url": "https://api.moonshot.ai/v1"}]}}
--- fixed auth.json
{"version": 1, "credential_pool": {"kimi-coding": [{"id": "a", "label": "code", "auth_type": "api_key", "priority": 0,
  "source": "manual", "access_token": "sk-kimi-fake-000000",
  "base_url": "https://api.kimi.com/coding"}]}}
--- says
Keys that begin with `sk-kimi-` are keys of Kimi Code.
in the variable `KIMI_API_KEY` Hermes tells this one by its beginning
--- then
endpoint: https://api.kimi.com/coding
mode: anthropic_messages
nothing is found
"#,
        );
    }

    #[test]
    fn an_endpoint_in_a_variable_keeps_the_key_from_its_service() {
        fires(
            &KEY_OF_ANOTHER_SERVICE,
            "\
--- config.yaml
model: {provider: kimi-coding, default: k}
--- .env
KIMI_API_KEY=sk-kimi-fake-000000
             ^^^^^^^^^^^^^^^^^^^ PC551
KIMI_BASE_URL=https://api.moonshot.ai/v1
--- fixed .env
KIMI_API_KEY=sk-kimi-fake-000000
# KIMI_BASE_URL=https://api.moonshot.ai/v1
--- says
Take `KIMI_BASE_URL` out
--- then
endpoint: https://api.kimi.com/coding
nothing is found
",
        );
    }

    /// Asked of 0.19.0: with both set, `openai-api` sends the key to the address of the variable.
    #[test]
    fn an_endpoint_that_stands_in_the_way_of_the_right_provider() {
        let config = "--- config.yaml\nmodel: {default: m, provider: custom}\n";
        let environ = "\
--- environment
OPENAI_API_KEY=sk-proj-fake0000000000000000
               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PC551
OPENAI_BASE_URL=http://host.docker.internal:1234/v1
--- says
Use the provider `openai-api` and take `OPENAI_BASE_URL` out
";
        fires(&KEY_OF_ANOTHER_SERVICE, &[config, environ].concat());
        let written = "\
--- config.yaml
model: {default: m, provider: custom, base_url: 'https://openrouter.ai/api/v1'}
--- .env
OPENAI_API_KEY=sk-proj-fake0000000000000000
               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PC551
--- says
Use the provider `openai-api` and take `model.base_url` out
";
        fires(&KEY_OF_ANOTHER_SERVICE, written);
    }

    #[test]
    fn blocks_with_a_key_of_their_own() {
        fires(
            &KEY_OF_ANOTHER_SERVICE,
            "\
--- config.yaml
model: {provider: 'custom:box', default: m}
custom_providers:
- {name: box, base_url: 'https://api.groq.com/openai/v1', key_env: BOX_KEY}
- {name: two, base_url: 'https://api.perplexity.ai', api_key: gsk_fake000000}
                                                              ^^^^^^^^^^^^^^ PC551
fallback_providers:
- {provider: custom, model: m, base_url: 'https://api.mistral.ai/v1', api_key: pplx-fake-000000}
                                                                               ^^^^^^^^^^^^^^^^ PC551
- {provider: deepseek, model: m, api_key: xai-fake-000000}
                                          ^^^^^^^^^^^^^^^ PC551
auxiliary:
  vision: {provider: custom, base_url: 'https://api.together.xyz/v1', api_key: AIza-fake-000000, model: m}
                                                                               ^^^^^^^^^^^^^^^^ PC551
--- .env
BOX_KEY=nvapi-fake-000000
        ^^^^^^^^^^^^^^^^^ PC551
--- says
Write `https://integrate.api.nvidia.com/v1` as `base_url`, or put a key of Groq here.
",
        );
    }

    /// The first key is selected, which moves it to the end; `hermes auth remove` of a new process counts as auth.json does.
    #[test]
    fn a_row_of_a_pool_that_goes_round() {
        fires(
            &KEY_OF_ANOTHER_SERVICE,
            r#"
--- config.yaml
model: {provider: deepseek, default: k}
credential_pool_strategies: {deepseek: round_robin}
--- auth.json
{"version": 1, "credential_pool": {"deepseek": [
  {"id": "a", "label": "x", "access_token": "sk-fake-000000", "base_url": "https://api.deepseek.com/v1"},
  {"id": "b", "label": "y", "access_token": "AIza-fake-000000", "base_url": "https://api.deepseek.com/v1"}]}}
                                            ^^^^^^^^^^^^^^^^^^ PC551
--- says
hermes auth remove deepseek 2
"#,
        );
    }

    #[test]
    fn rows_of_a_pool() {
        fires(
            &KEY_OF_ANOTHER_SERVICE,
            r#"
--- config.yaml
model: {provider: deepseek, default: k}
--- auth.json
{"version": 1, "credential_pool": {"deepseek": [
  {"id": "a", "label": "x", "access_token": "sk-fake-000000", "base_url": "https://api.deepseek.com/v1"},
  {"id": "b", "label": "y", "access_token": "AIza-fake-000000", "base_url": "https://api.deepseek.com/v1"},
                                            ^^^^^^^^^^^^^^^^^^ PC551
  {"id": "c", "label": "z", "access_token": "gsk_fake000000", "base_url": "https://api.deepseek.com/v1"}]}}
                                            ^^^^^^^^^^^^^^^^ PC551
--- says
hermes auth add gemini --type api-key
hermes auth remove deepseek 2
Hermes has no provider for Groq
"#,
        );
    }

    #[test]
    fn proxies_logins_and_variables_that_many_read() {
        silent(
            &KEY_OF_ANOTHER_SERVICE,
            "\
--- config.yaml
model: {provider: openrouter, default: m}
custom_providers:
- {name: lite, base_url: 'http://localhost:4000/v1', api_key: sk-ant-api03-fake-000000}
- {name: gate, base_url: 'https://gateway.ai.cloudflare.com/v1/a/b/openai', api_key: sk-proj-fake-000000}
- {name: lan, base_url: 'http://10.0.0.2:8000/v1', api_key: AIza-fake-000000}
--- .env
OPENAI_API_KEY=sk-or-v1-fake-000000
ANTHROPIC_TOKEN=sk-ant-oat01-fake-000000
ANTHROPIC_API_KEY=sk-kimi-fake-000000
ANTHROPIC_BASE_URL=https://api.kimi.com/coding
KIMI_API_KEY=sk-kimi-fake-000000
GITHUB_TOKEN=ghp_fake000000
GLM_API_KEY=0123456789abcdef0123456789abcdef.fakefakefakefake
GLM_BASE_URL=https://open.bigmodel.cn/api/coding/paas/v4
XIAOMI_API_KEY=tp-fake-000000
XIAOMI_BASE_URL=https://token-plan-cn.xiaomimimo.com/v1
",
        );
    }

    /// Keys of MiniMax's plan begin alike in both regions.
    #[test]
    fn a_beginning_of_two_regions() {
        for provider in ["minimax", "minimax-cn"] {
            let name = if provider == "minimax" { "MINIMAX_API_KEY" } else { "MINIMAX_CN_API_KEY" };
            silent(
                &KEY_OF_ANOTHER_SERVICE,
                &format!(
                    "--- config.yaml\nmodel: {{provider: {provider}, default: m}}\n--- .env\n{name}=sk-cp-fake-000000\n"
                ),
            );
        }
        fires(
            &KEY_OF_ANOTHER_SERVICE,
            "\
--- config.yaml
model: {provider: deepseek, default: m}
--- .env
DEEPSEEK_API_KEY=sk-cp-fake-000000
                 ^^^^^^^^^^^^^^^^^ PC551
--- says
Its beginning does not tell whether it is of the provider `minimax` or of `minimax-cn`
",
        );
    }

    /// One key of each service that gives out keys of its own.
    fn keys() -> Vec<(String, &'static Service)> {
        let mut keys = Vec::new();
        for service in all() {
            if let Some(begin) = service.begin.first() {
                keys.push((format!("{begin}fake-000000"), service));
            }
            if !service.form.is_empty() {
                keys.push(("0123456789abcdef0123456789abcdef.fakefakefakefake".to_owned(), service));
            }
        }
        keys
    }

    fn asked(config: String, dotenv: Option<String>, store: Option<String>) -> (Input, Report) {
        let given = |text: Option<String>| text.map_or(Given::Absent, Given::Text);
        let input = Input::from(Sources {
            config: Given::Text(config),
            dotenv: given(dotenv),
            auth_store: given(store),
            ..Sources::default()
        });
        let report = check(&input, &options()).unwrap();
        (input, report)
    }

    fn options() -> Options {
        Options { now: NOW, ..Options::default() }
    }

    fn found(report: &Report) -> Vec<&FindingView> {
        report.findings.iter().filter(|finding| finding.code.as_str() == "PC551").collect()
    }

    /// The endpoint that `_resolve_kimi_base_url` and the registry give a key of `provider`.
    fn endpoint<'f>(provider: &str, url: &'f str, key: &str) -> &'f str {
        if provider == "kimi-coding" && key.starts_with("sk-kimi-") {
            "https://api.kimi.com/coding"
        } else {
            url
        }
    }

    /// Each key in the variable of each provider: found where the provider's endpoint is another service's, and then the fix
    /// brings the key to its own.
    #[test]
    fn every_key_in_the_variable_of_every_provider() {
        let facts = Facts::newest().unwrap();
        let (mut count, mut mended) = (0, 0);
        for (name, row) in facts.providers.iter().filter(|(name, row)| *name == row.id) {
            let Some(variable) = row.api_key_env_vars.first().filter(|_| row.auth_type == "api_key") else {
                continue;
            };
            // GitHub's own command is asked for this one's key, and Azure has no endpoint of its own.
            if ["copilot", "azure-foundry"].contains(&name) {
                continue;
            }
            for (key, owner) in keys() {
                let site = Service::at(endpoint(name, &row.inference_base_url, &key));
                let (input, report) = asked(
                    format!("model: {{provider: {name}, default: m}}\n"),
                    Some(format!("{variable}={key}\n")),
                    None,
                );
                let finding = found(&report);
                assert_eq!(
                    finding.len(),
                    usize::from(site.is_some_and(|site| !site.has_mark(owner.mark_of(&key).unwrap()))),
                    "{name}: {key}"
                );
                let Some(finding) = finding.first() else { continue };
                count += 1;
                let Some(fix) = &finding.fix else { continue };
                assert!(!fix.safe);
                let texts = apply_fixes(&input, &options(), &[finding.id.to_string()]).unwrap();
                let (_, after) =
                    asked(texts.config.unwrap(), texts.dotenv.or(input.given.dotenv.text().cloned()), None);
                let url = after.verdict.endpoint.as_ref().map_or("nowhere", |url| url.as_str());
                // Where Copilot's keys go, its own command decides.
                let is_copilot = after.verdict.provider.as_ref().is_some_and(|id| id.as_str() == "copilot");
                let is_there = Service::at(url) == Some(owner) || owner.id == "github" && is_copilot;
                assert!(is_there, "{name}: {key} goes to {url}");
                assert!(found(&after).is_empty(), "{name}: {key}");
                mended += 1;
            }
        }
        assert!(count > 300 && mended > 200, "{count} found, {mended} mended");
    }

    /// The same of each pool's rows, of each endpoint's block and of each fallback.
    #[test]
    fn every_key_in_every_row_block_and_fallback() {
        let facts = Facts::newest().unwrap();
        let keys = keys();
        let wrong = |url: &str| {
            let is_foreign = |key: &str| Service::at(url).is_some_and(|site| site.mark_of(key).is_none());
            keys.iter().filter(|(key, _)| is_foreign(key)).count()
        };
        for service in all() {
            let url = format!("https://{}/v1", service.hosts[0].trim_start_matches('.'));
            let (mut blocks, mut chain) = (String::new(), String::new());
            for (at, (key, _)) in keys.iter().enumerate() {
                blocks += &format!("- {{name: n{at}, base_url: '{url}', api_key: '{key}'}}\n");
                chain +=
                    &format!("- {{provider: custom, model: m{at}, base_url: '{url}', api_key: '{key}'}}\n");
            }
            let model = "model: {provider: lmstudio, default: m}\n";
            for text in [format!("custom_providers:\n{blocks}"), format!("fallback_providers:\n{chain}")] {
                let (_, report) = asked(format!("{model}{text}"), None, None);
                assert_eq!(found(&report).len(), wrong(&url), "{}: {text}", service.id);
            }
        }
        for (name, row) in facts.providers.iter().filter(|(name, row)| *name == row.id) {
            // Rows of logins are not keys; some providers' endpoints are decided elsewhere.
            if row.auth_type != "api_key" || ["copilot", "azure-foundry", "lmstudio"].contains(&name) {
                continue;
            }
            let rows: Vec<String> = (keys.iter().enumerate())
                .filter(|(_, (key, _))| !key.starts_with("sk-ant-"))
                .map(|(at, (key, _))| {
                    format!(
                        r#"{{"id": "i{at}", "label": "l{at}", "auth_type": "api_key", "priority": {at}, "source": "manual", "access_token": "{key}", "base_url": "{}"}}"#,
                        row.inference_base_url
                    )
                })
                .collect();
            let store =
                format!(r#"{{"version": 1, "credential_pool": {{"{name}": [{}]}}}}"#, rows.join(",\n"));
            let (_, report) = asked(format!("model: {{provider: {name}, default: m}}\n"), None, Some(store));
            let own = keys.iter().filter(|(key, _)| key.starts_with("sk-ant-")).count();
            let expected = wrong(&row.inference_base_url) - if name == "anthropic" { 0 } else { own };
            assert_eq!(found(&report).len(), expected, "{name}");
        }
    }

    /// What a key's beginning is stands in the words as it is: it is no key.
    #[test]
    fn what_tells_a_key_is_not_masked() {
        for (key, owner) in keys() {
            let (_, report) = asked(
                format!(
                    "model: {{provider: lmstudio, default: m}}\ncustom_providers:\n- {{name: n, base_url: 'https://api.mistral.ai/v1', api_key: '{key}'}}\n"
                ),
                None,
                None,
            );
            let mark = owner.mark_of(&key).unwrap();
            assert!(found(&report)[0].why.as_str().contains(&format!("`{mark}`")), "{mark}");
        }
    }
}
