//! The services that keys belong to: how a key is told, and the hosts that know it.
//!
//! `data/services.json` holds them, each with its source and date. It is of no release: which of them is a provider of a
//! release, its tables say.

use std::cell::{Cell, OnceCell};

use super::Facts;
use super::read::Table;
use crate::base::embedded;
use crate::base::sources::SourceKind;
use crate::json;
use crate::python::urlparse;

/// A service with keys of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Service {
    /// Its id in the table.
    pub id: String,
    /// The name that people know.
    pub name: String,
    /// What it shares with services of the same company that have other keys.
    pub family: String,
    /// The provider of Hermes that sends its keys there; empty where there is none.
    pub provider: String,
    /// The endpoint to write for it; empty where none is known.
    pub endpoint: String,
    /// The hosts that know its keys; one that begins with a dot stands for all below it.
    pub hosts: Vec<String>,
    /// What its keys begin with, and those of no service outside its family.
    pub begin: Vec<String>,
    /// `id.secret` where its keys are told by that form.
    pub form: String,
}

/// The form of Z.AI's keys.
const ID_AND_SECRET: &str = "id.secret";

/// No key is shorter behind its beginning. What is shorter is a placeholder.
const SHORTEST_REST: usize = 4;

impl Service {
    /// What tells `key` for one of this service: its beginning or its form.
    ///
    /// ```
    /// use poolcheck::facts::services::Service;
    /// let kimi = Service::of_key("sk-kimi-fake-000000").unwrap();
    /// assert_eq!((kimi.id.as_str(), kimi.mark_of("sk-kimi-fake-000000")), ("kimi-code", Some("sk-kimi-")));
    /// ```
    pub fn mark_of(&self, key: &str) -> Option<&str> {
        let begins = |begin: &&String| {
            key.strip_prefix(begin.as_str()).is_some_and(|rest| rest.len() >= SHORTEST_REST)
        };
        let form = (self.form == ID_AND_SECRET && has_id_and_secret(key)).then_some(self.form.as_str());
        self.begin.iter().find(begins).map(String::as_str).or(form)
    }

