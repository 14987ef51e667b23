//! The rules: one file each, one cause each. [`RULES`] is the only list.
//!
//! A rule reads what the readers and the model found out and says it; it never works out precedence.
//! `cargo xtask new-rule CODE NAME` makes a rule's file and its entry here.

use crate::base::sources::SourceKind;
use crate::base::text::{Edit, Edits, Place, Search, sort_by_place};
use crate::diagnostic::messages::Language;
use crate::diagnostic::shown::Shown;
use crate::diagnostic::{Arg, Args, Diagnostic, Fix, Label, Message, Safety, Severity, Template};

mod calls;
mod context;
#[cfg(test)]
#[allow(dead_code, reason = "shared with tests that use more of it")]
#[path = "../../tests/laws/mod.rs"]
mod laws;
mod lines;
mod logs;
mod odd_names;
mod paste;
mod pools;
mod references;
mod set_by_commands;
mod settings;
mod silence;
#[cfg(test)]
mod taken_out;
#[cfg(test)]
mod testing;
mod trial;
mod variables;
pub(crate) mod wordings;

mod pc101_tab;
mod pc102_bullet;
mod pc103_full_width_colon;
mod pc104_curly_quotes;
mod pc105_nbsp_indent;
mod pc106_lost_indentation;
mod pc107_duplicate_key;
mod pc108_several_documents;
mod pc109_root_is_no_mapping;
mod pc110_root_key_is_no_string;
mod pc111_yaml_syntax_error;
mod pc112_too_large_or_deep;
mod pc113_pasted_decoration;
mod pc114_unused_ignore;
mod pc115_value_cut_by_comment;
mod pc201_pool_row_beats_new_key;
mod pc202_dotenv_beats_environment;
mod pc203_shadowed_model_key;
mod pc204_provider_block_key_on_built_in;
mod pc205_suppressed_source;
mod pc206_custom_list_hides_providers;
mod pc207_stale_base_url;
mod pc208_exhausted_key_still_used;
mod pc209_pool_passed_over;
mod pc210_base_url_not_used;
mod pc211_provider_variable_without_effect;
mod pc212_model_key_not_used;
mod pc301_pool_in_config;
mod pc302_provider_in_pool_entry;
mod pc303_env_name_as_value;
mod pc304_broken_auth_json;
mod pc305_pool_is_no_list;
mod pc306_row_is_no_object;
mod pc307_row_of_wrong_type;
mod pc308_row_without_token;
mod pc309_row_without_base_url;
mod pc310_same_key_twice;
mod pc311_pool_under_alias;
mod pc312_stored_placeholder;
mod pc313_dead_row;
mod pc314_unknown_status;
mod pc315_ghost_row;
mod pc316_split_pool;
mod pc317_misnamed_pools;
mod pc318_name_of_no_pool;
mod pc319_repeated_id;
mod pc401_numbered_variable;
mod pc402_plural_variable;
mod pc403_key_list_in_one_variable;
mod pc404_placeholder_value;
mod pc405_colon_instead_of_equals;
mod pc406_inline_comment;
mod pc407_wrong_case_name;
mod pc408_quotes_or_bearer;
mod pc409_reference_not_expanded;
mod pc410_byte_order_mark;
mod pc411_variable_set_twice;
mod pc412_unread_line;
mod pc413_non_ascii_key;
mod pc414_classic_github_token;
mod pc416_key_of_another_provider;
mod pc417_assignment_without_effect;
mod pc418_empty_variable;
mod pc501_removed_provider;
mod pc502_expected_provider;
mod pc503_unknown_provider;
mod pc504_alias_not_accepted_here;
mod pc505_strategy_under_another_name;
mod pc506_unknown_strategy;
mod pc507_strategies_are_no_mapping;
mod pc508_custom_without_base_url;
mod pc509_base_url_without_scheme;
mod pc510_unexpanded_reference;
mod pc511_unknown_api_mode;
mod pc512_hermes_own_finding;
mod pc513_misspelled_key;
mod pc514_disabled_provider;
mod pc515_local_endpoint_without_v1;
mod pc516_endpoint_with_request_path;
mod pc517_stale_api_mode;
mod pc518_setting_of_wrong_type;
mod pc519_retry_setting_of_nobody;
mod pc520_service_endpoint_cut_short;
mod pc521_unread_key_setting;
mod pc522_unset_key_variable;
mod pc523_no_credential;
mod pc524_unread_section;
mod pc525_unread_entry;
mod pc526_missing_endpoint;
mod pc527_region_not_read;
mod pc528_unknown_preset;
mod pc531_site_without_key;
mod pc532_site_setting_not_used;
mod pc533_site_sends_no_key;
mod pc534_key_goes_elsewhere;
mod pc535_job_does_not_run;
mod pc551_key_of_another_service;
mod pc552_endpoint_variable_of_another_service;
mod pc553_placeholder_in_config;
mod pc554_providers_are_text;
mod pc555_key_env_is_no_name;
mod pc556_no_key_was_sent;
mod pc557_value_hermes_stops_at;
mod pc601_fallback_entry_dropped;
mod pc602_fallback_under_model;
mod pc603_fallback_is_text;
mod pc604_fallback_misnamed;
mod pc605_fallback_unknown_provider;
mod pc606_fallback_same_as_primary;
mod pc607_fallback_without_key;
mod pc608_reference_in_fallback;
mod pc701_whole_pool_in_cooldown;
mod pc801_unknown_command;
mod pc802_unknown_option;
mod pc803_wrong_arguments;
mod pc804_value_not_allowed;
mod pc805_login_instead_of_key;
mod pc806_provider_name_in_command;
mod pc807_list_set_as_text;
mod pc808_dot_in_name;
mod pc809_key_variable_into_config;
mod pc810_key_in_command;
mod pc811_command_typography;
mod pc812_strategy_set_in_vain;
mod pc813_placeholder_in_command;
mod pc814_reset_without_effect;
mod pc815_command_as_root;
mod pc901_listing_of_another_store;
mod pc902_login_before_key;
mod pc903_listed_variable_is_gone;
mod pc904_key_not_in_listing;
mod pc905_stored_row_not_listed;
mod pc906_arrow_at_another_row;
mod pc907_refused_row_in_listing;
mod pc911_error_that_rotates_nothing;
mod pc912_refused_key_as_bad_request;
mod pc913_first_limit_takes_no_key;
mod pc914_resting_pool_looks_keyless;
mod pc915_pool_of_custom_endpoint_untouched;
mod pc916_no_fallback_took_over;
mod pc917_key_died;
mod pc918_login_used_elsewhere;
mod pc919_limit_of_the_provider_behind;
mod pc920_attempts_end_before_the_pool;
mod pc921_reset_time_not_read;
mod pc922_endpoint_without_path_not_found;
mod pc923_key_of_another_region;
mod pc924_subscription_used_as_login;
mod pc925_fallback_without_its_error;
mod pc926_log_of_another_store;
mod pc927_store_not_readable;
mod pc928_gemini_key_sent_to_vertex;
mod pc929_log_of_another_setting;
mod pc930_no_balance_at_this_endpoint;
mod pc931_side_provider_failed;
mod pc932_log_of_another_moment;
mod pc933_request_refused;
mod pc935_config_not_parsed;
mod pc941_key_in_shell_only;
mod pc942_fallback_shown_as_text;
mod pc943_report_sees_variables_only;
mod pc944_report_of_another_env;
mod pc945_key_refused_at_doctor;

