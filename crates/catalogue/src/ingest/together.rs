//! A listing's photos show one piece, so what one of them shows is true of the others as well: each photo's vector leans to theirs. A shopper's picture,
//! which shows the piece from somewhere between them, then finds it oftener (docs/CATALOGUE.md has the figures). It is what database-side feature
//! augmentation does with neighbours (Turcot and Lowe, 2009; Arandjelović and Zisserman, 2012), only that here it is known whose neighbours they are.

use crate::EncodedPhoto;
use domain::Vector;

/// How much the mean of a listing's other photos counts beside a photo's own vector.
const OTHERS: f32 = 0.2;

/// The photos of one listing, as they were encoded one by one, each leaning to the others; a single one stays as it is.
pub(super) fn together(photos: Vec<EncodedPhoto>) -> Vec<EncodedPhoto> {
    if photos.len() < 2 {
        return photos;
    }
    let share = OTHERS / (photos.len() - 1) as f32;
    let leaning = |own: usize| {
        let weight = |number: usize| if number == own { 1.0 } else { share };
        let parts: Vec<(&Vector, f32)> =
            photos.iter().enumerate().map(|(number, photo)| (&photo.vector, weight(number))).collect();
        // Of one model's vectors the sum always has a direction: the others together are a fifth as long as the own one, at most.
        Vector::blend(&parts).unwrap_or_else(|_| photos[own].vector.clone())
    };
    let vectors: Vec<Vector> = (0..photos.len()).map(leaning).collect();
    photos.into_iter().zip(vectors).map(|(photo, vector)| EncodedPhoto { vector, ..photo }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::MediaName;

    fn photo(values: [f32; 3]) -> EncodedPhoto {
        EncodedPhoto {
            media: MediaName::of(b"p", imaging::Format::Jpeg),
            vector: Vector::normalise(values.to_vec()).unwrap(),
        }
    }

    #[test]
    fn a_photo_leans_to_the_others_and_stays_nearest_to_itself() {
        let alone = vec![photo([1.0, 2.0, 3.0])];
        assert_eq!(together(alone.clone()), alone);
        let photos = vec![photo([1.0, 0.0, 0.0]), photo([0.0, 1.0, 0.0]), photo([0.0, 0.0, 1.0])];
        let leaning = together(photos.clone());
        for (own, each) in leaning.iter().enumerate() {
            assert_eq!(each.media, photos[own].media);
            for (other, photo) in photos.iter().enumerate() {
                let cosine = each.vector.cosine(&photo.vector);
                if own == other {
                    assert!(cosine > 0.95 && cosine < 1.0, "{cosine}");
                } else {
                    assert!((cosine - 0.1).abs() < 0.01, "{cosine}");
                }
            }
        }
        // What lies between two photos is nearer to either than it was.
        let between = Vector::normalise(vec![1.0, 1.0, 0.0]).unwrap();
        let two = together(photos[..2].to_vec());
        assert!(
            two.iter()
                .zip(&photos)
                .all(|(after, before)| after.vector.cosine(&between) > before.vector.cosine(&between))
        );
        // Opposite ones do not put each other out.
        let opposite = together(vec![photo([1.0, 0.0, 0.0]), photo([-1.0, 0.0, 0.0])]);
        assert_eq!(opposite[0].vector.as_slice(), [1.0, 0.0, 0.0]);
    }
}
