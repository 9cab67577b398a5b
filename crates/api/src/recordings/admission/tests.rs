use proptest::{
    collection::vec,
    prelude::{ProptestConfig, Strategy, any, prop_assert, prop_assert_eq, proptest},
};

use super::*;

fn app(name: &str) -> AppId {
    name.parse().unwrap()
}

fn recorder(id: &str, millicores: u32) -> Capacity {
    Capacity { id: id.to_owned(), millicores, measured: 0, takes_jobs: true, has_folder: true }
}

fn slots(guaranteed: u32, burst: Option<u32>, weight: u32) -> RecordingSlots {
    RecordingSlots { guaranteed, burst, weight }
}

/// Recorders with jobs that come and go.
#[derive(Clone, Default)]
struct World {
    picture: Picture,
    admission: Admission,
    /// Which jobs run, in the order of the picture.
    running: Vec<RecordingId>,
}

impl World {
    fn new(recorders: &[u32], slots: &[(&str, RecordingSlots)]) -> Self {
        let names = ["perekam-1", "perekam-2", "perekam-3", "perekam-4"];
        let recorders = names.iter().zip(recorders).map(|(id, much)| recorder(id, *much)).collect();
        let slots = slots.iter().map(|(name, slots)| (app(name), *slots)).collect();
        Self { picture: Picture { recorders, slots, ..Picture::default() }, ..Self::default() }
    }

    fn ask(&mut self, name: &str, cost: u32) -> RecordingId {
        self.ask_for(name, cost, true)
    }

    fn ask_for(&mut self, name: &str, cost: u32, needs_folder: bool) -> RecordingId {
        let id = RecordingId::generate();
        let app_id = app(name);
        self.picture.waiting.push(WaitingJob { id, app_id, cost, lasts_ms: None, needs_folder });
        id
    }

    fn decide(&mut self) -> Decision {
        let decision = self.admission.decide(self.picture.clone(), 0);
        for (id, recorder_id) in &decision.begins {
            let at = self.picture.waiting.iter().position(|job| job.id == *id).unwrap();
            self.picture.begin(at, recorder_id.clone());
            self.running.push(*id);
        }
        decision
    }

    /// The job that began so long ago is over.
    fn end(&mut self, index: usize) {
        self.picture.running.remove(index);
        self.running.remove(index);
    }

    fn runs(&self, id: RecordingId) -> bool {
        self.running.contains(&id)
    }

    fn used(&self, name: &str) -> u32 {
        self.picture.used(&app(name))
    }
}

#[test]
fn a_recorder_without_the_folder_of_the_server_records_into_buckets_alone() {
    let mut world = World::new(&[1_000, 1_000], &[]);
    world.picture.recorders[1].has_folder = false;
    // Into the folder: the second fits nowhere, though a recorder is idle.
    let [first, second] = [world.ask("klinik", 500), world.ask("klinik", 600)];
    let into_bucket = world.ask_for("toko", 700, false);
    let decision = world.decide();
    let first = (first, "perekam-1".to_owned());
    assert_eq!(decision.begins, [first, (into_bucket, "perekam-2".to_owned())]);
    assert_eq!(decision.queue[0].0, second);
    world.picture.recorders[0].takes_jobs = false;
    let other = world.ask("melati", 10);
    assert!(world.decide().begins.is_empty());
    assert!(!world.runs(other));
}

#[test]
fn alone_an_app_of_which_nothing_was_said_takes_all_there_is() {
    let mut world = World::new(&[1_000], &[]);
    for _ in 0..3 {
        world.ask("klinik", 400);
    }
    let decision = world.decide();
    assert_eq!(decision.begins.len(), 2);
    assert_eq!(decision.queue[0].1, QueuePlace { place: 1, expected_at_ms: None });
}

#[test]
fn what_is_guaranteed_to_others_stays_free() {
    let mut world = World::new(&[1_000], &[("toko", slots(500, None, 1))]);
    world.ask("klinik", 400);
    let late = world.ask("klinik", 400);
    world.decide();
    assert!(!world.runs(late));
    let promised = world.ask("toko", 500);
    world.decide();
    assert!(world.runs(promised));
}

