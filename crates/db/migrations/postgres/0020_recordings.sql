-- What was recorded of calls: how far it is, its files, who agreed to it and who saw it.

CREATE TABLE recordings (
    tenant_id           uuid             NOT NULL,
    id                  uuid             NOT NULL UNIQUE,
    app_id              text COLLATE "C" NOT NULL,
    room                text             NOT NULL,
    call_id             uuid             NOT NULL,   -- its row comes later: calls are stored from a log
    kind                text             NOT NULL CHECK (kind IN ('tracks', 'composite', 'audio_only', 'stream')),
    state               text             NOT NULL
                        CHECK (state IN ('queued', 'starting', 'active', 'finalising', 'uploading', 'ready', 'failed')),
    failure             text,
    detail              text,                        -- the failure in words
    max_height          bigint           NOT NULL CHECK (max_height > 0),
    requested_by_kind   text             NOT NULL,
    requested_by_id     text,
    requested_by        text             NOT NULL,   -- their name at that moment
    is_stopping         boolean          NOT NULL,   -- to be told to the recorder until it has left the call
    recorder_id         text,
    recorder_away_since bigint,                      -- microseconds, UTC, as every time here
    queued_at           bigint           NOT NULL,
    started_at          bigint,
    ended_at            bigint,
    ready_at            bigint,                      -- when it became ready or failed
    bytes               bigint           NOT NULL CHECK (bytes >= 0),
    has_legal_hold      boolean          NOT NULL,
    expires_at          bigint,
    deleted_at          bigint,
    deleted_by          text,
    delete_reason       text,
    purged_at           bigint,                      -- the files are gone for good
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, app_id) REFERENCES apps (tenant_id, id)
);
CREATE INDEX recordings_by_time ON recordings (tenant_id, queued_at DESC, id);
CREATE INDEX recordings_of_call ON recordings (tenant_id, call_id);
CREATE INDEX recordings_going_on ON recordings (queued_at) WHERE state NOT IN ('ready', 'failed');

CREATE TABLE recording_files (
    tenant_id        uuid   NOT NULL,
    recording_id     uuid   NOT NULL,
    id               uuid   NOT NULL UNIQUE,
    storage_key      text   NOT NULL,
    role             text   NOT NULL CHECK (role IN ('track', 'composite', 'poster', 'events', 'manifest')),
    content_type     text   NOT NULL,
    bytes            bigint NOT NULL CHECK (bytes >= 0),
    sha256           text   NOT NULL,   -- lower-case hexadecimal
    participant_id   uuid,
    participant_name text,
    source           text,
    codec            text,
    start_ms         bigint,
    duration_ms      bigint,
    verified_at      bigint,            -- when it was last read again
    is_intact        boolean,           -- whether its checksum was right then
    PRIMARY KEY (tenant_id, recording_id, id),
    FOREIGN KEY (tenant_id, recording_id) REFERENCES recordings (tenant_id, id)
);

-- Who said in the call that they know of the recording and agree.
CREATE TABLE recording_consents (
    tenant_id      uuid   NOT NULL,
    recording_id   uuid   NOT NULL,
    participant_id uuid   NOT NULL,
    name           text   NOT NULL,
    consented_at   bigint NOT NULL,
    PRIMARY KEY (tenant_id, recording_id, participant_id),
    FOREIGN KEY (tenant_id, recording_id) REFERENCES recordings (tenant_id, id)
);

-- Links for people without a login. The link itself is nowhere stored.
CREATE TABLE recording_links (
    tenant_id    uuid   NOT NULL,
    recording_id uuid   NOT NULL,
    id           uuid   NOT NULL UNIQUE,
    token_hash   bytea  NOT NULL UNIQUE,
    created_by   text   NOT NULL,
    created_at   bigint NOT NULL,
    expires_at   bigint NOT NULL,
    revoked_at   bigint,
    PRIMARY KEY (tenant_id, recording_id, id),
    FOREIGN KEY (tenant_id, recording_id) REFERENCES recordings (tenant_id, id)
);

-- Who was given what to see.
CREATE TABLE recording_views (
    tenant_id    uuid   NOT NULL,
    recording_id uuid   NOT NULL,
    id           uuid   NOT NULL,
    at           bigint NOT NULL,
    kind         text   NOT NULL CHECK (kind IN ('file', 'link_opened', 'evidence')),
    file_id      uuid,
    link_id      uuid,
    viewer_kind  text   NOT NULL,
    viewer_id    text,
    viewer       text   NOT NULL,
    address      text,
    PRIMARY KEY (tenant_id, recording_id, id),
    FOREIGN KEY (tenant_id, recording_id) REFERENCES recordings (tenant_id, id)
);
CREATE INDEX recording_views_by_time ON recording_views (tenant_id, recording_id, at DESC, id);

ALTER TABLE recordings ENABLE ROW LEVEL SECURITY;
ALTER TABLE recordings FORCE ROW LEVEL SECURITY;
CREATE POLICY recordings_scope ON recordings USING (
    CASE WHEN (SELECT current_setting('app.scope', true)) = 'operator' THEN true
    ELSE tenant_id = (SELECT current_setting('app.tenant_id')::uuid) END
);

ALTER TABLE recording_files ENABLE ROW LEVEL SECURITY;
ALTER TABLE recording_files FORCE ROW LEVEL SECURITY;
CREATE POLICY recording_files_scope ON recording_files USING (
    CASE WHEN (SELECT current_setting('app.scope', true)) = 'operator' THEN true
    ELSE tenant_id = (SELECT current_setting('app.tenant_id')::uuid) END
);

ALTER TABLE recording_consents ENABLE ROW LEVEL SECURITY;
ALTER TABLE recording_consents FORCE ROW LEVEL SECURITY;
CREATE POLICY recording_consents_scope ON recording_consents USING (
    CASE WHEN (SELECT current_setting('app.scope', true)) = 'operator' THEN true
    ELSE tenant_id = (SELECT current_setting('app.tenant_id')::uuid) END
);

ALTER TABLE recording_links ENABLE ROW LEVEL SECURITY;
ALTER TABLE recording_links FORCE ROW LEVEL SECURITY;
CREATE POLICY recording_links_scope ON recording_links USING (
    CASE WHEN (SELECT current_setting('app.scope', true)) IN ('operator', 'login') THEN true
    ELSE tenant_id = (SELECT current_setting('app.tenant_id')::uuid) END
);

ALTER TABLE recording_views ENABLE ROW LEVEL SECURITY;
ALTER TABLE recording_views FORCE ROW LEVEL SECURITY;
CREATE POLICY recording_views_scope ON recording_views USING (
    CASE WHEN (SELECT current_setting('app.scope', true)) = 'operator' THEN true
    ELSE tenant_id = (SELECT current_setting('app.tenant_id')::uuid) END
);
