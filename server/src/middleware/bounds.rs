//! Nothing larger or slower than its limit.

use crate::{
    error::{Kind, Problem, too_many_bytes},
    state::AppState,
};
use axum::{
    body::{Body, Bytes, HttpBody},
    extract::{Request, State},
    http::header,
    middleware::Next,
    response::{IntoResponse, Response},
};
use domain::limits;
use futures::StreamExt;
use hyper::body::{Frame, SizeHint};
use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};

/// Of an upload that is too large, at most this much more is read and thrown away, so that the sender reads why instead of
/// finding the connection broken.
const DRAIN_BYTES: usize = 64 * 1024 * 1024;
/// For at most this long.
const DRAIN_TIME: Duration = Duration::from_secs(10);

/// Most bytes that the body of a request to `path` may have.
fn most(path: &str) -> usize {
    match path {
        "/api/v1/search" | "/api/v1/identify" | "/search/photo" => limits::SEARCH_BODY_BYTES,
        path if path.starts_with("/api/v1/listings/") => limits::SEARCH_BODY_BYTES,
        // The page's own photo search.
        path if path.starts_with("/fn/") && path.contains("picture") => limits::SEARCH_BODY_BYTES,
        _ => limits::JSON_BYTES,
    }
}

/// Holds a request to its size and its time.
pub async fn bounds(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let most = most(request.uri().path());
    let announced = request.headers().get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|bytes| bytes > most as u64) {
        drain(request.into_body()).await;
        return too_many_bytes(most).into_response();
    }
    let progress = Arc::new(Progress::default());
    progress.arrived.store(request.body().is_end_stream(), Ordering::Relaxed);
    let request = request.map(|body| Body::new(Bounded { body, left: most, progress: progress.clone() }));
    let answered = tokio::time::timeout(state.limits().request_time, next.run(request)).await;
    if progress.overflowed.load(Ordering::Relaxed) {
        // Whatever the handler made of a body cut short, this is the reason.
        return too_many_bytes(most).into_response();
    }
    match answered {
        Ok(response) => response,
        Err(_) if progress.arrived.load(Ordering::Relaxed) => {
            state.metrics().refused("time");
            Problem::new(Kind::Overloaded, "This took too long and was given up. Please try again in a moment.")
                .into_response()
        }
        Err(_) => Problem::new(
            Kind::TooSlow,
            format!("The upload did not arrive within {} s.", state.limits().request_time.as_secs()),
        )
        .into_response(),
    }
}

/// Reads on for a while and keeps nothing.
async fn drain(body: Body) {
    let mut stream = body.into_data_stream();
    let mut read = 0;
    let _ = tokio::time::timeout(DRAIN_TIME, async {
        while let Some(Ok(chunk)) = stream.next().await {
            read += chunk.len();
            if read > DRAIN_BYTES {
                break;
            }
        }
    })
    .await;
}

#[derive(Debug, Default)]
struct Progress {
    arrived: AtomicBool,
    overflowed: AtomicBool,
}

/// A body that fails once it is longer than it may be, and says how far it got.
struct Bounded {
    body: Body,
    left: usize,
    progress: Arc<Progress>,
}

impl HttpBody for Bounded {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let frame = futures::ready!(Pin::new(&mut self.body).poll_frame(context));
        if self.body.is_end_stream() || frame.is_none() {
            self.progress.arrived.store(true, Ordering::Relaxed);
        }
        let Some(Ok(frame)) = frame else { return Poll::Ready(frame) };
        let bytes = frame.data_ref().map_or(0, Bytes::len);
        match self.left.checked_sub(bytes) {
            Some(left) => {
                self.left = left;
                Poll::Ready(Some(Ok(frame)))
            }
            None => {
                self.progress.overflowed.store(true, Ordering::Relaxed);
                Poll::Ready(Some(Err(axum::Error::new("the body is longer than its limit"))))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http_body_util::BodyExt;

    #[test]
    fn only_addresses_that_take_photos_take_large_bodies() {
        assert_eq!(most("/api/v1/search"), limits::SEARCH_BODY_BYTES);
        assert_eq!(most("/fn/find-by-picture"), limits::SEARCH_BODY_BYTES);
        assert_eq!(most("/api/v1/identify"), limits::SEARCH_BODY_BYTES);
        assert_eq!(most("/fn/identify-pictures"), limits::SEARCH_BODY_BYTES);
        assert_eq!(most("/fn/find"), limits::JSON_BYTES);
        assert_eq!(most("/api/v1/dealers"), limits::JSON_BYTES);
    }

    #[tokio::test]
    async fn a_body_without_an_announced_length_is_cut_at_its_limit() {
        let chunks = futures::stream::iter((0..10).map(|_| Ok::<_, std::io::Error>(Bytes::from_static(&[0; 100]))));
        let progress = Arc::new(Progress::default());
        let body = Bounded { body: Body::from_stream(chunks), left: 550, progress: progress.clone() };
        assert!(Body::new(body).collect().await.is_err());
        assert!(progress.overflowed.load(Ordering::Relaxed));
        assert!(!progress.arrived.load(Ordering::Relaxed));
    }
}
