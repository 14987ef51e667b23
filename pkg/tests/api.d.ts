/* tslint:disable */
/* eslint-disable */
/**
 * A check.
 */
export interface SarifRun {
    /**
     * What checked.
     */
    tool: SarifTool;
    /**
     * How the check ended.
     */
    invocations: SarifInvocation[];
    /**
     * The texts in which something was found.
     */
    artifacts: SarifArtifact[];
    /**
     * What a column is.
     */
    columnKind: "utf16CodeUnits";
    /**
     * What ends a line.
     */
    newlineSequences: Shown[];
    /**
     * The language of the messages.
     */
    language: Shown;
    /**
     * The findings, and those after repair.
     */
    results: SarifResult[];
    /**
     * What the report says beside its findings.
     */
    properties: SarifVerdict;
}

/**
 * A credential that is not used.
 */
export interface LoserView {
    /**
     * The credential.
     */
    credential: CredentialView;
    /**
     * Why it loses.
     */
    reason: Shown;
    /**
     * Whether Hermes never comes to use it as long as the texts stay as they are: it is no reserve.
     */
    neverUsed: boolean;
}

/**
 * A credential that was considered.
 */
export interface CredentialView {
    /**
     * The label that Hermes' listings show.
     */
    label: Shown;
    /**
     * The source in Hermes' words: `env:GOOGLE_API_KEY`, `manual`, `model.api_key`.
     */
    source: Shown;
    /**
     * The masked key; empty where there is none.
     */
    key: Shown;
    /**
     * `A`, `B`, …: the same letter is the same key. Empty where there is no key.
     */
    keyLetter: Shown;
    /**
     * Its state.
     */
    status: StatusName;
    /**
     * Where it is written.
     */
    location?: Location;
}

/**
 * A file that somebody opens.
 */
export interface NamedFile {
    /**
     * Its name, perhaps with folders before it.
     */
    name: string;
    /**
     * What is in it.
     */
    text: string;
}

/**
 * A finding.
 */
export interface SarifResult {
    /**
     * The rule's code.
     */
    ruleId: Shown;
    /**
     * The rule's place among the rules.
     */
    ruleIndex: number;
    /**
     * How bad it is.
     */
    level: SarifLevel;
    /**
     * What is wrong, why, and what to do: a line each, and then the commands.
     */
    message: SarifText;
    /**
     * The place.
     */
    locations: SarifLocation[];
    /**
     * Other places that belong to it.
     */
    relatedLocations: SarifRelated[];
    /**
     * What the format has no place for.
     */
    properties: SarifMore;
}

/**
 * A further place that a finding speaks of.
 */
export interface LabelView {
    /**
     * The place.
     */
    location: Location;
    /**
     * What is there.
     */
    message: Shown;
}

/**
 * A further place.
 */
export interface SarifRelated {
    /**
     * Its number within the finding, from 1.
     */
    id: number;
    /**
     * In a text.
     */
    physicalLocation: SarifPlace;
    /**
     * What is there.
     */
    message: SarifText;
}

/**
 * A kind of text, which has places of its own.
 */
export type SourceKind = "config" | "dotenv" | "authStore" | "jobs" | "environ" | "listing" | "log" | "commands" | "debugReport" | "rootAuthStore";

/**
 * A language that reports can be had in.
 */
export type Language = "en" | "zh-CN";

/**
 * A log: what `--format sarif` prints.
 */
export interface SarifLog {
    /**
     * Where the schema stands.
     */
    $schema: Shown;
    /**
     * The version of the format.
     */
    version: "2.1.0";
    /**
     * One check.
     */
    runs: SarifRun[];
}

/**
 * A part of a pasted text in which anything may stand.
 */
export interface PartView {
    /**
     * What it is; left out for other text.
     */
    kind?: SourceKind;
    /**
     * Its name: `config.yaml, lines 12–38`.
     */
    name: Shown;
    /**
     * Why it is taken for that.
     */
    why: Shown;
    /**
     * Whether it is in the texts that are read.
     */
    used: boolean;
    /**
     * Why it is not, where it is of a kind.
     */
    note?: Shown;
    /**
     * The first character.
     */
    start: Point;
    /**
     * Behind the last character.
     */
    end: Point;
}

/**
 * A pasted text in its parts, and what is found in them.
 */
