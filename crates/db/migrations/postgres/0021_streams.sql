-- Composites and streams: how they are made, where they are sent, which calls must be recorded.

ALTER TABLE recordings ADD COLUMN layout text NOT NULL DEFAULT 'grid'
    CHECK (layout IN ('grid', 'speaker', 'side_by_side', 'single'));
ALTER TABLE recordings ADD COLUMN compose text NOT NULL DEFAULT 'after_call'
    CHECK (compose IN ('after_call', 'live'));
ALTER TABLE recordings ADD COLUMN height bigint NOT NULL DEFAULT 720 CHECK (height > 0);
ALTER TABLE recordings ADD COLUMN has_names boolean NOT NULL DEFAULT true;
ALTER TABLE recordings ADD COLUMN fallback text CHECK (fallback IN ('tracks'));
ALTER TABLE recordings ADD COLUMN composed_ms bigint CHECK (composed_ms >= 0);

ALTER TABLE apps ADD COLUMN auto_record jsonb;   -- how every call is recorded
ALTER TABLE apps ADD COLUMN recording_required boolean NOT NULL DEFAULT false;
ALTER TABLE prepared_rooms ADD COLUMN auto_record jsonb;
ALTER TABLE prepared_rooms ADD COLUMN recording_required boolean NOT NULL DEFAULT false;

-- Every answer stays: somebody may refuse first and agree later.
ALTER TABLE recording_consents ADD COLUMN agrees boolean NOT NULL DEFAULT true;
ALTER TABLE recording_consents ADD COLUMN is_starter boolean NOT NULL DEFAULT false;   -- began it, and was not asked
ALTER TABLE recording_consents DROP CONSTRAINT recording_consents_pkey;
ALTER TABLE recording_consents ADD PRIMARY KEY (tenant_id, recording_id, participant_id, consented_at);

-- Where an app's streams can be sent.
CREATE TABLE stream_targets (
    tenant_id  uuid             NOT NULL,
    id         uuid             NOT NULL UNIQUE,
    app_id     text COLLATE "C" NOT NULL,
    name       text             NOT NULL,
    url        text             NOT NULL,   -- without the key
    sealed_key bytea            NOT NULL,   -- AES-256-GCM by the key file
    key_end    text             NOT NULL,   -- by which people tell keys apart
    viewer_url text,
    created_at bigint           NOT NULL,   -- microseconds, UTC, as every time here
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, app_id) REFERENCES apps (tenant_id, id)
);
CREATE INDEX stream_targets_of_app ON stream_targets (tenant_id, app_id, created_at, id);

-- Where one stream is sent, and how that goes. What is changed of a stored target later is not
-- changed here.
CREATE TABLE recording_targets (
    tenant_id    uuid    NOT NULL,
    recording_id uuid    NOT NULL,
    id           uuid    NOT NULL,
    name         text    NOT NULL,
    url          text    NOT NULL,
    sealed_key   bytea   NOT NULL,
    key_end      text    NOT NULL,
    viewer_url   text,
    state        text    NOT NULL
                 CHECK (state IN ('connecting', 'live', 'reconnecting', 'refused', 'ended')),
    failure      text,
    bitrate_bps  bigint,
    is_removed   boolean NOT NULL,
    added_at     bigint  NOT NULL,
    started_at   bigint,             -- when it was live for the first time
    PRIMARY KEY (tenant_id, recording_id, id),
    FOREIGN KEY (tenant_id, recording_id) REFERENCES recordings (tenant_id, id)
);

ALTER TABLE stream_targets ENABLE ROW LEVEL SECURITY;
ALTER TABLE stream_targets FORCE ROW LEVEL SECURITY;
CREATE POLICY stream_targets_scope ON stream_targets USING (
    CASE WHEN (SELECT current_setting('app.scope', true)) = 'operator' THEN true
    ELSE tenant_id = (SELECT current_setting('app.tenant_id')::uuid) END
);

ALTER TABLE recording_targets ENABLE ROW LEVEL SECURITY;
ALTER TABLE recording_targets FORCE ROW LEVEL SECURITY;
CREATE POLICY recording_targets_scope ON recording_targets USING (
    CASE WHEN (SELECT current_setting('app.scope', true)) = 'operator' THEN true
    ELSE tenant_id = (SELECT current_setting('app.tenant_id')::uuid) END
);
