//! Pictures in memory, and drawing on them.

/// A colour: luma and two chroma, BT.601 with 16 to 235.
pub type Color = [u8; 3];

/// What WebRTC sends and H.264 takes: full luma, and each chroma once for four pixels (I420).
/// BT.601, whatever the size: pictures of calls are so by custom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    width: usize,
    height: usize,
    /// Luma, then both chroma, each without padding.
    data: Vec<u8>,
}

/// A place on a picture. All even, since chroma is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Area {
    /// From the left.
    pub x: usize,
    /// From the top.
    pub y: usize,
    /// Pixels.
    pub width: usize,
    /// Pixels.
    pub height: usize,
}

impl Area {
    /// The largest area of a shape inside, in the middle.
    #[must_use]
    pub fn fit(self, shape: (usize, usize)) -> Self {
        let (width, height) = (shape.0.max(1), shape.1.max(1));
        let (fitted_width, fitted_height) = if self.width * height <= self.height * width {
            (self.width, self.width * height / width)
        } else {
            (self.height * width / height, self.height)
        };
        let (width, height) = (even(fitted_width).max(2), even(fitted_height).max(2));
        Self {
            x: self.x + even(self.width.saturating_sub(width) / 2),
            y: self.y + even(self.height.saturating_sub(height) / 2),
            width,
            height,
        }
    }

    /// Whether the two have a pixel in common.
    #[must_use]
    pub const fn meets(self, other: Self) -> bool {
        self.x < other.x + other.width
            && other.x < self.x + self.width
            && self.y < other.y + other.height
            && other.y < self.y + self.height
    }
}

/// The next even number below.
#[must_use]
pub const fn even(number: usize) -> usize {
    number & !1
}

/// Something that lets shine through what is below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overlay {
    /// Pixels.
    pub width: usize,
    /// Pixels.
    pub height: usize,
    /// Row by row: the colour, and how much of it is seen, 0 to 255.
    pub pixels: Vec<(Color, u8)>,
}

/// A colour of the web as pictures have it (BT.601).
#[must_use]
pub fn color(rgb: u32) -> Color {
    let [_, red, green, blue] = rgb.to_be_bytes().map(i32::from);
    let luma = (66 * red + 129 * green + 25 * blue + 128) / 256 + 16;
    let blueness = (-38 * red - 74 * green + 112 * blue + 128) / 256 + 128;
    let redness = (112 * red - 94 * green - 18 * blue + 128) / 256 + 128;
    [luma, blueness, redness].map(|value| value.clamp(0, 255) as u8)
}

impl Picture {
    /// A picture of one colour. Lengths are made even.
    #[must_use]
    pub fn new(width: usize, height: usize, [luma, blueness, redness]: Color) -> Self {
        let (width, height) = (even(width), even(height));
        let pixels = width * height;
        let mut data = vec![luma; pixels];
        data.resize(pixels * 5 / 4, blueness);
        data.resize(pixels * 3 / 2, redness);
        Self { width, height, data }
    }

    /// Copies planes that have padding. Lengths that are odd lose a line. `None` when there is less
    /// than was said.
    #[must_use]
    pub fn from_planes(
        (width, height): (usize, usize),
        planes: [&[u8]; 3],
        strides: [usize; 3],
    ) -> Option<Self> {
        let (width, height) = (even(width), even(height));
        let mut data = Vec::with_capacity(width * height * 3 / 2);
        for (index, (plane, stride)) in planes.into_iter().zip(strides).enumerate() {
            let by = if index == 0 { 1 } else { 2 };
            for row in 0..height / by {
                data.extend_from_slice(plane.get(row * stride..row * stride + width / by)?);
            }
        }
        (width > 0 && height > 0).then_some(Self { width, height, data })
    }

    /// Width and height.
    #[must_use]
    pub const fn size(&self) -> (usize, usize) {
        (self.width, self.height)
    }

    /// All planes one after the other, without padding.
    #[must_use]
    pub fn data(&self) -> &[u8] {
        &self.data
    }

    /// The planes, with how far their rows are from each other.
    #[must_use]
    pub fn planes(&self) -> [(&[u8], usize); 3] {
        let (luma, chroma) = self.data.split_at(self.width * self.height);
        let (blueness, redness) = chroma.split_at(chroma.len() / 2);
        [(luma, self.width), (blueness, self.width / 2), (redness, self.width / 2)]
    }

