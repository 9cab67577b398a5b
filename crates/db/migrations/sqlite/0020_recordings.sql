-- What was recorded of calls: how far it is, its files, who agreed to it and who saw it.

CREATE TABLE recordings (
    tenant_id           BLOB    NOT NULL,
    id                  BLOB    NOT NULL UNIQUE,
    app_id              TEXT    NOT NULL,
    room                TEXT    NOT NULL,
    call_id             BLOB    NOT NULL,   -- its row comes later: calls are stored from a log
    kind                TEXT    NOT NULL CHECK (kind IN ('tracks', 'composite', 'audio_only', 'stream')),
    state               TEXT    NOT NULL
                        CHECK (state IN ('queued', 'starting', 'active', 'finalising', 'uploading', 'ready', 'failed')),
    failure             TEXT,
    detail              TEXT,                        -- the failure in words
    max_height          BIGINT  NOT NULL CHECK (max_height > 0),
    requested_by_kind   TEXT    NOT NULL,
    requested_by_id     TEXT,
    requested_by        TEXT    NOT NULL,   -- their name at that moment
    is_stopping         BOOLEAN NOT NULL,   -- to be told to the recorder until it has left the call
    recorder_id         TEXT,
    recorder_away_since BIGINT,                      -- microseconds, UTC, as every time here
    queued_at           BIGINT  NOT NULL,
    started_at          BIGINT,
    ended_at            BIGINT,
    ready_at            BIGINT,                      -- when it became ready or failed
    bytes               BIGINT  NOT NULL CHECK (bytes >= 0),
    has_legal_hold      BOOLEAN NOT NULL,
    expires_at          BIGINT,
    deleted_at          BIGINT,
    deleted_by          TEXT,
    delete_reason       TEXT,
    purged_at           BIGINT,                      -- the files are gone for good
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, app_id) REFERENCES apps (tenant_id, id)
);
CREATE INDEX recordings_by_time ON recordings (tenant_id, queued_at DESC, id);
CREATE INDEX recordings_of_call ON recordings (tenant_id, call_id);
CREATE INDEX recordings_going_on ON recordings (queued_at) WHERE state NOT IN ('ready', 'failed');

CREATE TABLE recording_files (
    tenant_id        BLOB   NOT NULL,
    recording_id     BLOB   NOT NULL,
    id               BLOB   NOT NULL UNIQUE,
    storage_key      TEXT   NOT NULL,
    role             TEXT   NOT NULL CHECK (role IN ('track', 'composite', 'poster', 'events', 'manifest')),
    content_type     TEXT   NOT NULL,
    bytes            BIGINT NOT NULL CHECK (bytes >= 0),
    sha256           TEXT   NOT NULL,   -- lower-case hexadecimal
    participant_id   BLOB,
    participant_name TEXT,
    source           TEXT,
    codec            TEXT,
    start_ms         BIGINT,
    duration_ms      BIGINT,
    verified_at      BIGINT,            -- when it was last read again
    is_intact        BOOLEAN,           -- whether its checksum was right then
    PRIMARY KEY (tenant_id, recording_id, id),
    FOREIGN KEY (tenant_id, recording_id) REFERENCES recordings (tenant_id, id)
);

-- Who said in the call that they know of the recording and agree.
CREATE TABLE recording_consents (
    tenant_id      BLOB   NOT NULL,
    recording_id   BLOB   NOT NULL,
    participant_id BLOB   NOT NULL,
    name           TEXT   NOT NULL,
    consented_at   BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, recording_id, participant_id),
    FOREIGN KEY (tenant_id, recording_id) REFERENCES recordings (tenant_id, id)
);

-- Links for people without a login. The link itself is nowhere stored.
CREATE TABLE recording_links (
    tenant_id    BLOB   NOT NULL,
    recording_id BLOB   NOT NULL,
    id           BLOB   NOT NULL UNIQUE,
    token_hash   BLOB   NOT NULL UNIQUE,
    created_by   TEXT   NOT NULL,
    created_at   BIGINT NOT NULL,
    expires_at   BIGINT NOT NULL,
    revoked_at   BIGINT,
    PRIMARY KEY (tenant_id, recording_id, id),
    FOREIGN KEY (tenant_id, recording_id) REFERENCES recordings (tenant_id, id)
);

-- Who was given what to see.
CREATE TABLE recording_views (
    tenant_id    BLOB   NOT NULL,
    recording_id BLOB   NOT NULL,
    id           BLOB   NOT NULL,
    at           BIGINT NOT NULL,
    kind         TEXT   NOT NULL CHECK (kind IN ('file', 'link_opened', 'evidence')),
    file_id      BLOB,
    link_id      BLOB,
    viewer_kind  TEXT   NOT NULL,
    viewer_id    TEXT,
    viewer       TEXT   NOT NULL,
    address      TEXT,
    PRIMARY KEY (tenant_id, recording_id, id),
    FOREIGN KEY (tenant_id, recording_id) REFERENCES recordings (tenant_id, id)
);
CREATE INDEX recording_views_by_time ON recording_views (tenant_id, recording_id, at DESC, id);
