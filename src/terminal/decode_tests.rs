//! Bytes as terminals send them, whole and cut anywhere.

use super::*;
use crate::app::key::keys;
use proptest::prelude::*;

fn decode(pieces: &[&[u8]]) -> Vec<Decoded> {
    let mut decoder = Decoder::default();
    let mut out = Vec::new();
    for piece in pieces {
        decoder.feed(piece, &mut |event| out.push(event));
    }
    if decoder.patience().is_some() {
        decoder.settle(&mut |event| out.push(event));
    }
    assert_eq!(decoder.patience(), None);
    out
}

fn typed(run: &str) -> Vec<Decoded> {
    keys(run).into_iter().map(Decoded::Key).collect()
}

#[test]
fn what_terminals_send_is_understood() {
    let table: &[(&[u8], &str)] = &[
        (b"aA \r\t\x7f\x08", "aA<Space><Enter><Tab><BS><BS>"),
        (b"\x03\x15\x0c\x00\x1f", "<C-c><C-u><C-l><C-Space><C-_>"),
        (b"\x1b", "<Esc>"),
        (b"\x1b\x1b[A", "<Esc><Up>"),
        (b"\x1bx\x1b[", "<A-x><A-[>"),
        (b"\x1b[A\x1bOB\x1b[C\x1b[D", "<Up><Down><Right><Left>"),
        (b"\x1b[H\x1b[4~\x1b[5~\x1b[6~", "<Home><End><PgUp><PgDn>"),
        (b"\x1b[Z\x1b[1;2A\x1b[1;5C", "<S-Tab><S-Up><C-Right>"),
        (b"\x1bOP\x1b[15~\x1b[24~\x1b[[B", "<F1><F5><F12><F2>"),
        (b"\x1b[27;5;13~\x1b[117;5u\x1b[97;2u", "<C-Enter><C-u>A"),
        (b"\x1b[97;1:3u\x1b[97;1:1u", "a"),
        ("é漢😀".as_bytes(), "é漢😀"),
        (b"a\xff\xc3b", "ab"),
        // Answers, reports and mice are not keys.
        (
            b"\x1b]11;rgb:0/0/0\x07\x1b[?62;c\x1b[12;40R\x1bP1$r\x1b\\x",
            "x",
        ),
        (b"\x1b[<0;1;1Mq\x1b[Iq", "qq"),
        (b"\x1b[1\x1b[B", "<Down>"),
    ];
    for (bytes, run) in table {
        assert_eq!(decode(&[bytes]), typed(run), "{run}");
    }
}

#[test]
fn a_paste_is_one_event_and_never_keys() {
    let paste = b"\x1b[200~ada@fabrikam.com\r\ngrace\r\x1b[31m\x07q\x1b[201~j";
    let expected = [
        Decoded::Paste("ada@fabrikam.com\ngrace\n[31mq".to_owned()),
        Decoded::Key(Key::char('j')),
    ];
    assert_eq!(decode(&[paste]), expected);
    // The end got lost: delivered after a silence.
    assert_eq!(decode(&[b"\x1b[200~aq"]), [Decoded::Paste("aq".to_owned())]);
}

#[test]
fn a_paste_without_measure_is_cut() {
    let mut bytes = b"\x1b[200~".to_vec();
    bytes.resize(PASTE_MAX * 2, b'x');
    bytes.extend_from_slice(PASTE_END);
    let pasted = decode(&[&bytes]);
    assert!(matches!(&pasted[..], [Decoded::Paste(text)] if text.len() == PASTE_MAX));
}

/// Pieces of real input, so that random runs of them reach the interesting states.
fn input() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        Just(b"a".to_vec()),
        Just(b"\x1b[A".to_vec()),
        Just(b"\x1b[15;2~".to_vec()),
        Just(b"\x1bOP".to_vec()),
        Just("漢".as_bytes().to_vec()),
        Just(b"\x1b[200~x\r\x1b[201".to_vec()),
        Just(b"\x1b[201~".to_vec()),
        Just(b"\x1b]0;t\x07".to_vec()),
        prop::collection::vec(any::<u8>(), 0..6),
    ];
    prop::collection::vec(piece, 0..20).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn where_the_bytes_are_cut_changes_nothing(bytes in input(), cuts in prop::collection::vec(any::<u16>(), 0..6)) {
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| usize::from(*cut) % (bytes.len() + 1)).collect();
        cuts.extend([0, bytes.len()]);
        cuts.sort_unstable();
        let pieces: Vec<&[u8]> = cuts.windows(2).map(|ends| &bytes[ends[0]..ends[1]]).collect();
        prop_assert_eq!(decode(&pieces), decode(&[&bytes]));
    }
}