    fn planes_mut(&mut self) -> [(&mut [u8], usize); 3] {
        let (luma, chroma) = self.data.split_at_mut(self.width * self.height);
        let (blueness, redness) = chroma.split_at_mut(chroma.len() / 2);
        [(luma, self.width), (blueness, self.width / 2), (redness, self.width / 2)]
    }

    /// The colour of a pixel.
    #[must_use]
    pub fn at(&self, x: usize, y: usize) -> Option<Color> {
        let [luma, blueness, redness] = self.planes();
        let chroma = y / 2 * blueness.1 + x / 2;
        (x < self.width).then_some(())?;
        Some([*luma.0.get(y * luma.1 + x)?, *blueness.0.get(chroma)?, *redness.0.get(chroma)?])
    }

    /// Fills an area.
    pub fn fill(&mut self, area: Area, color: Color) {
        for_rows(self.planes_mut(), area, |plane, row, _| row.fill(color[plane]));
    }

    /// Draws a line of a width along the inner border of an area.
    pub fn frame(&mut self, area: Area, width: usize, color: Color) {
        let Area { x, y, width: across, height } = area;
        let (right, bottom) = (x + across.saturating_sub(width), y + height.saturating_sub(width));
        for (x, y, across, height) in [
            (x, y, across, width),
            (x, bottom, across, width),
            (x, y, width, height),
            (right, y, width, height),
        ] {
            self.fill(Area { x, y, width: across, height }, color);
        }
    }

    /// Copies another picture into it, cut off at the borders.
    pub fn draw(&mut self, x: usize, y: usize, other: &Self) {
        let area = Area { x, y, width: other.width, height: other.height };
        let from = other.planes();
        for_rows(self.planes_mut(), area, |plane, row, number| {
            let (pixels, stride) = from[plane];
            if let Some(source) = pixels.get(number * stride..number * stride + row.len()) {
                row.copy_from_slice(source);
            }
        });
    }

    /// Lays something over it, cut off at the borders. `x` and `y` are made even.
    pub fn lay(&mut self, x: usize, y: usize, overlay: &Overlay) {
        let (left, top) = (even(x), even(y));
        let width = overlay.width.min(self.width.saturating_sub(left));
        let height = overlay.height.min(self.height.saturating_sub(top));
        let seen = |x: usize, y: usize| {
            overlay.pixels.get(y * overlay.width + x).copied().filter(|_| x < width && y < height)
        };
        let [luma, blueness, redness] = self.planes_mut();
        for (x, y) in (0..height).flat_map(|y| (0..width).map(move |x| (x, y))) {
            if let Some((color, alpha)) = seen(x, y).filter(|(_, alpha)| *alpha > 0)
                && let Some(pixel) = luma.0.get_mut((top + y) * luma.1 + left + x)
            {
                *pixel = mix(*pixel, color[0], alpha);
            }
        }
        let quads =
            (0..height.div_ceil(2)).flat_map(|y| (0..width.div_ceil(2)).map(move |x| (x, y)));
        for (x, y) in quads {
            let quad = [(0, 0), (1, 0), (0, 1), (1, 1)]
                .map(|(right, below)| seen(2 * x + right, 2 * y + below).unwrap_or_default());
            let alphas: u32 = quad.iter().map(|(_, alpha)| u32::from(*alpha)).sum();
            if alphas == 0 {
                continue;
            }
            let at = (top / 2 + y) * blueness.1 + left / 2 + x;
            for (plane, (pixels, _)) in [(1, &mut *blueness.0), (2, &mut *redness.0)]
                .map(|(plane, pixels)| (plane, (pixels, ())))
            {
                let weighed: u32 = quad
                    .iter()
                    .map(|(color, alpha)| u32::from(color[plane]) * u32::from(*alpha))
                    .sum();
                if let Some(pixel) = pixels.get_mut(at) {
                    *pixel = mix(*pixel, (weighed / alphas) as u8, (alphas / 4) as u8);
                }
            }
        }
    }