pub use context::Context;
pub use lines::whole_lines;
use trial::Change;
pub use variables::{is_placeholder, provider_of_key};

/// A rule: what it is called, what it says, and how it looks.
#[derive(Debug)]
pub struct Rule {
    /// `PC` and three digits; for ever.
    pub code: &'static str,
    /// The name, in words joined by hyphens.
    pub name: &'static str,
    /// How bad its findings are.
    pub severity: Severity,
    /// The version of poolcheck that brought it.
    pub since: &'static str,
    /// Whether its findings may carry a fix, and of which safety.
    pub fix: Option<Safety>,
    /// The explanation, in Markdown. YAML blocks tagged `fires` and `silent` are run by the tests.
    pub doc: &'static str,
    /// What is wrong.
    pub what: Template,
    /// Why it is so.
    pub why: Template,
    /// What to do.
    pub todo: Template,
    /// A command that mends it.
    pub command: Option<Template>,
    /// What a fix's button says.
    pub fix_title: Option<Template>,
    /// What is said at further places.
    pub labels: &'static [Template],
    /// Parts of messages that are put in where they fit.
    pub parts: &'static [Template],
    /// Looks for it.
    pub check: fn(&Context<'_>, &mut Findings),
}

impl Rule {
    /// The explanation of the rule in Markdown. The examples are the same in all languages: the catalogue holds the words only.
    pub fn explanation(&'static self, language: Language) -> Shown {
        let id = [self.code, ".doc"].concat();
        let doc = Language::English.catalogue().get(&id).unwrap_or(&self.doc);
        let (words, examples) =
            doc.find_text("```").and_then(|at| doc.split_at_checked(at)).unwrap_or((doc, ""));
        let words = match language {
            Language::English => words,
            Language::SimplifiedChinese => language.catalogue().get(&id).unwrap_or(&words),
        };
        Shown::fixed(words.trim()).and(&Shown::fixed("\n\n")).and(&Shown::fixed(examples))
    }

