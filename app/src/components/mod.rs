//! What pages share.

pub mod anywhere;
pub mod fetched;
pub mod filters;
pub mod frame;
pub mod icons;
pub mod pieces;
pub mod problem_note;
pub mod search_bar;
pub mod tray;
pub mod wording;
