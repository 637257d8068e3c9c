//! One file per route.

pub mod about;
pub mod dealer;
pub mod home;
pub mod listing;
pub mod not_found;
pub mod search;