#[test]
fn an_app_takes_no_more_than_its_burst_and_holds_nobody_up() {
    let mut world = World::new(&[2_000], &[("klinik", slots(0, Some(500), 1))]);
    world.ask("klinik", 400);
    let capped = world.ask("klinik", 400);
    let other = world.ask("toko", 400);
    let decision = world.decide();
    assert!(!world.runs(capped) && world.runs(other));
    assert_eq!(decision.queue.len(), 1);
}

#[test]
fn tracks_do_not_wait_behind_composites() {
    let mut world = World::new(&[1_000], &[]);
    world.ask("klinik", 600);
    let composite = world.ask("klinik", 600);
    let tracks = world.ask("klinik", 8);
    world.decide();
    assert!(!world.runs(composite) && world.runs(tracks));
}

#[test]
fn a_smaller_composite_does_not_pass_a_larger_one() {
    let mut world = World::new(&[1_000], &[]);
    world.ask("apotek", 600);
    world.decide();
    let large = world.ask("klinik", 600);
    let smaller = world.ask("toko", 300);
    world.decide();
    assert!(!world.runs(large) && !world.runs(smaller));
    world.end(0);
    world.decide();
    assert!(world.runs(large) && world.runs(smaller));
}

#[test]
fn what_no_recorder_is_large_enough_for_holds_nobody_up() {
    let mut world = World::new(&[1_000], &[]);
    let huge = world.ask("klinik", 1_200);
    let other = world.ask("toko", 600);
    let decision = world.decide();
    assert!(!world.runs(huge) && world.runs(other));
    assert_eq!(decision.queue[0].0, huge);
}

#[test]
fn the_recorder_that_does_least_is_taken() {
    let mut world = World::new(&[1_000, 1_000], &[]);
    world.picture.recorders[0].measured = 50;
    world.ask("klinik", 40);
    assert_eq!(world.decide().begins[0].1, "perekam-2");
    world.ask("klinik", 40);
    assert_eq!(world.decide().begins[0].1, "perekam-2");
    world.ask("klinik", 40);
    assert_eq!(world.decide().begins[0].1, "perekam-1");
}

#[test]
fn a_recorder_that_is_busier_than_reckoned_gets_nothing_beyond_guarantees() {
    let mut world = World::new(&[1_000], &[("toko", slots(300, None, 1))]);
    world.picture.recorders[0].measured = 900;
    let free = world.ask("klinik", 200);
    let promised = world.ask("toko", 300);
    world.decide();
    assert!(!world.runs(free) && world.runs(promised));
}

#[test]
fn a_recorder_that_leaves_gets_nothing() {
    let mut world = World::new(&[1_000], &[("klinik", slots(500, None, 1))]);
    world.picture.recorders[0].takes_jobs = false;
    world.ask("klinik", 2);
    assert!(world.decide().begins.is_empty());
}

#[test]
fn who_waits_comes_by_weight() {
    let mut world = World::new(&[600], &[("klinik", slots(0, None, 3))]);
    world.ask("apotek", 600);
    world.decide();
    for _ in 0..8 {
        world.ask("klinik", 600);
        world.ask("toko", 600);
    }
    let mut begun: HashMap<AppId, u32> = HashMap::new();
    for _ in 0..8 {
        world.end(0);
        world.decide();
        *begun.entry(world.picture.running[0].app_id.clone()).or_default() += 1;
    }
    assert_eq!((begun[&app("klinik")], begun[&app("toko")]), (6, 2));
}

#[test]
fn the_start_is_told_where_ends_are_known() {
    let mut world = World::new(&[600], &[]);
    world.ask("klinik", 600);
    world.decide();
    world.picture.running[0].ends_at_ms = Some(1_000);
    world.ask("klinik", 600);
    world.ask("klinik", 600);
    world.ask("klinik", 600);
    world.picture.waiting[0].lasts_ms = Some(500);
    let places: Vec<QueuePlace> =
        world.decide().queue.into_iter().map(|(_, place)| place).collect();
    let expected = [(1, Some(1_000)), (2, Some(1_500)), (3, None)];
    assert_eq!(places, expected.map(|(place, at)| QueuePlace { place, expected_at_ms: at }));
}

