//! Counts in tests how many bytes the searches look at: that has to grow as the text does. A clock says little on a busy machine.

#[cfg(test)]
use std::cell::Cell;

#[cfg(test)]
thread_local! {
    static LOOKED_AT: Cell<usize> = const { Cell::new(0) };
}

/// Notes that so many bytes were looked at.
#[inline]
pub(super) fn looked_at(bytes: usize) {
    #[cfg(test)]
    LOOKED_AT.set(LOOKED_AT.get() + bytes);
    #[cfg(not(test))]
    let _ = bytes;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::{Secret, Wanted, named_spans, shaped_spans};

    /// The bytes that `work` looks at.
    fn counted(work: impl FnOnce()) -> usize {
        let before = LOOKED_AT.get();
        work();
        LOOKED_AT.get() - before
    }

    /// Four times the text is four times the work, or a little more: twice that would be a step towards the square.
    fn grows_as_the_text(small: usize, large: usize, what: &str) {
        assert!(
            large <= 6 * small + 10_000,
            "{what}: {small} bytes are looked at, and {large} of four times the text"
        );
    }

    #[test]
    fn work_grows_as_the_text_does() {
        let parts = [
            "x",
            "\0",
            "a-",
            "a=",
            "key=",
            "key=< ",
            "\"",
            "\\",
            "\\\"a ",
            "token: ",
            "token a ",
            "Bearer ",
            "Authorization: Bearer ",
            "Authorization: a=b, ",
            "-----BEGIN A-----",
            "-----BEGIN A-----\n",
            "(\"key\", ",
            "(",
            "<key>",
            "<a ",
            "https://a@b?key=a&",
            "a1B2c3D4.",
            "a1B2c3D4e5F6g7H8i9J0k1L2m3.",
            "12345678-1234-1234-1234-123456789012-",
            "aB1/",
            "key=  ",
            "password: a ",
            "keys: [a,",
            "k=v\n",
            "api_key:\n  foo1Bar\n",
            "api_key: |\n  foo1Bar\n",
            "${K:-a",
            "%41",
            "set A_KEY ",
            "key=a\u{b}",
            "key=a;",
            "key=a,b,",
            "key='a ",
            "'key': \\'a ",
            "“key” “",
            "key=f(\"a\" ",
            "https://hooks.slack.com/services/",
            "AKIA",
            "sk-",
            "a/sk-fake.txt/",
            "- name: A_KEY\n  value: b\n",
            "kind: Secret\ndata:\n  a: b\n",
            "密钥：",
            "key…",
            "*** key ",
        ];
        for part in parts {
            let work = |bytes: usize| {
                let text = part.repeat(bytes / part.len());
                counted(|| {
                    named_spans(&text);
                    shaped_spans(&text, &mut Vec::new());
                })
            };
            grows_as_the_text(work(4_000), work(16_000), part);
        }
    }

    #[test]
    fn known_keys_are_found_in_one_reading() {
        let key = |number: usize| Secret::new(format!("sk-fake-{number:08}-fake"));
        let work = |count: usize| {
            let keys: Vec<Secret> = (0..count).map(key).collect();
            let text = "sk-fake-00000007-fake sk-fake-0000 ".repeat(count);
            counted(|| drop(Wanted::new(&keys).spans(&text)))
        };
        grows_as_the_text(work(200), work(800), "many keys");
        let work = |length: usize| {
            let keys = [8, 9, length / 2, length].map(|length| Secret::new("x".repeat(length)));
            let text = "x".repeat(length - 1);
            counted(|| drop(Wanted::new(&keys).spans(&text)))
        };
        grows_as_the_text(work(4_000), work(16_000), "long keys of one letter");
    }
}
