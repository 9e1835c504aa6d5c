//! Signing in: the ways, then what to do and how long there is for it.

use jiff::Timestamp;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::Sheet;
use crate::app::dialog::signin::{CAUTION, Phase, SignInChoice, SignInDialog, choices};
use crate::app::signin::{Standing, seconds_left};
use crate::app::state::State;
use crate::app::wrap::wrap;
use crate::signin::{DEFAULT_CLIENT, SignInStep, Way};
use crate::ui::pen::{self, Pen};
use crate::ui::text::{self, Keep};
use crate::ui::{qr, theme::Theme};

const WIDTH: u16 = 84;

pub(super) fn draw(sheet: &mut Sheet<'_>, dialog: &SignInDialog, state: &State) {
    match &dialog.phase {
        Phase::Choosing => choose(sheet, dialog, state),
        Phase::Begun(way) => begun(sheet, *way),
        Phase::Showing(step) => show(sheet, step, state),
        Phase::Done(words) => done(sheet, words),
    }
}

fn choose(sheet: &mut Sheet<'_>, dialog: &SignInDialog, state: &State) {
    let theme = *sheet.theme;
    let room = sheet.room(WIDTH);
    let Some(offer) = &state.sign_in.offer else {
        return;
    };
    let choices = choices(offer);
    let mut above: Vec<Line<'_>> = Vec::new();
    if let Some(problem) = &dialog.refused {
        above.extend(sentences(&format!("✗ {problem}"), room, theme.error));
    } else if let Standing::Needed {
        problem,
        more_proof,
    } = &state.sign_in.standing
    {
        let words = if *more_proof {
            "Graph wants more proof of who you are, and goes on once you have signed in anew."
                .into()
        } else {
            format!("{}.", problem.what)
        };
        above.extend(sentences(&words, room, theme.read));
    }
    let waiting = match (&state.sign_in.standing, state.jobs.waiting()) {
        (Standing::Needed { .. }, 1) => Some("1 job waits and goes on once you have.".to_owned()),
        (Standing::Needed { .. }, n) if n > 1 => {
            Some(format!("{n} jobs wait and go on once you have."))
        }
        _ => None,
    };
    above.extend(waiting.map(|words| Line::styled(words, theme.known)));
    let caution = sentences(&format!("⚠ {CAUTION}"), room, theme.signal);

    let title = format!("Sign in to {}", offer.tenant);
    let air = usize::from(!above.is_empty());
    let wanted = above.len() + air + choices.len() + 1 + caution.len() + 2;
    let inside = sheet.open(&title, WIDTH, wanted);
    // From the most to the least needed: the ways, why, the caution, air.
    let height = usize::from(inside.height);
    let spare = height.saturating_sub(choices.len() + 1);
    above.truncate(spare);
    let spare = spare - above.len();
    let airy = spare > caution.len();
    let mut at = above.len();
    pen::lines(sheet.buf, inside, &above, 0);
    at += usize::from(airy && at > 0);
    let label = choices.iter().map(|choice| text::width(choice.label)).max();
    for (number, choice) in choices.iter().enumerate() {
        if let Some(row) = pen::row(inside, at + number) {
            let here = number == dialog.cursor;
            self::choice(sheet, row, choice, label.unwrap_or(0), here);
        }
    }
    at += choices.len() + usize::from(airy);
    let rest = below(inside, at, 1);
    pen::lines(sheet.buf, rest, &caution, 0);
    let (_, foot) = super::foot(inside, 1);
    let buttons = sheet.buttons();
    pen::lines(sheet.buf, foot, &[buttons], 0);
}

fn choice(sheet: &mut Sheet<'_>, row: Rect, choice: &SignInChoice, label: usize, here: bool) {
    let theme = *sheet.theme;
    let look = |style| if here { theme.selected } else { style };
    let mut pen = Pen::new(sheet.buf, row);
    pen.put(if here { "> " } else { "  " }, look(theme.accent))
        .put(choice.key.encode_utf8(&mut [0; 4]), look(theme.accent))
        .put("  ", look(theme.read))
        .put(choice.label, look(theme.read))
        .put(
            &" ".repeat(label + 2 - text::width(choice.label)),
            look(theme.read),
        )
        .fit(choice.hint, Keep::Start, look(theme.known));
    if here {
        pen.fill(" ", theme.selected);
    }
}