    /// The service that `key` surely belongs to; the first of two that share its beginning.
    ///
    /// ```
    /// use poolcheck::facts::services::Service;
    /// assert_eq!(Service::of_key("sk-or-v1-fake-000000").unwrap().name, "OpenRouter");
    /// assert_eq!(Service::of_key("sk-fake-000000"), None);
    /// ```
    pub fn of_key(key: &str) -> Option<&'static Self> {
        all().iter().find(|service| service.mark_of(key).is_some())
    }

    /// Whether a key that `mark` tells may be one of this service.
    ///
    /// ```
    /// use poolcheck::facts::services::Service;
    /// // A key of MiniMax's plan may be of either region.
    /// let [one, other] = ["minimax", "minimax-cn"].map(|id| Service::of_provider(id).unwrap());
    /// assert!(one.has_mark("sk-cp-") && other.has_mark("sk-cp-"));
    /// ```
    pub fn has_mark(&self, mark: &str) -> bool {
        self.begin.iter().any(|begin| begin == mark) || !self.form.is_empty() && self.form == mark
    }

    /// The other service whose keys `mark` tells as well as this one's.
    ///
    /// ```
    /// use poolcheck::facts::services::Service;
    /// let minimax = Service::of_key("sk-cp-fake-000000").unwrap();
    /// assert_eq!(minimax.sharing("sk-cp-").unwrap().provider, "minimax-cn");
    /// ```
    pub fn sharing(&self, mark: &str) -> Option<&'static Self> {
        all().iter().find(|other| other.id != self.id && other.has_mark(mark))
    }

    /// Whether a key that `mark` tells for one of `owner` may be one of this service: a beginning that both give out tells nothing
    /// against either.
    ///
    /// ```
    /// use poolcheck::facts::services::Service;
    /// let owner = Service::of_key("sk-cp-fake-000000").unwrap();
    /// assert!(Service::of_provider("minimax-cn").unwrap().may_own(owner, Some("sk-cp-")));
    /// assert!(!Service::of_provider("deepseek").unwrap().may_own(owner, Some("sk-cp-")));
    /// ```
    pub fn may_own(&self, owner: &Self, mark: Option<&str>) -> bool {
        self == owner || mark.is_some_and(|mark| self.has_mark(mark))
    }

    /// Whether `key` may be one that the provider `id` sends to its own service.
    ///
    /// ```
    /// use poolcheck::facts::services::Service;
    /// assert!(Service::may_be_of("sk-cp-fake-000000", "minimax-cn"));
    /// assert!(!Service::may_be_of("sk-cp-fake-000000", "deepseek"));
    /// assert!(Service::may_be_of("sk-fake-000000", "deepseek"));
    /// ```
    pub fn may_be_of(key: &str, id: &str) -> bool {
        let Some(owner) = Self::of_key(key) else { return true };
        let shared = || owner.sharing(owner.mark_of(key)?);
        owner.provider == id || shared().is_some_and(|other| other.provider == id)
    }

    /// The service that the host of `url` belongs to. A proxy and a server of one's own belong to none.
    ///
    /// ```
    /// use poolcheck::facts::services::Service;
    /// assert_eq!(Service::at("https://openrouter.ai/api/v1").unwrap().id, "openrouter");
    /// assert_eq!(Service::at("http://localhost:4000/v1"), None);
    /// ```
    pub fn at(url: &str) -> Option<&'static Self> {
        let host = urlparse(url)?.hostname()?;
        all().iter().find(|service| service.has_host(&host))
    }

    /// The service whose keys the provider `id` sends, where it is one of the table and has one host.
    ///
    /// ```
    /// use poolcheck::facts::services::Service;
    /// assert_eq!(Service::of_provider("gemini").unwrap().name, "Google");
    /// assert_eq!(Service::of_provider("lmstudio"), None);
    /// ```
    pub fn of_provider(id: &str) -> Option<&'static Self> {
        all().iter().find(|service| service.provider == id)
    }

    /// Whether the default endpoint of the provider `id` is one of this service: `hermes auth add` stores that one with a key.
    ///
    /// ```
    /// use poolcheck::facts::Facts;
    /// use poolcheck::facts::services::Service;
    /// let facts = Facts::newest().unwrap();
    /// assert!(Service::of_key("xai-fake-000000").unwrap().is_default_of("xai", facts));
    /// assert!(!Service::of_key("sk-kimi-fake-000000").unwrap().is_default_of("kimi-coding", facts));
    /// ```
    pub fn is_default_of(&self, id: &str, facts: &Facts) -> bool {
        Self::of_default(id, facts).is_some_and(|site| site == self)
    }

    /// The service of the default endpoint of the provider `id`, with whose key `hermes auth add` stores it.
    ///
    /// ```
    /// use poolcheck::facts::Facts;
    /// use poolcheck::facts::services::Service;
    /// let facts = Facts::newest().unwrap();
    /// assert_eq!(Service::of_default("kimi-coding", facts).unwrap().id, "moonshot");
    /// ```
    pub fn of_default(id: &str, facts: &Facts) -> Option<&'static Self> {
        Self::at(default_url(id, facts)?)
    }

    /// The host of the default endpoint of the provider `id`.
    ///
    /// ```
    /// use poolcheck::facts::Facts;
    /// use poolcheck::facts::services::Service;
    /// let facts = Facts::newest().unwrap();
    /// assert_eq!(Service::host_of_default("deepseek", facts).as_deref(), Some("api.deepseek.com"));
    /// ```
    pub fn host_of_default(id: &str, facts: &Facts) -> Option<String> {
        urlparse(default_url(id, facts)?)?.hostname()
    }

    /// The provider of the same company's other region, which has keys of its own.
    ///
    /// ```
    /// use poolcheck::facts::services::Service;
    /// assert_eq!(Service::other_region("kimi-coding"), Some("kimi-coding-cn"));
    /// assert_eq!(Service::other_region("minimax-cn"), Some("minimax"));
    /// assert_eq!(Service::other_region("deepseek"), None);
    /// ```
    pub fn other_region(id: &str) -> Option<&'static str> {
        let own = all().iter().find(|service| service.provider == id)?;
        let is_region = |one: &str, other: &str| one.strip_suffix("-cn") == Some(other);
        let mut family = all().iter().filter(|service| service.family == own.family);
        family
            .find(|other| is_region(&other.provider, id) || is_region(id, &other.provider))
            .map(|other| other.provider.as_str())
    }

    fn has_host(&self, host: &str) -> bool {
        self.hosts.iter().any(|own| if own.starts_with('.') { host.ends_with(own) } else { host == own })
    }
}

/// The endpoint that `hermes auth add` stores with a key of the provider `id`.
fn default_url<'f>(id: &str, facts: &'f Facts) -> Option<&'f str> {
    let openrouter = || facts.urls.get("openrouter").filter(|_| id == "openrouter");
    facts.providers.get(id).map(|row| &row.inference_base_url).or_else(openrouter).map(String::as_str)
}

