//! One file per route.

pub mod about;
pub mod bench;
pub mod camera;
pub mod dealer;
pub mod home;
pub mod listing;
pub mod market;
pub mod not_found;
pub mod search;
