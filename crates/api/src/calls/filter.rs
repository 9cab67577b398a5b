//! Which calls are looked for.

use jumpa_db::CallFilter;
use jumpa_protocol::AppId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::Quality;
use crate::{ApiError, time};

/// The longest duration that can be asked for: a year.
const MAX_DURATION_S: i64 = 366 * 24 * 60 * 60;

/// Which calls are looked for, as the query names it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CallQuery {
    app_id: Option<AppId>,
    room: Option<String>,
    from: Option<String>,
    until: Option<String>,
    state: Option<CallState>,
    participant: Option<String>,
    quality: Option<Quality>,
    min_duration_s: Option<String>,
}

/// Whether a call goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum CallState {
    /// It goes on.
    Live,
    /// It is over.
    Ended,
}

impl CallQuery {
    pub(crate) fn filter(self) -> Result<CallFilter, ApiError> {
        let at =
            |field, text: Option<String>| text.map(|text| time::parse(field, &text)).transpose();
        let min_duration_us = self.min_duration_s.map(|text| {
            let seconds = text.parse().ok().filter(|count| (0..=MAX_DURATION_S).contains(count));
            let seconds: i64 = seconds.ok_or(ApiError::invalid("min_duration_s", "seconds"))?;
            Ok::<_, ApiError>(seconds * 1_000_000)
        });
        Ok(CallFilter {
            app_id: self.app_id,
            room: self.room,
            from: at("from", self.from)?,
            until: at("until", self.until)?,
            is_live: self.state.map(|state| state == CallState::Live),
            participant: self.participant,
            quality: self.quality.map(Quality::level),
            min_duration_us: min_duration_us.transpose()?,
        })
    }
}

/// The filters of lists of calls, for the OpenAPI document.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes what `CallQuery` reads")]
pub(crate) struct CallParameters {
    app_id: Option<AppId>,
    /// In exactly this room.
    room: Option<String>,
    /// Begun at or after, RFC 3339.
    from: Option<String>,
    /// Begun before, RFC 3339.
    until: Option<String>,
    #[param(inline)]
    state: Option<CallState>,
    /// With somebody of exactly this id of your own system, or of this name.
    participant: Option<String>,
    #[param(inline)]
    quality: Option<Quality>,
    /// At least so long.
    #[param(minimum = 0, maximum = 31622400)]
    min_duration_s: Option<i64>,
}
