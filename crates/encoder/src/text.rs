//! Cleaning of text before it is tokenised, as OpenCLIP's tokenisers clean it.
//!
//! OpenCLIP repairs text with the Python library ftfy first. All of its steps are here but one: the guessing at text that was
//! decoded in a wrong encoding ("Ã©" for "é"), which comes out of old databases, not out of search boxes.

use crate::manifest::Clean;
use std::borrow::Cow;
use unicode_normalization::UnicodeNormalization;

/// Most rounds of repair. Entities may be escaped over and over ("&amp;amp;lt;"); text that is still not done is left as it is.
const ROUNDS: usize = 8;

/// Cleans `text` as `how` says.
pub(crate) fn clean(text: &str, how: Clean) -> Cow<'_, str> {
    match how {
        Clean::None => Cow::Borrowed(text),
        Clean::Whitespace => Cow::Owned(collapse(&basic(text)).to_lowercase()),
        Clean::Canonicalize => {
            let spaced = basic(text).replace('_', " ");
            let bare: String = spaced.chars().filter(|c| !c.is_ascii_punctuation()).collect();
            Cow::Owned(collapse(&bare.to_lowercase()))
        }
    }
}

/// OpenCLIP's `basic_clean`: repaired, then HTML entities resolved twice. White space around it is left to [`collapse`].
fn basic(text: &str) -> String {
    let repaired = repair(text);
    htmlize::unescape(&*htmlize::unescape(&repaired)).into_owned()
}

/// Runs of white space become one space, none at the ends. White space is what Python counts as such.
fn collapse(text: &str) -> String {
    let space = |c: char| c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c);
    text.split(space).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// ftfy's `fix_text`, less the guessing at encodings.
fn repair(text: &str) -> String {
    // From the first line on that has a "<", the text is taken for HTML, whose entities are meant.
    let mut plain = true;
    text.split_inclusive('\n')
        .map(|line| {
            plain &= !line.contains('<');
            repair_line(line, plain)
        })
        .collect()
}

fn repair_line(line: &str, unescape: bool) -> String {
    let mut line = line.to_owned();
    for _ in 0..ROUNDS {
        let unescaped = if unescape { unescape_marked(&line) } else { line.clone() };
        let letters: String = unescaped.chars().flat_map(straighten).collect();
        let next: String = without_escapes(&letters).chars().filter(|c| !is_control(*c)).nfc().collect();
        if next == line {
            break;
        }
        line = next;
    }
    line
}

/// Resolves entities that end in a semicolon; others are more likely an ampersand that somebody typed.
fn unescape_marked(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('&') {
        out.push_str(&rest[..start]);
        rest = &rest[start..];
        let name = rest[1..].strip_prefix('#').unwrap_or(&rest[1..]);
        let length = name.bytes().take(25).take_while(u8::is_ascii_alphanumeric).count();
        let entity = &rest[..rest.len() - name.len() + length];
        if (1..=24).contains(&length) && name[length..].starts_with(';') {
            let entity = &rest[..entity.len() + 1];
            let resolved = htmlize::unescape(entity);
            out.push_str(if resolved.contains(';') && entity.starts_with("&#") { entity } else { &resolved });
            rest = &rest[entity.len()..];
        } else {
            out.push('&');
            rest = &rest[1..];
        }
    }
    out + rest
}

/// Typographic forms to plain ones: stray C1 controls as Windows-1252 has them, Latin ligatures, full- and half-width forms,
/// curly quotes.
fn straighten(c: char) -> impl Iterator<Item = char> {
    let ligature = match c {
        'Ĳ' => "IJ",
        'ĳ' => "ij",
        'ŉ' => "ʼn",
        'Ǳ' => "DZ",
        'ǲ' => "Dz",
        'ǳ' => "dz",
        'Ǆ' => "DŽ",
        'ǅ' => "Dž",
        'ǆ' => "dž",
        'Ǉ' => "LJ",
        'ǈ' => "Lj",
        'ǉ' => "lj",
        'Ǌ' => "NJ",
        'ǋ' => "Nj",
        'ǌ' => "nj",
        'ﬀ' => "ff",
        'ﬁ' => "fi",
        'ﬂ' => "fl",
        'ﬃ' => "ffi",
        'ﬄ' => "ffl",
        'ﬅ' => "ſt",
        'ﬆ' => "st",
        _ => "",
    };
    let single = if ligature.is_empty() { Some(c) } else { None };
    ligature.chars().chain(single).flat_map(widen).map(straight_quote)
}

