//! The time of the table's part of a search, and how right it is: 150,000 synthetic photos, whole and narrowed by a filter.
//!
//!     cargo bench --workspace --bench retrieval
//!
//! VITRINE_BENCH_ROWS and VITRINE_BENCH_DIMENSION change what is made. The table is kept, so a second run is quick.
#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs)] // a benchmark's only answer to an error is to stop and say so

use bench::{
    exact::Exact,
    measure::Times,
    synthetic::{self, Shape},
};
use criterion::{Criterion, criterion_group, criterion_main};
use domain::Filters;
use std::{collections::HashSet, hint::black_box, path::Path, time::Instant};

/// Queries for recall and percentiles.
const QUERIES: usize = 200;
/// What is counted as found.
const AT: usize = 10;

fn setting(name: &str, default: usize) -> usize {
    std::env::var(name)
        .map_or(default, |value| value.parse().unwrap_or_else(|_| panic!("{name} must be a whole number")))
}

/// Prices below this keep this share of listings, in thousandths.
const KEPT: [(&str, usize); 4] = [("all", 1_000), ("10%", 100), ("1%", 10), ("0.1%", 1)];

/// Words that one listing says, that those of one dealer say, and that all say.
const WORDS: [(&str, &str); 3] = [
    ("one listing's number", "l-000123"),
    ("a dealer's name", "dealer 123"),
    ("what everybody says", "platinum diamond"),
];

fn filters(kept: usize) -> Filters {
    let mut filters = Filters::default();
    if kept < 1_000 {
        filters.add("price_max", &(kept - 1).to_string()).unwrap();
    }
    filters
}

fn retrieval(criterion: &mut Criterion) {
    let shape =
        Shape { rows: setting("VITRINE_BENCH_ROWS", 150_000), dimension: setting("VITRINE_BENCH_DIMENSION", 256) };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let vectors = synthetic::vectors(shape).unwrap();
    let queries = synthetic::queries(&vectors, QUERIES).unwrap();
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("retrieval-{}x{}", shape.rows, shape.dimension));
    let began = Instant::now();
    let catalogue = runtime.block_on(synthetic::catalogue(&folder, shape, &vectors)).unwrap();
    println!("{} photos of {} dimensions, ready after {:.1?}", shape.rows, shape.dimension, began.elapsed());
    let began = Instant::now();
    let warm = runtime.block_on(catalogue.warm()).unwrap();
    println!("read into memory: {warm}, after {:.1?}", began.elapsed());
    let exact = Exact::new(&vectors);
    println!(
        "\n{:<6} {:>10} {:>9} {:>9} {:>12} {:>8}",
        "kept", "recall@10", "p50 ms", "p95 ms", "exact p50 ms", "ratio"
    );
    for (name, kept) in KEPT {
        let (mut times, mut exactly, mut found) = (Times::default(), Times::default(), 0);
        for (number, query) in queries.iter().enumerate() {
            let filters = filters(kept);
            let began = Instant::now();
            let page = catalogue::Page::first(AT);
            let answer = runtime.block_on(catalogue.search(query, &filters, page, &[])).unwrap();
            // The first few read files that later ones find in memory.
            if number >= 10 {
                times.add(began.elapsed());
            }
            let began = Instant::now();
            let truth = exact.search(query, AT, |row| synthetic::price(row) < kept);
            exactly.add(began.elapsed());
            let truth: HashSet<String> = truth.into_iter().map(|row| format!("l-{row:06}")).collect();
            assert_eq!(answer.hits.len(), AT, "a page was not filled");
            found += answer.hits.iter().filter(|hit| truth.contains(hit.listing.id.as_str())).count();
        }
        println!(
            "{name:<6} {:>10.4} {:>9.2} {:>9.2} {:>12.2} {:>8.2}",
            found as f64 / (QUERIES * AT) as f64,
            times.percentile(0.5),
            times.percentile(0.95),
            exactly.percentile(0.5),
            times.percentile(0.5) / exactly.percentile(0.5),
        );
    }
    println!(
        "exact: every vector that the filter keeps compared, one core, in memory; without a filter it reads {:.0} MB\n",
        exact.bytes() as f64 / 1e6
    );
    println!("\n{:<28} {:>9} {:>9}", "words looked up beside looks", "p50 ms", "p95 ms");
    for (name, words) in WORDS {
        let mut times = Times::default();
        for (number, query) in queries.iter().enumerate() {
            let began = Instant::now();
            let page = catalogue::Page::first(AT);
            let filters = Filters::default();
            let answer = runtime.block_on(catalogue.search_words(words, query, &filters, page, &[])).unwrap();
            if number >= 10 {
                times.add(began.elapsed());
            }
            assert_eq!(answer.hits.len(), AT, "a page was not filled");
        }
        println!("{name:<28} {:>9.2} {:>9.2}", times.percentile(0.5), times.percentile(0.95));
    }
    let mut group = criterion.benchmark_group(format!("retrieval, {} photos of {}", shape.rows, shape.dimension));
    for (name, kept) in KEPT {
        let mut turn = queries.iter().cycle();
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                let query = turn.next().unwrap();
                let page = catalogue::Page::first(AT);
                black_box(runtime.block_on(catalogue.search(query, &filters(kept), page, &[])).unwrap())
            });
        });
    }
    group.finish();
}

criterion_group!(benches, retrieval);
criterion_main!(benches);
