//! A place in a scalar that is read sign by sign.

/// The rest of a text that is matched from the left.
#[derive(Clone, Copy)]
pub(super) struct Cursor<'t>(pub(super) &'t str);

impl<'t> Cursor<'t> {
    /// Goes over as many bytes as hold for `is`, and returns them.
    pub(super) fn run(&mut self, is: impl Fn(u8) -> bool) -> &'t str {
        let length = self.0.bytes().position(|byte| !is(byte)).unwrap_or(self.0.len());
        let (taken, rest) = self.0.split_at_checked(length).unwrap_or(("", self.0));
        self.0 = rest;
        taken
    }

    /// Goes over one of these bytes, if it is there.
    pub(super) fn one(&mut self, of: &[u8]) -> bool {
        match self.0.as_bytes().first() {
            Some(byte) if of.contains(byte) => {
                self.0 = self.0.get(1..).unwrap_or("");
                true
            }
            _ => false,
        }
    }

    /// Goes over at least `least` and at most `most` digits, and returns them.
    pub(super) fn digits(&mut self, least: usize, most: usize) -> Option<&'t str> {
        let mut probe = *self;
        let length = probe.run(|byte| byte.is_ascii_digit()).len().min(most);
        let (taken, rest) = self.0.split_at_checked(length)?;
        if length < least {
            return None;
        }
        self.0 = rest;
        Some(taken)
    }

    pub(super) fn is_done(self) -> bool {
        self.0.is_empty()
    }
}
