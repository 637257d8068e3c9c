//! Who may change listings: whoever holds the administrator's token.

use crate::{
    error::{Kind, Problem},
    state::AppState,
};
use axum::{
    extract::FromRequestParts,
    http::{header, request::Parts},
};
use subtle::ConstantTimeEq;

/// Proof that the request carried the token. A handler that takes it runs for nobody else.
#[derive(Debug)]
pub struct Administrator;

impl FromRequestParts<AppState> for Administrator {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let Some(token) = &state.site().admin_token else {
            return Err(Problem::new(
                Kind::Forbidden,
                "This server takes no changes over the network: no administrator's token is set. Set VITRINE_ADMIN_TOKEN to allow them.",
            ));
        };
        let given = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let given = given
            .split_once(' ')
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map(|(_, token)| token.trim());
        // In constant time, so that the time taken says nothing about how much of a guess was right.
        if given.is_some_and(|given| bool::from(given.as_bytes().ct_eq(token.as_bytes()))) {
            return Ok(Self);
        }
        Err(Problem::new(Kind::Unauthorised, "Send the administrator's token: Authorization: Bearer TOKEN."))
    }
}
