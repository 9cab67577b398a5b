-- Composites and streams: how they are made, where they are sent, which calls must be recorded.

ALTER TABLE recordings ADD COLUMN layout TEXT NOT NULL DEFAULT 'grid'
    CHECK (layout IN ('grid', 'speaker', 'side_by_side', 'single'));
ALTER TABLE recordings ADD COLUMN compose TEXT NOT NULL DEFAULT 'after_call'
    CHECK (compose IN ('after_call', 'live'));
ALTER TABLE recordings ADD COLUMN height BIGINT NOT NULL DEFAULT 720 CHECK (height > 0);
ALTER TABLE recordings ADD COLUMN has_names BOOLEAN NOT NULL DEFAULT true;
ALTER TABLE recordings ADD COLUMN fallback TEXT CHECK (fallback IN ('tracks'));
ALTER TABLE recordings ADD COLUMN composed_ms BIGINT CHECK (composed_ms >= 0);

ALTER TABLE apps ADD COLUMN auto_record TEXT;   -- how every call is recorded
ALTER TABLE apps ADD COLUMN recording_required BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE prepared_rooms ADD COLUMN auto_record TEXT;
ALTER TABLE prepared_rooms ADD COLUMN recording_required BOOLEAN NOT NULL DEFAULT false;

-- Every answer stays: somebody may refuse first and agree later.
ALTER TABLE recording_consents RENAME TO recording_consents_of_before;
CREATE TABLE recording_consents (
    tenant_id      BLOB    NOT NULL,
    recording_id   BLOB    NOT NULL,
    participant_id BLOB    NOT NULL,
    name           TEXT    NOT NULL,
    consented_at   BIGINT  NOT NULL,
    agrees         BOOLEAN NOT NULL DEFAULT true,
    is_starter     BOOLEAN NOT NULL DEFAULT false,   -- began it, and was not asked
    PRIMARY KEY (tenant_id, recording_id, participant_id, consented_at),
    FOREIGN KEY (tenant_id, recording_id) REFERENCES recordings (tenant_id, id)
);
INSERT INTO recording_consents (tenant_id, recording_id, participant_id, name, consented_at)
    SELECT tenant_id, recording_id, participant_id, name, consented_at
    FROM recording_consents_of_before;
DROP TABLE recording_consents_of_before;

-- Where an app's streams can be sent.
CREATE TABLE stream_targets (
    tenant_id  BLOB             NOT NULL,
    id         BLOB             NOT NULL UNIQUE,
    app_id     TEXT             NOT NULL,
    name       TEXT             NOT NULL,
    url        TEXT             NOT NULL,   -- without the key
    sealed_key BLOB             NOT NULL,   -- AES-256-GCM by the key file
    key_end    TEXT             NOT NULL,   -- by which people tell keys apart
    viewer_url TEXT,
    created_at BIGINT           NOT NULL,   -- microseconds, UTC, as every time here
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, app_id) REFERENCES apps (tenant_id, id)
);
CREATE INDEX stream_targets_of_app ON stream_targets (tenant_id, app_id, created_at, id);

-- Where one stream is sent, and how that goes. What is changed of a stored target later is not
-- changed here.
CREATE TABLE recording_targets (
    tenant_id    BLOB    NOT NULL,
    recording_id BLOB    NOT NULL,
    id           BLOB    NOT NULL,
    name         TEXT    NOT NULL,
    url          TEXT    NOT NULL,
    sealed_key   BLOB    NOT NULL,
    key_end      TEXT    NOT NULL,
    viewer_url   TEXT,
    state        TEXT    NOT NULL
                 CHECK (state IN ('connecting', 'live', 'reconnecting', 'refused', 'ended')),
    failure      TEXT,
    bitrate_bps  BIGINT,
    is_removed   BOOLEAN NOT NULL,
    added_at     BIGINT  NOT NULL,
    started_at   BIGINT,             -- when it was live for the first time
    PRIMARY KEY (tenant_id, recording_id, id),
    FOREIGN KEY (tenant_id, recording_id) REFERENCES recordings (tenant_id, id)
);