export interface Post {
    /**
     * The text in its parts.
     */
    pasted: Pasted;
    /**
     * The report of [`check`] on them; its places are those of the pasted text. `None` where nothing is recognised.
     */
    report?: Report;
}

/**
 * A pasted text in its parts.
 */
export interface Pasted {
    /**
     * The parts in their order, other text included; nothing of the text is in them.
     */
    parts: PartView[];
    /**
     * The text of each kind, to be checked. They hold the user's own text, keys included.
     */
    texts: Texts;
    /**
     * What is said where no part is of a kind.
     */
    nothing?: NothingView;
}

/**
 * A place in a text.
 */
export interface SarifPlace {
    /**
     * The text.
     */
    artifactLocation: SarifUri;
    /**
     * Where in it.
     */
    region: SarifRegion;
}

/**
 * A place.
 */
export interface SarifLocation {
    /**
     * In a text.
     */
    physicalLocation: SarifPlace;
}

/**
 * A point in a text.
 */
export interface Point {
    /**
     * The line, from 1. Lines end at LF, CR LF or CR.
     */
    line: number;
    /**
     * The column, from 1, in units of the report's encoding (UTF-16 by default).
     */
    column: number;
    /**
     * Units of the report's encoding from the text's start.
     */
    offset: number;
}

/**
 * A provider's pool.
 */
export interface PoolView {
    /**
     * The provider.
     */
    provider: Shown;
    /**
     * The strategy that Hermes uses; `None` where config.yaml, which says it, was not pasted.
     */
    strategy?: Shown;
    /**
     * The entries in Hermes' order.
     */
    entries: PoolEntryView[];
    /**
     * Which entry is next, in words: for `random` "one of these", for others what it depends on.
     */
    next: Shown;
}

/**
 * A range in one of the pasted texts.
 */
export interface Location {
    /**
     * The text.
     */
    source: SourceKind;
    /**
     * Its file name, as people know it: `config.yaml`.
     */
    file: Shown;
    /**
     * The first character.
     */
    start: Point;
    /**
     * Behind the last character.
     */
    end: Point;
    /**
     * The pasted text that `start` and `end` are in, where the file is only a part of it: a forum post, say.
     */
    post?: Shown;
}

/**
 * A row of the pool.
 */
export interface PoolEntryView {
    /**
     * The number that `hermes auth list` shows, from 1.
     */
    index: number;
    /**
     * The credential.
     */
    credential: CredentialView;
    /**
     * The state in words, as long as it is not plainly usable.
     */
    note?: Shown;
    /**
     * Seconds until Hermes tries it again.
     */
    cooldownLeft?: number;
    /**
     * Whether the next request may use it.
     */
    next: boolean;
}

/**
 * A rule that the words of a text touch.
 */
export interface TouchView {
    /**
     * The code: `PC203`.
     */
    code: Shown;
    /**
     * The name: `shadowed-model-key`.
     */
    name: Shown;
    /**
     * What the rule is about, in a paragraph.
     */
    summary: Shown;
    /**
     * The words.
     */
    words: Shown[];
}

/**
 * A rule's explanation.
 */
export interface SarifHelp {
    /**
     * For who cannot show Markdown: the same.
     */
    text: Shown;
    /**
     * In Markdown.
     */
    markdown: Shown;
}

/**
 * A rule.
 */
export interface SarifRule {
    /**
     * Its code: `PC203`.
     */
    id: Shown;
    /**
     * Its name: `shadowed-model-key`.
     */
    name: Shown;
    /**
     * The name in words.
     */
    shortDescription: SarifText;
    /**
     * The explanation up to its first blank line.
     */
    fullDescription: SarifText;
    /**
     * The explanation.
     */
    help: SarifHelp;
    /**
     * How bad its findings are, where nothing else is said.
     */
    defaultConfiguration: SarifConfiguration;
}

/**
 * A source that was not pasted and could change the verdict.
 */
export interface NotGivenView {
    /**
     * The source.
     */
    source: SourceKind;
    /**
     * Its file name, as people know it.
     */
    file: Shown;
    /**
     * What it could change.
     */
    note: Shown;
}

/**
 * A text that was checked.
 */
export interface SarifArtifact {
    /**
     * Where it stands.
     */
    location: SarifUri;
    /**
     * What it is: `config.yaml`.
     */
    description: SarifText;
}

/**
 * A text.
 */
export interface SarifText {
    /**
     * The text. In messages braces stand twice, as the format wants it.
     */
    text: Shown;
}

