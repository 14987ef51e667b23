//! `urllib.parse.urlparse` of Python 3.11, which is neither RFC 3986 nor the URL standard of browsers.

use super::lower;
use crate::base::text::Search;

/// What `urlparse` returns, as far as Hermes looks at it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Url {
    /// The scheme in lower case; empty where there is none.
    pub scheme: String,
    /// User, host and port as written.
    pub netloc: String,
    /// The path without `;parameters`, query and fragment.
    pub path: String,
}

/// Characters whose compatibility form holds one of `/?#@:`: in a host, `urlparse` refuses them.
const HIDDEN_SEPARATORS: [char; 19] = [
    '\u{2047}', '\u{2048}', '\u{2049}', '\u{2100}', '\u{2101}', '\u{2105}', '\u{2106}', '\u{2a74}',
    '\u{fe13}', '\u{fe16}', '\u{fe55}', '\u{fe56}', '\u{fe5f}', '\u{fe6b}', '\u{ff03}', '\u{ff0f}',
    '\u{ff1a}', '\u{ff1f}', '\u{ff20}',
];

/// The schemes of `uses_params`: only with these is `;parameters` cut off.
const SCHEMES_WITH_PARAMETERS: [&str; 15] = [
    "", "ftp", "hdl", "prospero", "http", "imap", "https", "shttp", "rtsp", "rtspu", "sip", "sips", "mms",
    "sftp", "tel",
];

/// `urlparse(url)`, or `None` where Python raises `ValueError`.
///
/// ```
/// use poolcheck::python::urlparse;
/// let url = urlparse("HTTPS://user@API.example:8080/v1?x=1").unwrap();
/// assert_eq!((&*url.scheme, url.hostname().as_deref(), &*url.path), ("https", Some("api.example"), "/v1"));
/// assert_eq!(urlparse("https://[half").is_none(), true);
/// assert_eq!(urlparse("//https：//api.example").is_none(), true);
/// ```
pub fn urlparse(url: &str) -> Option<Url> {
    let url: String = (url.trim_start_matches(|c: char| c <= ' ').chars())
        .filter(|c| !matches!(c, '\t' | '\r' | '\n'))
        .collect();
    let (scheme, rest) = split_scheme(&url);
    let (netloc, rest) = match rest.strip_prefix("//") {
        Some(after) => {
            let end = after.find(['/', '?', '#']);
            end.and_then(|end| after.split_at_checked(end)).unwrap_or((after, ""))
        }
        None => ("", rest),
    };
    if !brackets_are_right(netloc) || netloc.contains(HIDDEN_SEPARATORS) {
        return None;
    }
    let path = rest.split(['#', '?']).next().unwrap_or("");
    let path = match SCHEMES_WITH_PARAMETERS.contains(&scheme.as_str()) {
        true => without_parameters(path),
        false => path,
    };
    Some(Url { scheme, netloc: netloc.to_owned(), path: path.to_owned() })
}

impl Url {
    /// The `hostname` property: in lower case but for an IPv6 zone, without brackets; `None` where it is empty.
    pub fn hostname(&self) -> Option<String> {
        let host_and_port = self.netloc.rsplit('@').next().unwrap_or("");
        let host = match host_and_port.split_once('[') {
            Some((_, bracketed)) => bracketed.split(']').next(),
            None => host_and_port.split(':').next(),
        };
        let host = host.filter(|host| !host.is_empty())?;
        Some(match host.split_once('%') {
            Some((address, zone)) => format!("{}%{zone}", lower(address)),
            None => lower(host),
        })
    }
}

fn split_scheme(url: &str) -> (String, &str) {
    if let Some((scheme, rest)) = url.split_once(':')
        && scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
    {
        return (scheme.to_ascii_lowercase(), rest);
    }
    (String::new(), url)
}

fn brackets_are_right(netloc: &str) -> bool {
    match (netloc.split_once('['), netloc.has(']')) {
        (None, closed) => !closed,
        (Some(_), false) => false,
        (Some((_, after)), true) => is_bracketed_host(after.split(']').next().unwrap_or("")),
    }
}

/// An IPv6 address with or without a zone, or `v1.…` (RFC 3986's IPvFuture).
fn is_bracketed_host(host: &str) -> bool {
    if let Some(future) = host.strip_prefix('v') {
        return future.split_once('.').is_some_and(|(version, address)| {
            !version.is_empty() && version.chars().all(|c| c.is_ascii_hexdigit()) && !address.is_empty()
        });
    }
    match host.split_once('%') {
        Some((address, zone)) => !zone.is_empty() && !zone.has('%') && is_ipv6(address),
        None => is_ipv6(host),
    }
}

