//! Which photos are of one piece, by their names: "HB-1042-1.jpg" and "HB-1042-2.jpg" are, "IMG_0001.jpg" and "IMG_0002.jpg" are not.

use domain::limits;

/// How photos are put together to pieces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grouping {
    /// Those that are numbered after the same reference are of one piece.
    ByName,
    /// Every photo is a piece.
    Each,
    /// All are of one piece.
    One,
}

/// A piece: its reference, and which of the files are its photos.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piecemeal {
    /// By the names of the photos; fit for a listing's id.
    pub id: String,
    /// Places in the list of files, in the order of the photos.
    pub photos: Vec<usize>,
}

/// Whether a file may be a picture, by its type, or where the browser knows none, by its name.
pub fn is_picture(name: &str, kind: &str) -> bool {
    let name = name.to_lowercase();
    kind.starts_with("image/") || (kind.is_empty() && [".heic", ".heif", ".avif"].iter().any(|end| name.ends_with(end)))
}

/// Puts files together to pieces. References are unlike each other and unlike those `taken` already.
pub fn group(names: &[String], how: Grouping, taken: &[String]) -> Vec<Piecemeal> {
    // The folder and the reference that a name begins with, the number of the photo, the place of the file.
    let mut parts: Vec<(String, u32, usize)> = Vec::with_capacity(names.len());
    for (place, name) in names.iter().enumerate() {
        let (stem, number) = match (how, numbered(name)) {
            (Grouping::ByName, Some((stem, number))) => (stem, number),
            _ => (without_ending(name), 0),
        };
        parts.push((stem.to_owned(), number, place));
    }
    if how == Grouping::ByName {
        // By piece in the order in which the pieces first come, then by number.
        let first = |stem: &str| parts.iter().position(|(other, ..)| other == stem).unwrap_or_default();
        let mut order: Vec<(usize, u32, usize)> =
            parts.iter().map(|(stem, number, place)| (first(stem), *number, *place)).collect();
        order.sort_unstable();
        parts = order.into_iter().map(|(_, _, place)| parts[place].clone()).collect();
    }
    let mut pieces: Vec<Piecemeal> = Vec::new();
    let mut before: Option<&str> = None;
    for (stem, number, place) in &parts {
        let joins = match how {
            Grouping::ByName => *number > 0 && before == Some(stem),
            Grouping::Each => false,
            Grouping::One => !pieces.is_empty(),
        };
        match pieces.last_mut() {
            Some(piece) if joins && piece.photos.len() < limits::LISTING_PHOTOS => piece.photos.push(*place),
            _ => {
                let id = unlike(&reference(stem), |id| {
                    taken.iter().any(|other| other == id) || pieces.iter().any(|piece| piece.id == id)
                });
                pieces.push(Piecemeal { id, photos: vec![*place] });
            }
        }
        before = (*number > 0).then_some(stem.as_str());
    }
    pieces
}

/// The name without its ending: "a/b.c.jpg" is "a/b.c".
fn without_ending(name: &str) -> &str {
    match name.rsplit_once('.') {
        Some((stem, ending)) if !stem.is_empty() && !ending.contains('/') => stem,
        _ => name,
    }
}

/// A reference and the number of a photo of it: one or two digits after a "-", "_" or space, and before that a reference, which
/// holds a digit itself. A camera's running number is none: it has no reference before it.
fn numbered(name: &str) -> Option<(&str, u32)> {
    let (stem, number) = without_ending(name).rsplit_once(['-', '_', ' '])?;
    let own = stem.rsplit('/').next().unwrap_or(stem);
    let fits = (1..=2).contains(&number.len()) && !number.starts_with('0') && own.bytes().any(|b| b.is_ascii_digit());
    number.parse().ok().filter(|_| fits).map(|number| (stem, number))
}