/**
 * A way to mend a finding by an edit. The edit itself stays inside: it may hold the user's text. `applyFixes` makes it.
 */
export interface FixView {
    /**
     * What a button says.
     */
    title: Shown;
    /**
     * Whether it can be applied without a look.
     */
    safe: boolean;
    /**
     * The texts that it changes.
     */
    changes: SourceKind[];
    /**
     * What it makes of the text, where it needs a look: lines that stay, perhaps elsewhere, behind two spaces, those that go
     * behind `- `, those that come behind `+ `. Keys are masked, and only the first lines are shown.
     */
    preview?: Shown;
}

/**
 * An entry of the fallback chain.
 */
export interface FallbackView {
    /**
     * The provider.
     */
    provider: Shown;
    /**
     * The model.
     */
    model: Shown;
    /**
     * Where it is written.
     */
    location?: Location;
}

/**
 * An entry's or credential's state.
 */
export type StatusName = "ok" | "exhausted" | "dead";

/**
 * Everything that poolcheck has to say.
 */
export interface Report {
    /**
     * The release that it speaks of.
     */
    hermes: ReleaseView;
    /**
     * Which credential is used.
     */
    verdict: VerdictView;
    /**
     * Who uses which key, the main model first; empty where config.yaml says nothing of others.
     */
    sites: SiteView[];
    /**
     * What the verdict is worked out from, and that what was not given counts as absent.
     */
    basis: Shown;
    /**
     * Sources not given that could change the winner.
     */
    notGiven: NotGivenView[];
    /**
     * The findings, in the order of the sources and places.
     */
    findings: FindingView[];
    /**
     * The findings that are only counted, those after repair among them: of each rule the first 200 are told. In the order of
     * their codes.
     */
    more: CountView[];
    /**
     * The same in a sentence; left out where there are none.
     */
    moreNote?: Shown;
    /**
     * Whether rotation is set up; left out where no provider is resolved or where it is not known.
     */
    rotation?: RotationView;
    /**
     * What to do now, worst first; empty where nothing is wrong.
     */
    steps: StepView[];
    /**
     * The same after the repair of what pasting did to the texts, where it did something that can be undone. What would go
     * with it is not among the findings.
     */
    repaired?: RepairedView;
    /**
     * What a pasted log tells.
     */
    timeline?: TimelineView;
    /**
     * The findings that are silenced, in the order of their codes.
     */
    silenced: CountView[];
    /**
     * The same in a sentence; left out where there are none.
     */
    silencedNote?: Shown;
    /**
     * Where the verdict and the findings change from release to release, oldest first; only where it was asked for, and
     * not for texts of more than 256 KiB.
     */
    releases?: ReleaseChange[];
    /**
     * The report as Markdown, to be pasted into a forum or an issue; only where it was asked for.
     */
    markdown?: Shown;
}

/**
 * Files told apart by their names.
 */
export interface OpenedFiles {
    /**
     * Each file, in the order in which they were given.
     */
    files: FileView[];
    /**
     * The text of each kind, to be checked. They hold the user's own text, keys included.
     */
    texts: Texts;
}

/**
 * Findings of a rule that are counted and not told: a comment silences them, their severity is `off`, or there are more
 * than a report tells.
 */
export interface CountView {
    /**
     * The rule's code: `PC203`.
     */
    code: Shown;
    /**
     * How many findings.
     */
    count: number;
}

/**
 * From the first character to behind the last one; all count from 1.
 */
export interface SarifRegion {
    /**
     * The line of the first character.
     */
    startLine: number;
    /**
     * Its column.
     */
    startColumn: number;
    /**
     * The line behind the last character.
     */
    endLine: number;
    /**
     * The column there.
     */
    endColumn: number;
}

/**
 * How a check ended.
 */
export interface SarifInvocation {
    /**
     * It came to its end.
     */
    executionSuccessful: boolean;
}

/**
 * How a resolution ends.
 */
export type VerdictState = "resolved" | "noKey" | "preset" | "fails" | "notPasted" | "notConfigured" | "notModelled";

/**
 * How bad a finding is, in the words of the format.
 */
export type SarifLevel = "note" | "warning" | "error";

/**
 * How bad a finding is.
 */
export type SeverityName = "info" | "warning" | "error";

/**
 * How bad findings are.
 */
