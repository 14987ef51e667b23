//! `==`, `<` and `list.sort` over values of any type.
//!
//! Values are as deep as the readers let them be, which is less than Python's own recursion limit.

use std::cmp::Ordering;

use super::{BigInt, Int, Node, Value};

/// What `a == b` says.
///
/// ```
/// use poolcheck::python::{Value, equal};
/// assert!(equal(&Value::Bool(true), &Value::Float(1.0)));
/// assert!(!equal(&Value::str("1"), &Value::int(1)));
/// ```
pub fn equal(a: &Value, b: &Value) -> bool {
    if let (Some(a), Some(b)) = (Number::of(a), Number::of(b)) {
        return a.compare(&b) == Some(Ordering::Equal);
    }
    match (a, b) {
        (Value::None, Value::None) => true,
        (Value::Str(a), Value::Str(b)) => a == b,
        (Value::Bytes(a), Value::Bytes(b)) => a == b,
        (Value::Timestamp(a), Value::Timestamp(b)) => a == b,
        (Value::List(a), Value::List(b)) | (Value::Tuple(a), Value::Tuple(b)) => same_items(a, b),
        (Value::Set(a), Value::Set(b)) => {
            a.len() == b.len() && a.iter().all(|item| b.iter().any(|other| same(&item.value, &other.value)))
        }
        (Value::Dict(a), Value::Dict(b)) => {
            a.len() == b.len()
                && a.iter().all(|entry| {
                    super::Key::of(&entry.key.value)
                        .and_then(|key| b.entry_of(&key))
                        .is_some_and(|other| same(&entry.value.value, &other.value.value))
                })
        }
        _ => false,
    }
}

/// How containers compare their items: an object equals itself, NaN included.
///
/// Python asks whether the two are one object; here two NaN count as one.
pub fn same(a: &Value, b: &Value) -> bool {
    matches!((a, b), (Value::Float(a), Value::Float(b)) if a.is_nan() && b.is_nan()) || equal(a, b)
}

fn same_items(a: &[Node], b: &[Node]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(&a.value, &b.value))
}

/// What `a < b` says, or `None` where Python raises `TypeError`.
///
/// ```
/// use poolcheck::python::{Value, less};
/// assert_eq!(less(&Value::Bool(false), &Value::int(1)), Some(true));
/// assert_eq!(less(&Value::str("1"), &Value::int(2)), None);
/// ```
pub fn less(a: &Value, b: &Value) -> Option<bool> {
    if let (Some(a), Some(b)) = (Number::of(a), Number::of(b)) {
        return Some(a.compare(&b) == Some(Ordering::Less));
    }
    match (a, b) {
        (Value::Str(a), Value::Str(b)) => Some(a < b),
        (Value::Bytes(a), Value::Bytes(b)) => Some(a < b),
        (Value::List(a), Value::List(b)) | (Value::Tuple(a), Value::Tuple(b)) => {
            match a.iter().zip(b.iter()).find(|(a, b)| !same(&a.value, &b.value)) {
                Some((a, b)) => less(&a.value, &b.value),
                None => Some(a.len() < b.len()),
            }
        }
        _ => None,
    }
}

/// A `bool`, `int` or `float`, which Python compares by value.
enum Number<'a> {
    Int(i64),
    Big(&'a BigInt),
    Float(f64),
}

impl<'a> Number<'a> {
    fn of(value: &'a Value) -> Option<Self> {
        Some(match value {
            Value::Bool(value) => Self::Int(i64::from(*value)),
            Value::Int(Int::Small(value)) => Self::Int(*value),
            Value::Int(Int::Big(value)) => Self::Big(value),
            Value::Float(value) => Self::Float(*value),
            _ => return None,
        })
    }

    fn compare(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Int(a), Self::Int(b)) => Some(a.cmp(b)),
            (Self::Float(a), Self::Float(b)) => a.partial_cmp(b),
            (Self::Float(a), b) => b.compare_to_float(*a).map(Ordering::reverse),
            (a, Self::Float(b)) => a.compare_to_float(*b),
            (a, b) => Some(a.big().cmp(&b.big())),
        }
    }

    fn big(&self) -> BigInt {
        match self {
            Self::Int(value) => BigInt::from(*value),
            Self::Big(value) => (*value).clone(),
            Self::Float(_) => BigInt::default(),
        }
    }

    /// An integer against a float, without rounding the integer.
    fn compare_to_float(&self, float: f64) -> Option<Ordering> {
        if float.is_nan() {
            return None;
        }
        if float.is_infinite() {
            return Some(if float > 0.0 { Ordering::Less } else { Ordering::Greater });
        }
        Some(self.big().cmp(&BigInt::truncated(float)).then_with(|| {
            let rest = float.fract();
            if rest > 0.0 {
                Ordering::Less
            } else if rest < 0.0 {
                Ordering::Greater
            } else {
                Ordering::Equal
            }
        }))
    }
}

