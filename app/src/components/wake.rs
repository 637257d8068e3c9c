//! What brings a page to life: a few lines of JavaScript that fetch the WebAssembly when somebody begins to use the page. A page with
//! `data-wake` on any element does not wait for that.
//!
//! In place of Leptos' `HydrationScripts`, which asks for the WebAssembly before the photos of the first screen; its `defer` waits for an
//! idle moment, which on a page that waits for the network comes at once, and still announces the download in the document's head.

use leptos::{config::LeptosOptions, nonce::use_nonce, prelude::*};

const WAKE: &str = include_str!("wake.js");

/// The script, for the document's head, before whatever it would have to wait for: a stylesheet holds up the scripts that follow it. Without it
/// the page is there and its links and forms work.
#[component]
pub fn Wake(
    /// Where the script and the WebAssembly are.
    options: LeptosOptions,
) -> impl IntoView {
    let base = format!("/{}/{}", options.site_pkg_dir, options.output_name);
    // cargo-leptos names the file after the output alone, wasm-bindgen's library adds to it.
    let ending = if option_env!("LEPTOS_OUTPUT_NAME").is_some() { "" } else { "_bg" };
    let call = format!("{}({:?},{:?})", code(WAKE), format!("{base}.js"), format!("{base}{ending}.wasm"));
    view! {
        <script nonce=use_nonce()>
            {call}
        </script>
    }
}

/// The lines that are no comments, without their indentation: what is sent with every page.
fn code(script: &str) -> String {
    let lines = script.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sent_is_one_expression_without_comments() {
        let code = code(WAKE);
        assert!(code.starts_with("((script, wasm) => {") && code.ends_with("})"), "{code}");
        assert!(!code.contains("//"));
        // Leptos escapes text for a script only so far as not to end it.
        assert!(!code.contains("</"));
    }
}
