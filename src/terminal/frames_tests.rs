//! Frames against a terminal emulator: whatever was shown, the bytes lead to what was drawn.

use proptest::prelude::*;
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::{Position, Rect};
use ratatui::style::{Color, Modifier, Style};
use unicode_width::UnicodeWidthStr as _;

use super::*;

const WIDTH: u16 = 24;
const HEIGHT: u16 = 5;

fn terminal() -> vt100::Parser {
    vt100::Parser::new(HEIGHT, WIDTH, 0)
}

/// One cell as it is seen: glyph, colours, bold, dim, italic, underlined, reversed.
type Seen = (String, vt100::Color, vt100::Color, [bool; 5]);

fn seen_on(terminal: &vt100::Parser) -> Vec<Seen> {
    let mut seen = Vec::new();
    for y in 0..HEIGHT {
        for x in 0..WIDTH {
            let cell = terminal.screen().cell(y, x).unwrap();
            if cell.is_wide_continuation() {
                seen.push(covered());
                continue;
            }
            let glyph = match cell.contents() {
                "" => " ",
                glyph => glyph,
            };
            let attributes = [
                cell.bold(),
                cell.dim(),
                cell.italic(),
                cell.underline(),
                cell.inverse(),
            ];
            seen.push(as_seen(glyph, cell.fgcolor(), cell.bgcolor(), attributes));
        }
    }
    seen
}

fn covered() -> Seen {
    let none = vt100::Color::Default;
    ("(covered)".to_owned(), none, none, [false; 5])
}

/// Of a blank only the background, an underline and the reversal are seen.
fn as_seen(glyph: &str, fg: vt100::Color, bg: vt100::Color, attributes: [bool; 5]) -> Seen {
    let [_, _, _, underlined, reversed] = attributes;
    if glyph == " " && !underlined && !reversed {
        return (glyph.to_owned(), vt100::Color::Default, bg, [false; 5]);
    }
    (glyph.to_owned(), fg, bg, attributes)
}

fn color(color: Color) -> vt100::Color {
    match color {
        Color::Red => vt100::Color::Idx(1),
        Color::LightBlue => vt100::Color::Idx(12),
        Color::Indexed(index) => vt100::Color::Idx(index),
        Color::Rgb(r, g, b) => vt100::Color::Rgb(r, g, b),
        _ => vt100::Color::Default,
    }
}

fn seen_in(picture: &Buffer) -> Vec<Seen> {
    let mut seen: Vec<Seen> = Vec::new();
    let mut covers = 0;
    for (index, cell) in picture.content.iter().enumerate() {
        if covers > 0 {
            covers -= 1;
            seen.push(covered());
            continue;
        }
        let column = index % usize::from(WIDTH);
        let mut glyph = cell.symbol();
        let width = glyph.width();
        if width == 0 || column + width > usize::from(WIDTH) || glyph.chars().any(char::is_control)
        {
            glyph = " ";
        } else {
            covers = width - 1;
        }
        let has = |modifier| cell.modifier.contains(modifier);
        let attributes = [
            has(Modifier::BOLD),
            has(Modifier::DIM),
            has(Modifier::ITALIC),
            has(Modifier::UNDERLINED),
            has(Modifier::REVERSED),
        ];
        seen.push(as_seen(glyph, color(cell.fg), color(cell.bg), attributes));
    }
    seen
}

fn any_color() -> impl Strategy<Value = Color> {
    prop_oneof![
        4 => Just(Color::Reset),
        1 => Just(Color::Red),
        1 => Just(Color::LightBlue),
        1 => Just(Color::Indexed(200)),
        1 => Just(Color::Rgb(1, 2, 3)),
    ]
}

fn any_modifier() -> impl Strategy<Value = Modifier> {
    prop_oneof![
        4 => Just(Modifier::empty()),
        1 => Just(Modifier::BOLD),
        1 => Just(Modifier::DIM),
        1 => Just(Modifier::REVERSED),
        1 => Just(Modifier::ITALIC | Modifier::UNDERLINED),
        1 => Just(Modifier::BOLD | Modifier::REVERSED),
    ]
}

fn any_symbol() -> impl Strategy<Value = &'static str> {
    prop_oneof![
        6 => Just(" "),
        4 => prop::sample::select(vec!["a", "b", "─", "é", "✓", "⚠"]),
        2 => prop::sample::select(vec!["漢", "字", "😀"]),
        1 => prop::sample::select(vec!["e\u{301}", "漢\u{301}", "\u{1b}", "", "\u{200b}"]),
    ]
}

fn any_cell() -> impl Strategy<Value = Cell> {
    let plain = any_symbol().prop_map(|symbol| {
        let mut cell = Cell::EMPTY;
        cell.set_symbol(symbol);
        cell
    });
    let styled = (any_symbol(), any_color(), any_color(), any_modifier());
    let styled = styled.prop_map(|(symbol, fg, bg, modifier)| {
        let mut cell = Cell::EMPTY;
        cell.set_symbol(symbol).set_fg(fg).set_bg(bg);
        cell.modifier = modifier;
        cell
    });
    prop_oneof![plain, styled]
}

