//! `binascii`, as far as Hermes decodes base64.

/// `binascii.a2b_base64(text)`, which skips what is no base64.
///
/// # Errors
/// What `binascii.Error` says.
///
/// ```
/// use poolcheck::python::from_base64;
/// assert_eq!(from_base64("Y!W\nI=YWI="), Ok(b"ab".to_vec()));
/// assert_eq!(from_base64("YW"), Err("Incorrect padding".to_owned()));
/// ```
pub fn from_base64(text: &str) -> Result<Vec<u8>, String> {
    let mut result = Vec::with_capacity(text.len() / 4 * 3);
    let (mut position, mut left, mut pads) = (0_u8, 0_u8, 0_u8);
    for byte in text.bytes() {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'=' => {
                if position >= 2 {
                    pads += 1;
                    if position + pads >= 4 {
                        return Ok(result);
                    }
                }
                continue;
            }
            _ => continue,
        };
        pads = 0;
        match position {
            0 => left = value,
            1 => {
                result.push((left << 2) | (value >> 4));
                left = value & 0x0f;
            }
            2 => {
                result.push((left << 4) | (value >> 2));
                left = value & 0x03;
            }
            _ => result.push((left << 6) | value),
        }
        position = (position + 1) % 4;
    }
    match position {
        0 => Ok(result),
        1 => Err(format!(
            "Invalid base64-encoded string: number of data characters ({}) cannot be 1 more than a multiple of 4",
            result.len() / 3 * 4 + 1
        )),
        _ => Err("Incorrect padding".to_owned()),
    }
}