    /// All wordings of the rule.
    pub fn templates(&'static self) -> impl Iterator<Item = &'static Template> {
        let labels = self.labels.iter().chain(self.parts);
        [&self.what, &self.why, &self.todo]
            .into_iter()
            .chain(&self.command)
            .chain(&self.fix_title)
            .chain(labels)
    }

    /// The rule's message part `name`. A name that it does not have says what is wrong; the tests of the rule
    /// show it.
    pub fn part(&'static self, name: &str) -> Message {
        Message::new(Template::named(self.parts, name).unwrap_or(&self.what))
    }
}

/// Declares a rule as a static [`Rule`]; the file's `fn check` looks for it.
macro_rules! declare_rule {
    (
        $(#[doc = $doc:literal])*
        pub static $rule:ident = {
            code: $code:literal, name: $name:literal, severity: $severity:ident, since: $since:literal,
            fix: $fix:expr,
            what: $what:literal,
            why: $why:literal,
            todo: $todo:literal
            $(, command: $command:literal)?
            $(, fix_title: $fix_title:literal)?
            $(, label $label:ident: $label_text:literal)*
            $(, part $part:ident: $part_text:literal)*
            $(,)?
        }
    ) => {
        $(#[doc = $doc])*
        pub static $rule: $crate::rules::Rule = $crate::rules::Rule {
            code: $code,
            name: $name,
            severity: $crate::diagnostic::Severity::$severity,
            since: $since,
            fix: $fix,
            doc: $crate::base::embedded::embedded!(concat!($($doc, "\n"),*)),
            what: $crate::rules::declare_rule!(@template $code, "what", $what),
            why: $crate::rules::declare_rule!(@template $code, "why", $why),
            todo: $crate::rules::declare_rule!(@template $code, "todo", $todo),
            command: $crate::rules::declare_rule!(@optional $code, "command" $(, $command)?),
            fix_title: $crate::rules::declare_rule!(@optional $code, "fix" $(, $fix_title)?),
            labels: &[$($crate::rules::declare_rule!(
                @template $code, concat!("label.", stringify!($label)), $label_text
            )),*],
            parts: &[$($crate::rules::declare_rule!(
                @template $code, concat!("part.", stringify!($part)), $part_text
            )),*],
            check,
        };
    };
    (@optional $code:literal, $part:literal) => { None };
    (@optional $code:literal, $part:literal, $text:literal) => {
        Some($crate::rules::declare_rule!(@template $code, $part, $text))
    };
    (@template $code:literal, $part:expr, $text:literal) => {
        $crate::diagnostic::Template { scope: $code, part: $part, english: $crate::base::embedded::embedded!($text) }
    };
}
pub(crate) use declare_rule;

/// All rules, in the order of their codes.
pub static RULES: &[&Rule] = &[
    &pc101_tab::TAB,
    &pc102_bullet::BULLET,
    &pc103_full_width_colon::FULL_WIDTH_COLON,
    &pc104_curly_quotes::CURLY_QUOTES,
    &pc105_nbsp_indent::NBSP_INDENT,
    &pc106_lost_indentation::LOST_INDENTATION,
    &pc107_duplicate_key::DUPLICATE_KEY,
    &pc108_several_documents::SEVERAL_DOCUMENTS,
    &pc109_root_is_no_mapping::ROOT_IS_NO_MAPPING,
    &pc110_root_key_is_no_string::ROOT_KEY_IS_NO_STRING,
    &pc111_yaml_syntax_error::YAML_SYNTAX_ERROR,
    &pc112_too_large_or_deep::TOO_LARGE_OR_DEEP,
    &pc113_pasted_decoration::PASTED_DECORATION,
    &pc114_unused_ignore::UNUSED_IGNORE,
    &pc115_value_cut_by_comment::VALUE_CUT_BY_COMMENT,
    &pc201_pool_row_beats_new_key::POOL_ROW_BEATS_NEW_KEY,
    &pc202_dotenv_beats_environment::DOTENV_BEATS_ENVIRONMENT,
    &pc203_shadowed_model_key::SHADOWED_MODEL_KEY,
    &pc204_provider_block_key_on_built_in::PROVIDER_BLOCK_KEY_ON_BUILT_IN,
    &pc205_suppressed_source::SUPPRESSED_SOURCE,
    &pc206_custom_list_hides_providers::CUSTOM_LIST_HIDES_PROVIDERS,
    &pc207_stale_base_url::STALE_BASE_URL,
    &pc208_exhausted_key_still_used::EXHAUSTED_KEY_STILL_USED,
    &pc209_pool_passed_over::POOL_PASSED_OVER,
    &pc210_base_url_not_used::BASE_URL_NOT_USED,
    &pc211_provider_variable_without_effect::PROVIDER_VARIABLE_WITHOUT_EFFECT,
    &pc212_model_key_not_used::MODEL_KEY_NOT_USED,
    &pc301_pool_in_config::POOL_IN_CONFIG,
    &pc302_provider_in_pool_entry::PROVIDER_IN_POOL_ENTRY,
    &pc303_env_name_as_value::ENV_NAME_AS_VALUE,
    &pc304_broken_auth_json::BROKEN_AUTH_JSON,
    &pc305_pool_is_no_list::POOL_IS_NO_LIST,
    &pc306_row_is_no_object::ROW_IS_NO_OBJECT,
    &pc307_row_of_wrong_type::ROW_OF_WRONG_TYPE,
    &pc308_row_without_token::ROW_WITHOUT_TOKEN,
    &pc309_row_without_base_url::ROW_WITHOUT_BASE_URL,
    &pc310_same_key_twice::SAME_KEY_TWICE,
    &pc311_pool_under_alias::POOL_UNDER_ALIAS,
    &pc312_stored_placeholder::STORED_PLACEHOLDER,
    &pc313_dead_row::DEAD_ROW,
    &pc314_unknown_status::UNKNOWN_STATUS,
    &pc315_ghost_row::GHOST_ROW,
    &pc316_split_pool::SPLIT_POOL,
    &pc317_misnamed_pools::MISNAMED_POOLS,
    &pc318_name_of_no_pool::NAME_OF_NO_POOL,
    &pc319_repeated_id::REPEATED_ID,
    &pc401_numbered_variable::NUMBERED_VARIABLE,
    &pc402_plural_variable::PLURAL_VARIABLE,
    &pc403_key_list_in_one_variable::KEY_LIST_IN_ONE_VARIABLE,
    &pc404_placeholder_value::PLACEHOLDER_VALUE,
    &pc405_colon_instead_of_equals::COLON_INSTEAD_OF_EQUALS,
    &pc406_inline_comment::INLINE_COMMENT,
    &pc407_wrong_case_name::WRONG_CASE_NAME,
    &pc408_quotes_or_bearer::QUOTES_OR_BEARER,
    &pc409_reference_not_expanded::REFERENCE_NOT_EXPANDED,
    &pc410_byte_order_mark::BYTE_ORDER_MARK,
    &pc411_variable_set_twice::VARIABLE_SET_TWICE,
    &pc412_unread_line::UNREAD_LINE,
    &pc413_non_ascii_key::NON_ASCII_KEY,
    &pc414_classic_github_token::CLASSIC_GITHUB_TOKEN,
    &pc416_key_of_another_provider::KEY_OF_ANOTHER_PROVIDER,
    &pc417_assignment_without_effect::ASSIGNMENT_WITHOUT_EFFECT,
    &pc418_empty_variable::EMPTY_VARIABLE,
    &pc501_removed_provider::REMOVED_PROVIDER,
    &pc502_expected_provider::EXPECTED_PROVIDER,
    &pc503_unknown_provider::UNKNOWN_PROVIDER,
    &pc504_alias_not_accepted_here::ALIAS_NOT_ACCEPTED_HERE,
    &pc505_strategy_under_another_name::STRATEGY_UNDER_ANOTHER_NAME,
    &pc506_unknown_strategy::UNKNOWN_STRATEGY,
    &pc507_strategies_are_no_mapping::STRATEGIES_ARE_NO_MAPPING,
    &pc508_custom_without_base_url::CUSTOM_WITHOUT_BASE_URL,
    &pc509_base_url_without_scheme::BASE_URL_WITHOUT_SCHEME,
    &pc510_unexpanded_reference::UNEXPANDED_REFERENCE,
    &pc511_unknown_api_mode::UNKNOWN_API_MODE,
    &pc512_hermes_own_finding::HERMES_OWN_FINDING,
    &pc513_misspelled_key::MISSPELLED_KEY,
    &pc514_disabled_provider::DISABLED_PROVIDER,
    &pc515_local_endpoint_without_v1::LOCAL_ENDPOINT_WITHOUT_V1,
    &pc516_endpoint_with_request_path::ENDPOINT_WITH_REQUEST_PATH,
    &pc517_stale_api_mode::STALE_API_MODE,
    &pc518_setting_of_wrong_type::SETTING_OF_WRONG_TYPE,
    &pc519_retry_setting_of_nobody::RETRY_SETTING_OF_NOBODY,
    &pc520_service_endpoint_cut_short::SERVICE_ENDPOINT_CUT_SHORT,
    &pc521_unread_key_setting::UNREAD_KEY_SETTING,
    &pc522_unset_key_variable::UNSET_KEY_VARIABLE,
    &pc523_no_credential::NO_CREDENTIAL,
    &pc524_unread_section::UNREAD_SECTION,
    &pc525_unread_entry::UNREAD_ENTRY,
    &pc526_missing_endpoint::MISSING_ENDPOINT,
    &pc527_region_not_read::REGION_NOT_READ,
    &pc528_unknown_preset::UNKNOWN_PRESET,
    &pc531_site_without_key::SITE_WITHOUT_KEY,
    &pc532_site_setting_not_used::SITE_SETTING_NOT_USED,
    &pc533_site_sends_no_key::SITE_SENDS_NO_KEY,
    &pc534_key_goes_elsewhere::KEY_GOES_ELSEWHERE,
    &pc535_job_does_not_run::JOB_DOES_NOT_RUN,
    &pc551_key_of_another_service::KEY_OF_ANOTHER_SERVICE,
    &pc552_endpoint_variable_of_another_service::ENDPOINT_VARIABLE_OF_ANOTHER_SERVICE,
    &pc553_placeholder_in_config::PLACEHOLDER_IN_CONFIG,
    &pc554_providers_are_text::PROVIDERS_ARE_TEXT,
    &pc555_key_env_is_no_name::KEY_ENV_IS_NO_NAME,
    &pc556_no_key_was_sent::NO_KEY_WAS_SENT,
    &pc557_value_hermes_stops_at::VALUE_HERMES_STOPS_AT,
    &pc601_fallback_entry_dropped::FALLBACK_ENTRY_DROPPED,
    &pc602_fallback_under_model::FALLBACK_UNDER_MODEL,
    &pc603_fallback_is_text::FALLBACK_IS_TEXT,
    &pc604_fallback_misnamed::FALLBACK_MISNAMED,
    &pc605_fallback_unknown_provider::FALLBACK_UNKNOWN_PROVIDER,
    &pc606_fallback_same_as_primary::FALLBACK_SAME_AS_PRIMARY,
    &pc607_fallback_without_key::FALLBACK_WITHOUT_KEY,
    &pc608_reference_in_fallback::REFERENCE_IN_FALLBACK,
    &pc701_whole_pool_in_cooldown::WHOLE_POOL_IN_COOLDOWN,
    &pc801_unknown_command::UNKNOWN_COMMAND,
    &pc802_unknown_option::UNKNOWN_OPTION,
    &pc803_wrong_arguments::WRONG_ARGUMENTS,
    &pc804_value_not_allowed::VALUE_NOT_ALLOWED,
    &pc805_login_instead_of_key::LOGIN_INSTEAD_OF_KEY,
    &pc806_provider_name_in_command::PROVIDER_NAME_IN_COMMAND,
    &pc807_list_set_as_text::LIST_SET_AS_TEXT,
    &pc808_dot_in_name::DOT_IN_NAME,
    &pc809_key_variable_into_config::KEY_VARIABLE_INTO_CONFIG,
    &pc810_key_in_command::KEY_IN_COMMAND,
    &pc811_command_typography::COMMAND_TYPOGRAPHY,
    &pc812_strategy_set_in_vain::STRATEGY_SET_IN_VAIN,
    &pc813_placeholder_in_command::PLACEHOLDER_IN_COMMAND,
    &pc814_reset_without_effect::RESET_WITHOUT_EFFECT,
    &pc815_command_as_root::COMMAND_AS_ROOT,
    &pc901_listing_of_another_store::LISTING_OF_ANOTHER_STORE,
    &pc902_login_before_key::LOGIN_BEFORE_KEY,
    &pc903_listed_variable_is_gone::LISTED_VARIABLE_IS_GONE,
    &pc904_key_not_in_listing::KEY_NOT_IN_LISTING,
    &pc905_stored_row_not_listed::STORED_ROW_NOT_LISTED,
    &pc906_arrow_at_another_row::ARROW_AT_ANOTHER_ROW,
    &pc907_refused_row_in_listing::REFUSED_ROW_IN_LISTING,
    &pc911_error_that_rotates_nothing::ERROR_THAT_ROTATES_NOTHING,
    &pc912_refused_key_as_bad_request::REFUSED_KEY_AS_BAD_REQUEST,
    &pc913_first_limit_takes_no_key::FIRST_LIMIT_TAKES_NO_KEY,
    &pc914_resting_pool_looks_keyless::RESTING_POOL_LOOKS_KEYLESS,
    &pc915_pool_of_custom_endpoint_untouched::POOL_OF_CUSTOM_ENDPOINT_UNTOUCHED,
    &pc916_no_fallback_took_over::NO_FALLBACK_TOOK_OVER,
    &pc917_key_died::KEY_DIED,
    &pc918_login_used_elsewhere::LOGIN_USED_ELSEWHERE,
    &pc919_limit_of_the_provider_behind::LIMIT_OF_THE_PROVIDER_BEHIND,
    &pc920_attempts_end_before_the_pool::ATTEMPTS_END_BEFORE_THE_POOL,
    &pc921_reset_time_not_read::RESET_TIME_NOT_READ,
    &pc922_endpoint_without_path_not_found::ENDPOINT_WITHOUT_PATH_NOT_FOUND,
    &pc923_key_of_another_region::KEY_OF_ANOTHER_REGION,
    &pc924_subscription_used_as_login::SUBSCRIPTION_USED_AS_LOGIN,
    &pc925_fallback_without_its_error::FALLBACK_WITHOUT_ITS_ERROR,
    &pc926_log_of_another_store::LOG_OF_ANOTHER_STORE,
    &pc927_store_not_readable::STORE_NOT_READABLE,
    &pc928_gemini_key_sent_to_vertex::GEMINI_KEY_SENT_TO_VERTEX,
    &pc929_log_of_another_setting::LOG_OF_ANOTHER_SETTING,
    &pc930_no_balance_at_this_endpoint::NO_BALANCE_AT_THIS_ENDPOINT,
    &pc931_side_provider_failed::SIDE_PROVIDER_FAILED,
    &pc932_log_of_another_moment::LOG_OF_ANOTHER_MOMENT,
    &pc933_request_refused::REQUEST_REFUSED,
    &pc935_config_not_parsed::CONFIG_NOT_PARSED,
    &pc941_key_in_shell_only::KEY_IN_SHELL_ONLY,
    &pc942_fallback_shown_as_text::FALLBACK_SHOWN_AS_TEXT,
    &pc943_report_sees_variables_only::REPORT_SEES_VARIABLES_ONLY,
    &pc944_report_of_another_env::REPORT_OF_ANOTHER_ENV,
    &pc945_key_refused_at_doctor::KEY_REFUSED_AT_DOCTOR,
];

/// Codes that were given once and are not any more; they are never given again.
pub static TOMBSTONES: &[&str] = &[];

/// The rule of a code.
pub fn rule(code: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.code == code).copied()
}

/// What the rules found.
#[derive(Debug)]
pub struct Found {
    /// The findings in the order of the sources, then of their places, then of their codes.
    pub findings: Vec<Diagnostic>,
    /// The code of each finding that a comment silences.
    pub silenced: Vec<&'static str>,
}

/// Runs all rules and takes out what comments silence.
pub fn run(context: &Context<'_>) -> Found {
    let mut findings = Findings::default();
    // These speak of what the others found, in this order.
    let behind = [
        &pc523_no_credential::NO_CREDENTIAL,
        &pc557_value_hermes_stops_at::VALUE_HERMES_STOPS_AT,
        &pc525_unread_entry::UNREAD_ENTRY,
    ];
    let last = &pc114_unused_ignore::UNUSED_IGNORE;
    let is_behind = |rule: &&Rule| behind.iter().chain([&last]).any(|own| own.code == rule.code);
    for rule in RULES.iter().copied().filter(|rule| !is_behind(rule)).chain(behind) {
        #[cfg(test)]
        if taken_out::is_taken_out(rule) {
            continue;
        }
        (rule.check)(context, &mut findings);
    }
    let set = set_by_commands::findings(context, &findings.list);
    findings.list.extend(set);
    // Of a file that is not read for its encoding nothing else counts.
    let unread = [&pc111_yaml_syntax_error::YAML_SYNTAX_ERROR, &pc304_broken_auth_json::BROKEN_AUTH_JSON];
    findings.list.retain(|finding| {
        !context.world.is_undecodable(finding.place.source)
            || unread.iter().any(|rule| rule.code == finding.code)
    });
    let text = |source| context.text_of(source);
    findings.silenced = silence::silence(&context.ignores, &text, &mut findings.list);
    (last.check)(context, &mut findings);
    // The rules stand in the order of their codes, but for the last one, whose places are its own.
    sort_by_place(&mut findings.list, |finding| finding.place);
    Found { findings: findings.list, silenced: findings.silenced.codes }
}

/// More places of one cause are not pointed at: they are counted.
const MOST_LABELS: usize = 20;

/// What the rules have found so far. What is said of a finding is said of the one that was reported last.
#[derive(Debug, Default)]
pub struct Findings {
    list: Vec<Diagnostic>,
    /// The rule that reported last.
    rule: Option<&'static Rule>,
    /// What comments silence; known once the other rules have run.
    silenced: silence::Silenced,
}

impl Findings {
    /// Reports a finding of `rule` at `place`. Its arguments, labels and fix follow.
    pub fn report(&mut self, rule: &'static Rule, place: Place) -> &mut Self {
        self.rule = Some(rule);
        self.list.push(Diagnostic {
            code: rule.code,
            name: rule.name,
            severity: rule.severity,
            place,
            what: &rule.what,
            why: &rule.why,
            todo: &rule.todo,
            command: rule.command.as_ref(),
            args: Vec::new(),
            labels: Vec::new(),
            fix: None,
        });
        self
    }

    /// Reports one finding of `rule` for all of `places`, which have one cause: at the first, with the rule's label `label` at the
    /// others, of which no more than `MOST_LABELS` are shown. The wordings get their number as `count`.
    pub fn report_all(&mut self, rule: &'static Rule, places: &[Place], label: &str) -> Option<&mut Self> {
        let (first, others) = places.split_first()?;
        self.report(rule, *first).with("count", places.len());
        for place in others.iter().take(MOST_LABELS) {
            self.label(label, Some(*place));
        }
        Some(self)
    }

    /// Gives the wordings an argument.
    pub fn with(&mut self, name: &'static str, value: impl Into<Arg>) -> &mut Self {
        self.with_arg(name, value.into());
        self
    }

    #[inline(never)]
    fn with_arg(&mut self, name: &'static str, value: Arg) {
        if let Some(finding) = self.list.last_mut() {
            finding.args.push((name, value));
        }
    }

    /// Gives the wordings the rule's message part `part` as the argument `name`. What the part has to name itself
    /// are the arguments that were given before it.
    #[inline(never)]
    pub fn part(&mut self, name: &'static str, part: &str) -> &mut Self {
        if let Some(rule) = self.rule {
            self.with_arg(name, rule.part(part).into());
        }
        self
    }

    /// Gives the rule's command the argument `name`; without one the command is left out.
    #[inline(never)]
    pub fn command(&mut self, name: &'static str, text: Option<&str>) -> &mut Self {
        match text {
            Some(text) => self.with(name, text),
            None => self.without_command(),
        }
    }

    /// Leaves the rule's command out: it does not fit this finding.
    #[inline(never)]
    pub fn without_command(&mut self) -> &mut Self {
        if let Some(finding) = self.list.last_mut() {
            finding.command = None;
        }
        self
    }

    /// Whether a finding or a label of one stands at `place` already.
    pub fn has_at(&self, place: Place) -> bool {
        let has_label = |finding: &Diagnostic| finding.labels.iter().any(|label| label.place == place);
        self.list.iter().any(|finding| finding.place == place || has_label(finding))
    }

    /// Whether the fix of a finding writes one of `names` within `place`: then what lacks there is told with it.
    pub fn writes_within(&self, place: Place, names: &[&str]) -> bool {
        let within = |source: SourceKind, edit: &Edit| {
            source == place.source && place.span.contains(edit.span) && names.contains(&edit.text.as_str())
        };
        let fixes = self.list.iter().filter_map(|finding| finding.fix.as_ref());
        let mut edits = fixes.flat_map(|fix| &fix.edits);
        edits.any(|(source, own)| own.iter().any(|edit| within(*source, edit)))
    }

    /// Whether a finding undoes damage by pasting: what the damaged text comes to is not what its author has.
    pub fn has_repair(&self) -> bool {
        self.list.iter().any(|finding| finding.fix.as_ref().is_some_and(|fix| fix.is_repair))
    }

    /// Offers edits of one or several texts as the fix.
    pub fn change(&mut self, change: Change) -> &mut Self {
        for kind in SourceKind::PASTED {
            let own: Vec<Edit> =
                change.iter().filter(|(source, _)| *source == kind).map(|(_, edit)| edit.clone()).collect();
            if !own.is_empty() {
                self.fix(kind, own);
            }
        }
        self
    }

    /// Says the finding as something that does less harm here than elsewhere.
    pub fn as_warning(&mut self) -> &mut Self {
        if let Some(finding) = self.list.last_mut() {
            finding.severity = Severity::Warning;
        }
        self
    }

    /// Says the finding as what leaves Hermes without a key.
    pub fn as_error(&mut self) -> &mut Self {
        if let Some(finding) = self.list.last_mut() {
            finding.severity = Severity::Error;
        }
        self
    }

    /// Says the finding as good to know: it may be meant so.
    pub fn as_note(&mut self) -> &mut Self {
        if let Some(finding) = self.list.last_mut() {
            finding.severity = Severity::Info;
        }
        self
    }

    /// Points at a further place, where there is one, with the rule's label `name`.
    #[inline(never)]
    pub fn label(&mut self, name: &str, place: Option<Place>) -> &mut Self {
        match place {
            Some(place) => self.label_with(name, place, Vec::new()),
            None => self,
        }
    }

    /// Points at a further place with the rule's label `name`, which has arguments of its own.
    #[inline(never)]
    pub fn label_with(&mut self, name: &str, place: Place, args: Args) -> &mut Self {
        if let (Some(finding), Some(rule)) = (self.list.last_mut(), self.rule)
            && let Some(template) = Template::named(rule.labels, name)
        {
            finding.labels.push(Label { place, message: Message { template, args } });
        }
        self
    }

    /// Offers as the fix to put `text` in the place of what stands at `place`.
    #[inline(never)]
    pub fn replace(&mut self, place: Place, text: &str) -> &mut Self {
        self.fix(place.source, vec![Edit::replace(place.span, text)])
    }

    /// Offers edits of one text as the fix, beside those of other texts. Edits that overlap are no fix.
    #[inline(never)]
    pub fn fix(&mut self, source: SourceKind, edits: Vec<Edit>) -> &mut Self {
        if let (Some(finding), Some(rule), Ok(edits)) = (self.list.last_mut(), self.rule, Edits::new(edits))
            && let (Some(title), Some(safety)) = (rule.fix_title.as_ref(), rule.fix)
        {
            let fix = finding.fix.get_or_insert(Fix { title, safety, is_repair: false, edits: Vec::new() });
            fix.edits.push((source, edits));
        }
        self
    }

    /// Offers edits of one text as the fix, which undo what pasting did to it.
    #[inline(never)]
    pub fn repair(&mut self, source: SourceKind, edits: Vec<Edit>) -> &mut Self {
        self.fix(source, edits);
        if let Some(fix) = self.list.last_mut().and_then(|finding| finding.fix.as_mut()) {
            fix.is_repair = true;
        }
        self
    }
}
