//! What is found out about the recorders.

use std::collections::BTreeMap;

use jumpa_protocol::recording::SpoolLevel;

use super::{
    super::recorders::{Load, Recorder},
    Recordings,
};
use crate::{HealthCode, HealthFinding, Verdict};

impl Recordings {
    /// Whether recorders are there, and how full the disks of their spools are.
    pub(crate) fn health(&self) -> Vec<HealthFinding> {
        let recorders = self.recorders();
        if recorders.is_empty() {
            return vec![HealthFinding {
                verdict: Verdict::Doubtful,
                code: HealthCode::RecordersMissing,
                params: BTreeMap::new(),
                subject: "recorders".to_owned(),
                facts: "none is connected, so nothing is recorded".to_owned(),
                remedy: Some("start jumpa-recorder, or look into its log".to_owned()),
            }];
        }
        let spool = |(id, recorder): (&String, &Recorder)| spool(id, recorder.load);
        let by_name: BTreeMap<_, _> = recorders.iter().collect();
        by_name.into_iter().filter_map(spool).collect()
    }
}

/// How full the disk of a recorder is, when it has told.
fn spool(id: &str, Load { spool_free_bytes, spool_level, .. }: Load) -> Option<HealthFinding> {
    let mib = (spool_free_bytes? >> 20).to_string();
    let (verdict, code, effect) = match spool_level? {
        SpoolLevel::Roomy => (Verdict::Good, HealthCode::RecorderSpoolRoomy, ""),
        SpoolLevel::Filling => {
            let effect = ", so it gets no more recordings";
            (Verdict::Doubtful, HealthCode::RecorderSpoolFilling, effect)
        }
        SpoolLevel::Scarce => {
            let effect = ", so it records small pictures and gets no more recordings";
            (Verdict::Bad, HealthCode::RecorderSpoolScarce, effect)
        }
        SpoolLevel::SoundOnly => {
            let effect = ", so it records sound alone and gets no more recordings";
            (Verdict::Bad, HealthCode::RecorderSpoolSoundOnly, effect)
        }
    };
    Some(HealthFinding {
        verdict,
        code,
        facts: format!("{id} has {mib} MiB left{effect}"),
        params: BTreeMap::from([("recorder", id.to_owned()), ("mib", mib)]),
        subject: "recorder spool".to_owned(),
        remedy: (verdict != Verdict::Good).then(|| "make room on its disk".to_owned()),
    })
}
