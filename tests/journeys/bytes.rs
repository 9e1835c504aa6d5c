//! What each frame costs in bytes, counted exactly, on the demo tenant at 160x48.

use guestlist::app::What;
use guestlist::app::key::keys;
use guestlist::terminal::Frames;
use guestlist::ui::{self, Theme};

use crate::support::console::{Console, tenant};

struct Counted {
    console: Console,
    frames: Frames,
}

impl Counted {
    fn draw(&mut self) -> usize {
        let state = &self.console.state;
        self.frames
            .draw(|area, buffer| ui::draw(state, &Theme::color(), area, buffer))
            .len()
    }

    /// Bytes of the frame after these keys, and of the one in which Detail has followed.
    fn press(&mut self, run: &str) -> (usize, usize) {
        for key in keys(run) {
            self.console.happens(What::Key(key));
        }
        let moved = self.draw();
        self.console.settle();
        (moved, self.draw())
    }
}

#[test]
fn frames_stay_within_their_budget() {
    let emulator = tenant();
    let console = Console::start(&emulator, emulator.token(), (160, 48));
    let mut counted = Counted {
        console,
        frames: Frames::new(160, 48),
    };
    let first = counted.draw();
    assert!(first <= 12 * 1024, "the first frame takes {first} bytes");
    counted.console.settle();
    let filled = counted.draw();
    assert!(
        filled <= 12 * 1024,
        "the filled screen takes {filled} bytes"
    );
    assert_eq!(counted.draw(), 0, "no event, no byte");

    for pane in ["1", "3"] {
        counted.press(pane);
        for step in ["j", "j", "k", "j", "j", "j", "<Space>", "a"] {
            let (moved, followed) = counted.press(step);
            assert!(moved <= 512, "pane {pane}: {step} takes {moved} bytes");
            assert!(
                followed <= 4 * 1024,
                "pane {pane}: Detail takes {followed} bytes after {step}"
            );
        }
        counted.press("p");
        for step in ["k", "j", "k"] {
            let (moved, _) = counted.press(step);
            assert!(
                moved <= 640,
                "pane {pane}, over the whole width: {step} takes {moved} bytes"
            );
        }
        counted.press("p");
        let (page, followed) = counted.press("<PgDn>");
        assert!(
            page + followed <= 8 * 1024,
            "pane {pane}: a page takes {page} and {followed} bytes"
        );
    }
}
