//! Bytes as terminals send them, whole and cut anywhere.

use super::*;
use crate::app::key::keys;
use proptest::prelude::*;

fn decode(pieces: &[&[u8]]) -> Vec<Decoded> {
    decode_with_pauses(pieces, Duration::ZERO)
}

/// With a silence as long as `pause` after every piece, and a long one at the end.
fn decode_with_pauses(pieces: &[&[u8]], pause: Duration) -> Vec<Decoded> {
    let paused = pieces.iter().map(|piece| (*piece, pause));
    decode_over_time(Decoder::default(), paused)
}

/// With a silence of its own after each piece, and a long one at the end. No time passes but this.
fn decode_over_time<'b>(
    mut decoder: Decoder,
    pieces: impl IntoIterator<Item = (&'b [u8], Duration)>,
) -> Vec<Decoded> {
    let mut out = Vec::new();
    for (piece, pause) in pieces {
        decoder.feed(piece, &mut |event| out.push(event));
        while decoder.patience().is_some_and(|patience| patience <= pause) {
            decoder.settle(&mut |event| out.push(event));
        }
    }
    // What is half, then the ESC that may have begun more.
    for _ in 0..2 {
        if decoder.patience().is_some() {
            decoder.settle(&mut |event| out.push(event));
        }
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
        (b"\x1bx\x1b[", "<A-x>"),
        (b"\x1bPj\x1b]j", "<A-P>j<A-]>j"),
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
        (b"\x1b[M aAy\x1bO2Pj\x1bO y", "y<F1>jy"),
        (b"\x1b]11;rgb\x1b[B\x1bP1\x03", "<Down><C-c>"),
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

/// What people and terminals send, as it was recorded, with what it means.
fn recorded() -> impl Strategy<Value = (&'static [u8], Vec<Decoded>)> {
    let keys = |bytes: &'static [u8], run: &str| (bytes, typed(run));
    let paste = |bytes: &'static [u8], text: &str| (bytes, vec![Decoded::Paste(text.to_owned())]);
    prop::sample::select(vec![
        keys(b"j", "j"),
        keys(b"A", "A"),
        keys(b"y", "y"),
        keys(b"[", "["),
        keys(b"O", "O"),
        keys(b"\r", "<Enter>"),
        keys(b"\x03", "<C-c>"),
        keys("é".as_bytes(), "é"),
        keys("漢".as_bytes(), "漢"),
        keys("😀".as_bytes(), "😀"),
        keys(b"\x1b[A", "<Up>"),
        keys(b"\x1b[B\x1b[B", "<Down><Down>"),
        keys(b"\x1bOC", "<Right>"),
        keys(b"\x1b[1;5D", "<C-Left>"),
        keys(b"\x1b[5~", "<PgUp>"),
        keys(b"\x1bOP", "<F1>"),
        keys(b"\x1b[[E", "<F5>"),
        keys(b"\x1b[97;5u", "<C-a>"),
        // Focus, three kinds of mice, and answers of the terminal.
        keys(b"\x1b[I\x1b[O", ""),
        keys(b"\x1b[<0;12;40M\x1b[<0;12;40m", ""),
        keys(b"\x1b[M aA", ""),
        keys(b"\x1b[32;12;40M", ""),
        keys(b"\x1b[?62;1;4c", ""),
        keys(b"\x1b]11;rgb:dada/5a5a/aAyY\x07", ""),
        keys(b"\x1bP>|y A d(3)\x1b\\", ""),
        paste(b"\x1b[200~yA\rq\x1b[201~", "yA\nq"),
        paste("\x1b[200~漢é\x1b[201~".as_bytes(), "漢é"),
        paste(b"\x1b[200~\x1b[A\x1b[201~", "[A"),
    ])
}

proptest! {
    /// A line that cuts, joins and delays as it likes: every key arrives, in order, and nothing else but an Esc where
    /// the line paused right behind an ESC.
    #[test]
    fn a_line_that_cuts_and_delays_loses_no_key_and_makes_none(
        sent in prop::collection::vec(recorded(), 1..24),
        cuts in prop::collection::vec((any::<u16>(), 0..1_999u64), 0..40),
        remote in any::<bool>(),
    ) {
        let bytes: Vec<u8> = sent.iter().flat_map(|(bytes, _)| bytes.iter().copied()).collect();
        let meant: Vec<Decoded> = sent.into_iter().flat_map(|(_, meant)| meant).collect();
        let cuts = cuts.into_iter().map(|(at, pause)| (usize::from(at) % (bytes.len() + 1), pause));
        let mut cuts: Vec<(usize, u64)> = cuts.chain([(bytes.len(), 0)]).collect();
        cuts.sort_unstable();
        let mut begin = 0;
        let pieces: Vec<(&[u8], Duration)> = cuts
            .into_iter()
            .map(|(end, pause)| (&bytes[std::mem::replace(&mut begin, end)..end], Duration::from_millis(pause)))
            .filter(|(piece, _)| !piece.is_empty())
            .collect();
        let behind_esc = pieces.iter().filter(|(piece, _)| piece.ends_with(b"\x1b")).count();
        let got = decode_over_time(Decoder::new(remote), pieces);
        let esc = Decoded::Key(Key::plain(KeyCode::Esc));
        let (escs, keys): (Vec<Decoded>, Vec<Decoded>) = got.into_iter().partition(|event| *event == esc);
        prop_assert!(escs.len() <= behind_esc);
        prop_assert_eq!(keys, meant);
    }
}

#[test]
fn what_was_half_when_the_terminal_was_given_away_is_no_key_afterwards() {
    for (first, rest) in [
        ("\x1b", "[A"),
        ("\x1b[", "A"),
        ("\x1b[1;", "5A"),
        ("\x1bO", "A"),
    ] {
        for pause in PAUSES {
            let mut decoder = Decoder::default();
            decoder.feed(first.as_bytes(), &mut |event| panic!("{event:?}"));
            decoder.give_away();
            let got = decode_over_time(decoder, [(&b""[..], pause), (rest.as_bytes(), pause)]);
            assert!(
                got.iter()
                    .all(|event| matches!(event, Decoded::Key(key) if key.code == KeyCode::Up)),
                "{first:?} {pause:?}: {got:?}"
            );
        }
    }
    let mut decoder = Decoder::default();
    decoder.feed("\x1b[200~half a paste".as_bytes(), &mut |event| {
        panic!("{event:?}")
    });
    decoder.give_away();
    let got = decode_over_time(decoder, [(&b"j"[..], Duration::ZERO)]);
    assert_eq!(got, typed("j"));
}

/// Every sequence known, with the one key it is, or none.
fn sequences() -> Vec<(Vec<u8>, Option<Key>)> {
    let mut all: Vec<Vec<u8>> = Vec::new();
    for last in 0x40..=0x7e_u8 {
        let letter = char::from(last);
        // `[` is the Linux console's, `M` a mouse's and `~` stands behind a number; they follow.
        if !matches!(letter, '[' | 'M' | '~') {
            all.push(format!("\x1b[{letter}").into());
        }
        for middle in [
            "1;5",
            "5",
            "?1;2",
            ">0;276;0",
            "<0;12;40",
            "57344;5:3",
            "97;1:1",
        ] {
            all.push(format!("\x1b[{middle}{letter}").into());
        }
        all.push(format!("\x1bO{letter}").into());
        all.push(format!("\x1bO5{letter}").into());
    }
    for number in 1..=34 {
        all.push(format!("\x1b[{number}~").into());
        all.push(format!("\x1b[{number};6~").into());
    }
    for more in [
        "\x1b[[A",
        "\x1b[[E",
        "\x1b[M aA",
        "\x1b[27;5;97~",
        "\x1b[97;5u",
        "\x1b[121;3u",
        "\x1b]11;rgb:dada/5a5a/aAyY\x07",
        "\x1b]lyes A\x1b\\",
        "\x1bP>|y A d(3)\x1b\\",
        "\x1bP1$r0m\x1b\\",
        "\x1b_Gi=31;OK A\x1b\\",
    ] {
        all.push(more.into());
    }
    let known = |bytes: Vec<u8>| {
        let whole = decode(&[&bytes]);
        let key = match &whole[..] {
            [] => None,
            [Decoded::Key(key)] => Some(*key),
            more => panic!("{bytes:?} is {more:?}"),
        };
        (bytes, key)
    };
    all.into_iter().map(known).collect()
}

/// The pauses between which something changes: none, a slow line's, one that makes an Esc of an ESC.
const PAUSES: [Duration; 4] = [
    Duration::ZERO,
    ESC_WAIT,
    ESC_WAIT_REMOTE,
    Duration::from_millis(1_900),
];

#[test]
fn no_half_of_a_key_is_a_command() {
    let esc = Decoded::Key(Key::plain(KeyCode::Esc));
    for (bytes, key) in sequences() {
        for (first, second) in (1..bytes.len()).flat_map(|a| (a..bytes.len()).map(move |b| (a, b)))
        {
            let pieces = [&bytes[..first], &bytes[first..second], &bytes[second..]];
            for pause in PAUSES {
                let mut got = decode_with_pauses(&pieces, pause);
                // Cut behind an ESC and paused: the Esc key, which decides nothing, and then the key, late.
                if pause >= ESC_WAIT
                    && got.first() == Some(&esc)
                    && key.map(Decoded::Key) != Some(esc.clone())
                {
                    got.remove(0);
                }
                let expected: Vec<Decoded> = key.map(Decoded::Key).into_iter().collect();
                assert_eq!(
                    got,
                    expected,
                    "{:?} {pause:?}",
                    pieces.map(String::from_utf8_lossy)
                );
            }
        }
    }
}

#[test]
fn a_letter_cut_in_two_is_that_letter_or_nothing() {
    for letter in ["é", "漢", "😀"] {
        for cut in 1..letter.len() {
            let (first, second) = letter.as_bytes().split_at(cut);
            for pause in PAUSES {
                assert_eq!(decode_with_pauses(&[first, second], pause), typed(letter));
            }
            assert_eq!(decode_with_pauses(&[first, second], SEQUENCE_WAIT), []);
        }
    }
}

#[test]
fn esc_alone_is_esc_soon_and_the_keys_after_it_are_keys() {
    assert!(ESC_WAIT <= Duration::from_millis(50) && ESC_WAIT_REMOTE <= Duration::from_millis(150));
    for (remote, wait) in [(false, ESC_WAIT), (true, ESC_WAIT_REMOTE)] {
        let mut decoder = Decoder::new(remote);
        decoder.feed(b"\x1b", &mut |event| panic!("{event:?} at once"));
        assert_eq!(decoder.patience(), Some(wait));
    }
    // A person closes something and goes on, however fast.
    for key in ["a", "A", "y", "j", "<C-c>", "<Down>", "<Esc>", "é"] {
        let bytes: &[u8] = match key {
            "<C-c>" => b"\x03",
            "<Down>" => b"\x1b[B",
            "<Esc>" => b"\x1b",
            other => other.as_bytes(),
        };
        let got = decode_with_pauses(&[b"\x1b", bytes], ESC_WAIT);
        assert_eq!(got, typed(&format!("<Esc>{key}")));
    }
    // Once nothing more can come of it, every letter is one.
    assert_eq!(
        decode_with_pauses(&[b"\x1b", b"O", b"A"], SEQUENCE_WAIT),
        typed("<Esc>OA")
    );
}

#[test]
fn a_paste_that_stalls_is_one_paste() {
    let pieces: [&[u8]; 4] = [b"\x1b[200~a", b"Ay\r", b"\x1b[20", b"1~"];
    let got = decode_with_pauses(&pieces, Duration::from_secs(4));
    assert_eq!(got, [Decoded::Paste("aAy\n".to_owned())]);
}
