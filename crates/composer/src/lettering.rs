//! Names and initials, in whatever script people write them.

use std::collections::HashMap;

use cosmic_text::{
    Attrs, Buffer, Ellipsize, EllipsizeHeightLimit, Family, FontSystem, Metrics, Shaping,
    SwashCache, Weight, Wrap,
};

use crate::picture::{Color, Overlay, color, even};

/// Behind names: dark, and seen by 72 percent, as in the call page.
const SCRIM: u32 = 0x0006_090b;
const SCRIM_ALPHA: u8 = 184;

const TEXT: u32 = 0x00f6_f8f9;

/// Grounds for initials from top to bottom, the same as in the call page: white text reaches a
/// contrast of 4.5 on both ends of each.
const AVATARS: [(u32, u32); 8] = [
    (0x000e_7c7b, 0x000b_6363),
    (0x004c_58c4, 0x003a_459e),
    (0x00a8_3f66, 0x0086_304f),
    (0x008c_590c, 0x006b_440d),
    (0x002a_7a45, 0x001f_5d34),
    (0x007a_4fb0, 0x005f_3b8d),
    (0x00a8_4a2a, 0x0085_3820),
    (0x003b_6b94, 0x002c_5274),
];

/// The first that is installed is used; letters that it has not come from any other. Without a name
/// even spaces come from wherever they are found first.
const FAMILIES: [&str; 4] = ["Inter", "Noto Sans", "DejaVu Sans", "Liberation Sans"];

/// Kept at most; a call has fewer people.
const MAX_KEPT: usize = 400;

/// Draws text. What was drawn once is kept.
pub struct Lettering {
    fonts: FontSystem,
    glyphs: SwashCache,
    labels: HashMap<(String, usize, usize), Overlay>,
    avatars: HashMap<(String, usize), Overlay>,
}

impl std::fmt::Debug for Lettering {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Lettering").field("labels", &self.labels.len()).finish_non_exhaustive()
    }
}

impl Default for Lettering {
    fn default() -> Self {
        let mut fonts = FontSystem::new();
        let installed = |family: &&&str| {
            fonts.db().faces().any(|face| face.families.iter().any(|(name, _)| name == **family))
        };
        if let Some(family) = FAMILIES.iter().find(installed).copied() {
            fonts.db_mut().set_sans_serif_family(family);
        }
        Self { fonts, glyphs: SwashCache::new(), labels: HashMap::new(), avatars: HashMap::new() }
    }
}

impl Lettering {
    /// A name on a dark ground, for a tile of a size. A long name is cut off.
    pub fn label(&mut self, name: &str, tile_width: usize, tile_height: usize) -> &Overlay {
        let font = (tile_height / 18).clamp(13, 24);
        let most = tile_width.saturating_sub(16 + 2 * font).max(font);
        if self.labels.len() > MAX_KEPT {
            self.labels.clear();
        }
        let key = (name.to_owned(), font, most);
        if !self.labels.contains_key(&key) {
            let text = text_of(&mut self.fonts, &mut self.glyphs, name, font, most);
            self.labels.insert(key.clone(), label_of(&text, font));
        }
        &self.labels[&key]
    }

    /// A circle with the initials of a name.
    pub fn avatar(&mut self, name: &str, diameter: usize) -> &Overlay {
        if self.avatars.len() > MAX_KEPT {
            self.avatars.clear();
        }
        let key = (name.to_owned(), diameter);
        if !self.avatars.contains_key(&key) {
            let font = (diameter * 2 / 5).max(8);
            let text =
                text_of(&mut self.fonts, &mut self.glyphs, &initials(name), font, diameter * 2);
            self.avatars.insert(key.clone(), avatar_of(&text, name, diameter));
        }
        &self.avatars[&key]
    }
}

/// One or two letters that stand for a name: of the first and the last word, as in the call page.
#[must_use]
pub fn initials(name: &str) -> String {
    let letters: Vec<char> = name
        .split_whitespace()
        .filter_map(|word| word.chars().find(|c| c.is_alphanumeric()))
        .collect();
    match letters.as_slice() {
        [] => "?".to_owned(),
        [only] => only.to_uppercase().collect(),
        [first, .., last] => first.to_uppercase().chain(last.to_uppercase()).collect(),
    }
}

/// Which of the grounds somebody has: FNV-1a over the letters, as in the call page.
fn ground(name: &str) -> (Color, Color) {
    let hash = name
        .chars()
        .fold(0x811c_9dc5_u32, |hash, letter| (hash ^ letter as u32).wrapping_mul(0x0100_0193));
    let (top, bottom) = AVATARS[hash as usize % AVATARS.len()];
    (color(top), color(bottom))
}

/// How much of each pixel is covered by text, in the smallest rectangle around it.
struct Text {
    width: usize,
    height: usize,
    covered: Vec<u8>,
}

impl Text {
    fn at(&self, x: usize, y: usize) -> u8 {
        let is_inside = x < self.width && y < self.height;
        if is_inside { self.covered.get(y * self.width + x).copied().unwrap_or(0) } else { 0 }
    }
}