/// Runs of equal cells, as real pictures have them.
fn any_picture() -> impl Strategy<Value = Buffer> {
    let runs = prop::collection::vec((any_cell(), 1usize..20), 1..40);
    runs.prop_map(|runs| {
        let area = Rect::new(0, 0, WIDTH, HEIGHT);
        let mut cells: Vec<Cell> = runs
            .into_iter()
            .flat_map(|(cell, count)| std::iter::repeat_n(cell, count))
            .collect();
        cells.resize(usize::from(WIDTH * HEIGHT), Cell::EMPTY);
        Buffer {
            area,
            content: cells,
        }
    })
}

/// A few cells of the picture changed: the common case, and the one where what stays must be right.
fn any_change() -> impl Strategy<Value = Vec<(usize, Cell)>> {
    let place = 0..usize::from(WIDTH * HEIGHT);
    prop::collection::vec((place, any_cell()), 0..12)
}

fn show(frames: &mut Frames, terminal: &mut vt100::Parser, picture: &Buffer) {
    let bytes = frames.draw(|_, buffer| {
        buffer.clone_from(picture);
        None
    });
    terminal.process(bytes);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn the_terminal_shows_what_was_drawn(first in any_picture(), second in any_picture(), change in any_change()) {
        let mut frames = Frames::new(WIDTH, HEIGHT);
        let mut terminal = terminal();
        terminal.process(b"left over \x1b[31;7mfrom before");
        show(&mut frames, &mut terminal, &first);
        prop_assert_eq!(seen_on(&terminal), seen_in(&first));
        show(&mut frames, &mut terminal, &second);
        prop_assert_eq!(seen_on(&terminal), seen_in(&second));
        let mut third = second.clone();
        for (place, cell) in change {
            third.content[place] = cell;
        }
        show(&mut frames, &mut terminal, &third);
        prop_assert_eq!(seen_on(&terminal), seen_in(&third));
        prop_assert!(!terminal.screen().inverse() && !terminal.screen().bold());
        let again = frames.draw(|_, buffer| { buffer.clone_from(&third); None });
        prop_assert!(again.is_empty());
    }
}

#[test]
fn nothing_changed_writes_nothing() {
    let mut frames = Frames::new(80, 24);
    let draw = |_: Rect, buffer: &mut Buffer| {
        buffer.set_string(0, 0, "Requests", Style::new());
        Some(Position::new(3, 4))
    };
    assert!(!frames.draw(draw).is_empty());
    assert!(frames.draw(draw).is_empty());
    frames.clear();
    assert!(!frames.draw(draw).is_empty());
    frames.resize(80, 24);
    assert!(!frames.draw(draw).is_empty());
}

#[test]
fn the_cursor_is_written_only_when_it_changes() {
    let mut frames = Frames::new(80, 24);
    let mut at = |place: Option<(u16, u16)>, text: &str| {
        let bytes = frames.draw(|_, buffer| {
            buffer.set_string(0, 0, text, Style::new());
            place.map(Position::from)
        });
        String::from_utf8_lossy(bytes)
            .replace("\x1b[?2026h", "")
            .replace("\x1b[?2026l", "")
    };
    assert_eq!(at(None, "").as_str(), "\x1b[?25l\x1b[m\x1b[2J");
    assert_eq!(at(Some((2, 1)), "").as_str(), "\x1b[2;3H\x1b[?25h");
    assert_eq!(at(Some((0, 0)), "").as_str(), "\x1b[H");
    assert_eq!(at(Some((0, 0)), "x").as_str(), "\x1b[Hx\x1b[H");
    assert_eq!(at(None, "x").as_str(), "\x1b[?25l");
    assert_eq!(at(None, "y").as_str(), "\x1b[Hy");
    // Outside the picture is nowhere.
    assert_eq!(at(Some((80, 0)), "y").as_str(), "");
}

/// A list of forty rows beside a framed detail, about as full as the real console.
fn console(buffer: &mut Buffer, top: usize, row: u16) {
    for y in 2..46u16 {
        let number = top + usize::from(y);
        let style = if y == row + 2 {
            Style::new().add_modifier(Modifier::REVERSED)
        } else {
            Style::new()
        };
        let line = format!(
            "   {:>2}d  {:>2}d  Ada Lovelace {number:<14} fabrikam{number}.com          Partner Portal   1/2 ⚠",
            number % 30,
            number * 7 % 30
        );
        buffer.set_stringn(1, y, format!("{line:<98}"), 98, style);
        buffer.set_string(
            102,
            y,
            format!("Asks for   Supplier Hub, {number} days"),
            Style::new(),
        );
        for x in [0, 100, 101, 159] {
            buffer.set_string(x, y, "│", Style::new().fg(Color::DarkGray));
        }
    }
    let rule = "─".repeat(160);
    buffer.set_string(0, 1, &rule, Style::new().fg(Color::DarkGray));
    buffer.set_string(0, 46, &rule, Style::new().fg(Color::DarkGray));
    buffer.set_string(1, 47, "a approve  d deny  i invite  x revoke", Style::new());
}

#[test]
fn a_full_console_stays_within_the_budgets() {
    let mut frames = Frames::new(160, 48);
    let mut bytes = |top, row| {
        let bytes = frames.draw(|_, buffer| {
            console(buffer, top, row);
            None
        });
        bytes.len()
    };
    let (first, step, page) = (bytes(0, 0), bytes(0, 1), bytes(40, 1));
    println!("first {first}, step {step}, page {page} bytes");
    assert!(first <= 12 * 1024, "first screen: {first} bytes");
    assert!(step <= 512, "cursor move: {step} bytes");
    assert!(page <= 8 * 1024, "page: {page} bytes");
}
