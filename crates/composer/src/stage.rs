//! Draws a scene.

use std::collections::HashMap;

use jumpa_protocol::{SourceKind, signal::SourceState};

use crate::{
    layout::Tile,
    lettering::Lettering,
    picture::{Area, Overlay, Picture, color, even},
    scaler::Scaler,
    scene::Scene,
    sources::{Shown, SourceKey, Sources},
};

/// A camera that sends nothing for so long has stopped, whatever the log says; a screen may stand
/// still for as long as it likes.
const HOLD_MS: u64 = 4_000;

/// The log tells of a source a little after its first picture came.
const SLACK_MS: u64 = 500;

/// Between the logo and the corner.
const LOGO_MARGIN: usize = 16;

/// The border around who speaks.
const RING: usize = 4;

/// Colours of the call page: behind everything, of a tile, of its line, and around who speaks.
const CANVAS: u32 = 0x000b_1014;
const TILE: u32 = 0x001b_242a;
const LINE: u32 = 0x002b_373f;
const SPEAKING: u32 = 0x006c_c8c3;

/// What stands in a tile. When it is the same as before, the tile is left as it is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Content {
    tile: Tile,
    name: String,
    speaks: bool,
    degrees: u16,
    /// Of the picture; none of an avatar.
    serial: Option<u64>,
}

/// The canvas that everybody is drawn on.
#[derive(Debug)]
pub struct Stage {
    canvas: Picture,
    has_names: bool,
    logo: Option<Overlay>,
    drawn: Vec<Content>,
    scalers: HashMap<SourceKey, Scaler>,
    lettering: Lettering,
}

impl Stage {
    /// An empty canvas.
    #[must_use]
    pub fn new((width, height): (u16, u16), has_names: bool, logo: Option<Overlay>) -> Self {
        let canvas = Picture::new(width.into(), height.into(), color(CANVAS));
        Self {
            canvas,
            has_names,
            logo,
            drawn: Vec::new(),
            scalers: HashMap::new(),
            lettering: Lettering::default(),
        }
    }

    /// What was drawn last.
    #[must_use]
    pub const fn canvas(&self) -> &Picture {
        &self.canvas
    }

    /// Draws everybody at their place. `true` when there is a picture among them.
    pub fn draw(&mut self, now_ms: u64, tiles: &[Tile], scene: &Scene, sources: &Sources) -> bool {
        let content: Vec<(Content, Option<&Shown>)> =
            tiles.iter().map(|tile| self.content(now_ms, *tile, scene, sources)).collect();
        if !self.drawn.iter().map(|content| &content.tile).eq(tiles) {
            self.drawn.clear();
            let (width, height) = self.canvas.size();
            self.canvas.fill(Area { x: 0, y: 0, width, height }, color(CANVAS));
        }
        let is_drawn = |index: usize, content: &Content| self.drawn.get(index) == Some(content);
        let is_same = content.iter().enumerate().all(|(index, (of, _))| is_drawn(index, of));
        let has_face = content.iter().any(|(_, shown)| shown.is_some());
        if is_same && !content.is_empty() {
            return has_face;
        }
        // The logo lets shine through what is below it, so that is drawn anew.
        let logo = self.logo_area();
        if let Some(area) = logo {
            self.canvas.fill(area, color(CANVAS));
        }
        let is_below = |area: Area| logo.is_some_and(|logo| logo.meets(area));
        let drawn = std::mem::take(&mut self.drawn);
        for (index, (content, shown)) in content.iter().enumerate() {
            if drawn.get(index) != Some(content) || is_below(content.tile.area) {
                self.draw_tile(content, *shown);
            }
        }
        self.drawn = content.into_iter().map(|(content, _)| content).collect();
        if let (Some(logo), Some(Area { x, y, .. })) = (&self.logo, logo) {
            self.canvas.lay(x, y, logo);
        }
        has_face
    }

    fn logo_area(&self) -> Option<Area> {
        let Overlay { width, height, .. } = *self.logo.as_ref()?;
        let x = even(self.canvas.size().0.saturating_sub(width + LOGO_MARGIN));
        Some(Area { x, y: LOGO_MARGIN, width: even(width + 1), height: even(height + 1) })
    }

    fn content<'a>(
        &self,
        now_ms: u64,
        tile: Tile,
        scene: &Scene,
        sources: &'a Sources,
    ) -> (Content, Option<&'a Shown>) {
        let Tile { participant_id, source, .. } = tile;
        let state = scene.source(participant_id, source);
        let shown = sources.picture((participant_id, source)).filter(|shown| {
            let is_held = source == SourceKind::Screen || shown.at_ms + HOLD_MS > now_ms;
            state.is_some_and(|state| {
                state.state == SourceState::Live
                    && shown.at_ms + SLACK_MS >= state.since_ms
                    && is_held
            })
        });
        let content = Content {
            tile,
            name: scene.name(participant_id).to_owned(),
            speaks: source == SourceKind::Camera && scene.speaks(participant_id),
            degrees: state.map_or(0, |state| state.degrees),
            serial: shown.map(|shown| shown.serial),
        };
        (content, shown)
    }

    fn draw_tile(&mut self, content: &Content, shown: Option<&Shown>) {
        let Content { tile: Tile { participant_id, source, area }, name, .. } = content;
        let picture = shown.and_then(|shown| {
            self.fitted((*participant_id, *source), &shown.picture, content.degrees, *area)
        });
        match picture {
            Some((place, picture)) => {
                if place != *area {
                    self.canvas.fill(*area, color(TILE));
                }
                self.canvas.draw(place.x, place.y, &picture);
            }
            None => self.draw_avatar(name, *area),
        }
        let (width, line) = if content.speaks { (RING, SPEAKING) } else { (2, LINE) };
        self.canvas.frame(*area, width, color(line));
        if self.has_names && !name.trim().is_empty() {
            let label = self.lettering.label(name, area.width, area.height);
            let bottom = area.y + area.height.saturating_sub(label.height + 8);
            self.canvas.lay(area.x + 8, bottom, label);
        }
    }

    /// The picture as large as it fits into the tile, and its place.
    fn fitted(
        &mut self,
        key: SourceKey,
        picture: &Picture,
        degrees: u16,
        area: Area,
    ) -> Option<(Area, Picture)> {
        let is_across = matches!(degrees, 90 | 270);
        let (width, height) = picture.size();
        let place = area.fit(if is_across { (height, width) } else { (width, height) });
        let size =
            if is_across { (place.height, place.width) } else { (place.width, place.height) };
        let scaled = if picture.size() == size {
            picture.clone()
        } else {
            if !self.scalers.get(&key).is_some_and(|scaler| scaler.is_for(picture.size(), size)) {
                self.scalers.insert(key, Scaler::new(picture.size(), size)?);
            }
            self.scalers.get(&key)?.scale(picture)?
        };
        Some((place, if degrees == 0 { scaled } else { scaled.turned(degrees) }))
    }

    fn draw_avatar(&mut self, name: &str, area: Area) {
        self.canvas.fill(area, color(TILE));
        let diameter = area.width.min(area.height) * 2 / 5;
        let avatar = self.lettering.avatar(name, diameter);
        let x = area.x + (area.width - avatar.width) / 2;
        let y = area.y + (area.height - avatar.height) / 2;
        self.canvas.lay(x, y, avatar);
    }
}
