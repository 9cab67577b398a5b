//! As much of DER (ITU-T X.690) as public keys need.

pub(super) const INTEGER: u8 = 0x02;
pub(super) const BIT_STRING: u8 = 0x03;
pub(super) const NULL: u8 = 0x05;
pub(super) const OBJECT_IDENTIFIER: u8 = 0x06;
pub(super) const SEQUENCE: u8 = 0x30;

/// Reads one element after the other. Lengths of up to two bytes are read, in their shortest form.
pub(super) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// The content of the next element, if it has this tag.
    pub(super) fn take(&mut self, tag: u8) -> Option<&'a [u8]> {
        let (length, rest) = match self.rest {
            [found, ..] if *found != tag => return None,
            [_, length, rest @ ..] if *length < 0x80 => (usize::from(*length), rest),
            [_, 0x81, length, rest @ ..] if *length >= 0x80 => (usize::from(*length), rest),
            [_, 0x82, high, low, rest @ ..] if *high > 0 => {
                (usize::from(u16::from_be_bytes([*high, *low])), rest)
            }
            _ => return None,
        };
        let (content, rest) = rest.split_at_checked(length)?;
        self.rest = rest;
        Some(content)
    }

    /// A reader of the content of the next element, if it has this tag.
    pub(super) fn enter(&mut self, tag: u8) -> Option<Self> {
        self.take(tag).map(Self::new)
    }

    /// The next element as a positive number, without leading zeros.
    pub(super) fn take_unsigned(&mut self) -> Option<&'a [u8]> {
        let content = self.take(INTEGER)?;
        let number = content.strip_prefix(&[0]).unwrap_or(content);
        let needs_zero = *number.first()? >= 0x80;
        let has_zero = number.len() < content.len();
        (needs_zero == has_zero).then_some(number)
    }
}

/// An element with its content, of up to 65,535 bytes.
pub(super) fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len()).unwrap_or(u16::MAX);
    let [high, low] = length.to_be_bytes();
    let mut bytes = match length {
        0..0x80 => vec![tag, low],
        0x80..0x100 => vec![tag, 0x81, low],
        _ => vec![tag, 0x82, high, low],
    };
    bytes.extend_from_slice(content);
    bytes
}

/// A positive number without leading zeros.
pub(super) fn unsigned(number: &[u8]) -> Vec<u8> {
    let needs_zero = number.first().is_none_or(|byte| *byte >= 0x80);
    let content = if needs_zero { [&[0], number].concat() } else { number.to_vec() };
    element(INTEGER, &content)
}
