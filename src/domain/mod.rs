//! The words of the field as plain types, with the rules that belong to them. No input or output here.

pub mod access;
pub mod account_class;
pub mod assignment;
pub mod border;
pub mod capability;
pub mod guest;
pub mod id;
pub mod invitation;
mod joiner;
pub mod lifecycle;
pub mod mail;
pub mod nearest;
pub mod nudge;
pub mod package;
pub mod permission;
pub mod person;
pub mod policy;
pub mod problem;
pub mod request;
mod said;
pub mod signal;
pub mod subject_set;
pub mod template;
pub mod tenant;
pub mod text;
pub mod time;
mod word;
