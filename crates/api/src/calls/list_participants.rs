//! `GET /v1/calls/{call_id}/participants`: who was in a call, and how their media was.

use std::collections::HashMap;

use axum::{
    Json,
    extract::{Path, State},
};
use jumpa_db::{Hint, MediaTally, Stay, Timestamp};
use jumpa_protocol::{CallId, ParticipantId};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Quality, seconds, show::find};
use crate::{
    ApiError,
    actor::AppsAccess,
    api_state::ApiState,
    needs,
    page::Page,
    tenant_access::TenantHeader,
    time::rfc3339,
    word_sets::{CallLeaveReason, CallRole},
};

/// Most stays of one call that are shown; one that comes and goes does not fill the page.
const MAX_STAYS: u32 = 10_000;

/// Somebody who was in a call.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CallParticipant {
    participant_id: ParticipantId,
    #[schema(example = "Budi")]
    name: String,
    /// Their id in your own system; null for guests.
    #[schema(required, example = "pasien-7")]
    subject: Option<String>,
    /// `moderator` or `participant`, when they came.
    #[schema(value_type = CallRole, example = "participant")]
    role: String,
    /// From each join to its leave, the oldest first.
    stays: Vec<CallStay>,
    /// In the call altogether, until now for those who are in it.
    duration_s: i64,
    #[schema(example = "Chrome 156")]
    browser: String,
    #[schema(example = "Android")]
    os: String,
    #[schema(example = "jumpa-js 0.1.0")]
    sdk: String,
    /// `signalling`, `whip` or `whep`.
    #[schema(example = "signalling")]
    via: String,
    /// `udp` or `tcp`.
    #[schema(required, example = "udp")]
    transport: Option<String>,
    /// MIME types.
    #[schema(example = json!(["audio/opus", "video/VP8"]))]
    codecs: Vec<String>,
    quality: Quality,
    /// Mean opinion score, 1 (bad) to 4.4.
    #[schema(required, example = 4.2)]
    mos: Option<f64>,
    hints: Vec<QualityHint>,
}

/// From a join to its leave.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CallStay {
    #[schema(format = DateTime)]
    joined_at: String,
    /// Null while they are in.
    #[schema(format = DateTime, required)]
    left_at: Option<String>,
    #[schema(required, value_type = Option<CallLeaveReason>, example = "left")]
    leave_reason: Option<String>,
}

/// Something that explains why media was not good.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct QualityHint {
    /// `packet_loss`, `slow_path`, `jitter`, `low_bandwidth`, `concealed_sound`, `tcp_path`,
    /// `frozen_video`, `reconnections` or `connection_lost`.
    #[schema(example = "packet_loss")]
    code: &'static str,
    params: HintParams,
}

/// How much of it.
#[derive(Debug, Default, Serialize, ToSchema)]
pub(crate) struct HintParams {
    /// Share of the time, 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    share: Option<f64>,
    /// How often.
    #[serde(skip_serializing_if = "Option::is_none")]
    count: Option<i64>,
}

impl QualityHint {
    fn count(code: &'static str, count: i64) -> Self {
        Self { code, params: HintParams { count: Some(count), share: None } }
    }
}

impl From<Hint> for QualityHint {
    fn from(hint: Hint) -> Self {
        match hint {
            Hint::Share { code, share } => {
                let share = (share * 1_000.0).round() / 1_000.0;
                Self { code, params: HintParams { share: Some(share), count: None } }
            }
            Hint::Count { code, count } => Self::count(code, count),
        }
    }
}

/// List who was in a call
///
/// In the order of their first join, all on one page. Needs `calls:read`.
#[utoipa::path(
    get,
    path = "/v1/calls/{call_id}/participants",
    operation_id = "list_call_participants",
    tag = "calls",
    params(TenantHeader, ("call_id" = CallId, Path)),
    responses((status = OK, description = "Everybody", body = Page<CallParticipant>)),
    security(("session" = []), ("api_key" = [])),
)]
pub(crate) async fn list_participants(
    access: AppsAccess<needs::ReadCalls>,
    State(state): State<ApiState>,
    Path(call_id): Path<String>,
) -> Result<Json<Page<CallParticipant>>, ApiError> {
    let now = Timestamp::now();
    let scope = access.scope(&state);
    let call = find(&access, &state, &call_id, now).await?;
    let mut order: Vec<ParticipantId> = Vec::new();
    let mut stays: HashMap<ParticipantId, Vec<Stay>> = HashMap::new();
    for stay in scope.stays(call.id, MAX_STAYS).await? {
        let of_one = stays.entry(stay.participant_id).or_default();
        if of_one.is_empty() {
            order.push(stay.participant_id);
        }
        of_one.push(stay);
    }
    let media = scope.participant_media(call.id).await?;
    let mut media: HashMap<_, _> =
        media.into_iter().map(|media| (media.participant_id, media.tally)).collect();
    let reconnections: HashMap<_, _> = scope.reconnections(call.id).await?.into_iter().collect();
    let everybody = order.into_iter().filter_map(|id| {
        let reconnections = reconnections.get(&id).copied().unwrap_or_default();
        participant(id, stays.remove(&id)?, media.remove(&id), reconnections, now)
    });
    Ok(Json(Page::whole(everybody.collect())))
}

fn participant(
    participant_id: ParticipantId,
    stays: Vec<Stay>,
    media: Option<MediaTally>,
    reconnections: i64,
    now: Timestamp,
) -> Option<CallParticipant> {
    let media = media.unwrap_or_default();
    let newest = stays.last()?.clone();
    let duration_us: i64 = stays
        .iter()
        .map(|stay| stay.left_at.unwrap_or(now).as_micros() - stay.joined_at.as_micros())
        .sum();
    let mut hints: Vec<QualityHint> = media.hints().into_iter().map(QualityHint::from).collect();
    if reconnections > 0 {
        hints.push(QualityHint::count("reconnections", reconnections));
    }
    let lost = stays.iter().filter(|stay| stay.leave_reason.as_deref() == Some("connection_lost"));
    let lost = i64::try_from(lost.count()).unwrap_or(i64::MAX);
    if lost > 0 {
        hints.push(QualityHint::count("connection_lost", lost));
    }
    let stay = |stay: Stay| CallStay {
        joined_at: rfc3339(stay.joined_at),
        left_at: stay.left_at.map(rfc3339),
        leave_reason: stay.leave_reason,
    };
    Some(CallParticipant {
        participant_id,
        name: newest.name,
        subject: newest.subject,
        role: newest.role,
        stays: stays.into_iter().map(stay).collect(),
        duration_s: seconds(duration_us),
        browser: newest.browser,
        os: newest.os,
        sdk: newest.sdk,
        via: newest.via,
        quality: media.level().into(),
        mos: media.mos().map(|mos| (mos * 100.0).round() / 100.0),
        codecs: media
            .codecs
            .split(',')
            .filter(|name| !name.is_empty())
            .map(str::to_owned)
            .collect(),
        transport: media.transport,
        hints,
    })
}
