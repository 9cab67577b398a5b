//! Where people stand.

use jumpa_protocol::{ParticipantId, SourceKind, recording::RecordingLayout};

use crate::picture::{Area, even};

/// Tiles of a grid at most. More would show nobody's face.
const MAX_TILES: usize = 25;

/// Tiles beside a stage at most.
const MAX_BESIDE: usize = 9;

/// Who can be shown.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Audience {
    /// Everybody who is there, in the order in which they came.
    pub people: Vec<ParticipantId>,
    /// Who spoke last.
    pub speaker: Option<ParticipantId>,
    /// Whose screen is shared.
    pub presenter: Option<ParticipantId>,
}

/// A place with what belongs there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Tile {
    /// Whose.
    pub participant_id: ParticipantId,
    /// Camera or screen.
    pub source: SourceKind,
    /// Where.
    pub area: Area,
}

/// Places people on a canvas of `width` and `height` pixels. A shared screen takes the stage in
/// every layout.
#[must_use]
pub fn arrange(
    layout: RecordingLayout,
    (width, height): (usize, usize),
    audience: &Audience,
) -> Vec<Tile> {
    let canvas = Area { x: 0, y: 0, width, height };
    let camera = |participant_id: ParticipantId| (participant_id, SourceKind::Camera);
    let screen = audience.presenter.map(|presenter| (presenter, SourceKind::Screen));
    let speaker = audience.speaker.or_else(|| audience.people.first().copied());
    let cameras: Vec<Shown> = audience.people.iter().copied().map(camera).collect();
    match layout {
        RecordingLayout::Grid => match screen {
            None => grid(canvas, &chosen(&cameras, speaker, MAX_TILES)),
            Some(screen) => beside(canvas, screen, &chosen(&cameras, speaker, MAX_BESIDE)),
        },
        RecordingLayout::Speaker => match (screen, speaker.map(camera)) {
            (Some(screen), _) => below(canvas, screen, &chosen(&cameras, speaker, MAX_BESIDE)),
            (None, Some(stage)) => {
                let others: Vec<Shown> =
                    cameras.into_iter().filter(|other| *other != stage).collect();
                below(canvas, stage, &chosen(&others, None, MAX_BESIDE))
            }
            (None, None) => Vec::new(),
        },
        RecordingLayout::SideBySide => match screen {
            Some(screen) => halves(canvas, &[Some(screen), speaker.map(camera)]),
            None => halves(canvas, &[cameras.first().copied(), cameras.get(1).copied()]),
        },
        RecordingLayout::Single => {
            screen.or(speaker.map(camera)).map(|shown| tile(shown, canvas)).into_iter().collect()
        }
    }
}

type Shown = (ParticipantId, SourceKind);

const fn tile((participant_id, source): Shown, area: Area) -> Tile {
    Tile { participant_id, source, area }
}

/// The first so many, with who speaks among them.
fn chosen(all: &[Shown], speaker: Option<ParticipantId>, most: usize) -> Vec<Shown> {
    let mut chosen: Vec<Shown> = all.iter().take(most).copied().collect();
    let missing =
        all.iter().skip(most).find(|(participant_id, _)| Some(*participant_id) == speaker);
    if let (Some(missing), Some(last)) = (missing, chosen.last_mut()) {
        *last = *missing;
    }
    chosen
}

/// Everybody the same size, as large as can be; the last row stands in the middle.
fn grid(area: Area, all: &[Shown]) -> Vec<Tile> {
    let count = all.len();
    let width_of = |columns: usize| {
        let rows = count.div_ceil(columns);
        (area.width / columns).min(area.height / rows * 16 / 9)
    };
    let Some(columns) = (1..=count).max_by_key(|columns| width_of(*columns)) else {
        return Vec::new();
    };
    let (width, height) = (even(width_of(columns)), even(width_of(columns) * 9 / 16));
    let rows = count.div_ceil(columns);
    let top = area.y + even(area.height.saturating_sub(rows * height) / 2);
    let mut tiles = Vec::with_capacity(count);
    for (row, line) in all.chunks(columns).enumerate() {
        let left = area.x + even(area.width.saturating_sub(line.len() * width) / 2);
        for (column, shown) in line.iter().enumerate() {
            let place = Area { x: left + column * width, y: top + row * height, width, height };
            tiles.push(tile(*shown, place));
        }
    }
    tiles
}

