//! Accepts connections, so many at once, gives each client only so long to send its headers, and stops gracefully.
//!
//! `axum::serve` does neither of the first two: a client that sends a header a minute would hold its connection for ever.

use crate::config::LimitsConfig;
use axum::{Router, body::Body, extract::ConnectInfo};
use hyper::{Request, body::Incoming};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{conn::auto::Builder, graceful::GracefulShutdown},
    service::TowerToHyperService,
};
use std::{sync::Arc, time::Duration};
use tokio::{net::TcpListener, sync::Semaphore};
use tower::ServiceExt;

/// Longest that a client may take over its request line and headers, and that an idle connection is kept.
const HEADER_TIME: Duration = Duration::from_secs(20);
/// Most bytes of a request line and headers together; more is answered with 431.
const HEADER_BYTES: usize = 64 * 1024;

/// How serving came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// Every request was answered.
    Finished,
    /// Some were still being worked on when the time was up.
    CutShort,
}

/// Serves `router` until `stop` is done, then lets the requests in flight finish, for as long as the limits say.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    limits: &LimitsConfig,
    stop: impl Future<Output = ()>,
) -> End {
    // HTTP/1 alone: what browsers and proxies speak to a server without TLS, and all that the limits here are about.
    let mut builder = Builder::new(TokioExecutor::new()).http1_only();
    builder.http1().timer(TokioTimer::new()).header_read_timeout(HEADER_TIME).max_buf_size(HEADER_BYTES);
    let connections = Arc::new(Semaphore::new(limits.connections));
    let graceful = GracefulShutdown::new();
    tokio::pin!(stop);
    loop {
        let accepted = async {
            // A place first: without one, the connection waits in the system's queue.
            let place = connections.clone().acquire_owned().await;
            (listener.accept().await, place)
        };
        let (stream, peer, place) = tokio::select! {
            accepted = accepted => match accepted {
                (Ok((stream, peer)), Ok(place)) => (stream, peer, place),
                (Err(error), _) => {
                    // Out of file descriptors, most likely: waiting helps, spinning does not.
                    tracing::warn!(%error, "cannot accept a connection");
                    tokio::time::sleep(Duration::from_millis(200)).await;
                    continue;
                }
                (_, Err(_)) => break,
            },
            () = &mut stop => break,
        };
        let _ = stream.set_nodelay(true);
        let service = router.clone().map_request(move |request: Request<Incoming>| {
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(ConnectInfo(peer));
            request
        });
        let connection = builder.serve_connection(TokioIo::new(stream), TowerToHyperService::new(service)).into_owned();
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection ended early");
            }
            drop(place);
        });
    }
    drop(listener);
    tokio::select! {
        () = graceful.shutdown() => End::Finished,
        () = tokio::time::sleep(limits.shutdown_time) => End::CutShort,
    }
}