export interface SarifConfiguration {
    /**
     * As a level.
     */
    level: SarifLevel;
}

/**
 * How the question is meant.
 */
export interface Options {
    /**
     * The release of Hermes, one of [`releases()`]. Where it is `None`, the one that a pasted text names in a line
     * `Hermes Agent v0.18.2`, a debug report in `version: 0.18.2 […]`, or a post in a line that says no more, such as
     * `Hermes version: 0.18.2`, or for one that is not known the nearest one below it; else the newest one that was run.
     */
    hermes?: string;
    /**
     * The time, in seconds since the epoch: cooldowns are judged by it.
     */
    now?: number;
    /**
     * When the listing was printed, in seconds since the epoch: the times left in it count from there. Where it is `None`, it
     * is taken for one of now.
     */
    listingTakenAt?: number;
    /**
     * The language of the report.
     */
    language?: Language;
    /**
     * The unit of columns and offsets.
     */
    encoding?: Encoding;
    /**
     * Whether to say where verdict and findings change from release to release. It takes as many checks as there are
     * releases.
     */
    compareReleases?: boolean;
    /**
     * Whether the report brings itself along as Markdown, so that one check is enough for both. It cannot be made of a report
     * later on: as plain data that no longer knows which of its words users wrote, and those must not act.
     */
    markdown?: boolean;
    /**
     * What the findings of a rule are, by its code. The report counts those that are `off` among the silenced ones.
     */
    severities?: Record<string, "off" | SeverityName>;
}

/**
 * One thing that is wrong or worth knowing.
 */
export interface FindingView {
    /**
     * Names the finding within this report, for `applyFixes`.
     */
    id: Shown;
    /**
     * The rule's code: `PC203`.
     */
    code: Shown;
    /**
     * The rule's name: `shadowed-model-key`.
     */
    name: Shown;
    /**
     * How bad it is.
     */
    severity: SeverityName;
    /**
     * The narrowest place that shows it.
     */
    location: Location;
    /**
     * The line that shows it.
     */
    excerpt: ExcerptView;
    /**
     * What is wrong.
     */
    what: Shown;
    /**
     * Why it is so.
     */
    why: Shown;
    /**
     * What to do.
     */
    todo: Shown;
    /**
     * A command that mends it, to be copied.
     */
    command?: Shown;
    /**
     * Other places that belong to it.
     */
    labels: LabelView[];
    /**
     * An edit that mends it.
     */
    fix?: FixView;
}

/**
 * Something that a log tells.
 */
export interface TimelineEntryView {
    /**
     * What it is about.
     */
    kind: TimelineKind;
    /**
     * The line.
     */
    location: Location;
    /**
     * The time, as printed.
     */
    time?: Shown;
    /**
     * What happened, in a sentence.
     */
    what: Shown;
    /**
     * What Hermes does next, and why.
     */
    next: Shown;
    /**
     * The label of the key that is named.
     */
    label?: Shown;
}

/**
 * Something that a release does otherwise than the one before it, for the input of a report.
 */
export interface ReleaseChange {
    /**
     * The first release that does so.
     */
    release: Shown;
    /**
     * What changes, in a sentence.
     */
    message: Shown;
    /**
     * The rule whose findings come or go; left out where the verdict changes.
     */
    code?: Shown;
}

/**
 * Something that bears on rotation.
 */
export interface RotationReason {
    /**
     * What it is, in a sentence.
     */
    message: Shown;
    /**
     * Where it is written.
     */
    location?: Location;
}

/**
 * Something to do.
 */
export interface StepView {
    /**
     * How bad what it mends is; left out of a step that closes the list.
     */
    severity?: SeverityName;
    /**
     * What is wrong; left out of a step that closes the list.
     */
    what?: Shown;
    /**
     * What to do.
     */
    todo: Shown;
    /**
     * Commands for it, a line each, in the order in which they are run.
     */
    command?: Shown;
    /**
     * The ids of the findings that it settles.
     */
    findings: Shown[];
    /**
     * Whether one of them has a fix.
     */
    fixable: boolean;
}

/**
 * Text that people may see: it has passed the redactor, or is a fixed wording of ours.
 *
 * It knows which parts of it users wrote, so that Markdown and a terminal can show those and not act on them.
 */
export type Shown = string;

/**
 * The line that a finding is on, every character of a key replaced by a dot: the columns stay true.
 */
