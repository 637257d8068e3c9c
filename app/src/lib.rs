//! The user interface: one Leptos application, compiled for the server (feature `ssr`) and for the browser (feature `hydrate`).
//!
//! Pages are rendered whole on the server, so that every typed search, every filter and every listing works with scripts off; the
//! browser then takes over and adds what only it can do: drop, paste, the camera, cropping a picture before it is sent, going on without a
//! reload.
//!
//! `pages` has a file for each route, `components` what they share, `api` the server functions they call. `search` is a search as
//! the address bar spells it, `problem` everything that can go wrong as the shopper reads it.
#![recursion_limit = "512"]

#[cfg(not(erase_components))]
compile_error!(
    "compile with RUSTFLAGS=\"--cfg erase_components\", as .cargo/config.toml says: both halves of the page have to be alike"
);

#[cfg_attr(not(feature = "hydrate"), allow(dead_code, reason = "only a browser has the photos"))]
mod album;
pub mod api;
mod app;
#[cfg_attr(not(feature = "hydrate"), allow(dead_code, reason = "only a browser works at the bench"))]
pub mod bench;
#[cfg(feature = "hydrate")]
mod browser;
mod components;
#[cfg_attr(not(feature = "hydrate"), allow(dead_code, reason = "only a browser crops"))]
mod crop;
#[cfg(feature = "ssr")]
mod fragments;
mod pages;
mod problem;
mod search;
#[cfg_attr(not(feature = "hydrate"), allow(dead_code, reason = "only a browser reads pictures and goes Back"))]
mod state;

pub use app::{App, shell};
pub use components::head::Place;
pub use problem::Problem;
pub use search::{SHELVES, Search};
