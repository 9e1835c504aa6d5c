//! guestlist: a terminal console for guest access to a Microsoft Entra tenant.
//!
//! # The map
//!
//! ```text
//!  terminal ──Input──▶ run ──Event──▶ app::update ──Effects──▶ run ──Job──▶ worker ──▶ graph ──▶ Graph
//!     ▲                 │                  │                                  │  ▲               (or the
//!     └──── one frame ──┴── ui::draw ◀── State ◀───────── Reply ──────────────┘  └── journal    emulator)
//! ```
//!
//! A key becomes an [`app::Event`], the keymap's row for it a command, the command one arm that changes
//! [`app::State`] and returns effects. Jobs go to the worker, its replies come back as events. There is no
//! other road.
//!
//! # To change X, edit Y
//!
//! | to change | edit |
//! |---|---|
//! | what a key does, or its words in footer, help and README | `app/keymap.rs`, then its arm in `app/command/` |
//! | when a command is off, and why | `app/available.rs` |
//! | what was read, and how it is joined into rows | `inventory/mod.rs`, `inventory/join.rs` |
//! | what a pane lists, filters or sorts by | `inventory/rows/`, one file a pane |
//! | the views of the queue, and which stages are read when | `inventory/view.rs`, `worker/queue.rs` |
//! | the filter language | `inventory/filter/` |
//! | how lists move, mark and stay put | `inventory/table/` |
//! | what Detail says | `app/detail/` |
//! | what is staged, kept between runs, and compared with how it was | `app/basket/`, `domain/kept.rs` |
//! | the file it is kept in | `worker/keep.rs` |
//! | how the last send ended, as text and CSV | `app/results.rs` |
//! | reasons: history, templates | `app/reason.rs`, `domain/template.rs` |
//! | what is wanted of the tenant, and which reads bring it | `inventory/want.rs`, `worker/chosen.rs` |
//! | what an answer does to the lists | `inventory/answer.rs` |
//! | what else happens when an answer comes | `app/reply/` |
//! | where things stand on the screen | `app/layout.rs` |
//! | how they look | `ui/`, one file a region |
//! | what an approver should notice | `domain/signal/` |
//! | what is found out beside the lists | `inventory/research.rs`, `worker/facts.rs` |
//! | how one signs in, and what is asked for | `signin/`, one file a way; `signin/scopes.rs` |
//! | what the console does about signing in | `app/signin.rs`, `app/dialog/signin.rs` |
//! | how a write is journalled, sent and settled | `worker/write/` |
//! | what is said to Graph, and how its answers are read | `graph/`, one file a resource |
//! | the demo tenant's people and policies | `assets/demo.toml` |
//! | how the emulated Graph behaves | `emulator/`, one file a resource |
//! | what can be done with a request besides deciding it, and until when | `domain/lifecycle.rs`, `app/acts.rs` |
//! | what rules can say, and what `:suggest` does with it | `settings/rules.rs`, `app/rules.rs` |
//! | flags and plain commands | `cli/` |
//! | the config file: profiles, keys, what cannot go together | `settings/`, and `assets/config.example.toml` |
//! | what one may do here, and what is missing | `domain/capability.rs`; what is asked for it: `graph/probe.rs` |
//! | what the doctor looks at | `cli/doctor/` |
//! | files that are their owner's alone | `private.rs` |
//! | raw mode, signals, bytes on the wire | `terminal/` |
//!
//! `domain`, `inventory` and `app` know no network, no terminal and no clock; `ui` changes nothing; tokio lives in
//! `worker`, `graph`, `signin` and `emulator` only.

pub mod app;
pub mod cli;
pub mod domain;
pub mod emulator;
pub mod graph;
pub mod inventory;
pub mod journal;
pub mod private;
pub mod run;
pub mod settings;
pub mod signin;
pub mod terminal;
pub mod ui;
pub mod worker;
