//! The commonest screens, to be read: `cargo insta review` shows what a change does to them.

use std::fmt::Write as _;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier, Style};

use super::fixture::{answer, loaded, look, not_in_yet, press, sign_in_step, start};
use crate::acts::{Outcome, Plan, PlanEnd, Target};
use crate::app::state::State;
use crate::app::{Effect, What};
use crate::domain::id::UserId;
use crate::domain::invitation::{Invited, Secret};
use crate::domain::problem::{Problem, ProblemKind};
use crate::ui::{Theme, draw, svg};
use crate::worker::protocol::{Answer, Ask, Job};

pub(super) fn frame(state: &State, theme: &Theme) -> Buffer {
    let area = Rect::new(0, 0, state.screen.size.0, state.screen.size.1);
    let mut buf = Buffer::empty(area);
    if let Some(cursor) = draw(state, theme, area, &mut buf) {
        buf[cursor].set_style(Style::new().add_modifier(Modifier::SLOW_BLINK));
    }
    buf
}

/// The cells as text, and below each line the looks in it that are not plain: `c` cyan, `g` green, `r` red,
/// `m` magenta, `y` yellow; upper case for bold, `.` dim, `#` reversed, `_` underlined, `b` bold, `|` the cursor.
pub(super) fn shown(buf: &Buffer) -> String {
    let mut out = String::new();
    for y in buf.area.top()..buf.area.bottom() {
        let (mut words, mut looks) = (String::new(), String::new());
        let mut x = buf.area.left();
        while x < buf.area.right() {
            let cell = &buf[(x, y)];
            let wide = u16::try_from(super::text::width(cell.symbol())).unwrap();
            words.push_str(cell.symbol());
            // Blanks and the frame are not what one looks at.
            let blank = " ─│┌┐└┘├┤".contains(cell.symbol());
            for _ in 0..wide {
                looks.push(look_of(cell.style(), blank));
            }
            x += wide;
        }
        let _ = writeln!(out, "{}", words.trim_end());
        if !looks.trim().is_empty() {
            let _ = writeln!(out, "~{}", looks.trim_end());
        }
    }
    out
}

fn look_of(style: Style, blank: bool) -> char {
    let has = |modifier| style.add_modifier.contains(modifier);
    if has(Modifier::SLOW_BLINK) {
        return '|';
    }
    if has(Modifier::REVERSED) {
        return '#';
    }
    if blank {
        return ' ';
    }
    let letter = match style.fg {
        Some(Color::Cyan) => 'c',
        Some(Color::Green) => 'g',
        Some(Color::Red) => 'r',
        Some(Color::Magenta) => 'm',
        Some(Color::Yellow) => 'y',
        _ if has(Modifier::UNDERLINED) => '_',
        _ if has(Modifier::BOLD) => 'b',
        _ if has(Modifier::DIM) => '.',
        _ => ' ',
    };
    if has(Modifier::BOLD) && letter != '_' && letter != 'b' {
        letter.to_ascii_uppercase()
    } else {
        letter
    }
}

/// Only the words, for screens whose looks are shown elsewhere.
pub(super) fn words(buf: &Buffer) -> String {
    shown(buf)
        .lines()
        .filter(|line| !line.starts_with('~'))
        .fold(String::new(), |out, line| out + line + "\n")
}

pub(super) fn same(name: &str, shown: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../../tests/screens");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, shown));
}

fn end(plan: &Plan, outcome: Outcome) -> Box<PlanEnd> {
    Box::new(PlanEnd::of(&plan.steps[0], outcome))
}

#[test]
fn triage_wide() {
    let mut state = loaded((160, 48));
    press(&mut state, "jad<Space>kk");
    same("triage-160x48", &shown(&frame(&state, &Theme::color())));
}

#[test]
fn triage() {
    let mut state = loaded((80, 24));
    press(&mut state, "jad<Space>kk");
    same("triage-80x24", &shown(&frame(&state, &Theme::color())));
    same("triage-80x24-mono", &shown(&frame(&state, &Theme::mono())));
}

#[test]
fn smallest() {
    let mut state = loaded((40, 10));
    press(&mut state, "jj");
    let mut all = words(&frame(&state, &Theme::color()));
    press(&mut state, "<Enter>");
    all += &words(&frame(&state, &Theme::color()));
    press(&mut state, "<Esc>ds");
    all += &words(&frame(&state, &Theme::color()));
    press(&mut state, "y");
    all += &words(&frame(&state, &Theme::color()));
    press(&mut state, "<Esc>i");
    all += &words(&frame(&state, &Theme::color()));
    crate::ui::tests::happens(&mut state, What::Resize(30, 9));
    all += &words(&frame(&state, &Theme::color()));
    same("smallest-40x10", &all);
}