/// Whether `key` has the form of Z.AI's keys: 32 hexadecimal digits, a dot, 16 letters and digits. Others have a dot as well,
/// and more behind it.
fn has_id_and_secret(key: &str) -> bool {
    let Some((id, secret)) = key.split_once('.') else { return false };
    id.len() == 32
        && id.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
        && secret.len() == 16
        && secret.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// The service that `key` surely belongs to and the one to whose endpoint the pool of `provider` sends it, where they are not
/// the same.
pub fn strange_to(
    facts: &'static Facts,
    provider: &str,
    key: &str,
) -> Option<(&'static Service, &'static Service)> {
    let owner = Service::of_key(key)?;
    let site = Service::of_default(provider, facts)?;
    (!site.may_own(owner, owner.mark_of(key))).then_some((owner, site))
}

/// All services, in the order of the table.
///
/// ```
/// use poolcheck::facts::services::all;
/// assert!(all().iter().any(|service| service.provider == "deepseek"));
/// ```
pub fn all() -> &'static [Service] {
    thread_local! {
        // Read once a thread and kept, as the tables of the releases are.
        static LOADED: OnceCell<&'static [Service]> = const { OnceCell::new() };
    }
    LOADED.with(|loaded| *loaded.get_or_init(|| read(embedded::text("services"))))
}

/// Reads the table of services, to be kept for the rest of the program; empty where it has not the expected form.
fn read(data: &str) -> &'static [Service] {
    let Ok(loaded) = json::load(data, SourceKind::Config) else { return &[] };
    let sound = Cell::new(true);
    let mut services = Vec::new();
    for row in (Table { node: &loaded.root, sound: &sound }).rows("services") {
        services.push(Service {
            id: row.text("id"),
            name: row.text("name"),
            family: row.text("family"),
            provider: row.text("provider"),
            endpoint: row.text("endpoint"),
            hosts: row.texts("hosts"),
            begin: row.texts("begin"),
            form: row.text("form"),
        });
    }
    if sound.get() { services.leak() } else { &[] }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::RELEASES;

    #[test]
    fn every_row_is_read_and_every_beginning_is_of_one_family() {
        assert!(all().len() > 40);
        for service in all() {
            assert!(!service.name.is_empty() && !service.hosts.is_empty(), "{}", service.id);
            for begin in &service.begin {
                let key = format!("{begin}fake-000000");
                let owner = Service::of_key(&key).unwrap();
                assert!(owner == service || owner.sharing(begin) == Some(service), "{begin}");
                assert_eq!(owner.family, service.family, "{begin}");
            }
            for host in &service.hosts {
                let host = host.strip_prefix('.').map_or(host.clone(), |host| format!("eu.{host}"));
                assert_eq!(Service::at(&format!("https://{host}/v1")).unwrap().id, service.id, "{host}");
            }
            if !service.endpoint.is_empty() {
                assert_eq!(Service::at(&service.endpoint), Some(service), "{}", service.id);
            }
        }
    }

    /// Each default endpoint of each release belongs to the service of that provider.
    #[test]
    fn every_provider_of_every_release_has_its_host_here() {
        // Its own machine, and what is no host: another program, a name of no network.
        let is_local = |url: &str| !url.starts_with("https://");
        for release in RELEASES {
            for row in Facts::of(release).unwrap().providers.values().iter() {
                if !is_local(&row.inference_base_url) && !row.inference_base_url.is_empty() {
                    assert!(Service::at(&row.inference_base_url).is_some(), "{release}: {}", row.id);
                }
            }
        }
    }

    #[test]
    fn the_form_of_z_ai_is_not_that_of_others_with_a_dot() {
        let id = "0123456789abcdef0123456789abcdef";
        assert_eq!(Service::of_key(&format!("{id}.fakefakefakefake")).unwrap().id, "zai");
        for other in [
            "fake.1234567890",
            "0123456789abcdef0123456789abcdef.fakefakefakefakefakefake",
            "eyJhbGciOi.fake.fake",
        ] {
            assert_eq!(Service::of_key(other), None, "{other}");
        }
    }

    #[test]
    fn a_beginning_alone_is_no_key() {
        for text in ["sk-or-", "sk-ant-...", "hf_", "AIza"] {
            assert!(Service::of_key(text).is_none_or(|_| text.ends_with("...")), "{text}");
        }
        assert_eq!(Service::at("https://[half"), None);
        assert_eq!(Service::at("https://notopenrouter.ai/v1"), None);
    }
}