export interface ExcerptView {
    /**
     * The line, or the part of a long line around the finding.
     */
    text: Shown;
    /**
     * Where the finding begins in it, in units of the report's encoding.
     */
    start: number;
    /**
     * Where it ends, at most at the end of the line.
     */
    end: number;
}

/**
 * The release of Hermes that a report speaks of, and how its behaviour is known.
 */
export interface ReleaseView {
    /**
     * The release: `0.19.0`.
     */
    version: Shown;
    /**
     * `tested against the real program`, in the report's language.
     */
    standing: Shown;
    /**
     * Why the report speaks of this release: it was asked for, a pasted text names it, or none was named. In the report's
     * language; left out in a list of releases.
     */
    reason?: Shown;
}

/**
 * The unit in which a caller counts columns. Lines are the same in all of them.
 */
export type Encoding = "utf8" | "utf16" | "codePoints";

/**
 * What Hermes would make of the texts if what pasting did to them were undone. Places are those of the pasted texts.
 */
export interface RepairedView {
    /**
     * What was restored, in a few words: `Indentation restored (lines: 17)`.
     */
    summary: Shown;
    /**
     * What is assumed.
     */
    note: Shown;
    /**
     * The findings of the report whose fixes, together, are the repair.
     */
    by: Shown[];
    /**
     * Which credential would be used.
     */
    verdict: VerdictView;
    /**
     * The findings that the report has not already. A fix of theirs makes the repair as well.
     */
    findings: FindingView[];
    /**
     * Whether rotation would be set up; left out as in the report.
     */
    rotation?: RotationView;
    /**
     * What would be left to do.
     */
    steps: StepView[];
}

/**
 * What a file that was opened is.
 */
export interface FileView {
    /**
     * What its name tells; left out where it tells nothing.
     */
    kind?: SourceKind;
    /**
     * Whether it is the text of its kind, or a piece of it.
     */
    used: boolean;
}

/**
 * What a log tells, line by line.
 */
export interface TimelineView {
    /**
     * What happened, in the order of the lines; the last 500.
     */
    entries: TimelineEntryView[];
    /**
     * How many came before these.
     */
    earlier: number;
    /**
     * Lines of a log that tell of something else.
     */
    others: number;
    /**
     * Lines that could not be read: malformed, cut off, or of no log.
     */
    unread: number;
    /**
     * What was left out, in words; left out where nothing was.
     */
    leftOut?: Shown;
}

/**
 * What a report says beside its findings.
 */
export interface SarifVerdict {
    /**
     * The release of Hermes.
     */
    hermes: Shown;
    /**
     * Which credential is used, in a sentence.
     */
    verdict: Shown;
    /**
     * What that is worked out from.
     */
    basis: Shown;
}

/**
 * What a result has beside what the format knows.
 */
export interface SarifMore {
    /**
     * The finding's id, for `applyFixes`.
     */
    id: Shown;
    /**
     * Whether it is one of the texts after the repair of what pasting did to them.
     */
    afterRepair: boolean;
    /**
     * What its fix does; left out where it has none.
     */
    fix?: Shown;
    /**
     * Whether the fix can be made without a look.
     */
    fixIsSafe?: boolean;
}

/**
 * What a rule is about.
 */
export interface RuleView {
    /**
     * The code: `PC203`.
     */
    code: Shown;
    /**
     * The name: `shadowed-model-key`.
     */
    name: Shown;
    /**
     * How bad a finding is.
     */
    severity: SeverityName;
    /**
     * The explanation, in Markdown.
     */
    doc: Shown;
}

/**
 * What an entry of a timeline is about.
 */
export type TimelineKind = "marked" | "rotated" | "exhausted" | "dead" | "refreshed" | "spared" | "error" | "retry" | "fallback" | "skipped" | "stopped";

/**
 * What checked.
 */
export interface SarifTool {
    /**
     * poolcheck.
     */
    driver: SarifDriver;
}

/**
 * What comes of a site, which sends requests beside the main model or is the main model.
 */
export type SiteState = "key" | "noKey" | "fails" | "notModelled";

/**
 * What is said of a text in which nothing is recognised. It says nothing of its author's setup.
 */
export interface NothingView {
    /**
     * That nothing is known.
     */
    summary: Shown;
    /**
     * What the list of rules is; left out where its words touch none.
     */
    touchedIntro?: Shown;
    /**
     * The rules that its words touch, the nearest one first.
     */
    touched: TouchView[];
    /**
     * What the next list is.
     */
    couldIntro: Shown;
    /**
     * What could be pasted.
     */
    could: Shown[];
}

