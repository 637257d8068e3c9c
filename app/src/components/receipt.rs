//! What left the device for a search by photos, and what did not: a receipt, folded away under one line.

use crate::album::Photo;

/// What became of it.
pub const GONE: &str = "It was looked at once, in memory, on this shop’s own machine, and is gone.";

/// The one line.
pub fn summary(photos: &[Photo]) -> String {
    format!("What left this device: {}", size(photos.iter().map(|photo| photo.sent.bytes).sum()))
}

/// What was sent of one photo.
pub fn line(photo: &Photo) -> String {
    let bytes = size(photo.sent.bytes);
    match photo.sent.size {
        None => format!("The file as it is, {bytes}: this browser cannot open it, so nothing could be left out."),
        Some((width, height)) => {
            let what =
                if photo.area.is_whole() { "All of the picture, redrawn" } else { "The part in the box, redrawn" };
            format!("{what}: {width} × {height} pixels, {bytes}.")
        }
    }
}

/// What was not sent.
pub fn not_sent(photos: &[Photo]) -> &'static str {
    let redrawn = photos.iter().all(|photo| photo.sent.size.is_some());
    let whole = photos.iter().all(|photo| photo.area.is_whole());
    match (redrawn, whole) {
        (false, _) => "Not sent: its name.",
        (true, true) => "Not sent: where and when it was taken, with what, its name.",
        (true, false) => "Not sent: the rest of it, where and when it was taken, with what, its name.",
    }
}

/// "61 kB", "1.2 MB": rounded up, so that no less is said than was sent.
fn size(bytes: usize) -> String {
    let tenths = bytes.div_ceil(100_000);
    if tenths >= 10 { format!("{}.{} MB", tenths / 10, tenths % 10) } else { format!("{} kB", bytes.div_ceil(1_000)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{album::Sent, crop::Area};

    fn photo(area: Area, size: Option<(u32, u32)>, bytes: usize) -> Photo {
        Photo { id: 1, url: String::new(), size, proposed: area, pieces: Vec::new(), area, sent: Sent { size, bytes } }
    }

    #[test]
    fn it_says_what_was_sent_and_no_less() {
        assert_eq!((size(61_001), size(900_001), size(1_150_000)), ("62 kB".into(), "1.0 MB".into(), "1.2 MB".into()));
        let photos = [photo(Area::WHOLE, Some((768, 576)), 60_500), photo(Area::WHOLE, Some((768, 768)), 40_500)];
        assert_eq!(summary(&photos), "What left this device: 101 kB");
        assert_eq!(line(&photos[0]), "All of the picture, redrawn: 768 × 576 pixels, 61 kB.");
    }

    #[test]
    fn it_does_not_claim_that_anything_was_left_out_of_a_file_sent_as_it_is() {
        let whole = photo(Area::WHOLE, None, 2_000_000);
        assert!(line(&whole).contains("nothing could be left out"));
        assert_eq!(not_sent(&[whole]), "Not sent: its name.");
        assert!(not_sent(&[photo(Area::new(0.0, 0.0, 0.5, 0.5), Some((9, 9)), 1)]).contains("the rest of it"));
    }
}
