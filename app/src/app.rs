//! The document and the routes.

use crate::{
    components::{
        anywhere::Anywhere,
        frame::{Footer, Header},
        head::{Place, canonical},
        tray::Tray,
        wake::Wake,
    },
    pages::{
        about::AboutPage, bench::BenchPage, camera::CameraPage, dealer::DealerPage, home::HomePage,
        listing::ListingPage, market::MarketPage, not_found::NotFoundPage, search::SearchPage,
    },
    state::{NextPlace, Pictures, Seen, Words},
};
use leptos::{config::LeptosOptions, prelude::*};
use leptos_meta::{MetaTags, Title, provide_meta_context};
use leptos_router::{
    SsrMode,
    components::{FlatRoutes, Route, Router},
    path,
};

/// The document around the application, as the server sends it.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    let stylesheet = format!("/{}/{}.css", options.site_pkg_dir, options.output_name);
    let own = use_context::<Place>().map(|place| {
        let own = place.origin + &canonical(&place.address);
        view! {
            <link rel="canonical" href=own.clone() />
            {property("og:url", own)}
        }
    });
    view! {
        <!DOCTYPE html>
        <html lang="en-GB">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <meta name="theme-color" content="#FBFAF7" media="(prefers-color-scheme: light)" />
                <meta name="theme-color" content="#131211" media="(prefers-color-scheme: dark)" />
                <link rel="preload" href="/fonts/cormorant.woff2" r#as="font" type="font/woff2" crossorigin="anonymous" />
                <link rel="preload" href="/fonts/inter.woff2" r#as="font" type="font/woff2" crossorigin="anonymous" />
                <Wake options=options.clone() />
                <link rel="stylesheet" id="leptos" href=stylesheet />
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <link rel="apple-touch-icon" href="/icons/touch.png" />
                <link rel="manifest" href="/manifest.webmanifest" />
                <AutoReload options />
                {property("og:site_name", "Vitrine")}
                {property("og:type", "website")}
                {property("og:locale", "en_GB")}
                <meta name="twitter:card" content="summary_large_image" />
                {own}
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

/// A page's title with the house's name. leptos_meta writes it into the document as it is: on the server it has to be spelt so that a
/// dealer's or a shopper's words cannot end it.
fn full_title(title: String) -> String {
    let title = if cfg!(feature = "ssr") { title.replace('&', "&amp;").replace('<', "&lt;") } else { title };
    if title.is_empty() { "Vitrine".into() } else { title + " · Vitrine" }
}

/// A property of the page, as the Open Graph protocol names it.
fn property(name: &'static str, content: impl Into<String>) -> impl IntoView {
    leptos::html::meta().attr("property", name).attr("content", content.into())
}

/// The application: what stands on every page, and the routes.
///
/// Every route is rendered whole before it is sent: nothing on a page needs a script to appear, and the status is the page's own.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    provide_context(Seen::new());
    provide_context(crate::bench::Bench::new());
    provide_context(Pictures::new());
    provide_context(NextPlace(RwSignal::new(None)));
    provide_context(Words(StoredValue::new(None)));
    view! {
        <Title formatter=full_title />
        <Router>
            <a class="skip" href="#main" rel="external">
                "Skip to the pieces"
            </a>
            <Header />
            <main id="main" tabindex="-1">
                <FlatRoutes fallback=NotFoundPage>
                    <Route path=path!("/") view=HomePage ssr=SsrMode::Async />
                    <Route path=path!("/search") view=SearchPage ssr=SsrMode::Async />
                    <Route path=path!("/listings/:id") view=ListingPage ssr=SsrMode::Async />
                    <Route path=path!("/dealers/:id") view=DealerPage ssr=SsrMode::Async />
                    <Route path=path!("/dealers/:id/market") view=MarketPage ssr=SsrMode::Async />
                    <Route path=path!("/bench") view=BenchPage ssr=SsrMode::Async />
                    <Route path=path!("/camera") view=CameraPage ssr=SsrMode::Async />
                    <Route path=path!("/about") view=AboutPage ssr=SsrMode::Async />
                </FlatRoutes>
            </main>
            <Footer />
            <Tray />
            <Anywhere />
        </Router>
    }
    .into_any()
}
