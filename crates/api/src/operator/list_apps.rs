//! `GET /v1/operator/apps`: every app of the platform, the oldest first.

use axum::{
    Json,
    extract::{Query, State, rejection::QueryRejection},
};
use jumpa_db::Timestamp;
use jumpa_protocol::AppId;
use serde::{Deserialize, Serialize};

use super::app_view::AppView;
use crate::{ApiError, api_state::ApiState, session::Operator};

/// Apps on a page when nothing else is asked.
const DEFAULT_LIMIT: u32 = 50;
/// Most apps on a page.
const MAX_LIMIT: u32 = 200;

/// The request.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ListApps {
    /// From `next_cursor` of the page before.
    cursor: Option<String>,
    /// 1 to 200.
    limit: Option<u32>,
}

/// One page.
#[derive(Debug, Serialize)]
pub(crate) struct AppPage {
    data: Vec<AppView>,
    next_cursor: Option<String>,
}

/// One page of apps.
pub(crate) async fn list_apps(
    _operator: Operator,
    State(state): State<ApiState>,
    query: Result<Query<ListApps>, QueryRejection>,
) -> Result<Json<AppPage>, ApiError> {
    let Query(query) =
        query.map_err(|_| ApiError::invalid("query", "`cursor` and `limit` are possible"))?;
    let limit = query.limit.unwrap_or(DEFAULT_LIMIT);
    if !(1..=MAX_LIMIT).contains(&limit) {
        return Err(ApiError::invalid("limit", "1 to 200"));
    }
    let after = query
        .cursor
        .map(|text| parse_cursor(&text).ok_or(ApiError::invalid("cursor", "from `next_cursor`")))
        .transpose()?;
    let mut apps = state.database().operator().apps_after(after.as_ref(), limit + 1).await?;
    let has_more = apps.len() > limit as usize;
    apps.truncate(limit as usize);
    let last = apps.last().filter(|_| has_more);
    let next_cursor = last.map(|app| format!("{}.{}", app.created_at.as_micros(), app.id));
    Ok(Json(AppPage { data: apps.into_iter().map(AppView::from).collect(), next_cursor }))
}

fn parse_cursor(text: &str) -> Option<(Timestamp, AppId)> {
    let (micros, app_id) = text.split_once('.')?;
    Some((Timestamp::from_micros(micros.parse().ok()?), app_id.parse().ok()?))
}