fn widen(c: char) -> impl Iterator<Item = char> {
    let (wide, other) = match c {
        '\u{80}'..='\u{9f}' => (None, Some(windows_1252(c))),
        '\u{3000}' => (None, Some(' ')),
        '\u{ff01}'..='\u{ffef}' => (Some(c), None),
        _ => (None, Some(c)),
    };
    wide.into_iter().nfkc().chain(other)
}

fn straight_quote(c: char) -> char {
    match c {
        '\u{2bc}' | '\u{2018}'..='\u{201b}' => '\'',
        '\u{201c}'..='\u{201f}' => '"',
        _ => c,
    }
}

/// A C1 control as what it is in Windows-1252, where it is anything.
fn windows_1252(c: char) -> char {
    const TABLE: &str = "€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8d}Ž\u{8f}\u{90}‘’“”•–—˜™š›œ\u{9d}žŸ";
    TABLE.chars().nth((c as usize).wrapping_sub(0x80)).unwrap_or(c)
}

/// Without terminal escapes such as "\x1b[31m".
fn without_escapes(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find("\u{1b}[") {
        let (before, escape) = rest.split_at(start);
        out.push_str(before);
        let parameters = escape[2..].bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b';').count();
        let end = 2 + parameters;
        if escape[end..].starts_with(|c: char| c.is_ascii_alphabetic()) {
            rest = &escape[end + 1..];
        } else {
            out.push_str(&escape[..end]);
            rest = &escape[end..];
        }
    }
    out + rest
}

/// Controls that nobody means to type; those that are white space, joiners and direction marks are left.
fn is_control(c: char) -> bool {
    matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{e}'..='\u{1f}' | '\u{7f}' | '\u{206a}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffc}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lower(text: &str) -> String {
        clean(text, Clean::Whitespace).into_owned()
    }

    #[test]
    fn nothing_is_cleaned_where_nothing_is_asked_for() {
        assert_eq!(clean(" Gold &amp;\u{0} ", Clean::None), " Gold &amp;\u{0} ");
    }

    #[test]
    fn white_space_collapses_and_capitals_become_small() {
        assert_eq!(lower("  GOLD \t\r\n ring\u{3000}\u{a0}Émeraude "), "gold ring émeraude");
        assert_eq!(lower(" \n\t "), "");
    }

    #[test]
    fn entities_are_resolved() {
        assert_eq!(lower("ring &amp; brooch &#39;x&#39; &eacute;"), "ring & brooch 'x' é");
        assert_eq!(lower("&amp;lt;b&amp;gt; &notanentity; a & b &"), "<b> ¬anentity; a & b &");
        assert_eq!(lower("&#xFFFFFFFFFF; &#; &;"), "\u{fffd} &#; &;");
    }

    #[test]
    fn entities_escaped_without_end_take_no_time_without_end() {
        let text = format!("&{}lt;", "amp;".repeat(5_000));
        assert!(lower(&text).contains("amp;"));
    }

    #[test]
    fn typography_becomes_plain() {
        assert_eq!(lower("\u{201c}ﬁligree\u{201d} dealer\u{2019}s ＧＯＬＤ"), "\"filigree\" dealer's gold");
        assert_eq!(lower("e\u{301}meraude"), "émeraude");
        assert_eq!(lower("go\u{0}ld\u{1b}[31;1m ring\u{1b}[ x"), "gold ring[ x");
    }

    #[test]
    fn canonicalizing_removes_punctuation() {
        assert_eq!(clean("dealer's_own \"Ring\", (18ct)!", Clean::Canonicalize), "dealers own ring 18ct");
        assert_eq!(clean("?!...", Clean::Canonicalize), "");
        assert_eq!(clean("¡Gold!", Clean::Canonicalize), "¡gold");
    }
}