/// A stem as a listing's id may be: its folder left out, other characters than letters, digits, "-", "_" and "." made "-".
fn reference(stem: &str) -> String {
    let own = stem.rsplit('/').next().unwrap_or(stem);
    let fit = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '-' };
    let id: String = own.chars().map(fit).take(limits::LISTING_ID_BYTES - 4).collect();
    let id = id.trim_matches(|c| c == '-' || c == '.');
    if id.is_empty() { "piece".to_owned() } else { id.to_owned() }
}

/// The reference, or with a number after it where it is taken.
fn unlike(id: &str, taken: impl Fn(&str) -> bool) -> String {
    let mut candidate = id.to_owned();
    let mut number = 2;
    while taken(&candidate) {
        candidate = [id, "-", number.to_string().as_str()].concat();
        number += 1;
    }
    candidate
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grouped(names: &[&str], how: Grouping) -> Vec<(String, Vec<usize>)> {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        group(&names, how, &[]).into_iter().map(|piece| (piece.id, piece.photos)).collect()
    }

    fn piece(id: &str, photos: &[usize]) -> (String, Vec<usize>) {
        (id.to_owned(), photos.to_vec())
    }

    #[test]
    fn photos_numbered_after_a_reference_are_one_piece_in_the_order_of_their_numbers() {
        let names =
            ["HB-1042-2.jpg", "HB-1043.webp", "HB-1042-10.jpg", "HB-1042-1.jpg", "tray/PF_7_1.png", "tray/PF_7_2.png"];
        assert_eq!(
            grouped(&names, Grouping::ByName),
            [piece("HB-1042", &[3, 0, 2]), piece("HB-1043", &[1]), piece("PF_7", &[4, 5])]
        );
    }

    #[test]
    fn what_a_camera_or_a_stock_book_counts_is_a_piece_each() {
        for names in [
            ["IMG_0001.jpg", "IMG_0002.jpg"],
            ["HB-1042.jpg", "HB-1043.jpg"],
            ["ring-1.jpg", "ring-2.jpg"],
            ["DSC 12.JPG", "DSC 13.JPG"],
        ] {
            assert_eq!(grouped(&names, Grouping::ByName).len(), 2, "{names:?}");
        }
    }

    #[test]
    fn the_dealer_may_say_otherwise() {
        let names = ["HB-1042-1.jpg", "HB-1042-2.jpg", "other.jpg"];
        assert_eq!(grouped(&names, Grouping::Each).len(), 3);
        assert_eq!(grouped(&names, Grouping::One), [piece("HB-1042-1", &[0, 1, 2])]);
    }

    #[test]
    fn every_piece_has_a_reference_of_its_own_that_a_listing_may_have() {
        let names = ["a/brooch.jpg", "b/brooch.jpg", "été 50%.jpg", "...", "photo.jpg"];
        let ids: Vec<String> = grouped(&names, Grouping::ByName).into_iter().map(|(id, _)| id).collect();
        assert_eq!(ids, ["brooch", "brooch-2", "t--50", "piece", "photo"]);
        for id in &ids {
            assert!(domain::ListingId::new(id.as_str()).is_ok(), "{id}");
        }
        let again = group(&["photo.png".to_owned()], Grouping::ByName, &ids);
        assert_eq!(again[0].id, "photo-2");
        let long = "x".repeat(200);
        assert!(domain::ListingId::new(grouped(&[&long, &long], Grouping::Each)[1].0.as_str()).is_ok());
    }

    #[test]
    fn a_piece_has_no_more_photos_than_a_listing_may_have() {
        let names: Vec<String> = (1..=30).map(|n| format!("HB-1-{n}.jpg")).collect();
        let pieces = group(&names, Grouping::ByName, &[]);
        assert_eq!(pieces.iter().map(|piece| piece.photos.len()).collect::<Vec<_>>(), [24, 6]);
    }

    #[test]
    fn what_is_no_picture_is_told_by_its_type() {
        assert!(is_picture("a.jpg", "image/jpeg") && is_picture("a.HEIC", ""));
        assert!(!is_picture("notes.txt", "text/plain") && !is_picture(".DS_Store", ""));
    }
}
