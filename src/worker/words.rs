//! Numbers and things in sentences.

/// `1,998`.
pub(super) fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `1 row`, `1,998 rows`.
pub(super) fn count(number: usize, thing: &str) -> String {
    if number == 1 {
        format!("1 {thing}")
    } else {
        format!("{} {thing}s", grouped(number))
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn numbers_are_grouped() {
        let all: Vec<String> = [0, 999, 1_000, 50_000, 1_234_567]
            .map(super::grouped)
            .into();
        assert_eq!(all, ["0", "999", "1,000", "50,000", "1,234,567"]);
        assert_eq!(super::count(1, "row"), "1 row");
    }
}