fn begun(sheet: &mut Sheet<'_>, way: Way) {
    let theme = *sheet.theme;
    let words = match way {
        Way::DeviceCode => "Asking Entra for a code…".to_owned(),
        Way::Browser => "Making ready for the browser…".to_owned(),
        way => format!("Asking {way}…"),
    };
    let inside = sheet.open("Sign in", 50, 3);
    let buttons = sheet.buttons();
    let lines = [Line::styled(words, theme.read), Line::default(), buttons];
    pen::lines(sheet.buf, inside, &lines, 0);
}

fn done(sheet: &mut Sheet<'_>, words: &str) {
    let theme = *sheet.theme;
    let room = sheet.room(WIDTH);
    let mut lines = sentences(&format!("✓ {words}."), room, theme.approve);
    lines.push(Line::default());
    let inside = sheet.open("Sign in", WIDTH, lines.len() + 1);
    let (above, below) = super::foot(inside, 1);
    pen::lines(sheet.buf, above, &lines, 0);
    let buttons = sheet.buttons();
    pen::lines(sheet.buf, below, &[buttons], 0);
}

fn show(sheet: &mut Sheet<'_>, step: &SignInStep, state: &State) {
    match step {
        SignInStep::DeviceCode {
            tenant,
            app,
            code,
            link,
            expires,
        } => {
            let fields = [
                ("Open", link.to_string(), true),
                ("Type", code.reveal().to_owned(), true),
                ("Tenant", tenant.clone(), false),
                ("App", app_name(app), false),
            ];
            let caution = format!("⚠ {CAUTION}");
            let qr = qr::lines(link.as_str());
            let page = SignInPage {
                title: &title("Sign in by code", *expires, state),
                fields: &fields,
                words: &[(&caution, true)],
                qr,
            };
            page.draw(sheet);
        }
        SignInStep::Browser {
            url,
            ssh_line,
            expires,
        } => {
            let offer = state.sign_in.offer.as_ref();
            let fields = [
                ("ssh", ssh_line.clone(), true),
                ("Open", url.reveal().to_owned(), true),
                (
                    "Tenant",
                    offer.map_or(String::new(), |offer| offer.tenant.clone()),
                    false,
                ),
                (
                    "App",
                    offer.map_or(String::new(), |offer| app_name(&offer.app)),
                    false,
                ),
            ];
            let words = "Open the address in a browser. Is the browser on another machine, run the ssh line there \
                         first and leave it open: it brings the answer back to this one.";
            let page = SignInPage {
                title: &title("Sign in by browser", *expires, state),
                fields: &fields,
                words: &[(words, false)],
                qr: None,
            };
            page.draw(sheet);
        }
        _ => {}
    }
}

/// What to do: named values, sentences, and a picture where there is room for one.
struct SignInPage<'a> {
    title: &'a str,
    /// Name, value, and whether it is what one needs.
    fields: &'a [(&'a str, String, bool)],
    /// Sentences, and whether they warn.
    words: &'a [(&'a str, bool)],
    qr: Option<Vec<String>>,
}