/**
 * What the user says of a part of a text that [`split()`] took for something else.
 */
export interface Correction {
    /**
     * The number of the part, from 0.
     */
    part: number;
    /**
     * What it is; `None` for other text.
     */
    kind: Exclude<SourceKind, 'rootAuthStore'> | null;
}

/**
 * Where a key stands in a text, in UTF-16 units.
 */
export interface KeySpan {
    /**
     * Its first character.
     */
    start: number;
    /**
     * Behind its last one.
     */
    end: number;
}

/**
 * Where a text stands.
 */
export interface SarifUri {
    /**
     * The path of a file as a URI; what is no file has a name only, such as `environ`.
     */
    uri: string;
    /**
     * Its place among the artifacts.
     */
    index: number;
}

/**
 * Whether another key takes over when the one in use is rate-limited.
 */
export interface RotationView {
    /**
     * Whether there is another key that Hermes may rotate to, now or after its cooldown.
     */
    isSetUp: boolean;
    /**
     * The answer in a sentence.
     */
    summary: Shown;
    /**
     * What stands in the way, and what is good to know.
     */
    reasons: RotationReason[];
}

/**
 * Which provider, endpoint and credential Hermes uses, and why the others lose.
 */
export interface VerdictView {
    /**
     * How the resolution ends.
     */
    state: VerdictState;
    /**
     * Whether Hermes stops: everywhere, or, where it resolves an endpoint and has no key for it, in the terminal.
     */
    stops: boolean;
    /**
     * The verdict in a sentence.
     */
    summary: Shown;
    /**
     * The provider that is asked for.
     */
    requested?: Shown;
    /**
     * The provider that Hermes resolves.
     */
    provider?: Shown;
    /**
     * The endpoint.
     */
    endpoint?: Shown;
    /**
     * How requests are written: `chat_completions`, ….
     */
    apiMode?: Shown;
    /**
     * The model.
     */
    model?: Shown;
    /**
     * Hermes' own error text, where it stops.
     */
    error?: Shown;
    /**
     * The credential that it uses.
     */
    winner?: CredentialView;
    /**
     * The credentials that it does not use.
     */
    losers: LoserView[];
    /**
     * The provider's pool.
     */
    pool?: PoolView;
    /**
     * The fallback chain.
     */
    fallback: FallbackView[];
}

/**
 * Who uses which key: the main model, a side task, subagents, a fallback.
 */
export interface SiteView {
    /**
     * Which it is, as its settings are called: `model`, `auxiliary.vision`, `delegation`, `fallback 1`.
     */
    site: Shown;
    /**
     * What comes of it.
     */
    state: SiteState;
    /**
     * The endpoint.
     */
    endpoint?: Shown;
    /**
     * The masked key; empty where there is none.
     */
    key: Shown;
    /**
     * `A`, `B`, …: the same letter is the same key. Empty where there is no key.
     */
    keyLetter: Shown;
    /**
     * Where the key comes from, or why there is none.
     */
    note?: Shown;
    /**
     * Where its settings are written.
     */
    location?: Location;
}

/**
 * poolcheck, and the rules of which something was found.
 */
export interface SarifDriver {
    /**
     * Its name.
     */
    name: Shown;
    /**
     * Its version.
     */
    semanticVersion: Shown;
    /**
     * The language of the rules' texts.
     */
    language: Shown;
    /**
     * The rules, in the order in which they are found first.
     */
    rules: SarifRule[];
}

/** What was pasted. Each text is optional. */
export interface Input {
    /**
     * `config.yaml` in the Hermes home.
     */
    config?: string | null;
    /**
     * `.env` in the Hermes home.
     */
    dotenv?: string | null;
    /**
     * `auth.json` in the Hermes home.
     */
    authStore?: string | null;
    /**
     * `cron/jobs.json` in the Hermes home: the scheduled jobs.
     */
    jobs?: string | null;
    /**
     * The environment of the process that runs Hermes, before Hermes reads `.env`: lines `NAME=value`, a systemd unit, a compose
     * file, `docker run`, and the like.
     */
    environ?: string | null;
    /**
     * What `hermes auth list` printed.
     */
    listing?: string | null;
    /**
     * Lines of Hermes' logs, or what it printed in a terminal.
     */
    log?: string | null;
    /**
     * Commands that somebody typed or means to type.
     */
    commands?: string | null;
    /**
     * What Hermes says of itself: `hermes debug share`, `hermes dump`, `hermes config show`, `hermes --version`.
     */
    debugReport?: string | null;
}

