//! Fuzz targets on any toolchain: their seeds, and changed copies of them.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::atomic::{AtomicUsize, Ordering},
};

use crate::Rng;

/// Panics that happened while a target ran, those included that the crate under test catches.
static PANICS: AtomicUsize = AtomicUsize::new(0);

/// The inputs that a fuzz target starts from.
#[derive(Debug)]
pub struct Seeds {
    seeds: Vec<Vec<u8>>,
    letters: Option<&'static [u8]>,
}

impl Seeds {
    /// Every file of a folder below the checkout.
    ///
    /// # Panics
    /// When there is none, or one cannot be read.
    #[must_use]
    pub fn in_folder(folder: &str) -> Self {
        let folder = PathBuf::from(env!("JUMPA_CHECKOUT")).join(folder);
        let seeds = read(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        assert!(!seeds.is_empty(), "{} holds no seeds", folder.display());
        Self { seeds, letters: None }
    }

    /// Exchanges bytes for these, which mean something in the format, and not for any.
    #[must_use]
    pub const fn with_letters(mut self, letters: &'static [u8]) -> Self {
        self.letters = Some(letters);
        self
    }

    /// Runs a target on every seed and on changed copies, the same ones each time.
    ///
    /// # Panics
    /// When the target does, also in what catches panics.
    pub fn attack(&self, target: fn(&[u8]), copies: usize) {
        std::panic::set_hook(Box::new(|info| {
            PANICS.fetch_add(1, Ordering::SeqCst);
            eprintln!("{info}");
        }));
        let mut rng = Rng::new(0x6a75_6d70_6100);
        let changed = (0..copies).map(|_| self.changed(&mut rng));
        for input in self.seeds.iter().cloned().chain(changed) {
            target(&input);
            let panics = PANICS.load(Ordering::SeqCst);
            assert_eq!(panics, 0, "it panicked on {}", String::from_utf8_lossy(&input));
        }
    }

    /// A copy with some bytes flipped, exchanged, cut out, repeated or taken from another seed.
    fn changed(&self, rng: &mut Rng) -> Vec<u8> {
        let mut below = |limit: usize| rng.below(limit.max(1) as u64) as usize;
        let mut bytes = self.seeds[below(self.seeds.len())].clone();
        for _ in 0..=below(4) {
            let at = below(bytes.len());
            let len = below(16).min(bytes.len() - at);
            match below(6) {
                0 if self.letters.is_none() => {
                    bytes.iter_mut().skip(at).take(1).for_each(|byte| *byte ^= 1 << below(8));
                }
                0 | 1 => {
                    let new = match self.letters {
                        Some(letters) => letters[below(letters.len())],
                        None => below(256) as u8,
                    };
                    bytes.iter_mut().skip(at).take(1).for_each(|byte| *byte = new);
                }
                2 => bytes.truncate(at),
                3 => drop(bytes.drain(at..at + len)),
                4 => {
                    let again = bytes[at..at + len].to_vec();
                    bytes.splice(at..at, again);
                }
                _ => {
                    let other = &self.seeds[below(self.seeds.len())];
                    bytes.truncate(at);
                    bytes.extend_from_slice(&other[below(other.len())..]);
                }
            }
        }
        bytes
    }
}

fn read(folder: &Path) -> std::io::Result<Vec<Vec<u8>>> {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<std::io::Result<_>>()?;
    paths.sort();
    paths.iter().map(fs::read).collect()
}
