//! Doing something once nothing more has happened for a while.

use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*};
use std::time::Duration;

/// One thing to be done after a rest; asking again before that begins the rest anew.
#[derive(Clone, Copy)]
pub struct Later(StoredValue<Option<TimeoutHandle>>);

impl Later {
    /// Nothing to be done yet.
    pub fn new() -> Self {
        Self(StoredValue::new(None))
    }

    /// Does `this` after `rest`, unless asked again by then.
    pub fn run(self, rest: Duration, this: impl FnOnce() + 'static) {
        self.stop();
        self.0.set_value(set_timeout_with_handle(this, rest).ok());
    }

    /// Does not do what was to be done.
    pub fn stop(self) {
        self.0.update_value(|waiting| {
            if let Some(waiting) = waiting.take() {
                waiting.clear();
            }
        });
    }
}