#[test]
fn guests_wide() {
    let mut state = loaded((120, 32));
    let effects = press(&mut state, "3");
    look(&mut state, effects);
    let effects = press(&mut state, "j");
    look(&mut state, effects);
    same("guests-120x32", &words(&frame(&state, &Theme::color())));
}

#[test]
fn policies_and_journal() {
    let mut state = loaded((160, 40));
    press(&mut state, "2");
    let mut all = words(&frame(&state, &Theme::color()));
    press(&mut state, "4");
    all += &words(&frame(&state, &Theme::color()));
    same("policies-journal-160x40", &all);
}

#[test]
fn review() {
    let mut state = loaded((120, 32));
    press(&mut state, "jajdd3jx");
    press(&mut state, "d1");
    press(&mut state, "/grace<Enter>s");
    same("review-120x32", &shown(&frame(&state, &Theme::color())));
    crate::ui::tests::happens(&mut state, What::Resize(80, 24));
    press(&mut state, "yrNot one of ours");
    same("review-80x24", &shown(&frame(&state, &Theme::color())));
}

#[test]
fn invite() {
    let mut state = loaded((80, 24));
    press(
        &mut state,
        "iada+x@fabrikam.com<Enter><Enter><Enter><Enter><Enter><Enter>",
    );
    let mut all = words(&frame(&state, &Theme::color()));
    press(&mut state, "<C-u>new@fabrikam.com<Up>");
    let effects = press(&mut state, "<Enter>");
    for effect in effects {
        if let Effect::Ask(Job {
            id,
            ask: Ask::LookUp(mail),
            ..
        }) = effect
        {
            answer(&mut state, id, Answer::Found(mail, Vec::new()));
        }
    }
    all += &words(&frame(&state, &Theme::color()));
    for effect in press(&mut state, "y") {
        if let Effect::Ask(Job {
            id,
            ask: Ask::Send { plans, .. },
            ..
        }) = effect
        {
            let invited = Invited {
                user: UserId::new("g77").unwrap(),
                mail: "new@fabrikam.com".into(),
                redeem: Secret::new(
                    "https://login.microsoftonline.com/redeem?rd=https%3a%2f%2finvitations.microsoft.com%2fredeem%2f%3ftenant%3d1",
                ),
                mailed: false,
            };
            let target = Target::Address("new@fabrikam.com".into());
            answer(
                &mut state,
                id,
                Answer::Settled(target, end(&plans[0], Outcome::Invited(Box::new(invited)))),
            );
        }
    }
    press(&mut state, "y");
    all += &words(&frame(&state, &Theme::color()));
    same("invite-80x24", &all);
}

#[test]
fn dialogs() {
    let mut all = String::new();
    for keys in ["3x", "o", ":app", "?send", "a<C-c>"] {
        let mut state = loaded((80, 24));
        press(&mut state, keys);
        all += &words(&frame(&state, &Theme::color()));
    }
    same("dialogs-80x24", &all);
}

#[test]
fn acts_past_the_basket() {
    let mut all = String::new();
    for (keys, then) in [
        (":cancel<Enter>", ""),
        (":assign<Enter>", ""),
        (":assign<Enter><Tab><Tab><Enter>", "no<Enter>"),
    ] {
        let mut state = loaded((80, 24));
        let effects = press(&mut state, keys);
        not_in_yet(&mut state, effects);
        press(&mut state, then);
        all += &words(&frame(&state, &Theme::color()));
    }
    same("acts-80x24", &all);
}

#[test]
fn signing_in() {
    for size in [(80, 24), (120, 40)] {
        let mut state = loaded(size);
        let step = |state: &mut State, name| {
            crate::ui::tests::happens(state, What::SignIn(sign_in_step(name)));
        };
        press(&mut state, "aasyR");
        step(&mut state, "need");
        let mut all = shown(&frame(&state, &Theme::color()));
        press(&mut state, "S");
        all += &shown(&frame(&state, &Theme::color()));
        press(&mut state, "d");
        all += &words(&frame(&state, &Theme::color()));
        step(&mut state, "code");
        all += &shown(&frame(&state, &Theme::color()));
        step(&mut state, "refused");
        all += &words(&frame(&state, &Theme::color()));
        press(&mut state, "b");
        step(&mut state, "browser");
        all += &words(&frame(&state, &Theme::color()));
        press(&mut state, "Y<Esc><Esc>/ada<C-o>b");
        step(&mut state, "done");
        all += &words(&frame(&state, &Theme::color()));
        press(&mut state, "<Enter><Enter>:sign-out<Enter>");
        all += &words(&frame(&state, &Theme::color()));
        same(&format!("sign-in-{}x{}", size.0, size.1), &all);
    }
}

