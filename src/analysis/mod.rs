//! What the model and the rules make of pasted texts, as one value. Reports are made of it, and fixes; neither asks the model again.

pub mod origin;
pub mod release;
pub mod repair;

use self::origin::Origin;
use self::release::ReleaseNamed;
use self::repair::{Repair, repairing};
use crate::base::collections::{TextMap, TextSet};
use crate::base::sources::SourceKind;
use crate::base::text::Place;
use crate::diagnostic::{Diagnostic, Fix, SeverityChoice};
use crate::facts::Facts;
use crate::hermes::resolution::Resolution;
use crate::hermes::story::Story;
use crate::hermes::{Process, World};
use crate::readers::secrets;
use crate::rules::{self, Context};
use crate::secret::Secret;

/// What is made of the texts of an input. It has no `Debug` form: it holds the user's own texts, keys included.
pub struct Analysis {
    /// Why it is of its release.
    pub named: ReleaseNamed,
    /// The texts in which others stand.
    pub origins: Vec<Origin>,
    /// What is made of the texts as they were pasted.
    pub pasted: Reading,
    /// What would be if what pasting did to the texts were undone.
    pub repaired: Option<Repaired>,
    /// What the log tells, where one was given.
    pub story: Option<Story>,
    /// The keys that a report has to mask, whatever they look like.
    pub secrets: Vec<Secret>,
}

/// What Hermes makes of a world, and what the rules find in it.
pub struct Reading {
    /// The world.
    pub world: World,
    /// What the run comes to.
    pub resolution: Resolution,
    /// What the rules find.
    pub findings: Vec<Diagnostic>,
    /// The code of each finding that is silenced.
    pub silenced: Vec<&'static str>,
}

/// A reading of the texts after their repair.
pub struct Repaired {
    /// The repair.
    pub repair: Repair,
    /// What is made of the texts behind it.
    pub reading: Reading,
}

/// What is known of a world beside its reading.
struct Beside {
    /// What a redactor has to know.
    secrets: Vec<Secret>,
    /// Whether config.yaml can be read.
    is_whole: bool,
    /// What the log tells.
    story: Story,
}

impl Analysis {
    /// Works everything out, of a release that is known. `severities` says what the findings of a rule are, by its code.
    pub fn of(
        world: World,
        origins: Vec<Origin>,
        (facts, named): (&'static Facts, ReleaseNamed),
        severities: &TextMap<SeverityChoice>,
    ) -> Self {
        let has_log = world.given.log.is_given();
        let (mut pasted, Beside { mut secrets, mut story, .. }) = Reading::of(world, facts, severities);
        secrets.extend(origins.iter().flat_map(|origin| secrets::of_sealed(&origin.text)));
        let mut repaired = None;
        if let Some((repair, world)) = Repair::of(&pasted.world, &pasted.findings) {
            let (mut reading, beside) = Reading::of(world, facts, severities);
            let is_whole = beside.is_whole || !repair.changes(SourceKind::Config);
            // It is not repaired again.
            if is_whole && !reading.findings.iter().any(|finding| repairing(finding).is_some()) {
                secrets.extend(beside.secrets);
                pasted.tell_once(&repair, &mut reading);
                // The log is of the config that its author has, not of the damaged one.
                story = beside.story;
                repaired = Some(Repaired { repair, reading });
            }
        }
        Self { named, origins, pasted, repaired, story: Some(story).filter(|_| has_log), secrets }
    }
}

impl Reading {
    fn of(world: World, facts: &'static Facts, severities: &TextMap<SeverityChoice>) -> (Self, Beside) {
        let (mut process, started) = Process::started(&world, facts);
        let verdict = started.and_then(|()| process.verdict(None));
        let config = process.config_file();
        let context = Context::new(&mut process, &config, &verdict);
        let rules::Found { mut findings, mut silenced } = rules::run(&context);
        findings.retain_mut(|finding| match severities.get(finding.code) {
            Some(SeverityChoice::Off) => {
                silenced.push(finding.code);
                false
            }
            Some(SeverityChoice::Is(severity)) => {
                finding.severity = *severity;
                true
            }
            None => true,
        });
        let secrets = secrets_of(&world, &context);
        let is_whole = context.config.failure.is_none();
        let beside = Beside { secrets, is_whole, story: context.story };
        let resolution = process.resolution(verdict);
        (Self { world, resolution, findings, silenced }, beside)
    }

    /// The fix of the finding with this id.
    pub fn fix(&self, id: &str) -> Option<&Fix> {
        let mut named = self.findings.iter().filter(|finding| finding_id(finding, finding.place) == id);
        named.find_map(|finding| finding.fix.as_ref())
    }

    /// Takes out of the findings what follows from damage alone, and out of those after its repair what is told already.
    fn tell_once(&mut self, repair: &Repair, repaired: &mut Self) {
        let (mut told, mut stands) = (TextSet::new(), TextSet::new());
        for finding in &self.findings {
            told.insert(&finding_id(finding, finding.place));
        }
        let pasted_id = |finding: &Diagnostic| finding_id(finding, repair.pasted(finding.place));
        for finding in &repaired.findings {
            stands.insert(&pasted_id(finding));
        }
        repaired.findings.retain(|finding| !told.contains(&pasted_id(finding)));
        self.findings.retain(|finding| {
            repairing(finding).is_some() || stands.contains(&finding_id(finding, finding.place))
        });
    }
}

/// The identity of a finding at `place` within its report. A fix is asked for by it.
pub fn finding_id(finding: &Diagnostic, place: Place) -> String {
    format!("{}-{:?}-{}-{}", finding.code, place.source, place.span.start, place.span.end)
}

/// The keys that stand in a world, whatever they look like.
fn secrets_of(world: &World, context: &Context<'_>) -> Vec<Secret> {
    let pasted = SourceKind::PASTED.map(|kind| world.text_of(kind));
    let [config, dotenv, auth_store, ..] = pasted;
    let roots = [(config, context.config_root()), (auth_store, context.auth_root())];
    let trees: Vec<_> = roots.into_iter().filter_map(|(_, root)| root).collect();
    let is_name = |word: &str| context.names_provider(word);
    let mut secrets = secrets::of(&pasted, &trees, &is_name);
    for (text, root) in roots {
        if root.is_none() {
            secrets::nameless(text, &is_name, &mut secrets);
        }
    }
    for place in &context.dotenv.unread {
        secrets::odd_words(place.span.of(dotenv), &is_name, &mut secrets);
    }
    secrets::of_commands(world.text_of(SourceKind::Commands), &is_name, &mut secrets);
    secrets.extend(context.debug_report.shown_keys().map(Secret::new));
    secrets
}
