//! Where things stand on the screen, in plain numbers: `update` needs to know how many rows a list shows,
//! `draw` where to put them, and both ask here.

use super::detail::detail;
use super::state::{Pane, State, on_table};

/// A rectangle of character cells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ScreenArea {
    /// First column.
    pub x: u16,
    /// First row.
    pub y: u16,
    /// Columns.
    pub width: u16,
    /// Rows.
    pub height: u16,
}

/// A list on screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListArea {
    /// Which.
    pub pane: Pane,
    /// The line its title stands on: a border where panes are stacked, else a plain line.
    pub title: ScreenArea,
    /// The line of column heads, for the focused list.
    pub head: Option<ScreenArea>,
    /// Its rows.
    pub rows: ScreenArea,
}

/// The regions of the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Regions {
    /// Program, tenant, world, mode, person.
    pub banner: ScreenArea,
    /// Panes with their counts, and the basket.
    pub tabs: ScreenArea,
    /// The lists that are shown.
    pub lists: Vec<ListArea>,
    /// The frame around lists and detail, where there is room for one.
    pub frame: Option<ScreenArea>,
    /// The line of Detail's title, where Detail is shown: on the frame's border, else a plain line.
    pub detail_title: Option<ScreenArea>,
    /// The text of Detail, where it is shown.
    pub detail: Option<ScreenArea>,
    /// The line for prompt, notices and progress.
    pub status: ScreenArea,
    /// The line of keys.
    pub footer: ScreenArea,
}

/// Rows of a list that is shown beside the focused one.
const SHORT: u16 = 4;
const SHORT_TALL: u16 = 6;
/// From this height on the short lists get more rows.
const TALL: u16 = 44;

impl Regions {
    /// The regions for the state's size, focus and detail.
    pub fn of(state: &State) -> Self {
        let (width, height) = state.screen.size;
        let line = |y: u16| ScreenArea {
            x: 0,
            y: y.min(height.saturating_sub(1)),
            width,
            height: 1.min(height),
        };
        let (banner, tabs) = (line(0), line(1));
        let (status, footer) = (
            line(height.saturating_sub(2)),
            line(height.saturating_sub(1)),
        );
        let body = ScreenArea {
            x: 0,
            y: 2.min(height),
            width,
            height: height.saturating_sub(4),
        };
        let base = Self {
            banner,
            tabs,
            lists: Vec::new(),
            frame: None,
            detail_title: None,
            detail: None,
            status,
            footer,
        };
        if state.wide() {
            base.stacked(state, body)
        } else {
            base.single(state, body)
        }
    }

    /// One pane fills the body; Detail takes its place when it is open.
    fn single(mut self, state: &State, body: ScreenArea) -> Self {
        if state.screen.detail.open {
            let text = ScreenArea {
                x: 1,
                width: body.width.saturating_sub(2),
                ..body
            };
            self.detail_title = Some(ScreenArea {
                height: 1.min(body.height),
                ..text
            });
            self.detail = Some(ScreenArea {
                y: text.y + 1,
                height: text.height.saturating_sub(1),
                ..text
            });
            return self;
        }
        let title = ScreenArea {
            height: 1.min(body.height),
            ..body
        };
        let head = ScreenArea {
            y: body.y + 1,
            height: 1,
            ..body
        };
        let rows = ScreenArea {
            y: body.y + 2,
            height: body.height.saturating_sub(2),
            ..body
        };
        self.lists.push(ListArea {
            pane: state.screen.focus,
            title,
            head: Some(head),
            rows,
        });
        self
    }

    /// The working panes one above the other, the focused one tall; Detail at the right.
    fn stacked(mut self, state: &State, body: ScreenArea) -> Self {
        self.frame = Some(body);
        let left = if state.screen.detail.beside {
            let detail = (body.width * 7 / 20).clamp(44, 76);
            let x = body.width - detail;
            self.detail_title = Some(ScreenArea {
                x,
                width: detail,
                height: 1,
                ..body
            });
            // A cell of air at either border.
            self.detail = Some(ScreenArea {
                x: x + 2,
                y: body.y + 1,
                width: detail - 4,
                height: body.height - 2,
            });
            ScreenArea { width: x, ..body }
        } else {
            body
        };
        let panes: &[Pane] = if state.screen.focus == Pane::Journal {
            &[Pane::Journal]
        } else {
            &[Pane::Requests, Pane::Policies, Pane::Guests]
        };
        let short = if state.screen.size.1 >= TALL {
            SHORT_TALL
        } else {
            SHORT
        };
        let others = u16::try_from(panes.len() - 1).unwrap_or(0);
        // Each list has its title on the border above it; the last one stands on the frame's lower border.
        let tall = left.height.saturating_sub(2 + others * (short + 1));
        let mut y = left.y;
        for &pane in panes {
            let focused = pane == state.screen.focus;
            let height = if focused { tall } else { short };
            let title = ScreenArea {
                x: left.x,
                y,
                width: left.width,
                height: 1,
            };
            let inner = ScreenArea {
                x: left.x + 1,
                y: y + 1,
                width: left.width.saturating_sub(2),
                height,
            };
            let (head, rows) = if focused {
                let head = ScreenArea { height: 1, ..inner };
                (
                    Some(head),
                    ScreenArea {
                        y: inner.y + 1,
                        height: inner.height.saturating_sub(1),
                        ..inner
                    },
                )
            } else {
                (None, inner)
            };
            self.lists.push(ListArea {
                pane,
                title,
                head,
                rows,
            });
            y += height + 1;
        }
        self
    }

    /// The list of a pane, if it is shown.
    pub fn list(&self, pane: Pane) -> Option<&ListArea> {
        self.lists.iter().find(|list| list.pane == pane)
    }
}

impl State {
    /// Tells every list how many rows it shows, and Detail how far it can be scrolled.
    pub(super) fn fit(&mut self) {
        let regions = Regions::of(self);
        // Most of the time nothing is scrolled and nothing has to be set.
        if self.screen.detail.scroll > 0 {
            let last = regions.detail.map_or(0, |area| {
                let lines = detail(self).map_or(0, |detail| detail.set(area.width.into()).len());
                lines.saturating_sub(area.height.into())
            });
            self.screen.detail.scroll = self.screen.detail.scroll.min(last);
        }
        let height = |pane| {
            regions
                .list(pane)
                .map_or(1, |list| usize::from(list.rows.height))
        };
        for pane in Pane::all() {
            let rows = height(pane);
            on_table!(&mut self, pane, table => table.set_height(rows));
        }
    }
}
