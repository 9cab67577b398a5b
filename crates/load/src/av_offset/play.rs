//! What people do in a call while it is recorded.

use std::time::Duration;

use anyhow::Context;
use jumpa_client::JoinOptions;
use jumpa_protocol::CallId;
use tokio::time::sleep;

use super::{Clip, Cue, Performer, Stage};

/// What happens in each act, and when, in hundredths of its length; or a little later, so that the
/// pictures that are missing until a vanished layer is noticed do not hide a flash.
const ACT: [(u32, Doing); 10] = [
    (15, Doing::Layers(2)),
    (30, Doing::Layers(1)),
    (40, Doing::Layers(3)),
    (45, Doing::Mute),
    (50, Doing::Leave),
    (60, Doing::Unmute),
    (65, Doing::Hide),
    (75, Doing::Show),
    (80, Doing::Return),
    (100, Doing::Nothing),
];

/// Whose turn it is to change what is sent,
const SECOND: u32 = 1;

/// and who leaves and comes back.
const THIRD: usize = 2;

/// What somebody does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Doing {
    /// The second sends so many layers of the picture from now on.
    Layers(u8),
    /// The second mutes the sound,
    Mute,
    /// and is heard again;
    Unmute,
    /// hides the picture,
    Hide,
    /// and is seen again.
    Show,
    /// The third leaves,
    Leave,
    /// and comes back.
    Return,
    /// The act is over.
    Nothing,
}

/// A call of three. The first stays as it is. The second mutes sound and picture in turn, and has a
/// network that at times carries fewer layers. The third leaves and returns.
#[derive(Debug)]
pub struct Play {
    clip: Clip,
    people: [JoinOptions; 3],
    stage: Stage,
    fast_ppm: f64,
    performers: [Option<Performer>; 3],
    cues: Vec<Cue>,
}

impl Play {
    /// Everybody joins and begins. The clocks of the sound of the first and the third are fast by so
    /// many parts per million, that of the second is slow.
    ///
    /// # Errors
    /// When ffmpeg makes no media, or the server refuses.
    pub async fn begin(people: [JoinOptions; 3], fast_ppm: f64) -> anyhow::Result<Self> {
        let mut play = Self {
            clip: Clip::encode()?,
            people,
            stage: Stage::new(3),
            fast_ppm,
            performers: [const { None }; 3],
            cues: Vec::new(),
        };
        for number in 0..play.performers.len() {
            play.enter(number).await?;
        }
        Ok(play)
    }

    /// The call that the first is in.
    #[must_use]
    pub fn call_id(&self) -> Option<CallId> {
        self.performers[0].as_ref().map(Performer::call_id)
    }

    /// Plays acts of a length, and gives what was to be seen and heard, when all have left.
    ///
    /// # Errors
    /// When the server refuses something.
    pub async fn run(mut self, act: Duration, acts: u32) -> anyhow::Result<Vec<Cue>> {
        let began = self.stage.elapsed();
        for number in 0..acts {
            for (hundredth, doing) in ACT {
                let until = began + act * number + act * hundredth / 100;
                let until = self.stage.between_cues(SECOND, until);
                sleep(until.saturating_sub(self.stage.elapsed())).await;
                self.act(doing).await.with_context(|| format!("playing {doing:?}"))?;
            }
        }
        for number in 0..self.performers.len() {
            self.exit(number).await;
        }
        Ok(self.cues)
    }

    async fn act(&mut self, doing: Doing) -> anyhow::Result<()> {
        let [_, Some(second), _] = &self.performers else { return Ok(()) };
        match doing {
            Doing::Layers(layers) => second.send_layers(layers),
            Doing::Mute => second.set_sound(false).await?,
            Doing::Unmute => second.set_sound(true).await?,
            Doing::Hide => second.set_picture(false).await?,
            Doing::Show => second.set_picture(true).await?,
            Doing::Leave => self.exit(THIRD).await,
            Doing::Return => self.enter(THIRD).await?,
            Doing::Nothing => {}
        }
        Ok(())
    }

    async fn enter(&mut self, number: usize) -> anyhow::Result<()> {
        let fast_ppm = if number == 1 { -self.fast_ppm } else { self.fast_ppm };
        let options = self.people[number].clone();
        let turn = number as u32;
        let performer = Performer::join(options, &self.clip, self.stage, turn, fast_ppm).await?;
        self.performers[number] = Some(performer);
        Ok(())
    }

    async fn exit(&mut self, number: usize) {
        if let Some(performer) = self.performers[number].take() {
            self.cues.extend(performer.leave().await);
        }
    }
}