/**
 * The text of each kind: after fixes, none for those that stay as they are; of a pasted text, none for those that it
 * has not, and with what commands of its session set behind a file that it printed. They hold the user's own text, keys included.
 */
export interface Texts {
    /**
     * `config.yaml` in the Hermes home.
     */
    config?: string;
    /**
     * `.env` in the Hermes home.
     */
    dotenv?: string;
    /**
     * `auth.json` in the Hermes home.
     */
    authStore?: string;
    /**
     * `cron/jobs.json` in the Hermes home: the scheduled jobs.
     */
    jobs?: string;
    /**
     * The environment of the process that runs Hermes, before Hermes reads `.env`: lines `NAME=value`, a systemd unit, a compose
     * file, `docker run`, and the like.
     */
    environ?: string;
    /**
     * What `hermes auth list` printed.
     */
    listing?: string;
    /**
     * Lines of Hermes' logs, or what it printed in a terminal.
     */
    log?: string;
    /**
     * Commands that somebody typed or means to type.
     */
    commands?: string;
    /**
     * What Hermes says of itself: `hermes debug share`, `hermes dump`, `hermes config show`, `hermes --version`.
     */
    debugReport?: string;
}



/**
 * Makes the edits of the findings with these ids and gives back the texts that they change. The ids are those
 * that `check` gives for the same input.
 *
 * Throws where an id names no finding with a fix, or where two edits meet in one place.
 */
export function applyFixes(input: Input, findingIds: string[], options?: Options): Texts;

/**
 * Makes all safe fixes, checks again and goes on until there is nothing more to mend; gives back the texts that
 * change. Of fixes that meet in one place only one is made.
 *
 * Throws as `check` does.
 */
export function applySafeFixes(input: Input, options?: Options): Texts;

/**
 * Says what Hermes makes of the pasted texts: which credential it uses, why not the others, and what is wrong.
 *
 * A text that is left out or `undefined` is not known; `null` says that it does not exist. `options.now` is the
 * present where it is left out.
 *
 * Throws where a text is too long, or the release of Hermes or a code in `options.severities` is not known.
 */
export function check(input: Input, options?: Options): Report;

/**
 * Finds the parts of a text in which anything may stand, as `split` does, and checks them. Places in the report are those of
 * `text`, with the name of the file beside. Where nothing is recognised there is no report, and `pasted.nothing` says what
 * could be pasted and which rules the words of the text touch.
 *
 * Throws as `split` and `check` do.
 */
export function checkPost(text: string, options?: Options, corrections?: Correction[]): Post;

/**
 * What the rule with this code (`PC203`) is about; `undefined` where there is no such rule.
 */
export function explainRule(code: string, language?: Language): RuleView | undefined;

/**
 * Where keys stand in a text, in its order: what an editor hides.
 */
export function keySpans(text: string): KeySpan[];

/**
 * The report of `check` as Markdown, to be passed on: every key in it is masked.
 */
export function markdown(input: Input, options?: Options): string;

/**
 * Tells files apart by their names. What a name does not tell, `split` may tell by the text.
 */
export function openFiles(files: NamedFile[]): OpenedFiles;

/**
 * A text with everything masked in it that looks like a key.
 */
export function redact(text: string): string;

/**
 * The releases of Hermes that can be asked for, the newest first, and how each is known.
 */
export function releases(language?: Language): ReleaseView[];

/**
 * All rules, in the order of their codes.
 */
export function rules(language?: Language): RuleView[];

/**
 * The report of `check` as SARIF 2.1.0, for code hosts and editors: every key in it is masked, and columns are UTF-16, whatever
 * `options.encoding` says.
 */
export function sarif(input: Input, options?: Options): SarifLog;

/**
 * Finds the parts of a text in which anything may stand: a forum post, a debug report, one file alone. `texts` of the
 * answer is what `check` takes; it holds the text's own keys. `corrections` say what parts are that were taken for something
 * else; `kind` is `null` for a part that is nothing.
 *
 * Throws where the text is too long.
 */
export function split(text: string, language?: Language, corrections?: Correction[]): Pasted;