#[test]
fn a_first_start_says_that_somebody_has_to_sign_in() {
    let mut state = start((80, 24));
    crate::ui::tests::happens(&mut state, What::Started);
    crate::ui::tests::happens(&mut state, What::SignIn(sign_in_step("need")));
    let mut all = words(&frame(&state, &Theme::color()));
    crate::ui::tests::happens(&mut state, What::Resize(40, 10));
    all += &words(&frame(&state, &Theme::color()));
    press(&mut state, "S");
    all += &words(&frame(&state, &Theme::color()));
    press(&mut state, "d");
    crate::ui::tests::happens(&mut state, What::SignIn(sign_in_step("code")));
    all += &words(&frame(&state, &Theme::color()));
    press(&mut state, "<Esc>n");
    all += &words(&frame(&state, &Theme::color()));
    same("sign-in-first", &all);
}

#[test]
fn status() {
    let mut lines = String::new();
    let mut line = |state: &State| {
        let buf = frame(state, &Theme::color());
        let all = words(&buf);
        let lines_of: Vec<&str> = all.lines().collect();
        let at = lines_of.len();
        let (above, below) = (lines_of[at - 2], lines_of[at - 1]);
        let _ = write!(lines, "{}\n{above}\n{below}\n\n", lines_of[0]);
    };
    let mut state = start((80, 24));
    let effects = crate::ui::tests::happens(&mut state, What::Started);
    line(&state);
    for effect in &effects {
        let Effect::Ask(Job { id, ask, .. }) = effect else {
            continue;
        };
        let said = match ask {
            Ask::Guests(_) => Answer::Guests((0..1_998).map(super::fixture::guest).collect()),
            Ask::Requests => Answer::Failed(Box::new(Problem::new(
                ProblemKind::Unreachable,
                "graph.microsoft.com does not answer",
                "Look at the network, then press R",
            ))),
            _ => continue,
        };
        answer(&mut state, *id, said);
    }
    line(&state);
    press(&mut state, "<Esc>");
    line(&state);
    let mut state = loaded((80, 24));
    press(&mut state, "/state:mine");
    line(&state);
    press(&mut state, "<C-u>signal:lookalike");
    line(&state);
    press(&mut state, "<Enter>");
    line(&state);
    press(&mut state, "<Esc>aaa");
    let effects = press(&mut state, "sy");
    line(&state);
    for effect in effects {
        if let Effect::Ask(Job {
            id,
            ask: Ask::Send { plans, .. },
            ..
        }) = effect
        {
            answer(
                &mut state,
                id,
                Answer::Settled(
                    plans[0].target().unwrap(),
                    end(&plans[0], Outcome::Done { found: false }),
                ),
            );
            answer(
                &mut state,
                id,
                Answer::Progress {
                    done: 1,
                    of: Some(3),
                    words: "sending 3 decisions".into(),
                },
            );
        }
    }
    press(&mut state, "<Esc>");
    line(&state);
    same("status-80x24", &lines);
}

#[test]
fn empty_panes_teach() {
    let mut all = String::new();
    let mut state = start((60, 12));
    all += &words(&frame(&state, &Theme::color()));
    state = super::with((60, 12), Vec::new(), 0);
    all += &words(&frame(&state, &Theme::color()));
    state = loaded((60, 12));
    press(&mut state, "/nobody<Enter>");
    all += &words(&frame(&state, &Theme::color()));
    same("empty-60x12", &all);
}

#[test]
fn a_picture_is_drawn_of_a_frame() {
    let mut state = loaded((120, 32));
    press(&mut state, "jj");
    let area = Rect::new(0, 0, 120, 32);
    let mut buf = Buffer::empty(area);
    draw(&state, &Theme::color(), area, &mut buf);
    let picture = svg::svg(&buf, "guestlist");
    assert!(picture.starts_with("<svg") && picture.trim_end().ends_with("</svg>"));
    assert!(picture.contains("Grace Hopper"));
    assert!(!picture.contains('\u{1b}'));
}
