//! A QR code of half blocks: two of its modules in a cell, one above the other.

use qrcode::{Color, EcLevel, QrCode};

/// Light modules around it. Two are less than the standard asks for and what cameras are content with.
const QUIET: usize = 2;

/// The lines of a code for `text`, drawn where it is light; `None` for more than a code holds.
pub(super) fn lines(text: &str) -> Option<Vec<String>> {
    let code = QrCode::with_error_correction_level(text, EcLevel::L).ok()?;
    let modules = code.width();
    let side = modules + 2 * QUIET;
    let light = |x: usize, y: usize| {
        let inside = |at: usize| at.checked_sub(QUIET).filter(|at| *at < modules);
        match (inside(x), inside(y)) {
            (Some(x), Some(y)) => code[(x, y)] == Color::Light,
            _ => y < side,
        }
    };
    let line = |y: usize| {
        let cell = |x: usize| match (light(x, y), light(x, y + 1)) {
            (true, true) => '█',
            (true, false) => '▀',
            (false, true) => '▄',
            (false, false) => ' ',
        };
        (0..side).map(cell).collect()
    };
    Some((0..side).step_by(2).map(line).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_as_wide_as_its_modules_and_half_as_high() {
        let lines = lines("https://login.microsoft.com/device").unwrap();
        // 34 bytes take version 3: 29 modules.
        assert!(lines.iter().all(|line| line.chars().count() == 33));
        assert_eq!(lines.len(), 17);
        // The upper left corner: a light rim, then the finder's dark frame.
        assert_eq!(lines[0], "█".repeat(33));
        assert!(lines[1].starts_with("██ ▄▄▄▄▄ █"), "{}", lines[1]);
        assert!(super::lines(&"x".repeat(3_000)).is_none());
    }
}