fn text_of(
    fonts: &mut FontSystem,
    glyphs: &mut SwashCache,
    text: &str,
    font: usize,
    most: usize,
) -> Text {
    let line = (font * 4).div_ceil(3);
    let mut buffer = Buffer::new(fonts, Metrics::new(font as f32, line as f32));
    let mut buffer = buffer.borrow_with(fonts);
    buffer.set_size(Some(most as f32), Some(line as f32));
    buffer.set_wrap(Wrap::None);
    buffer.set_ellipsize(Ellipsize::End(EllipsizeHeightLimit::Lines(1)));
    let attributes = Attrs::new().family(Family::SansSerif).weight(Weight::MEDIUM);
    // Direction marks and line ends of a name would move other text.
    let text: String = text.chars().filter(|letter| !letter.is_control()).collect();
    buffer.set_text(&text, &attributes, Shaping::Advanced, None);
    buffer.shape_until_scroll(true);
    let (stride, rows) = (most, line);
    let mut covered = vec![0_u8; stride * rows];
    let white = cosmic_text::Color::rgb(255, 255, 255);
    buffer.draw(glyphs, white, |x, y, width, height, color| {
        for (x, y) in (0..height as i32)
            .flat_map(|down| (0..width as i32).map(move |right| (x + right, y + down)))
        {
            if let (Ok(x), Ok(y)) = (usize::try_from(x), usize::try_from(y))
                && x < stride
                && let Some(pixel) = covered.get_mut(y * stride + x)
            {
                *pixel = (*pixel).max(color.a());
            }
        }
    });
    let used = |x: &usize| (0..rows).any(|y| covered.get(y * stride + x).is_some_and(|at| *at > 0));
    let left = (0..stride).find(used).unwrap_or(0);
    let right = (0..stride).rfind(used).map_or(left, |last| last + 1);
    let cut = covered.chunks(stride).flat_map(|row| row.get(left..right).unwrap_or_default());
    Text { width: right - left, height: rows, covered: cut.copied().collect() }
}

fn label_of(text: &Text, font: usize) -> Overlay {
    let margin = font / 2;
    let (width, height) = (text.width + 2 * margin, text.height + margin / 2);
    let (width, height) = (even(width + 1), even(height + 1));
    let radius = (height / 4) as f32;
    let (scrim, white) = (color(SCRIM), color(TEXT));
    let pixels = (0..height).flat_map(|y| (0..width).map(move |x| (x, y))).map(|(x, y)| {
        let corner = |at: usize, length: usize| {
            let at = at as f32 + 0.5;
            (radius - at).max(at - (length as f32 - radius)).max(0.0)
        };
        let inside = (radius - corner(x, width).hypot(corner(y, height)) + 0.5).clamp(0.0, 1.0);
        let covered = text.at(x.wrapping_sub(margin), y.wrapping_sub(margin / 4));
        over((scrim, (f32::from(SCRIM_ALPHA) * inside) as u8), white, covered)
    });
    Overlay { width, height, pixels: pixels.collect() }
}

fn avatar_of(text: &Text, name: &str, diameter: usize) -> Overlay {
    let side = even(diameter + 1);
    let (top, bottom) = ground(name);
    let radius = side as f32 / 2.0;
    let white = color(TEXT);
    let (left, above) = (side.saturating_sub(text.width) / 2, side.saturating_sub(text.height) / 2);
    let pixels = (0..side).flat_map(|y| (0..side).map(move |x| (x, y))).map(|(x, y)| {
        let (right, down) = (x as f32 + 0.5 - radius, y as f32 + 0.5 - radius);
        let inside = (radius - right.hypot(down) + 0.5).clamp(0.0, 1.0);
        let part = (y * 255 / side) as u8;
        let ground = [0, 1, 2].map(|plane| blend(top[plane], bottom[plane], part));
        let covered = text.at(x.wrapping_sub(left), y.wrapping_sub(above));
        over((ground, (255.0 * inside) as u8), white, covered)
    });
    Overlay { width: side, height: side, pixels: pixels.collect() }
}

/// Text over a ground that lets shine through.
fn over((ground, alpha): (Color, u8), text: Color, covered: u8) -> (Color, u8) {
    if covered == 0 {
        return (ground, alpha);
    }
    let color = [0, 1, 2].map(|plane| blend(ground[plane], text[plane], covered));
    (color, alpha.max(covered))
}

fn blend(below: u8, above: u8, part: u8) -> u8 {
    ((u32::from(below) * (255 - u32::from(part)) + u32::from(above) * u32::from(part)) / 255) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_are_those_of_the_call_page() {
        for (name, expected) in [
            ("Siti Rahayu", "SR"),
            ("budi", "B"),
            ("Dewi (Klinik Sehat)", "DS"),
            ("🙂 agus", "A"),
            ("", "?"),
            ("王 小明", "王小"),
        ] {
            assert_eq!(initials(name), expected, "{name}");
        }
    }

    #[test]
    fn names_of_any_length_and_script_get_a_label_that_fits() {
        let mut lettering = Lettering::default();
        for name in
            ["Siti", "Siti Nurhaliza binti Tarudin ".repeat(9).trim(), "سيتي", "\n\u{202e}x"]
        {
            let label = lettering.label(name, 320, 180);
            assert!(label.width <= 320 - 16 && label.height < 40, "{name}: {}", label.width);
            assert_eq!(label.pixels.len(), label.width * label.height);
            let light = label.pixels.iter().filter(|(color, alpha)| color[0] > 180 && *alpha > 180);
            assert!(light.count() > 10, "{name} cannot be read");
        }
    }

    #[test]
    fn an_avatar_is_a_circle_of_the_colour_of_its_name() {
        let mut lettering = Lettering::default();
        let avatar = lettering.avatar("Siti Rahayu", 100).clone();
        let at = |x: usize, y: usize| avatar.pixels[y * avatar.width + x];
        assert_eq!(at(0, 0).1, 0);
        assert_eq!(at(50, 2).1, 255);
        let (top, _) = ground("Siti Rahayu");
        assert!(at(50, 2).0[1].abs_diff(top[1]) < 4);
        assert!(avatar.pixels.iter().any(|(color, _)| color[0] > 200));
    }
}
