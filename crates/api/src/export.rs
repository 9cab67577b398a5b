//! Lists as files: CSV for spreadsheets, NDJSON for programs. Rows are sent while they are read.

use axum::{
    body::Body,
    extract::FromRequestParts,
    http::{HeaderValue, header, request::Parts},
    response::{IntoResponse, Response},
};
use futures_util::{Stream, StreamExt, stream};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use tracing::error;
use utoipa::{IntoParams, ToSchema};

use crate::{
    ApiError,
    api_state::ApiState,
    page::{filter, pairs},
};

/// How a list is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ExportFormat {
    /// RFC 4180 with a line of names. Text that a spreadsheet would take for a formula begins with
    /// an apostrophe.
    #[default]
    Csv,
    /// One JSON object on each line.
    Ndjson,
}

/// What every export takes, for the OpenAPI document.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes the parameter that `ExportQuery` reads")]
pub(crate) struct ExportParameters {
    /// `csv` without it.
    #[param(inline)]
    format: Option<ExportFormat>,
}

/// In which format, and the filters of the list.
#[derive(Debug)]
pub(crate) struct ExportQuery<F> {
    pub(crate) format: ExportFormat,
    pub(crate) filter: F,
}

impl<F: DeserializeOwned> FromRequestParts<ApiState> for ExportQuery<F> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &ApiState) -> Result<Self, ApiError> {
        let mut format = ExportFormat::default();
        let mut filters = Vec::new();
        for (name, value) in pairs(parts)? {
            if name == "format" {
                format = match value.as_str() {
                    "csv" => ExportFormat::Csv,
                    "ndjson" => ExportFormat::Ndjson,
                    _ => return Err(ApiError::invalid("format", "csv or ndjson")),
                };
            } else {
                filters.push((name, value));
            }
        }
        Ok(Self { format, filter: filter(filters)? })
    }
}

/// A row of a file.
pub(crate) trait Row: Serialize {
    /// The names of its fields in their order: the line that every CSV file begins with, also one
    /// without rows.
    const COLUMNS: &'static [&'static str];
}

impl ExportFormat {
    /// A file with rows that are there already.
    pub(crate) fn file<T: Row>(self, name: &str, rows: &[T]) -> Result<Response, ApiError> {
        let text = self.write(rows, true).map_err(ApiError::internal)?;
        Ok(self.answer(name, Body::from(text)))
    }

    /// A file with rows that are read page by page. The first page is read by now, so that what
    /// can be refused is; what fails later breaks the file off.
    pub(crate) fn stream<T: Row + Send + 'static>(
        self,
        name: &str,
        first: Vec<T>,
        rest: impl Stream<Item = Result<Vec<T>, ApiError>> + Send + 'static,
    ) -> Result<Response, ApiError> {
        let head = self.write(&first, true).map_err(ApiError::internal)?;
        let rest = rest.map(move |page| {
            let written = match page {
                Ok(rows) => self.write(&rows, false),
                Err(_) => Err(std::io::Error::other("reading rows of an export")),
            };
            written.inspect_err(|error| error!(%error, "an export was broken off"))
        });
        let chunks = stream::once(async move { Ok(head) }).chain(rest);
        Ok(self.answer(name, Body::from_stream(chunks)))
    }

    fn answer(self, name: &str, body: Body) -> Response {
        let (kind, ending) = match self {
            Self::Csv => ("text/csv; charset=utf-8", "csv"),
            Self::Ndjson => ("application/x-ndjson", "ndjson"),
        };
        let mut response = body.into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
        let file = format!("attachment; filename=\"{name}.{ending}\"");
        if let Ok(file) = HeaderValue::from_str(&file) {
            headers.insert(header::CONTENT_DISPOSITION, file);
        }
        response
    }

    /// Rows as text; the line of names only at the beginning of a file.
    fn write<T: Row>(self, rows: &[T], is_start: bool) -> std::io::Result<Vec<u8>> {
        match self {
            Self::Csv => csv_text(rows, is_start),
            Self::Ndjson => {
                let mut text = Vec::new();
                for row in rows {
                    serde_json::to_writer(&mut text, row)?;
                    text.push(b'\n');
                }
                Ok(text)
            }
        }
    }
}

fn csv_text<T: Row>(rows: &[T], is_start: bool) -> std::io::Result<Vec<u8>> {
    // Written twice: only as text the fields of any row can be looked at one by one.
    let mut plain = csv::WriterBuilder::new().has_headers(false).from_writer(Vec::new());
    if is_start {
        plain.write_record(T::COLUMNS)?;
    }
    for row in rows {
        plain.serialize(row)?;
    }
    let plain = plain.into_inner().map_err(|error| error.into_error())?;
    let mut harmless = csv::Writer::from_writer(Vec::new());
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(plain.as_slice());
    for record in reader.byte_records() {
        let record = record?;
        harmless.write_record(record.iter().map(without_formula))?;
    }
    harmless.into_inner().map_err(|error| error.into_error())
}

/// A field that no spreadsheet takes for a formula (OWASP, "CSV Injection").
fn without_formula(field: &[u8]) -> Vec<u8> {
    let mut safe = Vec::with_capacity(field.len() + 1);
    if matches!(field.first(), Some(b'=' | b'+' | b'-' | b'@' | b'\t' | b'\r')) {
        safe.push(b'\'');
    }
    safe.extend_from_slice(field);
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Serialize)]
    struct Call {
        room: &'static str,
        calls: i64,
        mos: Option<f64>,
    }

    impl Row for Call {
        const COLUMNS: &'static [&'static str] = &["room", "calls", "mos"];
    }

    fn csv(rooms: &[&'static str]) -> String {
        let rows: Vec<Call> = rooms.iter().map(|room| Call { room, calls: 2, mos: None }).collect();
        String::from_utf8(ExportFormat::Csv.write(&rows, true).unwrap()).unwrap()
    }

    #[test]
    fn csv_begins_with_the_names() {
        assert_eq!(csv(&["ruang-1"]), "room,calls,mos\nruang-1,2,\n");
    }

    #[test]
    fn csv_without_rows_is_the_names() {
        assert_eq!(csv(&[]), "room,calls,mos\n");
    }

    #[test]
    fn formulas_are_text() {
        for (room, field) in [
            ("=1+1", "'=1+1"),
            ("+1", "'+1"),
            ("-1", "'-1"),
            ("@A1", "'@A1"),
            ("\t=1", "'\t=1"),
            ("\r=1", "\"'\r=1\""),
            ("a=1", "a=1"),
        ] {
            assert_eq!(csv(&[room]), format!("room,calls,mos\n{field},2,\n"), "{room:?}");
        }
    }

    #[test]
    fn commas_quotes_and_lines_stay_in_their_field() {
        assert_eq!(csv(&["a,\"b\"\nc"]), "room,calls,mos\n\"a,\"\"b\"\"\nc\",2,\n");
    }

    #[test]
    fn ndjson_is_one_object_on_each_line() {
        let rows = [Call { room: "=1", calls: 2, mos: Some(4.0) }];
        let text = ExportFormat::Ndjson.write(&rows, true).unwrap();
        assert_eq!(text, b"{\"room\":\"=1\",\"calls\":2,\"mos\":4.0}\n");
    }
}
