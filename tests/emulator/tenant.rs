use guestlist::emulator::{Config, Emulator};

#[test]
fn starts() {
    let emulator = Emulator::start(Config::default()).unwrap();
    let snapshot = emulator.snapshot();
    std::fs::write(
        "/tmp/wt/snap.json",
        serde_json::to_string_pretty(&snapshot).unwrap(),
    )
    .unwrap();
}
