-- Where recordings lie. A place that is replaced stays for as long as recordings lie there.

CREATE TABLE recording_storages (
    id            uuid    NOT NULL PRIMARY KEY,
    tenant_id     uuid    REFERENCES tenants (id),   -- NULL: of the platform, for apps without their own
    app_id        text,
    is_current    boolean NOT NULL,                  -- whether recordings begin there
    endpoint      text,                              -- NULL: that of AWS
    region        text,
    bucket        text,                              -- NULL: the folder of the server
    prefix        text    NOT NULL,
    is_path_style boolean NOT NULL,
    access_key_id text,
    sealed_secret bytea,                             -- AES-256-GCM by the key file, the id is authenticated
    encryption    text    NOT NULL CHECK (encryption IN ('none', 'sse', 'envelope')),
    created_at    bigint  NOT NULL,                  -- microseconds, UTC
    updated_at    bigint  NOT NULL,
    CHECK ((tenant_id IS NULL) = (app_id IS NULL)),
    CHECK ((bucket IS NULL) = (sealed_secret IS NULL)),
    FOREIGN KEY (tenant_id, app_id) REFERENCES apps (tenant_id, id)
);
CREATE UNIQUE INDEX recording_storages_of_app ON recording_storages (tenant_id, app_id)
    WHERE is_current AND tenant_id IS NOT NULL;
CREATE UNIQUE INDEX recording_storages_of_platform ON recording_storages (is_current)
    WHERE is_current AND tenant_id IS NULL;

-- NULL: the folder of the server. Chosen when a recorder gets the recording.
ALTER TABLE recordings ADD COLUMN storage_id uuid REFERENCES recording_storages (id);
-- What its files are encrypted with, sealed by the key file; NULL: nothing.
ALTER TABLE recordings ADD COLUMN sealed_data_key bytea;
CREATE INDEX recordings_by_storage ON recordings (storage_id) WHERE storage_id IS NOT NULL;

ALTER TABLE recording_storages ENABLE ROW LEVEL SECURITY;
ALTER TABLE recording_storages FORCE ROW LEVEL SECURITY;
CREATE POLICY recording_storages_scope ON recording_storages USING (
    CASE WHEN (SELECT current_setting('app.scope', true)) = 'operator' THEN true
    ELSE tenant_id = (SELECT current_setting('app.tenant_id')::uuid) END
);