/// `list.sort` with a `<` of the caller's, which may fail: then so does the sort.
///
/// Below 64 items the steps are those of Python's sort, so that even a `<` that is no order, as with NaN, gives the
/// same list; above, the result is the same for every `<` that is an order.
///
/// # Errors
/// The first error of `less`.
///
/// ```
/// use poolcheck::python::sort;
/// let mut words = vec!["pear", "fig", "plum", "kiwi"];
/// sort(&mut words, |a, b| Ok::<_, ()>(a.len() < b.len()))?;
/// assert_eq!(words, ["fig", "pear", "plum", "kiwi"]);
/// # Ok::<(), ()>(())
/// ```
pub fn sort<T: Copy, E>(
    items: &mut Vec<T>,
    mut less: impl FnMut(&T, &T) -> Result<bool, E>,
) -> Result<(), E> {
    const SHORT: usize = 64;
    if items.len() < SHORT {
        return insertion_sort(items, &mut less);
    }
    // Runs of one, merged pairwise.
    let mut run = 1;
    while run < items.len() {
        let mut merged = Vec::with_capacity(items.len());
        for pair in items.chunks(2 * run) {
            let (mut left, mut right) = pair.split_at_checked(run).unwrap_or((pair, &[]));
            while let (Some((first, behind_first)), Some((second, behind_second))) =
                (left.split_first(), right.split_first())
            {
                if less(second, first)? {
                    merged.push(*second);
                    right = behind_second;
                } else {
                    merged.push(*first);
                    left = behind_first;
                }
            }
            merged.extend_from_slice(left);
            merged.extend_from_slice(right);
        }
        *items = merged;
        run *= 2;
    }
    Ok(())
}

/// `count_run` and `binarysort` of CPython's listobject.c.
fn insertion_sort<T, E>(items: &mut [T], less: &mut impl FnMut(&T, &T) -> Result<bool, E>) -> Result<(), E> {
    let mut below = |items: &[T], a: usize, b: usize| match (items.get(a), items.get(b)) {
        (Some(a), Some(b)) => less(a, b),
        _ => Ok(false),
    };
    if items.len() < 2 {
        return Ok(());
    }
    let descending = below(items, 1, 0)?;
    let mut run = 2;
    while run < items.len() && below(items, run, run - 1)? == descending {
        run += 1;
    }
    if descending && let Some(head) = items.get_mut(..run) {
        head.reverse();
    }
    for at in run..items.len() {
        let (mut left, mut right) = (0, at);
        while left < right {
            let middle = left + (right - left) / 2;
            if below(items, at, middle)? {
                right = middle;
            } else {
                left = middle + 1;
            }
        }
        if let Some(moved) = items.get_mut(left..=at) {
            moved.rotate_right(1);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::python::int_of_text;

    fn number(value: i64) -> Value {
        Value::int(value)
    }

    #[test]
    fn integers_and_floats_compare_without_rounding() {
        // 2**53 + 1 has no float: Python says it is greater than float(2**53).
        assert!(!equal(&number((1 << 53) + 1), &Value::Float(9007199254740992.0)));
        assert_eq!(less(&Value::Float(9007199254740992.0), &number((1 << 53) + 1)), Some(true));
        let big = Value::Int(int_of_text(&format!("1{}", "0".repeat(30))).unwrap());
        assert_eq!(less(&Value::Float(1e29), &big), Some(true));
        assert_eq!(less(&big, &Value::Float(f64::INFINITY)), Some(true));
        assert_eq!(less(&number(-1), &Value::Float(-0.5)), Some(true));
        assert_eq!(less(&number(1), &Value::Float(f64::NAN)), Some(false));
    }

    #[test]
    fn lists_compare_by_their_first_difference() {
        let list = |items: &[Value]| Value::list(items.iter().cloned().map(Node::made).collect());
        assert_eq!(less(&list(&[number(1)]), &list(&[number(1), number(2)])), Some(true));
        assert_eq!(less(&list(&[number(1), Value::str("a")]), &list(&[number(1), number(2)])), None);
        assert_eq!(less(&Value::None, &Value::None), None);
        assert!(equal(&list(&[Value::Float(f64::NAN)]), &list(&[Value::Float(f64::NAN)])));
        assert!(!equal(&Value::Float(f64::NAN), &Value::Float(f64::NAN)));
    }

    #[test]
    fn a_short_list_with_nan_is_sorted_by_the_steps_of_python() {
        // Python 3.11: sorted([3.0, 1.0, nan, 2.0, 5.0, nan, 0.0, 4.0])
        let nan = f64::NAN;
        let mut items = vec![3.0, 1.0, nan, 2.0, 5.0, nan, 0.0, 4.0];
        sort(&mut items, |a, b| Ok::<_, ()>(a < b)).unwrap();
        let shown: Vec<String> = items.iter().map(f64::to_string).collect();
        assert_eq!(shown.join(" "), "1 2 3 NaN 5 NaN 0 4");
    }

    #[test]
    fn a_long_list_is_sorted_stably() {
        let mut items: Vec<(u32, u32)> = (0..500).map(|at| (at * 7919 % 10, at)).collect();
        let mut expected = items.clone();
        expected.sort_by_key(|item| item.0);
        sort(&mut items, |a, b| Ok::<_, ()>(a.0 < b.0)).unwrap();
        assert_eq!(items, expected);
        assert_eq!(sort(&mut items, |_, _| Err("no order")), Err("no order"));
    }
}
