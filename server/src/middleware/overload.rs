//! Refuses work at once when there is too much of it, so that what has been taken on is still answered in good time.

use crate::{
    error::{Kind, Problem},
    state::AppState,
};
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use std::sync::Arc;
use tokio::sync::Semaphore;

/// So many places; a request without one is refused.
#[derive(Debug, Clone)]
pub struct Places {
    free: Arc<Semaphore>,
    all: usize,
}

impl Places {
    /// As many places as `all`.
    pub fn new(all: usize) -> Self {
        Self { free: Arc::new(Semaphore::new(all)), all }
    }

    /// How many are taken.
    pub fn taken(&self) -> usize {
        self.all.saturating_sub(self.free.available_permits())
    }
}

/// Takes a place for as long as the response is being made, or refuses.
pub async fn refuse_when_full(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let Ok(_place) = state.places().free.clone().try_acquire_owned() else {
        state.metrics().refused("overloaded");
        return Problem::new(Kind::Overloaded, "There are too many searches just now. Please try again in a moment.")
            .into_response();
    };
    next.run(request).await
}
