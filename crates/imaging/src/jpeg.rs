//! A walk over a JPEG's segments (ITU-T T.81, annex B): how large it says it is, and whether all of it is there.
//!
//! The decoder fills what is missing with grey and says nothing; half a picture of a ring would be searched as if it were
//! whole. So a JPEG that ends before its end-of-image marker is refused.

const START: u8 = 0xD8;
const END: u8 = 0xD9;
const SCAN: u8 = 0xDA;

/// One step of the walk.
enum Step<'a> {
    /// A marker with its payload (empty for markers that have none).
    Segment(u8, &'a [u8]),
    /// The end-of-image marker.
    End,
}

struct Walk<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Iterator for Walk<'a> {
    type Item = Step<'a>;

    /// `None` once the bytes run out, or where no marker can be found any more.
    fn next(&mut self) -> Option<Step<'a>> {
        let marker = self.marker()?;
        match marker {
            END => Some(Step::End),
            START | 0x01 | 0xD0..=0xD7 => Some(Step::Segment(marker, &[])),
            _ => {
                let length = usize::from(u16::from_be_bytes(self.bytes.get(self.at..self.at + 2)?.try_into().ok()?));
                let payload = self.bytes.get(self.at + 2..self.at + length.max(2))?;
                self.at += length.max(2);
                Some(Step::Segment(marker, payload))
            }
        }
    }
}

impl Walk<'_> {
    /// Goes to just behind the next marker. Entropy-coded data, stuffed zeros and fill bytes are passed over: in none of them
    /// can 0xFF be followed by a marker's code.
    fn marker(&mut self) -> Option<u8> {
        loop {
            let rest = self.bytes.get(self.at..)?;
            self.at += rest.iter().position(|byte| *byte == 0xFF)? + 1;
            match self.bytes.get(self.at)? {
                0x00 => self.at += 1,
                0xFF => {}
                code => {
                    self.at += 1;
                    return Some(*code);
                }
            }
        }
    }
}

fn walk(bytes: &[u8]) -> Walk<'_> {
    Walk { bytes, at: 0 }
}

/// Width and height of the first frame header, before any decoder has seen the bytes.
pub(crate) fn announced_size(bytes: &[u8]) -> Option<(u32, u32)> {
    walk(bytes).find_map(|step| match step {
        // SOF0 to SOF15, less DHT (C4), JPG (C8) and DAC (CC), which share the range.
        Step::Segment(0xC0..=0xC3 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF, [_, h1, h0, w1, w0, ..]) => {
            Some((u32::from(u16::from_be_bytes([*w1, *w0])), u32::from(u16::from_be_bytes([*h1, *h0]))))
        }
        _ => None,
    })
}

/// Whether the picture has a scan and goes on to its end-of-image marker.
pub(crate) fn is_complete(bytes: &[u8]) -> bool {
    let mut scans = 0;
    for step in walk(bytes) {
        match step {
            Step::Segment(SCAN, _) => scans += 1,
            Step::End if scans > 0 => return true,
            _ => {}
        }
    }
    false
}
