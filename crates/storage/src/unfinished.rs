//! Uploads that nobody will ever complete: their parts take room that no list of objects shows.

use http_body_util::BodyExt as _;
use hyper::{Method, Request};
use object_store::{
    aws::AwsAuthorizer,
    client::{HttpError, HttpRequest, HttpRequestBody},
    multipart::MultipartStore as _,
    path::Path as Key,
};

use crate::{StorageError, bucket::Bucket, error::is_missing};

/// How often the list is asked for: a page of it has up to 1,000 uploads, and what is aborted is no
/// longer in the next one.
const MAX_PAGES: usize = 10;

/// An upload that was begun and neither completed nor aborted.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Upload {
    key: String,
    id: String,
}

impl Bucket {
    /// Aborts every upload below a folder of keys, as far as the server tells of them: MinIO tells
    /// of none below a folder and aborts them itself after a day, and a key may lack the permission.
    ///
    /// # Errors
    /// [`StorageError::Unreachable`] when the server is away.
    pub(crate) async fn abort_uploads(&self, folder: &Key) -> Result<(), StorageError> {
        for _ in 0..MAX_PAGES {
            let uploads = match self.unfinished(folder).await {
                Ok(uploads) => uploads,
                Err(StorageError::Refused(_)) => return Ok(()),
                Err(error) => return Err(error),
            };
            if uploads.is_empty() {
                return Ok(());
            }
            for upload in uploads {
                let key = Key::parse(&upload.key).map_err(object_store::Error::from)?;
                if self.abort(&key, &upload.id).await.is_err_and(|error| error.is_refusal()) {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// Aborts an upload; one that is not there is no error.
    ///
    /// # Errors
    /// [`StorageError`].
    pub(crate) async fn abort(&self, key: &Key, upload_id: &str) -> Result<(), StorageError> {
        match self.store.abort_multipart(key, &upload_id.to_owned()).await {
            Err(error) if !is_missing(&error) => Err(error.into()),
            _ => Ok(()),
        }
    }

    /// One page of the uploads below a folder of keys (`ListMultipartUploads` of S3).
    async fn unfinished(&self, folder: &Key) -> Result<Vec<Upload>, StorageError> {
        let url = format!("{}?prefix={}&uploads=", self.url, encoded(&format!("{folder}/")));
        let refused = |error: &dyn std::fmt::Display| StorageError::Refused(error.to_string());
        let mut request: HttpRequest = Request::builder()
            .method(Method::GET)
            .uri(url)
            .body(HttpRequestBody::empty())
            .map_err(|error| refused(&error))?;
        let authorizer = AwsAuthorizer::new(&self.credential, "s3", &self.region);
        authorizer.try_authorize(&mut request, None)?;
        let away = |error: HttpError| StorageError::from(&error);
        let answer = self.client.execute(request).await.map_err(away)?;
        let status = answer.status();
        let body = answer.into_body().collect().await.map_err(away)?.to_bytes();
        let text = String::from_utf8_lossy(&body);
        match status.as_u16() {
            // The server chooses what it lists, and what is aborted is ours alone.
            200 => Ok(listed(&text).into_iter().filter(|one| is_below(&one.key, folder)).collect()),
            500.. | 408 | 429 => Err(StorageError::Unreachable(format!("status {status}"))),
            _ => Err(StorageError::Refused(format!("status {status}"))),
        }
    }
}

/// Text as it stands in a query (RFC 3986, section 2).
fn encoded(text: &str) -> String {
    let letter = |byte: u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
            char::from(byte).to_string()
        }
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(letter).collect()
}

fn is_below(key: &str, folder: &Key) -> bool {
    key.strip_prefix(folder.as_ref()).is_some_and(|rest| rest.starts_with('/'))
}

/// The uploads of an answer.
fn listed(answer: &str) -> Vec<Upload> {
    let uploads = answer.split("<Upload>").skip(1);
    let upload = |text: &str| {
        let element = |name: &str| {
            let (_, rest) = text.split_once(&format!("<{name}>"))?;
            let (content, _) = rest.split_once(&format!("</{name}>"))?;
            Some(unescaped(content.trim()))
        };
        Some(Upload { key: element("Key")?, id: element("UploadId")? })
    };
    uploads.filter_map(upload).collect()
}

/// Text of XML as it is meant (XML 1.0, section 4.6).
fn unescaped(text: &str) -> String {
    let entities =
        [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&")];
    entities.iter().fold(text.to_owned(), |text, (entity, letter)| text.replace(entity, letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uploads_are_found_in_the_answer_of_a_server() {
        let answer = "<?xml version=\"1.0\"?><ListMultipartUploadsResult><Bucket>rekaman</Bucket>\
            <Upload><Key>a&amp;b/001.webm</Key><UploadId>u1</UploadId></Upload>\
            <Upload><UploadId> u2 </UploadId><Key>c</Key></Upload></ListMultipartUploadsResult>";
        let upload = |key: &str, id: &str| Upload { key: key.to_owned(), id: id.to_owned() };
        assert_eq!(listed(answer), [upload("a&b/001.webm", "u1"), upload("c", "u2")]);
        assert_eq!(listed("<ListMultipartUploadsResult/>"), []);
    }
}
