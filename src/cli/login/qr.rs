//! A link as a QR code, for a phone to read off the terminal.

use qrcode::{Color, QrCode};

/// Light modules around the code, without which it is not recognised.
const QUIET: usize = 2;

/// The lines of the code, two modules a character: blocks are light, so that it reads on a dark terminal. `None`
/// where the words are too long for a code.
pub(super) fn lines(words: &str) -> Option<Vec<String>> {
    let code = QrCode::new(words).ok()?;
    let (width, modules) = (code.width(), code.to_colors());
    let side = width + 2 * QUIET;
    let light = |x: usize, y: usize| {
        let (x, y) = (x.wrapping_sub(QUIET), y.wrapping_sub(QUIET));
        x >= width || y >= width || modules[y * width + x] == Color::Light
    };
    let row = |y: usize| {
        (0..side)
            .map(|x| match (light(x, y), y + 1 < side && light(x, y + 1)) {
                (true, true) => '█',
                (true, false) => '▀',
                (false, true) => '▄',
                (false, false) => ' ',
            })
            .collect()
    };
    Some((0..side).step_by(2).map(row).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_becomes_a_square_with_a_margin() {
        let lines = lines("https://microsoft.com/devicelogin").unwrap();
        let width = lines[0].chars().count();
        assert!(lines.iter().all(|line| line.chars().count() == width));
        assert_eq!(lines.len(), width.div_ceil(2));
        assert!(width <= 40, "it fits beside everything: {width}");
        assert!(lines[0].chars().all(|c| c == '█'), "the margin is light");
        assert!(lines[1].starts_with("██ ▄▄▄▄▄ █"), "{}", lines[1]);
        assert_eq!(super::lines(&"x".repeat(5000)), None);
    }
}
