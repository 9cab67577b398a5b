//! What the server of files lacks: it writes the key of an upload into the name of a file, for which
//! the keys of recordings are too long, and lists no uploads.

use std::{
    collections::BTreeMap,
    fs,
    path::PathBuf,
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use s3s::{
    S3, S3Error, S3Request, S3Response, S3Result,
    dto::{
        AbortMultipartUploadInput, AbortMultipartUploadOutput, CompleteMultipartUploadInput,
        CompleteMultipartUploadOutput, CreateMultipartUploadInput, CreateMultipartUploadOutput,
        DeleteObjectInput, DeleteObjectOutput, GetObjectInput, GetObjectOutput, HeadObjectInput,
        HeadObjectOutput, ListMultipartUploadsInput, ListMultipartUploadsOutput,
        ListObjectsV2Input, ListObjectsV2Output, MultipartUpload, PutObjectInput, PutObjectOutput,
        UploadPartInput, UploadPartOutput,
    },
    s3_error,
};
use s3s_fs::FileSystem;

use crate::lock;

/// Keys of the uploads that go on, by their ids.
pub(crate) type Uploads = Arc<Mutex<BTreeMap<String, String>>>;

/// The key of every upload for the server of files.
const SHORT_KEY: &str = "upload";

pub(crate) struct Bucket {
    pub(crate) files: FileSystem,
    /// Where it keeps the objects.
    pub(crate) folder: PathBuf,
    pub(crate) uploads: Uploads,
}

impl Bucket {
    /// The key of an upload that goes on.
    fn key_of(&self, upload_id: &str) -> S3Result<String> {
        let key = lock(&self.uploads).get(upload_id).cloned();
        key.ok_or_else(|| s3_error!(NoSuchUpload))
    }

    /// Refuses an upload of which a part is missing, which then goes on as before: the server of
    /// files would forget it.
    fn has_parts(&self, input: &CompleteMultipartUploadInput) -> S3Result<()> {
        let root = self.folder.parent().unwrap_or(&self.folder);
        let upload = input.multipart_upload.as_ref().and_then(|upload| upload.parts.as_ref());
        let mut numbers = upload.into_iter().flatten().map(|part| part.part_number.unwrap_or(0));
        let is_there =
            |number| root.join(format!(".upload_id-{}.part-{number}", input.upload_id)).is_file();
        if numbers.all(is_there) { Ok(()) } else { Err(s3_error!(InvalidPart)) }
    }
}

#[async_trait]
impl S3 for Bucket {
    async fn put_object(
        &self,
        request: S3Request<PutObjectInput>,
    ) -> S3Result<S3Response<PutObjectOutput>> {
        self.files.put_object(request).await
    }

    async fn get_object(
        &self,
        request: S3Request<GetObjectInput>,
    ) -> S3Result<S3Response<GetObjectOutput>> {
        self.files.get_object(request).await
    }

    async fn head_object(
        &self,
        request: S3Request<HeadObjectInput>,
    ) -> S3Result<S3Response<HeadObjectOutput>> {
        self.files.head_object(request).await
    }

    async fn delete_object(
        &self,
        request: S3Request<DeleteObjectInput>,
    ) -> S3Result<S3Response<DeleteObjectOutput>> {
        self.files.delete_object(request).await
    }

    async fn list_objects_v2(
        &self,
        request: S3Request<ListObjectsV2Input>,
    ) -> S3Result<S3Response<ListObjectsV2Output>> {
        self.files.list_objects_v2(request).await
    }

    async fn create_multipart_upload(
        &self,
        mut request: S3Request<CreateMultipartUploadInput>,
    ) -> S3Result<S3Response<CreateMultipartUploadOutput>> {
        let key = std::mem::replace(&mut request.input.key, SHORT_KEY.to_owned());
        let mut answer = self.files.create_multipart_upload(request).await?;
        let id = answer.output.upload_id.clone().ok_or_else(|| s3_error!(InternalError))?;
        lock(&self.uploads).insert(id, key.clone());
        answer.output.key = Some(key);
        Ok(answer)
    }

    async fn upload_part(
        &self,
        mut request: S3Request<UploadPartInput>,
    ) -> S3Result<S3Response<UploadPartOutput>> {
        self.key_of(&request.input.upload_id)?;
        request.input.key = SHORT_KEY.to_owned();
        self.files.upload_part(request).await
    }

    async fn complete_multipart_upload(
        &self,
        mut request: S3Request<CompleteMultipartUploadInput>,
    ) -> S3Result<S3Response<CompleteMultipartUploadOutput>> {
        let id = request.input.upload_id.clone();
        let key = self.key_of(&id)?;
        self.has_parts(&request.input)?;
        // By its id, so that two that are completed at once do not meet.
        request.input.key.clone_from(&id);
        let answer = self.files.complete_multipart_upload(request).await?;
        let target = self.folder.join(&key);
        let made = target.parent().map_or(Ok(()), fs::create_dir_all);
        made.and_then(|()| fs::rename(self.folder.join(&id), target))
            .map_err(S3Error::internal_error)?;
        lock(&self.uploads).remove(&id);
        Ok(answer)
    }

    async fn abort_multipart_upload(
        &self,
        mut request: S3Request<AbortMultipartUploadInput>,
    ) -> S3Result<S3Response<AbortMultipartUploadOutput>> {
        let id = request.input.upload_id.clone();
        self.key_of(&id)?;
        request.input.key = SHORT_KEY.to_owned();
        let answer = self.files.abort_multipart_upload(request).await?;
        lock(&self.uploads).remove(&id);
        Ok(answer)
    }

    async fn list_multipart_uploads(
        &self,
        request: S3Request<ListMultipartUploadsInput>,
    ) -> S3Result<S3Response<ListMultipartUploadsOutput>> {
        let prefix = request.input.prefix.unwrap_or_default();
        let uploads = lock(&self.uploads).clone();
        let found = uploads.into_iter().filter(|(_, key)| key.starts_with(&prefix));
        let uploads = found.map(|(id, key)| MultipartUpload {
            key: Some(key),
            upload_id: Some(id),
            ..MultipartUpload::default()
        });
        Ok(S3Response::new(ListMultipartUploadsOutput {
            bucket: Some(request.input.bucket),
            uploads: Some(uploads.collect()),
            ..ListMultipartUploadsOutput::default()
        }))
    }
}
