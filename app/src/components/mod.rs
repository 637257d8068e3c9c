//! What pages share.

pub mod anywhere;
pub mod fetched;
pub mod filters;
pub mod frame;
pub mod gallery;
pub mod head;
pub mod icons;
pub mod kept;
pub mod looked;
pub mod narrow;
pub mod offers;
pub mod pieces;
pub mod problem_note;
#[cfg_attr(not(feature = "hydrate"), allow(dead_code, reason = "only a browser sends photos by itself"))]
pub mod receipt;
pub mod refine;
pub mod search_bar;
pub mod suggest;
pub mod tray;
pub mod wake;
pub mod wording;