    /// The picture turned clockwise by a multiple of 90 degrees.
    #[must_use]
    pub fn turned(&self, degrees: u16) -> Self {
        let (width, height) = match degrees {
            90 | 270 => (self.height, self.width),
            180 => (self.width, self.height),
            _ => return self.clone(),
        };
        let mut turned = Self::new(width, height, [0; 3]);
        let from = self.planes();
        for (index, (plane, stride)) in turned.planes_mut().into_iter().enumerate() {
            let (pixels, from_stride) = from[index];
            let rows = plane.len() / stride.max(1);
            for (y, row) in plane.chunks_exact_mut(stride.max(1)).enumerate() {
                for (x, pixel) in row.iter_mut().enumerate() {
                    let (from_x, from_y) = match degrees {
                        90 => (y, stride - 1 - x),
                        180 => (stride - 1 - x, rows - 1 - y),
                        _ => (rows - 1 - y, x),
                    };
                    *pixel = pixels.get(from_y * from_stride + from_x).copied().unwrap_or(0);
                }
            }
        }
        turned
    }
}

fn mix(below: u8, above: u8, alpha: u8) -> u8 {
    let alpha = u32::from(alpha);
    ((u32::from(below) * (255 - alpha) + u32::from(above) * alpha + 127) / 255) as u8
}

/// Calls back for every row of an area in every plane, with the row's number in the area.
fn for_rows(
    planes: [(&mut [u8], usize); 3],
    area: Area,
    mut with: impl FnMut(usize, &mut [u8], usize),
) {
    for (index, (plane, stride)) in planes.into_iter().enumerate() {
        let by = if index == 0 { 1 } else { 2 };
        let width = (area.width / by).min(stride.saturating_sub(area.x / by));
        let rows = plane.chunks_exact_mut(stride.max(1)).skip(area.y / by);
        for (number, row) in rows.take(area.height / by).enumerate() {
            if let Some(row) = row.get_mut(area.x / by..area.x / by + width) {
                with(index, row, number);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BLACK: Color = [16, 128, 128];
    const RED: Color = [81, 90, 240];

    #[test]
    fn colors_of_the_web_are_those_of_bt_601() {
        assert_eq!(color(0x00ff_0000), [82, 91, 240]);
        assert_eq!(color(0x00ff_ffff), [235, 128, 128]);
        assert_eq!(color(0), BLACK);
    }

    #[test]
    fn a_picture_lands_where_it_is_drawn_and_is_cut_off_at_the_border() {
        let mut canvas = Picture::new(16, 8, BLACK);
        canvas.draw(12, 4, &Picture::new(8, 8, RED));
        assert_eq!(canvas.at(11, 4), Some(BLACK));
        assert_eq!(canvas.at(12, 3), Some(BLACK));
        assert_eq!(canvas.at(12, 4), Some(RED));
        assert_eq!(canvas.at(15, 7), Some(RED));
        assert_eq!(canvas.at(16, 7), None);
    }

    #[test]
    fn a_picture_turns_clockwise() {
        let mut upright = Picture::new(8, 4, BLACK);
        upright.fill(Area { x: 0, y: 0, width: 2, height: 2 }, RED);
        for (degrees, size, corner) in [
            (0, (8, 4), (0, 0)),
            (90, (4, 8), (3, 0)),
            (180, (8, 4), (7, 3)),
            (270, (4, 8), (0, 7)),
        ] {
            let turned = upright.turned(degrees);
            assert_eq!(turned.size(), size);
            assert_eq!(turned.at(corner.0, corner.1), Some(RED), "{degrees}");
            assert_eq!(turned.data().iter().filter(|pixel| **pixel == RED[0]).count(), 4);
        }
    }

    #[test]
    fn what_lies_above_shines_through_as_much_as_it_says() {
        let mut canvas = Picture::new(8, 8, [100, 128, 128]);
        let pixels = vec![([200, 228, 28], 128); 16];
        canvas.lay(2, 2, &Overlay { width: 4, height: 4, pixels });
        assert_eq!(canvas.at(3, 3), Some([150, 178, 78]));
        assert_eq!(canvas.at(1, 1), Some([100, 128, 128]));
    }

    #[test]
    fn a_shape_fits_into_the_middle() {
        let area = Area { x: 0, y: 0, width: 640, height: 360 };
        assert_eq!(area.fit((1280, 720)), area);
        assert_eq!(area.fit((720, 1280)), Area { x: 218, y: 0, width: 202, height: 360 });
        assert_eq!(area.fit((100, 10)), Area { x: 0, y: 148, width: 640, height: 64 });
    }
}