/// A stage with the others in a column at its right.
fn beside(canvas: Area, stage: Shown, others: &[Shown]) -> Vec<Tile> {
    let width = if others.is_empty() { canvas.width } else { even(canvas.width * 3 / 4) };
    let column = Area { x: width, width: canvas.width - width, ..canvas };
    let mut tiles = vec![tile(stage, Area { width, ..canvas })];
    tiles.extend(grid(column, others));
    tiles
}

/// A stage with the others in a row below.
fn below(canvas: Area, stage: Shown, others: &[Shown]) -> Vec<Tile> {
    let height = if others.is_empty() { canvas.height } else { even(canvas.height * 3 / 4) };
    let row = Area { y: height, height: canvas.height - height, ..canvas };
    let mut tiles = vec![tile(stage, Area { height, ..canvas }.fit((16, 9)))];
    tiles.extend(grid(row, others));
    tiles
}

/// Two halves; one who is alone has everything.
fn halves(canvas: Area, shown: &[Option<Shown>; 2]) -> Vec<Tile> {
    match shown {
        [Some(left), Some(right)] => {
            let width = even(canvas.width / 2);
            let other = Area { x: width, width: canvas.width - width, ..canvas };
            vec![tile(*left, Area { width, ..canvas }), tile(*right, other)]
        }
        [Some(only), None] | [None, Some(only)] => vec![tile(*only, canvas)],
        [None, None] => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HD: (usize, usize) = (1280, 720);

    fn audience(count: usize) -> Audience {
        let people = (0..count).map(|_| ParticipantId::generate()).collect();
        Audience { people, speaker: None, presenter: None }
    }

    fn places(tiles: &[Tile]) -> Vec<(usize, usize, usize, usize)> {
        tiles
            .iter()
            .map(|Tile { area: Area { x, y, width, height }, .. }| (*x, *y, *width, *height))
            .collect()
    }

    #[test]
    fn a_grid_gives_everybody_the_same_room_and_layers_fit_its_tiles() {
        let of = |count| places(&arrange(RecordingLayout::Grid, HD, &audience(count)));
        assert_eq!(of(0), []);
        assert_eq!(of(1), [(0, 0, 1280, 720)]);
        assert_eq!(of(2), [(0, 180, 640, 360), (640, 180, 640, 360)]);
        assert_eq!(of(3), [(0, 0, 640, 360), (640, 0, 640, 360), (320, 360, 640, 360)]);
        assert_eq!(of(4)[3], (640, 360, 640, 360));
        assert_eq!(of(16)[0], (0, 0, 320, 180));
        assert_eq!(of(60).len(), MAX_TILES);
    }

    #[test]
    fn tiles_are_even_inside_the_canvas_and_never_overlap() {
        let layouts = RecordingLayout::ALL;
        for (layout, count) in layouts.iter().flat_map(|layout| (0..40).map(move |n| (layout, n))) {
            for is_presented in [false, true] {
                let mut audience = audience(count);
                audience.presenter = audience.people.last().copied().filter(|_| is_presented);
                let tiles = arrange(*layout, HD, &audience);
                assert_eq!(tiles.is_empty(), count == 0);
                for (index, Tile { area, .. }) in tiles.iter().enumerate() {
                    let Area { x, y, width, height } = *area;
                    assert!([x, y, width, height].iter().all(|length| length % 2 == 0), "{area:?}");
                    assert!(width >= 64 && x + width <= 1280 && y + height <= 720, "{area:?}");
                    let overlaps = tiles.iter().skip(index + 1).any(|other| area.meets(other.area));
                    assert!(!overlaps, "{layout:?} of {count}");
                }
            }
        }
    }

    #[test]
    fn a_shared_screen_takes_the_stage_in_every_layout() {
        let mut audience = audience(3);
        audience.presenter = Some(audience.people[1]);
        for layout in RecordingLayout::ALL {
            let tiles = arrange(*layout, HD, &audience);
            let shown = (tiles[0].participant_id, tiles[0].source);
            assert_eq!(shown, (audience.people[1], SourceKind::Screen), "{layout:?}");
            assert!(tiles[0].area.width >= 640);
        }
    }

    #[test]
    fn who_speaks_is_on_stage_and_is_never_left_out() {
        let mut audience = audience(40);
        let speaker = audience.people[39];
        audience.speaker = Some(speaker);
        for layout in [RecordingLayout::Speaker, RecordingLayout::Single] {
            assert_eq!(arrange(layout, HD, &audience)[0].participant_id, speaker);
        }
        let tiles = arrange(RecordingLayout::Grid, HD, &audience);
        assert!(tiles.iter().any(|tile| tile.participant_id == speaker));
    }
}