impl SignInPage<'_> {
    fn draw(self, sheet: &mut Sheet<'_>) {
        let theme = *sheet.theme;
        let most = usize::from(sheet.body.height.saturating_sub(2));
        let room = sheet.room(WIDTH);
        // The picture only beside the words, and only whole.
        let qr = self.qr.as_ref().filter(|qr| qr.len() <= most);
        let wide = qr.and_then(|qr| u16::try_from(text::width(qr.first()?)).ok());
        let beside = wide.and_then(|wide| room.checked_sub(wide + 2));
        let set = |room: u16, most: usize| {
            let mut lines = Vec::new();
            for (name, value, needed) in self.fields {
                let look = if *needed { theme.strong } else { theme.read };
                field(&mut lines, (name, value, look), room, most, &theme);
            }
            for (words, warns) in self.words {
                let look = if *warns { theme.signal } else { theme.read };
                lines.push(Line::default());
                lines.extend(sentences(words, room, look));
            }
            lines
        };
        let narrow = beside
            .filter(|room| *room >= 30)
            .map(|room| set(room, usize::MAX))
            .filter(|lines| lines.len() + 2 <= most);
        let picture = qr.filter(|_| narrow.is_some());
        let whole = narrow.unwrap_or_else(|| set(room, usize::MAX));
        // An address that nobody types off gives way to what one has to know; it is copied whole.
        let lines = if whole.len() + 2 > most {
            set(room, 3)
        } else {
            whole
        };
        let height = (lines.len() + 2).max(picture.map_or(0, Vec::len));
        let inside = sheet.open(self.title, WIDTH, height);
        let text = below(inside, 0, 1);
        pen::lines(sheet.buf, text, &lines, 0);
        if let (Some(picture), Some(wide)) = (picture, wide) {
            let region = Rect {
                x: inside.right().saturating_sub(wide),
                width: wide.min(inside.width),
                ..inside
            };
            let picture: Vec<Line<'_>> = picture
                .iter()
                .map(|line| Line::styled(line.as_str(), theme.code))
                .collect();
            pen::lines(sheet.buf, region, &picture, 0);
        }
        let (_, foot) = super::foot(inside, 1);
        let buttons = sheet.buttons();
        pen::lines(sheet.buf, foot, &[buttons], 0);
    }
}

/// A name and its value, which is broken anywhere rather than cut: it may have to be typed off.
fn field(
    lines: &mut Vec<Line<'static>>,
    (name, value, look): (&str, &str, ratatui::style::Style),
    room: u16,
    most: usize,
    theme: &Theme,
) {
    const NAME: usize = 8;
    let room = usize::from(room).saturating_sub(NAME).max(1);
    let parts = if value.contains(' ') {
        wrap(value, room)
    } else {
        links(value, room)
    };
    let cut = parts.len() > most;
    for (at, part) in parts.into_iter().take(most).enumerate() {
        let name = if at == 0 { name } else { "" };
        let part = match part
            .char_indices()
            .nth_back(11)
            .filter(|_| cut && at + 1 == most)
        {
            Some((end, _)) => format!("{}… (cut here)", &part[..end]),
            None => part.to_owned(),
        };
        lines.push(Line::from(vec![
            Span::styled(format!("{name:NAME$}"), theme.known),
            Span::styled(part, look),
        ]));
    }
}

/// Breaks what has no spaces, after a slash where there is one late in the line.
fn links(value: &str, room: usize) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = value;
    while let [first, _, ..] = wrap(rest, room).as_slice() {
        let slash = first.rfind('/').filter(|at| *at > room / 2);
        let (part, more) = rest.split_at(slash.map_or(first.len(), |at| at + 1));
        parts.push(part);
        rest = more;
    }
    parts.push(rest);
    parts
}

fn sentences(words: &str, room: u16, look: ratatui::style::Style) -> Vec<Line<'static>> {
    wrap(words, usize::from(room).max(1))
        .into_iter()
        .map(|line| Line::styled(line.to_owned(), look))
        .collect()
}

/// What of a region lies below its first `from` lines and above its last `foot`.
fn below(region: Rect, from: usize, foot: u16) -> Rect {
    let from = u16::try_from(from).unwrap_or(u16::MAX).min(region.height);
    Rect {
        y: region.y + from,
        height: (region.height - from).saturating_sub(foot),
        ..region
    }
}

/// What one does, and how long there is for it: in the title, where no size of window hides it.
fn title(what: &str, expires: Timestamp, state: &State) -> String {
    match seconds_left(expires, state.now) {
        0 => format!("{what} · expired"),
        left => format!("{what} · {}:{:02} left", left / 60, left % 60),
    }
}

/// The app as its consent page names it, where that is known.
fn app_name(app: &str) -> String {
    if app == DEFAULT_CLIENT {
        format!("Microsoft Graph Command Line Tools ({app})")
    } else {
        app.to_owned()
    }
}
