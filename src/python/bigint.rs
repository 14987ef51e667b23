//! Integers of any size, as far as the readers and the model compute with them.

use std::cmp::Ordering;
use std::fmt;

/// An integer of any size.
///
/// ```
/// use poolcheck::python::BigInt;
/// let sixty_four_bits = BigInt::of_digits(b"\x01\x08\x04\x04\x06\x07\x04\x04\x00\x07\x03\x07\x00\x09\x05\x05\x01\x06\x01\x06", 10);
/// assert!(sixty_four_bits == BigInt::truncated(18446744073709551616.0));
/// assert_eq!(sixty_four_bits.to_string(), "18446744073709551616");
/// ```
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct BigInt {
    /// Never of zero.
    negative: bool,
    /// The absolute value in base 2^32, the lowest digit first and the highest one not zero.
    limbs: Vec<u32>,
}

impl BigInt {
    /// The number with these digits, the highest one first.
    pub fn of_digits(digits: &[u8], base: u32) -> Self {
        // A power of 16, the greatest base, that fits a limb.
        const AT_ONCE: usize = 7;
        let mut number = Self::default();
        for part in digits.chunks(AT_ONCE) {
            let (mut factor, mut sum) = (1, 0);
            for digit in part {
                factor *= base;
                sum = sum * base + u32::from(*digit);
            }
            number.multiply_and_add(factor, sum);
        }
        number
    }

    /// `int(float)` of a finite float.
    pub fn truncated(float: f64) -> Self {
        let bits = float.abs().to_bits();
        let mantissa = bits & ((1 << 52) - 1) | 1 << 52;
        let exponent = (bits >> 52).cast_signed() - 1075;
        if exponent < 0 {
            // The number is less than 2^53.
            return Self::from(float as i64);
        }
        let exponent = exponent.unsigned_abs();
        let mut limbs = vec![0; usize::try_from(exponent / 32).unwrap_or(0)];
        let high = u128::from(mantissa) << (exponent % 32);
        limbs.extend([high as u32, (high >> 32) as u32, (high >> 64) as u32]);
        Self { negative: float < 0.0, limbs }.trimmed()
    }

    /// Whether it is below zero.
    pub fn is_negative(&self) -> bool {
        self.negative
    }

    /// The bits of the absolute value, without leading zeros.
    pub fn bits(&self) -> usize {
        self.limbs.len() * 32 - self.limbs.last().map_or(0, |limb| limb.leading_zeros() as usize)
    }

    /// The number with the other sign.
    pub fn negated(mut self) -> Self {
        self.negative = !self.negative && !self.limbs.is_empty();
        self
    }

    /// Multiplies the absolute value and adds to it.
    pub fn multiply_and_add(&mut self, factor: u32, sum: u32) {
        let mut carry = u64::from(sum);
        for limb in &mut self.limbs {
            carry += u64::from(*limb) * u64::from(factor);
            *limb = carry as u32;
            carry >>= 32;
        }
        if carry > 0 {
            self.limbs.push(carry as u32);
        }
    }

    /// `self + other`.
    pub fn plus(&self, other: &Self) -> Self {
        let (large, small) =
            if self.compare_absolute(other) == Ordering::Less { (other, self) } else { (self, other) };
        // Where the signs differ, the smaller one is taken away.
        let sign = if large.negative == small.negative { 1 } else { -1 };
        let mut limbs = large.limbs.clone();
        let mut carry = 0;
        let mut addends = small.limbs.iter();
        for limb in &mut limbs {
            carry += i64::from(*limb) + sign * i64::from(*addends.next().unwrap_or(&0));
            *limb = carry as u32;
            carry >>= 32;
        }
        if carry > 0 {
            limbs.push(carry as u32);
        }
        Self { negative: large.negative, limbs }.trimmed()
    }

    fn compare_absolute(&self, other: &Self) -> Ordering {
        let length = self.limbs.len().cmp(&other.limbs.len());
        length.then_with(|| self.limbs.iter().rev().cmp(other.limbs.iter().rev()))
    }

    fn trimmed(mut self) -> Self {
        while self.limbs.last() == Some(&0) {
            self.limbs.pop();
        }
        self.negative &= !self.limbs.is_empty();
        self
    }

    /// The number, where it is in the range of `i64`.
    pub fn small(&self) -> Option<i64> {
        let limb = |at: usize| u64::from(self.limbs.get(at).copied().unwrap_or(0));
        let absolute = limb(1) << 32 | limb(0);
        match self.limbs.len() {
            3.. => None,
            _ if self.negative => 0_i64.checked_sub_unsigned(absolute),
            _ => i64::try_from(absolute).ok(),
        }
    }
}

