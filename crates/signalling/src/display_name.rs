//! Names that people see: cleaned once, at the border.

use jumpa_protocol::{ErrorCode, Refusal, limits};

/// A name as a person typed it, in its normal form: no control characters, no marks that turn the
/// direction of the text around it, single blanks.
///
/// # Errors
/// [`ErrorCode::InvalidValue`] when nothing is left or more than [`limits::MAX_NAME_CHARS`]
/// characters are.
pub fn parse(text: &str) -> Result<String, Refusal> {
    let name = clean(text);
    let chars = name.chars().count();
    if chars == 0 || chars > limits::MAX_NAME_CHARS {
        return Err(Refusal::new(
            ErrorCode::InvalidValue,
            format!("a name has 1 to {} characters", limits::MAX_NAME_CHARS),
        ));
    }
    Ok(name)
}

/// A name that a token gives: cleaned and cut to the longest allowed, since its person could not
/// mend it. `None` when nothing is left.
#[must_use]
pub fn from_token(text: &str) -> Option<String> {
    let name: String = clean(text).chars().take(limits::MAX_NAME_CHARS).collect();
    let name = name.trim_end();
    (!name.is_empty()).then(|| name.to_owned())
}

fn clean(text: &str) -> String {
    let visible: String = text
        .chars()
        .map(|c| if c.is_whitespace() { ' ' } else { c })
        .filter(|c| !c.is_control() && !is_invisible_mark(*c))
        .collect();
    visible.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Marks that change how the text around them is shown (Unicode Technical Report 36, section 2.4)
/// and blanks of no width. The joiner U+200D stays: emoji are made with it.
fn is_invisible_mark(c: char) -> bool {
    matches!(
        c,
        '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}'
            | '\u{feff}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_kept_without_what_cannot_be_seen() {
        let names = [
            ("  Siti   Rahayu ", "Siti Rahayu"),
            ("Siti\nRahayu\u{0}", "Siti Rahayu"),
            ("\u{202e}gnp.exe", "gnp.exe"),
            ("Ayu 👩\u{200d}⚕️", "Ayu 👩\u{200d}⚕️"),
        ];
        for (typed, kept) in names {
            assert_eq!(parse(typed), Ok(kept.to_owned()));
        }
    }

    #[test]
    fn a_name_has_1_to_80_characters() {
        assert!(parse(" \u{200b} ").is_err());
        assert!(parse(&"é".repeat(79)).is_ok());
        assert!(parse(&"é".repeat(80)).is_ok());
        assert!(parse(&"é".repeat(81)).is_err());
    }

    #[test]
    fn a_long_name_of_a_token_is_cut() {
        let name = from_token(&"é".repeat(81)).map(|name| name.chars().count());
        assert_eq!(name, Some(80));
        assert_eq!(from_token(" \n"), None);
    }
}