#[test]
fn guarantees_leave_a_third_of_the_recorders_and_gaps() {
    assert_eq!(most_guaranteed(&[]), 0);
    assert_eq!(most_guaranteed(&[1_000]), 700);
    assert_eq!(most_guaranteed(&[4_000, 4_000]), 5_600);
    // Two jobs of 600 fit on each of these, and nothing more.
    assert_eq!(most_guaranteed(&[1_600, 1_600]), 2_000);
}

/// What happens in a history of jobs.
#[derive(Debug, Clone)]
enum Step {
    /// An app asks for this much.
    Ask(usize, u32),
    /// One of those that run is over.
    End(usize),
    /// A recorder measures this much.
    Measure(usize, u32),
}

fn step() -> impl Strategy<Value = Step> {
    (0..8_u8, any::<usize>(), 1..=LARGEST_MILLICORES).prop_map(|(what, which, much)| match what {
        0..=3 => Step::Ask(which % 4, much),
        4..=6 => Step::End(which),
        _ => Step::Measure(which, much),
    })
}

const NAMES: [&str; 4] = ["apotek", "klinik", "puskesmas", "toko"];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// The promise: whatever others do, what an app asks for within its guarantee begins at once,
    /// and no recorder is given more than it can do.
    #[test]
    fn what_is_guaranteed_begins_at_once(
        capacities in vec(1_200..6_000_u32, 1..4),
        shares in vec(0..100_u64, 4),
        bursts in vec(any::<bool>(), 4),
        weights in vec(1..5_u32, 4),
        steps in vec(step(), 1..120),
    ) {
        let most = most_guaranteed(&capacities);
        let whole: u64 = shares.iter().sum::<u64>().max(1);
        let of = |index: usize| {
            let guaranteed = u32::try_from(most * shares[index] / whole).unwrap();
            slots(guaranteed, bursts[index].then_some(guaranteed + 700), weights[index])
        };
        let all: Vec<_> = NAMES.iter().enumerate().map(|(index, name)| (*name, of(index))).collect();
        let mut world = World::new(&capacities, &all);
        for step in steps {
            match step {
                Step::Ask(which, cost) => {
                    let (name, slots) = all[which];
                    let is_within = world.used(name) + cost <= slots.guaranteed;
                    let id = world.ask(name, cost);
                    world.decide();
                    prop_assert!(!is_within || world.runs(id), "{name} waits with {cost}");
                }
                Step::End(which) if !world.running.is_empty() => {
                    world.end(which % world.running.len());
                    world.decide();
                }
                Step::End(_) => {}
                Step::Measure(which, much) => {
                    let which = which % world.picture.recorders.len();
                    world.picture.recorders[which].measured = much * 8;
                }
            }
            for recorder in &world.picture.recorders {
                prop_assert!(world.picture.promised(&recorder.id) <= recorder.millicores);
            }
            for (name, slots) in &all {
                prop_assert!(slots.burst.is_none_or(|most| world.used(name) <= most));
            }
        }
    }

    /// Each that waits has one place, and the order is that in which they begin.
    #[test]
    fn the_queue_is_the_order_of_starts(
        asked in vec((0..4_usize, 100..=LARGEST_MILLICORES), 2..30),
        weights in vec(1..5_u32, 4),
    ) {
        let all: Vec<_> = NAMES.iter().zip(&weights).map(|(name, weight)| {
            (*name, slots(0, None, *weight))
        }).collect();
        let mut world = World::new(&[LARGEST_MILLICORES], &all);
        world.ask("gudang", LARGEST_MILLICORES);
        world.decide();
        for (which, cost) in asked {
            world.ask(NAMES[which], cost);
        }
        let queue = world.decide().queue;
        prop_assert!(queue.iter().zip(1..).all(|((_, told), place)| told.place == place));
        let mut begun = vec![];
        while !world.picture.waiting.is_empty() {
            world.picture.running.clear();
            begun.extend(world.decide().begins.into_iter().map(|(id, _)| id));
        }
        let order: Vec<RecordingId> = queue.into_iter().map(|(id, _)| id).collect();
        prop_assert_eq!(begun, order);
    }
}