/// Whether `ipaddress.IPv6Address` takes it: eight groups of up to four hexadecimal digits, of which one `::` stands
/// for at least one, and the last two may be written as an IPv4 address.
fn is_ipv6(address: &str) -> bool {
    let is_group =
        |group: &str| (1..=4).contains(&group.len()) && group.bytes().all(|byte| byte.is_ascii_hexdigit());
    let (head, last) = address.rsplit_once(':').unwrap_or_default();
    let (groups, most) = if is_ipv4(last) { (head, 6) } else { (address, 8) };
    match address.cut_at("::") {
        // What stands before and behind it is whole; behind it an IPv4 address may follow at once.
        Some((before, after)) => {
            let behind = groups.get(before.len() + 2..).unwrap_or("");
            let parts = [before, behind].into_iter().filter(|part| !part.is_empty());
            let mut parts = parts.flat_map(|part| part.split(':'));
            let count = parts.clone().count();
            !after.starts_with(':') && count < most && parts.all(is_group)
        }
        None => groups.split(':').count() == most && groups.split(':').all(is_group),
    }
}

/// Four numbers up to 255 without leading zeros.
fn is_ipv4(address: &str) -> bool {
    let is_byte = |part: &str| {
        let digits = part.len() <= 3 && part.bytes().all(|byte| byte.is_ascii_digit());
        digits && part.parse::<u8>().is_ok() && (part == "0" || !part.starts_with('0'))
    };
    address.split('.').count() == 4 && address.split('.').all(is_byte)
}

fn without_parameters(path: &str) -> &str {
    let last = path.rfind('/').unwrap_or(0);
    let parameters = path.get(last..).and_then(|name| name.find(';'));
    parameters.and_then(|at| path.get(..last + at)).unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use std::net::Ipv6Addr;

    use proptest::prelude::*;

    use super::*;

    /// Expected values are those of `urllib.parse.urlparse` of Python 3.11.7.
    #[test]
    fn parts_as_python_splits_them() {
        let cases: [(&str, &str, &str, Option<&str>, &str); 14] = [
            ("https://api.x.ai/v1", "https", "api.x.ai", Some("api.x.ai"), "/v1"),
            ("localhost:11434/v1", "localhost", "", None, "11434/v1"),
            ("//localhost:11434/v1", "", "localhost:11434", Some("localhost"), "/v1"),
            ("127.0.0.1:8080", "", "", None, "127.0.0.1:8080"),
            ("http:/one.slash/v1", "http", "", None, "/one.slash/v1"),
            ("http:///three", "http", "", None, "/three"),
            (" \u{1}https://a.b/ ", "https", "a.b", Some("a.b"), "/ "),
            ("ht\ttps://a\n.b/c", "https", "a.b", Some("a.b"), "/c"),
            ("https://u:p@w@H.b:1", "https", "u:p@w@H.b:1", Some("h.b"), ""),
            ("https://[FE80::1%Eth0]:80/x", "https", "[FE80::1%Eth0]:80", Some("fe80::1%Eth0"), "/x"),
            ("https://[v1.a]x/", "https", "[v1.a]x", Some("v1.a"), "/"),
            ("https://h/a;b/c;d?e;f#g", "https", "h", Some("h"), "/a;b/c"),
            ("moa://h/a;b", "moa", "h", Some("h"), "/a;b"),
            ("https://h?q/anthropic", "https", "h", Some("h"), ""),
        ];
        for (text, scheme, netloc, host, path) in cases {
            let url = urlparse(text).unwrap();
            assert_eq!(
                (&*url.scheme, &*url.netloc, url.hostname().as_deref(), &*url.path),
                (scheme, netloc, host, path),
                "{text}"
            );
        }
    }

    #[test]
    fn what_python_refuses() {
        for text in [
            "https://[::1",
            "https://::1]",
            "https://[1.2.3.4]/",
            "https://[]/",
            "https://[:::1.2.3.4]/",
            "https://[::1%]/",
            "https://[vz.a]/",
            "https://a\u{ff0f}b/",
        ] {
            assert_eq!(urlparse(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn addresses_are_those_of_the_standard_library(parts in prop::collection::vec(
            prop::sample::select(vec!["", "", "0", "1", "ab", "FFFF", "12345", "g", "+1", "1.2.3.4", "01.2.3.4", "1.2.3.256", "1.2.3"]),
            1..11,
        )) {
            let address = parts.join(":");
            prop_assert_eq!(is_ipv6(&address), address.parse::<Ipv6Addr>().is_ok(), "{}", address);
        }

        #[test]
        fn whole_addresses_are_addresses(bits: u128, low: u32) {
            let mapped = Ipv6Addr::from(u128::from(low) | 0xffff << 32);
            for address in [Ipv6Addr::from(bits), Ipv6Addr::from(bits & 0xffff_0000_0000_ffff), mapped] {
                prop_assert!(is_ipv6(&address.to_string()), "{}", address);
            }
        }
    }
}
