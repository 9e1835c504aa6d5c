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
//! # The rooms
//!
//! From the ground up. A room uses those beside its name and no other; `tests/house` compares, and finds circles. Two
//! rooms stand lower than one might look for them: the worker above the acts, whose rules its loop asks, and signing in
//! below Graph, which is asked with its tokens.
//!
//! | room | stands on |
//! |---|---|
//! | `domain`: the field's words as plain types and rules, no input or output | |
//! | `private`: files that are their owner's alone | |
//! | `emulator`: Graph on loopback HTTP; the other side, so nothing of the product | |
//! | `journal`: the record of every act, and which runs live | `private` |
//! | `signin`: how one signs in, one file a way | `domain` `private` |
//! | `graph`: one file a resource, calls and decoding, pure; and the transport | `domain` `signin` |
//! | `acts`: one file an act, plans, the table that everything else reads; pure | `domain` `graph` |
//! | `worker`: jobs in, replies out; reads, and the loop of writing | `acts` `domain` `graph` `journal` `private` `signin` |
//! | `inventory`: what was read, as lists: rows, filter, sort, views, joins, what is wanted | `domain` `journal` `worker` |
//! | `app`: `State`, `Event` → `update` → `Effect`s; keymap, basket, sends, dialogs, forms | `acts` `domain` `inventory` `signin` `worker` |
//! | `settings`: flags, environment, config file, rules file | `acts` `app` `domain` `inventory` `private` `signin` |
//! | `ui`: `draw(&State)`, one file a region | `acts` `app` `domain` `inventory` `settings` `signin` |
//! | `terminal`: raw mode, signals, bytes on the wire | `app` |
//! | `run`: the loop, which knows all | `app` `domain` `settings` `signin` `terminal` `ui` `worker` |
//! | `cli`: flags and the plain commands | `acts` `app` `domain` `emulator` `graph` `inventory` `journal` `private` `run` `settings` `signin` `terminal` `ui` `worker` |
//!
//! `domain`, `acts`, `inventory` and `app` know no network, no terminal and no clock; `ui` changes nothing; tokio lives
//! in `worker`, `graph`, `signin` and `emulator` only.
//!
//! # To change X, edit Y
//!
//! | to change | edit |
//! |---|---|
//! | an act: its words, weight, permission, when it may be done, its call, what answers mean, whether it is sent again | its file in `acts/` |
//! | which acts there are | the table in `acts/mod.rs` |
//! | how a write is journalled, sent, read back and settled, whatever it is | `worker/write/` |
//! | what a key does, or its words in footer, help and README | `app/keymap.rs` or the act, then its arm in `app/command/` |
//! | when a command is off, and why | `app/available.rs` |
//! | what was read, and how it is joined into rows | `inventory/mod.rs`, `inventory/join.rs` |
//! | which panes there are, and what is done with any row of them | the table in `app/state/pane.rs`, `app/pane_row.rs` |
//! | what a pane lists, filters or sorts by | `inventory/rows/`, one file a pane |
//! | the views of the queue, and which stages are read when | `inventory/view.rs`, `worker/queue.rs` |
//! | the filter language | `inventory/filter/` |
//! | how lists move, mark and stay put | `inventory/table/` |
//! | what is wanted of the tenant, and which reads bring it | `inventory/want.rs`, `worker/chosen.rs` |
//! | what an answer does to the lists | `inventory/answer.rs` |
//! | what the worker was asked, what for, and who gets the answer | `app/jobs.rs`, `app/reply/` |
//! | what is found out beside the lists | `inventory/research.rs`, `worker/facts.rs` |
//! | what Detail says | `app/detail/` |
//! | what is staged, and compared with how it was | `app/basket/`, `acts/kept.rs` |
//! | the file it is kept in | `worker/keep.rs` |
//! | what is on its way, how it ended, as text and CSV | `app/sends/` |
//! | a dialog: its keys, footer and buttons | `app/dialog/`, one file a dialog; `app/dialog/keys.rs` |
//! | a form's fields and checks | `app/dialog/form/`, drawn by `ui/dialogs/form.rs` |
//! | reasons: history, templates | `app/reason.rs`, `domain/template.rs` |
//! | where things stand on the screen | `app/layout.rs` |
//! | how they look | `ui/`, one file a region |
//! | what an approver should notice | `domain/signal/` |
//! | what is read at all, and the permission for it | `domain/permission/reads.rs` |
//! | what one may do here, and what is missing | `domain/capability.rs`; what is asked for it: `graph/probe.rs` |
//! | how one signs in | `signin/`; the console's part: `app/signin.rs`, `app/dialog/signin.rs` |
//! | what is said to Graph, and how its answers are read | `graph/`, one file a resource |
//! | the demo tenant's people and policies | `assets/demo.toml` |
//! | how the emulated Graph behaves | `emulator/`, one file a resource; `emulator/permission.rs` |
//! | what rules can say, and what `:suggest` does with it | `settings/rules.rs`, `app/rules.rs`, `app/suggest.rs` |
//! | flags and plain commands | `cli/`; those that take ids come from the table of acts |
//! | the journal's form | `journal/record.rs`; what it lists: `cli/journal/` |
//! | the config file: profiles, keys, what cannot go together | `settings/`, and `assets/config.example.toml` |
//! | what the doctor looks at | `cli/doctor/` |
//!
//! # Glossary
//!
//! - **Act**: one kind of write, one file in [`acts`]. **Plan**: ordered acts on one target, resumable.
//! - **Target**: the request, guest, address or assignment an act is about, by id.
//! - **Decision**: an act staged on a row. **Basket**: the decisions not yet sent. **Review**: the dialog before that.
//! - **Send**: what is on its way, and how it ended; an **Outcome** a step, a **`PlanEnd`** a plan.
//! - **Intent**, **outcome**: the two records of an act in the **journal**; an intent without one is *open* and stands in
//!   the way of other writes to its target. **Run**: one life of the program.
//! - **Look**: how things stand with a target before and after a write.
//! - **Inventory**: what was read of the tenant, as lists. **View**: which rows of a list. **Row**: one, joined.
//! - **Signal**: something an approver should notice. **Seen**: what a row looked like when it was decided.
//! - **Need**: what a command needs of a sign-in. **Capabilities**: what one may do here.
//! - **Command**: what a key means. **Event**: what comes in. **Effect**: what must happen outside. **Job**: what the
//!   worker is asked. **Reply**: what it answers.
//! - **Text**: an outsider's words, cleaned. **Secret**: what opens doors.
//! - **Problem**: what went wrong and what to do about it. **Lost**: an exchange that brought no answer.

pub mod acts;
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
