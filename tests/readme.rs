//! What the README says is true: its key table is the keymap's, its permissions the sign-in's, its picture a real frame.

use guestlist::app::keymap;
use guestlist::cli::permissions;
use guestlist::terminal::Frames;
use guestlist::ui::{self, Theme, svg};

use crate::support::console::{Console, tenant};

const README: &str = include_str!("../README.md");
const PICTURE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/screen.svg");

fn between<'a>(begin: &str, end: &str) -> &'a str {
    let (_, rest) = README.split_once(begin).expect(begin);
    rest.split_once(end)
        .expect(end)
        .0
        .split_once("-->")
        .map_or("", |(_, rest)| rest)
        .trim()
}

#[test]
fn the_key_table_is_the_keymaps() {
    let table = keymap::markdown();
    assert_eq!(
        between("<!-- keys", "<!-- /keys"),
        table,
        "copy this into the README:\n{table}"
    );
}

#[test]
fn the_permissions_are_those_the_sign_in_asks_by() {
    let table = permissions::markdown();
    assert_eq!(
        between("<!-- permissions", "<!-- /permissions"),
        table,
        "copy this into the README:\n{table}"
    );
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
