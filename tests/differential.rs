//! Our answers against recorded ones of the real Hermes Agent; `cargo xtask record` writes those, and
//! `cargo xtask diff` compares with the real program itself.

#[path = "../examples/answer.rs"]
mod answer;
#[path = "../xtask/src/compare.rs"]
mod compare;
#[allow(dead_code)]
mod laws;
#[path = "../xtask/src/recorded.rs"]
mod recorded;

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::fs;
    use std::path::Path;
    use std::sync::OnceLock;
    use std::thread;

    use poolcheck::api::Input;
    use poolcheck::base::sources::{Given, Sources};
    use poolcheck::facts::behaviour::Behaviour;
    use poolcheck::facts::{Facts, READ, RELEASES};
    use serde_json::Value;

    use super::answer::{answer_case, answer_with};
    use super::compare::{Verdict, compare};
    use super::laws;
    use super::recorded::Recorded;

    /// Those about commands, which only cases kept by hand ask: they hardly depend on the world.
    const OF_COMMANDS: [&str; 4] = ["arguments", "auth_add", "config_set", "reset"];

    /// Every question of the case protocol.
    const QUESTIONS: [&str; 31] = [
        "advance",
        "arguments",
        "auth_add",
        "call_site",
        "canonical",
        "classify",
        "config",
        "config_set",
        "custom",
        "env",
        "environ",
        "fallback",
        "known_key",
        "lease",
        "list",
        "mark",
        "peek",
        "pool",
        "recover",
        "release",
        "reload",
        "reset",
        "resolve",
        "select",
        "start",
        "store",
        "strategy",
        "success",
        "turn",
        "validate",
        "yaml",
    ];

    /// How many cases are recorded of every release at least.
    const RECORDED: usize = 1000;

    /// What was recorded of one release to one case, and what we answer.
    struct Answered {
        release: String,
        case: Value,
        theirs: Vec<Value>,
        ours: Vec<Value>,
    }

    impl Answered {
        fn id(&self) -> &str {
            self.case["id"].as_str().unwrap()
        }

        /// Each question with both answers.
        fn questions(&self) -> impl Iterator<Item = (&Value, &Value, &Value)> {
            let asked = self.case["ask"].as_array().unwrap();
            assert_eq!((asked.len(), self.theirs.len()), (self.ours.len(), self.ours.len()));
            asked
                .iter()
                .zip(&self.theirs)
                .zip(&self.ours)
                .map(|((asked, theirs), ours)| (asked, theirs, ours))
        }
    }

    fn answers(answered: &Value) -> Vec<Value> {
        answered["answers"].as_array().unwrap().clone()
    }

    fn records() -> Vec<Recorded> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/differential/recorded");
        let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        let parse = |path: &std::path::PathBuf| -> Vec<Recorded> {
            let text = fs::read_to_string(path).unwrap();
            text.lines().map(|line| Recorded::parse(line).unwrap()).collect()
        };
        let records: Vec<Recorded> = paths.iter().flat_map(parse).collect();
        for record in &records {
            let id = &record.case["id"];
            assert!(
                !record.answers.is_empty(),
                "{id} has no answers yet: run `cargo xtask record --by-hand`"
            );
        }
        records
    }

    /// All that is recorded, release by release, with our answers: asked once, in as many threads as there are cores.
    fn answered() -> &'static [Answered] {
        static ANSWERED: OnceLock<Vec<Answered>> = OnceLock::new();
        ANSWERED.get_or_init(|| {
            let records = records();
            let of_release = |record: &Recorded| -> Vec<Answered> {
                let answered = record.answers.iter().map(|(release, theirs)| {
                    let case = record.case_of(release);
                    let ours = answers(&answer_case(&case));
                    Answered { release: release.clone(), case, theirs: theirs.clone(), ours }
                });
                answered.collect()
            };
            let cores = thread::available_parallelism().map_or(2, usize::from);
            thread::scope(|scope| {
                let workers: Vec<_> = records
                    .chunks(records.len().div_ceil(cores))
                    .map(|some| scope.spawn(move || some.iter().flat_map(of_release).collect::<Vec<_>>()))
                    .collect();
                workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
            })
        })
    }

    /// The world of a case as it would be pasted: its files, and its variables as lines, but for values of several lines.
    fn input_of(case: &Value) -> Input {
        let file = |name: &str| {
            let text = case["files"][name].as_str();
            text.map_or(Given::Absent, |text| Given::Text(text.to_owned()))
        };
        let variables = case["environ"].as_object().into_iter().flatten();
        let lines = variables.filter_map(|(name, value)| Some(format!("{name}={}", value.as_str()?)));
        let environ: String =
            lines.filter(|line| !line.contains(['\n', '\r'])).map(|line| format!("{line}\n")).collect();
        Input::from(Sources {
            config: file("config.yaml"),
            dotenv: file(".env"),
            auth_store: file("auth.json"),
            jobs: file("cron/jobs.json"),
            environ: Given::Text(environ),
            ..Sources::default()
        })
    }

    /// All laws hold on the generated worlds, by every release that was asked of them.
    #[test]
    fn the_recorded_worlds_keep_all_laws() {
        let records = records();
        let cores = thread::available_parallelism().map_or(2, usize::from);
        let wrong_of = |worker: usize| -> Vec<String> {
            let own = records.iter().skip(worker).step_by(cores);
            let check = |record: &Recorded, release: &str| {
                let now = record.case["now"].as_f64().unwrap_or(0.0);
                let input = input_of(&record.case);
                let held = std::panic::catch_unwind(|| laws::checked_for(Some(release), &input, now));
                let panic = held.err()?;
                let said = panic.downcast_ref::<String>().map_or("", String::as_str);
                let id = record.case["id"].as_str().unwrap();
                let first: String = said.chars().take(200).collect();
                Some(format!("{id} by {release}: {first}"))
            };
            own.flat_map(|record| record.answers.iter().filter_map(|(release, _)| check(record, release)))
                .collect()
        };
        let wrong: Vec<String> = thread::scope(|scope| {
            let workers: Vec<_> = (0..cores).map(|worker| scope.spawn(move || wrong_of(worker))).collect();
            workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
        });
        assert!(wrong.is_empty(), "the laws do not hold on {} worlds: {wrong:#?}", wrong.len());
    }

    /// The releases that are run, newest first: nothing is recorded of one that was only read.
    fn run() -> Vec<&'static str> {
        RELEASES.into_iter().filter(|release| !READ.contains(release)).collect()
    }

    #[test]
    fn our_answers_agree_with_the_recorded_ones() {
        let mut differences = Vec::new();
        for answered in answered() {
            for (question, theirs, ours) in answered.questions() {
                if compare(ours, theirs) == Verdict::Differ {
                    let (id, release) = (answered.id(), &answered.release);
                    differences.push(format!(
                        "case {id} of {release}, {question}\n  theirs: {theirs}\n  ours:   {ours}"
                    ));
                }
            }
        }
        assert!(differences.is_empty(), "{} differences:\n{}", differences.len(), differences.join("\n"));
    }

    #[test]
    fn each_release_has_its_recorded_cases() {
        for release in run() {
            let count = answered().iter().filter(|answered| answered.release == release).count();
            assert!(count >= RECORDED, "{count} cases are recorded of {release}");
        }
    }

    /// The cases that were written to reach what no drawn world does, among it what is known not to be modelled.
    fn written_to_reach() -> Vec<String> {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/differential/recorded/reach.jsonl");
        let text = fs::read_to_string(path).unwrap();
        let id = |line| Recorded::parse(line).unwrap().case["id"].as_str().unwrap().to_owned();
        text.lines().map(id).collect()
    }

    #[test]
    fn hardly_anything_recorded_is_not_modelled() {
        let left_out = written_to_reach();
        // Of the older releases, what logins come to is in part not modelled.
        let limits = [(run()[0], 0.02), ("older ones", 0.08)];
        let mut asked: BTreeMap<(usize, &str), (usize, usize)> = BTreeMap::new();
        for answered in answered().iter().filter(|answered| !left_out.iter().any(|id| id == answered.id())) {
            let limit = usize::from(answered.release != run()[0]);
            for (question, _, ours) in answered.questions() {
                let (all, without) = asked.entry((limit, question["do"].as_str().unwrap())).or_default();
                *all += 1;
                *without += usize::from(is_open(ours));
            }
        }
        for ((limit, question), (all, without)) in asked {
            let (releases, most) = limits[limit];
            assert!(
                without as f64 <= most * all as f64,
                "`{question}` of {releases}: {without} of {all} answers are not modelled"
            );
        }
    }

    #[test]
    fn the_recorded_cases_cover_every_question() {
        let mut asked: BTreeMap<&str, usize> = BTreeMap::new();
        for (question, _, _) in answered().iter().flat_map(Answered::questions) {
            *asked.entry(question["do"].as_str().unwrap()).or_default() += 1;
        }
        for question in QUESTIONS {
            let times = asked.get(question).copied().unwrap_or(0);
            assert!(times >= 5, "`{question}` is asked {times} times in the recorded cases");
        }
        assert_eq!(asked.len(), QUESTIONS.len(), "a question that is no part of the protocol");
    }

    /// What the page about fidelity can be held to without running anything: that it is about these releases and
    /// questions, and that its sums are right.
    #[test]
    fn the_page_about_fidelity_is_whole() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/fidelity.md");
        let page = fs::read_to_string(path).unwrap();
        let table = |heading: &str| -> Vec<Vec<String>> {
            let section = page.split(&format!("## {heading}\n")).nth(1).unwrap();
            let section = section.split("\n## ").next().unwrap();
            let rows = section.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| ---"));
            rows.map(|row| row.trim_matches('|').split(" | ").map(|cell| cell.trim().to_owned()).collect())
                .collect()
        };
        for heading in ["Answers", "What the cases reach"] {
            assert_eq!(table(heading)[0][1..], run(), "{heading}");
        }
        let answers = table("Answers");
        let (all, questions) = answers[1..].split_last().unwrap();
        let asked: Vec<String> = questions.iter().map(|row| row[0].replace('`', "")).collect();
        // A turn takes seconds: no generated case has one. Generated cases ask `call_site` since the page was written.
        let generated: Vec<&str> = (QUESTIONS.into_iter())
            .filter(|question| !matches!(*question, "turn" | "call_site") && !OF_COMMANDS.contains(question))
            .collect();
        assert_eq!(asked, generated);
        let compared = |cell: &String| -> u64 {
            let count = cell.split(", ").next().unwrap().replace(',', "");
            if count == "–" { 0 } else { count.parse().unwrap() }
        };
        for column in 1..all.len() {
            let sum: u64 = questions.iter().map(|row| compared(&row[column])).sum();
            assert_eq!(compared(&all[column]), sum, "the answers of {}", run()[column - 1]);
        }
        let read = page.split("## Releases that were only read\n").nth(1).unwrap();
        for release in READ {
            assert!(read.contains(&format!("- {release}: read in the source, not run.")), "{release}");
        }
    }

    /// Gives the names of some switches, and the function that turns one of them over.
    macro_rules! switches {
        ($($name:ident)*) => {
            const SWITCHES: &[&str] = &[$(stringify!($name)),*];

            /// Whether the switch of this name is on, which it is then no more, or is then.
            fn flip(behaviour: &mut Behaviour, name: &str) -> bool {
                let switch = match name {
                    $(stringify!($name) => &mut behaviour.$name,)*
                    _ => panic!("no switch is called {name}"),
                };
                std::mem::replace(switch, !*switch)
            }
        };
    }

    switches! {
        accepts_url_templates agents_look_behind_pools aliases_need_an_endpoint
        anthropic_key_bars_logins anthropic_pool_logins_count any_claude_change_syncs
        any_nous_change_syncs asks_bitwarden asks_vaults_by_name auth_json_may_have_a_bom
        auto_asks_the_openrouter_pool auto_takes_custom auto_takes_logins_last bare_custom_needs_a_key
        bearer_token_needs_converse bedrock_takes_the_asked_model billing_names_the_key
        blocks_can_be_disabled borrowed_keys_stay_off_disk checks_anthropic_urls checks_config_keys
        checks_nous_portal_scheme checks_nous_urls checks_requests_in_400 checks_requests_in_5xx
        checks_voice_and_web checks_xai_urls chosen_rows_configure codex_logins_have_names
        codex_rows_are_logins cools_models_alone counts_every_selection custom_agents_own_named_pools
        custom_aliases_are_custom custom_extras custom_headers_and_tls custom_may_be_a_name
        custom_side_tasks_are_the_main direct_url_is_never_blank distrusts_responses_for_custom
        dotted_names_are_no_variables drops_nul empty_section_keeps_defaults fallback_entries_name_keys
        falls_back_to_backups frozen_thinking_is_a_signature gateway_ignores_inference_provider
        gives_logins_up google_login_by_auth_add guards_other_providers
        job_endpoints_are_guarded jobs_merge_fallbacks jobs_need_a_model jobs_notice_drift
        jobs_read_dotenv_like_others keeps_more_fields keys_alone_are_no_nous_login
        keys_go_to_their_hosts knows_anthropic_host knows_barred_logins knows_codex_limits
        knows_dead_entries knows_encrypted_content knows_entitlements knows_entra
        knows_grok_subscription knows_moa knows_timeout_status knows_undecrypted_content
        knows_unverified_billing knows_upstream_limits knows_vertex knows_xai_logins
        leaves_max_turns_out leaves_undecodable_dotenv limits_refreshes listings_have_ids
        load_env_drops_export load_env_needs_pairs_of_quotes loads_model_aliases loads_op_env
        logins_go_back_to_their_store logins_may_be_left_alone logins_of_the_root_count
        lone_endpoint_counts look_up_prefers_dotenv look_up_tries_every_row looks_behind_op_references
        looks_for_codes_in_messages looks_for_overflow_in_5xx marks_by_key marks_only_whom_it_is_told
        may_rotate_at_once merges_fallbacks mirrors_in_config_count missing_key_is_an_error
        model_names_its_variable models_may_be_rows moves_the_nous_portal names_premium_plus
        never_rotates_to_the_same new_keys_clear_statuses newer_codex_tokens_do
        nous_endpoint_by_variable nous_life_may_be_odd nous_logins_need_a_token
        nous_needs_a_usable_token nous_tokens_may_be_keys numbered_variables one_row_per_source
        only_oat_tokens_are_logins openai_is_an_alias openai_key_goes_to_its_url
        opencode_go_knows_qwen_max opencode_qwen_speaks_anthropic openrouter_mirrors_count
        passes_over_empty_keys passes_over_empty_logins pool_keys_must_be_usable pool_shares_the_config
        providers_declare_modes reads_endpoint_paths reads_hours_until_reset reads_status_times_as_text
        reads_yaml_with_libyaml reads_yaml_with_ruamel recovery_names_the_row references_may_say_env
        refusal_may_be_billing renews_nous_rows restores_opencode_paths sanitizer_spares_values
        settings_of_text_stay_text settles_lmstudio_urls shares_logins_with_the_root side_tasks_are_told
        side_tasks_fall_back side_tasks_know_openai side_tasks_know_the_main side_tasks_name_keys
        side_tasks_peek_pools side_tasks_take_the_endpoint side_tasks_take_the_key
        slots_configure_providers slugs_name_pools sole_keys_cool_briefly spares_short_lived_xai_tokens
        spells_out_reset_times subagents_keep_native_providers syncs_codex_before_renewal
        tells_stale_from_barred terminal_moves_model_keys timeouts_may_be_odd token_tells_auth_type
        trims_variables unnamed_agents_recover_nothing unreachable_providers_are_left
        unset_variables_keep_rows unwritten_logins_die used_up_accounts_end_turns
        vision_keeps_its_provider writes_changed_nous_logins_only writing_keeps_newer_cooldowns
        writing_keeps_others_rows xai_login_is_a_device_code xai_rows_adopt_stored_ones
        xai_rows_are_logins
    }

    #[test]
    fn every_switch_is_tried() {
        let told = format!("{:?}", Facts::newest().unwrap().behaviour);
        let fields = told.trim_start_matches("Behaviour {").trim_end_matches('}').split(',');
        let mut names: Vec<&str> = fields.map(|field| field.split_once(':').unwrap().0.trim()).collect();
        names.sort_unstable();
        assert_eq!(
            names, SWITCHES,
            "the list of this test is that of src/facts/behaviour.rs, in the order of names"
        );
    }

    fn is_open(ours: &Value) -> bool {
        ours.get("not_modelled").is_some()
    }

    #[test]
    fn what_a_switch_is_about_is_modelled() {
        let mut open = Vec::new();
        for name in SWITCHES {
            let own = answered().iter().filter(|answered| answered.id() == *name);
            let left = own.filter(|own| own.ours.iter().any(is_open)).map(|own| own.release.as_str());
            let left: Vec<&str> = left.collect();
            if !left.is_empty() {
                open.push(format!("{name}: {}", left.join(" ")));
            }
        }
        assert_eq!(open, ["knows_vertex: 0.19.0 0.18.2"]);
    }

    /// Turns each switch over, in the last release that is without it and in the first that has it: each time our answers
    /// to the recorded case of its name are no longer the real program's.
    #[test]
    fn a_switch_that_is_turned_over_makes_a_recorded_answer_differ() {
        let mut unnoticed = Vec::new();
        let releases = run();
        for (newer, older) in releases.iter().zip(releases.iter().skip(1)) {
            for name in SWITCHES {
                let is = |release| flip(&mut Facts::of(release).unwrap().behaviour.clone(), name);
                if is(newer) == is(older) {
                    continue;
                }
                for release in [*newer, *older] {
                    let own = |answered: &&Answered| answered.id() == *name && answered.release == release;
                    let recorded = answered().iter().find(own).unwrap();
                    let mut facts = Facts::of(release).unwrap().clone();
                    flip(&mut facts.behaviour, name);
                    let facts: &'static Facts = Box::leak(Box::new(facts));
                    let turned = answers(&answer_with(&recorded.case, release, Some(facts)));
                    let differs =
                        turned.iter().zip(recorded.questions()).any(|(turned, (_, theirs, ours))| {
                            // What is left open is listed above.
                            compare(turned, theirs) == Verdict::Differ || is_open(turned) && !is_open(ours)
                        });
                    if !differs {
                        unnoticed.push(format!("{name} of {release}"));
                    }
                }
            }
        }
        assert_eq!(unnoticed, [""; 0], "switches that nothing recorded is about");
    }
}
