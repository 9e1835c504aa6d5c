//! What the README says is true: its key table is the keymap's, its permissions the sign-in's, its picture a real frame.

use guestlist::app::keymap;
use guestlist::cli::permissions;
use guestlist::terminal::Frames;
use guestlist::ui::{self, Theme, svg};

use crate::support::console::{Console, tenant};

const README: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");
const PICTURE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/screen.svg");

/// Compares what stands between two marks of the README. `GUESTLIST_WRITE_README=1 cargo test readme` writes it.
fn same(mark: &str, table: &str) {
    let readme = std::fs::read_to_string(README).unwrap();
    let (begin, end) = (format!("<!-- {mark}"), format!("<!-- /{mark}"));
    let (before, rest) = readme.split_once(&begin).expect("its mark");
    let (inside, after) = rest.split_once(&end).expect("its end");
    let (more, found) = inside.split_once("-->").unwrap();
    if std::env::var_os("GUESTLIST_WRITE_README").is_some() {
        let written = format!("{before}{begin}{more}-->\n{table}\n{end}{after}");
        std::fs::write(README, written).unwrap();
        return;
    }
    assert_eq!(found.trim(), table, "GUESTLIST_WRITE_README=1 writes it");
}

/// One after another: where they write, they write one file.
#[test]
fn the_key_table_is_the_keymaps_and_the_permissions_are_those_the_sign_in_asks_by() {
    same("keys", &keymap::markdown());
    same("permissions", &permissions::markdown());
}

#[test]
fn the_picture_is_a_real_frame() {
    let emulator = tenant();
    let mut console = Console::start(&emulator, emulator.token(), (140, 38));
    console.settle();
    console.press("/fabrikam.com<Enter>*a<Esc>/gmail<Enter>d<Esc>/c0ntoso<Enter><Esc>");
    let mut frames = Frames::new(140, 38);
    frames.draw(|area, buffer| ui::draw(&console.state, &Theme::color(), area, buffer));
    let picture = svg::svg(frames.picture(), "guestlist on the demo tenant");
    // `GUESTLIST_PICTURE=1 cargo test the_picture` makes it anew after the screen has changed.
    if std::env::var_os("GUESTLIST_PICTURE").is_some() {
        std::fs::write(PICTURE, &picture).unwrap();
    }
    let committed = std::fs::read_to_string(PICTURE).unwrap();
    assert!(
        committed == picture,
        "assets/screen.svg shows another screen; make it anew with GUESTLIST_PICTURE=1"
    );
}