impl From<i64> for BigInt {
    fn from(value: i64) -> Self {
        let absolute = value.unsigned_abs();
        Self { negative: value < 0, limbs: vec![absolute as u32, (absolute >> 32) as u32] }.trimmed()
    }
}

impl Ord for BigInt {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.negative, other.negative) {
            (false, false) => self.compare_absolute(other),
            (true, true) => other.compare_absolute(self),
            (own, other) => other.cmp(&own),
        }
    }
}

impl PartialOrd for BigInt {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for BigInt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const BILLION: u64 = 1_000_000_000;
        let mut rest = self.clone();
        let mut parts = Vec::new();
        while !rest.limbs.is_empty() {
            let mut remainder = 0;
            for limb in rest.limbs.iter_mut().rev() {
                let dividend = remainder << 32 | u64::from(*limb);
                *limb = (dividend / BILLION) as u32;
                remainder = dividend % BILLION;
            }
            parts.push(remainder);
            rest = rest.trimmed();
        }
        if self.negative {
            f.write_str("-")?;
        }
        write!(f, "{}", parts.pop().unwrap_or(0))?;
        parts.iter().rev().try_for_each(|part| write!(f, "{part:09}"))
    }
}

#[cfg(test)]
mod tests {
    use num_bigint::BigInt as Other;
    use proptest::prelude::*;

    use super::*;

    /// A number that needs up to twelve limbs, often next to a power of two.
    fn number() -> impl Strategy<Value = Other> {
        let near_a_power =
            (0_u32..384, -2_i64..=2).prop_map(|(power, more)| Other::from(2).pow(power) + more);
        let drawn =
            prop::collection::vec(any::<u8>(), 0..48).prop_map(|bytes| Other::from_signed_bytes_le(&bytes));
        (prop_oneof![near_a_power, drawn], any::<bool>())
            .prop_map(|(number, negative)| if negative { -number } else { number })
    }

    fn own(other: &Other) -> BigInt {
        let (sign, digits) = other.to_radix_be(10);
        let number = BigInt::of_digits(&digits, 10);
        if sign == num_bigint::Sign::Minus { number.negated() } else { number }
    }

    proptest! {
        #[test]
        fn computes_as_the_library_does(a in number(), b in number(), factor: u32, sum: u32) {
            let (x, y) = (own(&a), own(&b));
            prop_assert_eq!(x.to_string(), a.to_string());
            prop_assert_eq!(x.plus(&y).to_string(), (&a + &b).to_string());
            prop_assert!(x.plus(&x.clone().negated()) == BigInt::default());
            prop_assert_eq!(x.cmp(&y), a.cmp(&b));
            prop_assert_eq!(x == y, a == b);
            prop_assert_eq!(x.small(), i64::try_from(&a).ok());
            prop_assert_eq!(x.bits() as u64, a.bits());
            prop_assert_eq!(x.is_negative(), a.sign() == num_bigint::Sign::Minus);
            let mut z = own(&Other::from(a.magnitude().clone()));
            z.multiply_and_add(factor, sum);
            prop_assert_eq!(z.to_string(), (a.magnitude() * factor + sum).to_string());
        }

        #[test]
        fn reads_digits_as_the_library_does(base in prop::sample::select(vec![2_u32, 8, 10, 16]), drawn in prop::collection::vec(any::<u8>(), 0..200)) {
            let digits: Vec<u8> = drawn.iter().map(|digit| digit % base as u8).collect();
            let expected = num_bigint::BigUint::from_radix_be(&digits, base).unwrap_or_default();
            prop_assert_eq!(BigInt::of_digits(&digits, base).to_string(), expected.to_string());
        }

        #[test]
        fn small_ones_come_back(value: i64) {
            prop_assert_eq!(BigInt::from(value).small(), Some(value));
            prop_assert_eq!(BigInt::from(value).to_string(), value.to_string());
        }

        #[test]
        fn floats_lose_their_fraction(bits: u64, exponent in 0_i32..1024) {
            // The standard library writes every digit of a float.
            for float in [f64::from_bits(bits), f64::from_bits(bits & !(0x7ff << 52) | 1023 << 52) * 2_f64.powi(exponent)] {
                if float.is_finite() {
                    let expected = format!("{:.0}", float.trunc());
                    prop_assert_eq!(BigInt::truncated(float).to_string(), expected.replace("-0", "0"));
                }
            }
        }
    }
}
