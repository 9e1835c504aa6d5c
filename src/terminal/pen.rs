//! How a cell looks and the shortest way from one look to the next.
//!
//! crossterm's own style commands are not used: with `NO_COLOR` they also take REVERSED away, which is the
//! cursor row. Colours are the theme's matter; here a look is written as it is.

use std::fmt::Write as _;

use ratatui::style::{Color, Modifier};

/// Colours and attributes as the terminal holds them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct PenStyle {
    pub(super) fg: Color,
    pub(super) bg: Color,
    pub(super) modifier: Modifier,
}

/// Attributes that are seen where there is no glyph.
const SEEN_ON_BLANK: Modifier = Modifier::REVERSED
    .union(Modifier::UNDERLINED)
    .union(Modifier::SLOW_BLINK)
    .union(Modifier::RAPID_BLINK)
    .union(Modifier::CROSSED_OUT);

/// Attribute, the SGR that sets it, the SGR that takes it away.
const ATTRIBUTES: [(Modifier, u8, u8); 9] = [
    (Modifier::BOLD, 1, 22),
    (Modifier::DIM, 2, 22),
    (Modifier::ITALIC, 3, 23),
    (Modifier::UNDERLINED, 4, 24),
    (Modifier::SLOW_BLINK, 5, 25),
    (Modifier::RAPID_BLINK, 6, 25),
    (Modifier::REVERSED, 7, 27),
    (Modifier::HIDDEN, 8, 28),
    (Modifier::CROSSED_OUT, 9, 29),
];

impl PenStyle {
    /// What the terminal has after a reset.
    pub(super) const PLAIN: Self = Self {
        fg: Color::Reset,
        bg: Color::Reset,
        modifier: Modifier::empty(),
    };

    /// The look of a blank reduced to what can be seen of it, so that invisible differences cost nothing.
    pub(super) fn on_blank(self) -> Self {
        if self.modifier.intersects(SEEN_ON_BLANK) {
            self
        } else {
            Self {
                bg: self.bg,
                ..Self::PLAIN
            }
        }
    }

    /// Appends the shortest SGR sequence that turns `self` into `to`; nothing when they are equal.
    pub(super) fn change(self, to: Self, out: &mut Vec<u8>) {
        if self == to {
            return;
        }
        let mut anew = String::new();
        if to != Self::PLAIN {
            anew.push('0');
            Self::PLAIN.codes(to, &mut anew);
        }
        let mut onward = String::new();
        self.codes(to, &mut onward);
        // Codes are written with a leading separator.
        let onward = onward.trim_start_matches(';');
        let shorter = if onward.len() < anew.len() {
            onward
        } else {
            &anew
        };
        out.extend_from_slice(b"\x1b[");
        out.extend_from_slice(shorter.as_bytes());
        out.push(b'm');
    }

    fn codes(self, to: Self, codes: &mut String) {
        let mut held = self.modifier;
        let mut code = |code: u8| {
            // Writing to a String cannot fail.
            let _ = write!(codes, ";{code}");
        };
        for (attribute, _, off) in ATTRIBUTES {
            if held.contains(attribute) && !to.modifier.contains(attribute) {
                code(off);
                // One SGR may take two attributes away (22: bold and dim); the loop below sets again what stays.
                for (also, _, _) in ATTRIBUTES.iter().filter(|(_, _, same)| *same == off) {
                    held.remove(*also);
                }
            }
        }
        for (attribute, on, _) in ATTRIBUTES {
            if to.modifier.contains(attribute) && !held.contains(attribute) {
                code(on);
            }
        }
        if self.fg != to.fg {
            color(to.fg, 30, codes);
        }
        if self.bg != to.bg {
            color(to.bg, 40, codes);
        }
    }
}

/// Appends the code of a colour; `base` is 30 for the foreground, 40 for the background.
fn color(color: Color, base: u8, codes: &mut String) {
    let number = match color {
        Color::Reset => base + 9,
        Color::Black => base,
        Color::Red => base + 1,
        Color::Green => base + 2,
        Color::Yellow => base + 3,
        Color::Blue => base + 4,
        Color::Magenta => base + 5,
        Color::Cyan => base + 6,
        Color::Gray => base + 7,
        Color::DarkGray => base + 60,
        Color::LightRed => base + 61,
        Color::LightGreen => base + 62,
        Color::LightYellow => base + 63,
        Color::LightBlue => base + 64,
        Color::LightMagenta => base + 65,
        Color::LightCyan => base + 66,
        Color::White => base + 67,
        Color::Indexed(index) => {
            let _ = write!(codes, ";{};5;{index}", base + 8);
            return;
        }
        Color::Rgb(r, g, b) => {
            let _ = write!(codes, ";{};2;{r};{g};{b}", base + 8);
            return;
        }
    };
    let _ = write!(codes, ";{number}");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(from: PenStyle, to: PenStyle) -> String {
        let mut out = Vec::new();
        from.change(to, &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn changes_are_short() {
        let plain = PenStyle::PLAIN;
        let bold = PenStyle {
            modifier: Modifier::BOLD,
            ..plain
        };
        let dim_green = PenStyle {
            fg: Color::Green,
            modifier: Modifier::DIM,
            ..plain
        };
        let green = PenStyle {
            fg: Color::Green,
            ..plain
        };
        assert_eq!(change(plain, plain), "");
        assert_eq!(change(plain, bold), "\x1b[1m");
        assert_eq!(change(bold, plain), "\x1b[m");
        assert_eq!(change(green, dim_green), "\x1b[2m");
        assert_eq!(change(dim_green, green), "\x1b[22m");
        assert_eq!(change(bold, dim_green), "\x1b[0;2;32m");
    }

    #[test]
    fn taking_bold_away_keeps_dim() {
        let from = PenStyle {
            fg: Color::Rgb(1, 2, 3),
            modifier: Modifier::BOLD | Modifier::DIM,
            ..PenStyle::PLAIN
        };
        let to = PenStyle {
            modifier: Modifier::DIM,
            ..from
        };
        assert_eq!(change(from, to), "\x1b[22;2m");
    }
}
