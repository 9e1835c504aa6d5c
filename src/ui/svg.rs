//! A frame as a picture: what the README shows is what was drawn, not what somebody drew.

use std::fmt::Write as _;

use ratatui::buffer::Buffer;
use ratatui::layout::Position;
use ratatui::style::{Color, Modifier};

use super::text;

const CELL: (f32, f32) = (8.4, 18.0);
const MARGIN: f32 = 16.0;
const BAR: f32 = 34.0;
const BACKGROUND: &str = "#16181d";
const FOREGROUND: &str = "#d5d8de";
const FONT: &str =
    "ui-monospace,'SF Mono',Menlo,'DejaVu Sans Mono','Cascadia Mono',Consolas,monospace";

/// How a run of cells looks in the picture.
#[derive(Clone, PartialEq)]
struct SvgStyle {
    ink: &'static str,
    paper: Option<&'static str>,
    bold: bool,
    dim: bool,
    underlined: bool,
}

/// The cells of `buf` as an SVG: a dark window with `title` on its bar.
pub fn svg(buf: &Buffer, title: &str) -> String {
    let columns = f32::from(buf.area.width);
    let rows = f32::from(buf.area.height);
    let width = columns * CELL.0 + 2.0 * MARGIN;
    let height = rows * CELL.1 + BAR + MARGIN;
    let mut papers = String::new();
    let mut texts = String::new();
    for y in buf.area.top()..buf.area.bottom() {
        line(buf, y, &mut papers, &mut texts);
    }
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" \
         font-family=\"{FONT}\" font-size=\"14\">\n\
         <title>{title}</title>\n\
         <rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"{BACKGROUND}\"/>\n\
         <g fill=\"#4a4e57\"><circle cx=\"20\" cy=\"17\" r=\"5\"/><circle cx=\"38\" cy=\"17\" r=\"5\"/>\
         <circle cx=\"56\" cy=\"17\" r=\"5\"/></g>\n\
         <text x=\"50%\" y=\"22\" text-anchor=\"middle\" fill=\"#8b909b\" font-size=\"13\">{title}</text>\n\
         {papers}<g xml:space=\"preserve\">\n{texts}</g>\n</svg>\n",
        title = escape(title),
    )
}

/// Writes the runs of one line.
fn line(buf: &Buffer, y: u16, papers: &mut String, texts: &mut String) {
    let mut run: Option<(u16, u16, SvgStyle, String)> = None;
    let mut x = buf.area.left();
    while x < buf.area.right() {
        let Some(cell) = buf.cell(Position { x, y }) else {
            return;
        };
        let wide = u16::try_from(text::width(cell.symbol()))
            .unwrap_or(1)
            .max(1);
        let look = look(cell.style());
        match &mut run {
            // Wide characters begin a run of their own, so that what is behind them stands in its column.
            Some((_, cells, same, words)) if *same == look && wide == 1 => {
                *cells += 1;
                words.push_str(cell.symbol());
            }
            _ => {
                if let Some(run) = run.take() {
                    write_run(buf, y, run, papers, texts);
                }
                run = Some((x, wide, look, cell.symbol().to_owned()));
            }
        }
        x += wide;
    }
    if let Some(run) = run {
        write_run(buf, y, run, papers, texts);
    }
}

fn write_run(
    buf: &Buffer,
    y: u16,
    (x, cells, look, words): (u16, u16, SvgStyle, String),
    papers: &mut String,
    texts: &mut String,
) {
    let left = MARGIN + f32::from(x - buf.area.x) * CELL.0;
    let top = BAR + f32::from(y - buf.area.y) * CELL.1;
    let width = f32::from(cells) * CELL.0;
    if let Some(paper) = look.paper {
        let _ = writeln!(
            papers,
            "<rect x=\"{left:.1}\" y=\"{top:.1}\" width=\"{width:.1}\" height=\"{:.1}\" fill=\"{paper}\"/>",
            CELL.1
        );
    }
    if words.trim().is_empty() {
        return;
    }
    // Blanks at the ends only cost bytes.
    let before = words.len() - words.trim_start().len();
    let trimmed = words.trim();
    let left = left + f32::from(u16::try_from(before).unwrap_or(0)) * CELL.0;
    let cells = u16::try_from(text::width(trimmed)).unwrap_or(cells);
    let mut style = String::new();
    if look.bold {
        style.push_str(" font-weight=\"bold\"");
    }
    if look.dim {
        style.push_str(" opacity=\"0.55\"");
    }
    if look.underlined {
        style.push_str(" text-decoration=\"underline\"");
    }
    let _ = writeln!(
        texts,
        "<text x=\"{left:.1}\" y=\"{:.1}\" textLength=\"{:.1}\" lengthAdjust=\"spacingAndGlyphs\" fill=\"{}\"{style}>{}</text>",
        top + 13.5,
        f32::from(cells) * CELL.0,
        look.ink,
        escape(trimmed),
    );
}

fn look(style: ratatui::style::Style) -> SvgStyle {
    let has = |modifier| style.add_modifier.contains(modifier);
    let ink = style.fg.and_then(hex).unwrap_or(FOREGROUND);
    let paper = style.bg.and_then(hex);
    let (ink, paper) = if has(Modifier::REVERSED) {
        (paper.unwrap_or(BACKGROUND), Some(ink))
    } else {
        (ink, paper)
    };
    SvgStyle {
        ink,
        paper,
        bold: has(Modifier::BOLD),
        dim: has(Modifier::DIM),
        underlined: has(Modifier::UNDERLINED),
    }
}

/// The sixteen colours, as a calm dark terminal shows them.
fn hex(color: Color) -> Option<&'static str> {
    Some(match color {
        Color::Black => "#23262d",
        Color::Red => "#e06c75",
        Color::Green => "#7fc98b",
        Color::Yellow => "#e2b867",
        Color::Blue => "#6aa5ea",
        Color::Magenta => "#c98be0",
        Color::Cyan => "#5cc4cf",
        Color::Gray | Color::White => "#d5d8de",
        Color::DarkGray => "#6b707b",
        Color::LightRed => "#f08a92",
        Color::LightGreen => "#9bdca6",
        Color::LightYellow => "#f0cd85",
        Color::LightBlue => "#8dbcf2",
        Color::LightMagenta => "#dba8ee",
        Color::LightCyan => "#84dbe4",
        _ => return None,
    })
}

fn escape(words: &str) -> String {
    words
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
