//! The Leptos pages and their server functions, and the files of the built site.

use super::place;
use crate::{middleware::page_policy, state::AppState};
use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderValue, header, request::Parts},
    middleware::{Next, from_fn_with_state},
    response::Response,
};
use leptos::{context::use_context, nonce::use_nonce, prelude::provide_context};
use leptos_axum::{AxumRouteListing, ErrorHandler, LeptosRoutes, ResponseOptions, generate_route_list};
use std::{convert::Infallible, sync::LazyLock};
use tower::{Layer, Service};
use tower_http::services::ServeDir;

/// The pages, and under /fn/ the functions that they call.
pub fn routes(state: &AppState) -> Router<AppState> {
    let options = state.site().leptos.clone();
    Router::new().leptos_routes_with_context(state, listed(), context(state), move || app::shell(options.clone()))
}

/// The pages' addresses. They are listed once in a process, before any page is asked for: while Leptos lists them no resource of the
/// process loads, and one that begins to meanwhile never does, so that its page would not be answered
/// (<https://github.com/leptos-rs/leptos/issues/4773>).
fn listed() -> Vec<AxumRouteListing> {
    static LISTED: LazyLock<Vec<AxumRouteListing>> = LazyLock::new(|| generate_route_list(app::App));
    LISTED.clone()
}

/// What every page and function finds in its context: the one way to search, and where it is for those outside. Also where the page's
/// policy is set, because only here is the response's nonce known.
fn context(state: &AppState) -> impl Fn() + Clone + Send + Sync + 'static {
    let (state, service, reloads) = (state.clone(), state.service().clone(), state.site().reloads);
    move || {
        provide_context(service.clone());
        if let Some(parts) = use_context::<Parts>()
            && let Some(origin) = place::origin(&state, &parts.headers)
        {
            let address = parts.uri.path_and_query().map_or("/", |address| address.as_str()).to_owned();
            provide_context(app::Place { origin, address });
        }
        let (Some(nonce), Some(response)) = (use_nonce(), use_context::<ResponseOptions>()) else { return };
        if let Ok(policy) = HeaderValue::from_str(&page_policy(&nonce, reloads)) {
            response.insert_header(header::CONTENT_SECURITY_POLICY, policy);
        }
    }
}

/// Files of the built site; what is no file is the app's page for addresses that do not exist.
pub fn files_or_not_found(
    state: &AppState,
) -> impl Service<Request, Response = Response, Error = Infallible, Future: Send> + Clone + Send + Sync + 'static {
    let options = state.site().leptos.clone();
    let not_found = ErrorHandler::new_with_context(context(state), app::shell, options.clone());
    let files = ServeDir::new(&*options.site_root)
        .append_index_html_on_directories(false)
        .precompressed_br()
        .precompressed_gzip()
        .fallback(not_found);
    from_fn_with_state(state.clone(), cache_files).layer(files)
}

/// How long a browser may keep a file: for ever where its name changes with its contents, else as long as it asks each time
/// whether there is a newer one.
async fn cache_files(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let site = state.site();
    let hashed = site.immutable && request.uri().path().starts_with(&site.leptos.site_pkg_dir_route_base());
    let mut response = next.run(request).await;
    if response.status().is_success() {
        let value = if hashed { "public, max-age=31536000, immutable" } else { "no-cache" };
        response.headers_mut().entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static(value));
    }
    response
}
