//! Keyset pages: what a list takes and answers.
//!
//! A cursor names the last row of the page before, `microseconds.id`. Clients treat it as a text
//! without meaning. Rows that are added or removed while somebody pages shift nothing.

use std::{fmt::Display, str::FromStr};

use axum::{
    extract::{FromRequestParts, Query},
    http::request::Parts,
};
use jumpa_db::Timestamp;
use serde::{Serialize, de::DeserializeOwned};
use utoipa::{IntoParams, ToSchema};

use crate::{ApiError, api_state::ApiState};

/// Rows on a page when nothing else is asked.
const DEFAULT_LIMIT: u32 = 50;
/// Most rows on a page.
const MAX_LIMIT: u32 = 200;

/// One page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Page<T> {
    data: Vec<T>,
    /// Gives the next page as `cursor`; null on the last one.
    #[schema(required)]
    next_cursor: Option<String>,
}

impl<T> Page<T> {
    /// The page, unless one of its rows cannot be shown.
    pub(crate) fn transpose<V, E>(self) -> Result<Page<V>, E>
    where
        T: Into<Result<V, E>>,
    {
        let data = self.data.into_iter().map(Into::into).collect::<Result<_, E>>()?;
        Ok(Page { data, next_cursor: self.next_cursor })
    }

    /// A list that is always shown whole.
    pub(crate) fn whole(data: Vec<T>) -> Self {
        Self { data, next_cursor: None }
    }
}

/// What every list takes, for the OpenAPI document.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes the parameters that `PageQuery` reads")]
pub(crate) struct PageParameters {
    /// Most rows on the page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
    /// From `next_cursor` of the page before.
    cursor: Option<String>,
}

/// Which page is asked for, and the filters of the list, if it has any.
#[derive(Debug)]
pub(crate) struct PageQuery<F = NoFilter> {
    limit: u32,
    cursor: Option<String>,
    /// What else the query names.
    pub(crate) filter: F,
}

/// A list that is shown whole.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NoFilter {}

impl<F> PageQuery<F> {
    /// Rows to read: one more than asked, which tells whether there is a next page.
    pub(crate) fn fetch_limit(&self) -> u32 {
        self.limit + 1
    }

    /// The cursor as it came, for lists that are ordered by a text.
    pub(crate) fn cursor(&self) -> Option<&str> {
        self.cursor.as_deref()
    }

    /// The last row of the page before, by its time and id.
    pub(crate) fn after<I: FromStr>(&self) -> Result<Option<(Timestamp, I)>, ApiError> {
        let Some(text) = &self.cursor else { return Ok(None) };
        let parse = || {
            let (micros, id) = text.split_once('.')?;
            Some((Timestamp::from_micros(micros.parse().ok()?), id.parse().ok()?))
        };
        parse().map(Some).ok_or(ApiError::invalid("cursor", "from `next_cursor`"))
    }

    /// The answer, made of the rows that [`Self::fetch_limit`] gave. `place` tells a row's time and
    /// id, by which the list is ordered.
    pub(crate) fn page<R, I: Display, V>(
        &self,
        rows: Vec<R>,
        place: impl Fn(&R) -> (Timestamp, I),
        view: impl Fn(R) -> V,
    ) -> Page<V> {
        let cursor = |row: &R| {
            let (at, id) = place(row);
            format!("{}.{id}", at.as_micros())
        };
        self.page_by(rows, cursor, view)
    }

    /// The same for any order: `cursor` tells a row's place.
    pub(crate) fn page_by<R, V>(
        &self,
        mut rows: Vec<R>,
        cursor: impl Fn(&R) -> String,
        view: impl Fn(R) -> V,
    ) -> Page<V> {
        let limit = self.limit as usize;
        let has_more = rows.len() > limit;
        rows.truncate(limit);
        let next_cursor = rows.last().filter(|_| has_more).map(cursor);
        Page { data: rows.into_iter().map(view).collect(), next_cursor }
    }
}

impl<F: DeserializeOwned> FromRequestParts<ApiState> for PageQuery<F> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &ApiState) -> Result<Self, ApiError> {
        let mut page = (DEFAULT_LIMIT, None);
        let mut filters = Vec::new();
        for (name, value) in pairs(parts)? {
            match name.as_str() {
                "limit" => {
                    let limit = value.parse().ok().filter(|limit| (1..=MAX_LIMIT).contains(limit));
                    page.0 = limit.ok_or(ApiError::invalid("limit", "1 to 200"))?;
                }
                "cursor" => page.1 = Some(value),
                _ => filters.push((name, value)),
            }
        }
        Ok(Self { limit: page.0, cursor: page.1, filter: filter(filters)? })
    }
}

/// The query of what is no list but can be asked for in parts.
#[derive(Debug)]
pub(crate) struct Filter<F>(pub(crate) F);

impl<F: DeserializeOwned> FromRequestParts<ApiState> for Filter<F> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &ApiState) -> Result<Self, ApiError> {
        Ok(Self(filter(pairs(parts)?)?))
    }
}

pub(crate) fn pairs(parts: &Parts) -> Result<Vec<(String, String)>, ApiError> {
    let Query(pairs) = Query::try_from_uri(&parts.uri).map_err(|_| unreadable())?;
    Ok(pairs)
}

pub(crate) fn filter<F: DeserializeOwned>(pairs: Vec<(String, String)>) -> Result<F, ApiError> {
    let fields = pairs.into_iter().map(|(name, value)| (name, value.into()));
    let fields: serde_json::Map<_, _> = fields.collect();
    serde_json::from_value(fields.into()).map_err(|_| unreadable())
}

fn unreadable() -> ApiError {
    ApiError::invalid("query", "not a query of this operation")
}
