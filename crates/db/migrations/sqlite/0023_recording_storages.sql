-- Where recordings lie. A place that is replaced stays for as long as recordings lie there.

CREATE TABLE recording_storages (
    id            BLOB    NOT NULL PRIMARY KEY,
    tenant_id     BLOB    REFERENCES tenants (id),   -- NULL: of the platform, for apps without their own
    app_id        TEXT,
    is_current    BOOLEAN NOT NULL,                  -- whether recordings begin there
    endpoint      TEXT,                              -- NULL: that of AWS
    region        TEXT,
    bucket        TEXT,                              -- NULL: the folder of the server
    prefix        TEXT    NOT NULL,
    is_path_style BOOLEAN NOT NULL,
    access_key_id TEXT,
    sealed_secret BLOB,                              -- AES-256-GCM by the key file, the id is authenticated
    encryption    TEXT    NOT NULL CHECK (encryption IN ('none', 'sse', 'envelope')),
    created_at    BIGINT  NOT NULL,                  -- microseconds, UTC
    updated_at    BIGINT  NOT NULL,
    CHECK ((tenant_id IS NULL) = (app_id IS NULL)),
    CHECK ((bucket IS NULL) = (sealed_secret IS NULL)),
    FOREIGN KEY (tenant_id, app_id) REFERENCES apps (tenant_id, id)
);
CREATE UNIQUE INDEX recording_storages_of_app ON recording_storages (tenant_id, app_id)
    WHERE is_current AND tenant_id IS NOT NULL;
CREATE UNIQUE INDEX recording_storages_of_platform ON recording_storages (is_current)
    WHERE is_current AND tenant_id IS NULL;

-- NULL: the folder of the server. Chosen when a recorder gets the recording.
ALTER TABLE recordings ADD COLUMN storage_id BLOB REFERENCES recording_storages (id);
-- What its files are encrypted with, sealed by the key file; NULL: nothing.
ALTER TABLE recordings ADD COLUMN sealed_data_key BLOB;
CREATE INDEX recordings_by_storage ON recordings (storage_id) WHERE storage_id IS NOT NULL;
