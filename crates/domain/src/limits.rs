//! Every limit on input from outside, with its default, in one place. Each is checked before the work it bounds.

/// Largest picture accepted, in bytes: 10 MiB.
pub const PICTURE_BYTES: usize = 10 * 1024 * 1024;
/// Largest picture accepted, in pixels (width times height), read from the header before anything is decoded.
pub const PICTURE_PIXELS: u64 = 50_000_000;
/// Longest side of a picture, in pixels.
pub const PICTURE_SIDE: u32 = 12_000;
/// Photos of the same piece in one query.
pub const QUERY_PHOTOS: usize = 4;
/// Longest query text, in bytes of UTF-8.
pub const QUERY_TEXT_BYTES: usize = 2_000;
/// Longest text that the encoder tokenises, in bytes of UTF-8; what a model does not see of it is cut.
pub const ENCODER_TEXT_BYTES: usize = 128 * 1024;
/// Largest JSON body of a search or a listing, in bytes.
pub const JSON_BYTES: usize = 256 * 1024;
/// Largest body of a photo search: four pictures and the fields beside them.
pub const SEARCH_BODY_BYTES: usize = QUERY_PHOTOS * PICTURE_BYTES + JSON_BYTES;
/// Hits in one page of results, when none is asked for.
pub const PAGE_DEFAULT: usize = 24;
/// Most hits in one page of results.
pub const PAGE_MOST: usize = 100;
/// Listings of a search that are put in order where another than closeness is asked for: the closest.
pub const SORTED: usize = 500;
/// Listings that a search may be told to lead away from.
pub const QUERY_UNLIKE: usize = 8;
/// Furthest that paging goes: offset plus limit.
pub const PAGING_DEPTH: usize = 1_000;
/// Listings around a piece whose prices are compared, the closest first, and most that can be asked for as comparables.
pub const COMPARED: usize = 48;
/// Values of one filter (categories, dealers, ...).
pub const FILTER_VALUES: usize = 32;

/// Longest listing id, in bytes.
pub const LISTING_ID_BYTES: usize = 64;
/// Longest title, in bytes.
pub const TITLE_BYTES: usize = 300;
/// Longest description, in bytes.
pub const DESCRIPTION_BYTES: usize = 20_000;
/// Longest name or word (dealer, metal, stone, motif), in bytes.
pub const WORD_BYTES: usize = 120;
/// Words in one list of a listing (metals, stones, motifs).
pub const WORDS: usize = 32;
/// Photos of one listing.
pub const LISTING_PHOTOS: usize = 24;
/// Longest photo path or address, in bytes.
pub const PATH_BYTES: usize = 1_024;
/// Longest line of a JSONL file, in bytes.
pub const LINE_BYTES: usize = 1024 * 1024;

/// Longest token of a query in a link, in characters.
pub const TOKEN_CHARS: usize = 6_000;
/// Largest number of dimensions of a vector.
pub const VECTOR_DIMENSION: usize = 4_096;
/// Longest sides, in pixels, in which a listing's photo is offered beside its own: `/media/...?side=320`.
pub const PHOTO_SIDES: [u32; 3] = [320, 640, 1280];
