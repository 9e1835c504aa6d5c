//! The looks of the roles things play on screen.
//!
//! Roles, not colours, are what the rest of the drawing asks for. They are made of the terminal's own sixteen
//! colours on its own foreground and background, so that they hold on light and dark alike, and nothing is
//! told by colour alone: each role goes with a glyph or a word.

use ratatui::style::{Color, Modifier, Style};

use crate::acts::Tone;
use crate::app::state::Grade;
use crate::settings::Banner;

/// A look for each role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Theme {
    /// What is read.
    pub read: Style,
    /// What is known already: labels, borders, rows of others.
    pub known: Style,
    /// What stands out among what is read.
    pub strong: Style,
    /// Where the keyboard is: the focused pane's title, keys.
    pub accent: Style,
    /// The tab of the focused pane.
    pub tab: Style,
    /// The row under the cursor.
    pub selected: Style,
    /// Letting somebody in; something that went well.
    pub approve: Style,
    /// Turning somebody away.
    pub deny: Style,
    /// Taking access away.
    pub revoke: Style,
    /// Something to notice.
    pub signal: Style,
    /// Something that failed.
    pub error: Style,
    /// The tenant's name on the banner: a profile may give it a colour, so that one is not taken for another.
    pub tenant: Style,
    /// A QR code, whose light parts are drawn: cameras want them light.
    pub code: Style,
}

impl Theme {
    /// With the terminal's own sixteen colours.
    pub const fn color() -> Self {
        let plain = Style::new();
        Self {
            read: plain,
            // DIM rather than a grey: bright black is invisible in several well-liked palettes.
            known: plain.add_modifier(Modifier::DIM),
            strong: plain.add_modifier(Modifier::BOLD),
            accent: plain.fg(Color::Cyan).add_modifier(Modifier::BOLD),
            tab: plain.fg(Color::Cyan).add_modifier(REVERSED_BOLD),
            selected: plain.add_modifier(Modifier::REVERSED),
            approve: plain.fg(Color::Green),
            deny: plain.fg(Color::Red),
            revoke: plain.fg(Color::Magenta),
            signal: plain.fg(Color::Yellow),
            error: plain.fg(Color::Red).add_modifier(Modifier::BOLD),
            tenant: plain,
            code: plain.fg(Color::White).bg(Color::Black),
        }
    }

    /// Without any colour.
    pub const fn mono() -> Self {
        let plain = Style::new();
        let bold = plain.add_modifier(Modifier::BOLD);
        Self {
            read: plain,
            known: plain.add_modifier(Modifier::DIM),
            strong: bold,
            accent: bold,
            tab: plain.add_modifier(REVERSED_BOLD),
            selected: plain.add_modifier(Modifier::REVERSED),
            approve: plain,
            deny: plain,
            revoke: plain,
            signal: bold,
            error: bold.add_modifier(Modifier::UNDERLINED),
            tenant: plain,
            // On a light terminal it comes out inverted, which most cameras read all the same.
            code: plain,
        }
    }

    /// With the banner colour a profile asks for. Without colour the name is what tells tenants apart.
    #[must_use]
    pub fn with_banner(mut self, banner: Option<Banner>) -> Self {
        let colour = banner.map(|banner| match banner {
            Banner::Red => Color::Red,
            Banner::Green => Color::Green,
            Banner::Yellow => Color::Yellow,
            Banner::Blue => Color::Blue,
            Banner::Magenta => Color::Magenta,
            Banner::Cyan => Color::Cyan,
            Banner::White => Color::White,
        });
        if let Some(colour) = colour.filter(|_| self != Self::mono()) {
            self.tenant = Style::new()
                .fg(colour)
                .add_modifier(Modifier::REVERSED | Modifier::BOLD);
        }
        self
    }

    /// The look of an act.
    pub(super) fn tone(&self, tone: Tone) -> Style {
        match tone {
            Tone::Give => self.approve,
            Tone::Refuse => self.deny,
            Tone::Take => self.revoke,
            Tone::Plain => self.read,
        }
    }

    /// The look of something said, and the glyph that goes with it.
    pub(super) fn grade(&self, grade: Grade) -> (&'static str, Style) {
        match grade {
            Grade::Good => ("✓", self.approve),
            Grade::Note => ("›", self.strong),
            Grade::Error => ("✗", self.error),
        }
    }
}

const REVERSED_BOLD: Modifier = Modifier::REVERSED.union(Modifier::BOLD);
