//! Recordings of a call: who asks for them, who records, what everybody sees of them.

use jumpa_protocol::{
    ErrorCode, ParticipantId, RecordingId, Refusal,
    recording::{
        CallRecording, ChosenTarget, Moderator, RecordingKind, RecordingOptions, RecordingRequest,
        RecordingState, RecordingWish, StreamTargetName, WantedError, WantedTarget, chosen_targets,
    },
    report::CallFact,
    signal::{Event, Role, StartRecording},
};

use super::{Call, Entry, Output};
use crate::Moment;

impl Call {
    /// Lets a recorder in: no place, password or lobby is for it. One that comes again, because it
    /// lost the connection, takes over from itself.
    pub(super) fn let_recorder_in(&mut self, recording_id: RecordingId, entry: Entry, now: Moment) {
        let participant_id = ParticipantId::from_uuid(recording_id.as_uuid());
        let entry = Entry { participant_id, sources: Vec::new(), ..entry };
        match self.numbers.get(&participant_id).copied() {
            Some(number) => self.take_over(number, entry, now),
            None => self.enter(entry, Role::Participant, now),
        }
    }

    /// Hands the wish of a moderator for a recording to the control plane.
    pub(super) fn ask_to_record(
        &mut self,
        number: u32,
        request: &StartRecording,
    ) -> Result<(), Refusal> {
        let targets = chosen_targets(&request.targets).map_err(impossible)?;
        request.options.check(targets.len()).map_err(impossible)?;
        let wish = RecordingWish::Start { options: request.options, targets };
        self.ask_for_recording(number, wish)
    }

    /// What the app has stored, for a moderator who may stream.
    pub(super) fn stream_targets_for(&self, number: u32) -> Result<Vec<StreamTargetName>, Refusal> {
        self.check_grant(number, |grants| grants.stream)?;
        Ok(self.config.rules.stream_targets.to_vec())
    }

    /// Hands the wish of a moderator for other targets of a stream to the control plane.
    pub(super) fn ask_for_targets(
        &mut self,
        number: u32,
        id: RecordingId,
        targets: &[WantedTarget],
    ) -> Result<(), Refusal> {
        let targets = chosen_targets(targets).map_err(impossible)?;
        RecordingOptions::new(RecordingKind::Stream).check(targets.len()).map_err(impossible)?;
        self.ask_for_recording(number, RecordingWish::SetTargets { id, targets })
    }

    /// Hands the wish of a moderator to the control plane.
    pub(super) fn ask_for_recording(
        &mut self,
        number: u32,
        wish: RecordingWish,
    ) -> Result<(), Refusal> {
        let kind = match &wish {
            RecordingWish::Start { options, .. } => options.kind,
            RecordingWish::Stop { id } | RecordingWish::SetTargets { id, .. } => {
                self.running_recording(*id)?
            }
        };
        let is_stream = kind == RecordingKind::Stream;
        self.check_grant(number, |grants| if is_stream { grants.stream } else { grants.record })?;
        // What a running stream had, the control plane alone knows.
        if let RecordingWish::Start { targets, .. } = &wish
            && targets.iter().any(|target| !self.is_possible(target))
        {
            return Err(ErrorCode::StreamTargetUnknown.into());
        }
        if let RecordingWish::Stop { id } = &wish
            && self.duty.is_required()
            && !self.recordings.iter().any(|other| other.id != *id && is_recorded(other))
        {
            return Err(ErrorCode::NotAllowedNow.into());
        }
        let member = self.member(number)?;
        let moderator = Moderator { id: member.id, name: member.name.clone() };
        let request = RecordingRequest {
            room: self.config.room.clone(),
            call_id: self.config.id,
            moderator: Some(moderator),
            wish,
        };
        self.outputs.push_back(Output::Ask(request));
        Ok(())
    }

    /// Notes whether somebody agrees to be recorded.
    pub(super) fn consent(
        &mut self,
        number: u32,
        id: RecordingId,
        agrees: bool,
    ) -> Result<(), Refusal> {
        self.running_recording(id)?;
        let participant_id = self.member(number)?.id;
        self.report(CallFact::RecordingConsented { participant_id, recording_id: id, agrees });
        Ok(())
    }

    /// Shows everybody how a recording is. Nothing when they know it already.
    pub fn show_recording(&mut self, mut recording: CallRecording, now: Moment) {
        self.look_after_duty(&recording, now);
        recording.is_required = self.duty.is_required();
        recording.ends_call_at_ms = self.duty.ends_at_ms();
        let known = self.recordings.iter().position(|known| known.id == recording.id);
        let is_running = recording.state.is_running();
        match known {
            Some(index) if self.recordings.get(index) == Some(&recording) => return,
            Some(index) if !is_running => drop(self.recordings.remove(index)),
            Some(index) => {
                if let Some(place) = self.recordings.get_mut(index) {
                    place.clone_from(&recording);
                }
            }
            None if is_running => self.recordings.push(recording.clone()),
            // It failed before anybody saw it: whoever asked for it waits for the answer.
            None if recording.failure.is_some() => {}
            None => return,
        }
        self.broadcast(Event::RecordingChanged { recording });
    }

    /// Whether a new stream can be sent there: to an address, or to what the app has stored.
    fn is_possible(&self, target: &ChosenTarget) -> bool {
        match target {
            ChosenTarget::New(_) => true,
            ChosenTarget::Known(id) => {
                self.config.rules.stream_targets.iter().any(|stored| stored.id == *id)
            }
        }
    }

    fn running_recording(&self, id: RecordingId) -> Result<RecordingKind, Refusal> {
        let running = self.recordings.iter().find(|recording| recording.id == id);
        running.map(|recording| recording.kind).ok_or_else(|| ErrorCode::RecordingUnknown.into())
    }
}

/// Whether something is recorded: its recorder is in the call, or on its way.
pub(super) fn is_recorded(recording: &CallRecording) -> bool {
    matches!(recording.state, RecordingState::Starting | RecordingState::Active)
}

fn impossible(error: WantedError) -> Refusal {
    Refusal::new(ErrorCode::InvalidValue, error.to_string())
}
