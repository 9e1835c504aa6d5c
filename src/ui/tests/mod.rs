//! Whatever the state and the size: what must hold of a frame, and what the commonest ones look like.

mod deciding;
mod fixture;
mod screens;

use proptest::prelude::*;
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;

use self::fixture::{Asker, happens, loaded, not_in_yet, press, request, sign_in_step, with};
use super::{Theme, draw, text};
use crate::app::What;
use crate::app::layout::Regions;
use crate::app::state::{Grade, State};

/// Draws into the middle of a larger buffer of `?` and looks at what came of it.
fn check(state: &State) {
    let (width, height) = state.screen.size;
    let whole = Rect::new(0, 0, width + 4, height + 4);
    let area = Rect::new(2, 2, width, height);
    let mut buf = Buffer::filled(whole, Cell::new("?"));
    let cursor = draw(state, &Theme::color(), area, &mut buf);
    if let Some(cursor) = cursor {
        assert!(area.contains(cursor), "cursor at {cursor}");
    }
    for y in whole.top()..whole.bottom() {
        let mut x = whole.left();
        while x < whole.right() {
            let symbol = buf[(x, y)].symbol();
            let inside = area.contains((x, y).into());
            assert!(inside || symbol == "?", "{symbol:?} outside, at {x},{y}");
            let wide = u16::try_from(text::width(symbol)).unwrap();
            assert!(wide > 0, "{symbol:?} takes no cell, at {x},{y}");
            assert!(
                !inside || x + wide <= area.right(),
                "{symbol:?} sticks out, at {x},{y}"
            );
            x += wide;
        }
    }
    borders(state, area, &buf);
}

/// Nothing that is written into a region reaches into the frame.
fn borders(state: &State, area: Rect, buf: &Buffer) {
    let Some(frame) = Regions::of(state).frame else {
        return;
    };
    if state.too_small() || state.screen.dialog.is_some() {
        return;
    }
    let right = area.x + frame.x + frame.width - 1;
    for y in frame.y..frame.y + frame.height {
        for x in [area.x + frame.x, right] {
            let symbol = buf[(x, area.y + y)].symbol();
            assert!(
                "│┌┐└┘├┤".contains(symbol),
                "{symbol:?} on the frame at {x},{y}"
            );
        }
    }
}

fn any_name() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-zA-Z ]{0,40}",
        "[世界ハンナ한글é\u{301}\u{300}🙂👩🏽ßﬀ-]{0,20}",
        any::<String>(),
    ]
}

fn any_run() -> impl Strategy<Value = String> {
    let key = prop_oneof![
        4 => "[a-zA-Z0-9:/?!*$]",
        3 => Just("<Enter>".to_owned()),
        2 => Just("<Esc>".to_owned()),
        2 => Just("<Tab>".to_owned()),
        2 => Just("<Down>".to_owned()),
        1 => Just("<Space>".to_owned()),
        1 => Just("<PgDn>".to_owned()),
        1 => Just("世".to_owned()),
    ];
    proptest::collection::vec(key, 0..25).prop_map(|keys| keys.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, ..ProptestConfig::default() })]

    #[test]
    fn any_state_is_drawn_at_any_size(
        people in proptest::collection::vec((any_name(), any_name(), 0_i64..500, any::<bool>()), 0..12),
        run in any_run(),
        said in proptest::option::of(any_name()),
        steps in proptest::collection::vec(proptest::sample::select(vec!["need", "code", "browser", "refused", "done"]), 0..3),
        sizes in proptest::collection::vec((0_u16..=300, 0_u16..=100), 1..4),
        begin in prop_oneof![Just((80, 24)), Just((160, 48)), Just((40, 10)), Just((120, 32))],
    ) {
        let requests = people.iter().enumerate().map(|(at, (name, mail, hours, mine))| {
            let mail = format!("{name}@{mail}");
            request(at, &Asker(name, &mail, *hours, at % 3, *mine))
        });
        let mut state = with(begin, requests.collect(), 12);
        press(&mut state, &run);
        if let Some(said) = said {
            state.say(Grade::Error, said);
        }
        for step in steps {
            press(&mut state, if step == "browser" { "<C-o>b" } else { "<C-o>d" });
            happens(&mut state, What::SignIn(sign_in_step(step)));
            check(&state);
        }
        check(&state);
        for size in sizes {
            happens(&mut state, What::Resize(size.0, size.1));
            check(&state);
            // The frame that is drawn before the loop has heard of the new size.
            state.screen.size = (size.1, size.0.min(100));
            let area = Rect::new(0, 0, size.0.min(120), size.1);
            draw(&state, &Theme::mono(), area, &mut Buffer::empty(area));
        }
    }
}

#[test]
fn every_small_size_is_drawn() {
    for dialog in [
        "",
        "s",
        "i",
        "o",
        ":",
        "?",
        "!",
        "Y",
        "/世界",
        "<Enter>",
        ":cancel<Enter>y",
        "*:cancel<Enter>y",
        ":assign<Enter>",
        ":assign<Enter><Tab><Tab><Enter>",
    ] {
        let mut state = loaded((80, 24));
        press(&mut state, "ajdjd");
        let effects = press(&mut state, dialog);
        not_in_yet(&mut state, effects);
        for width in (0..130).step_by(3) {
            for height in (0..40).step_by(2) {
                happens(&mut state, What::Resize(width, height));
                check(&state);
            }
        }
    }
}
