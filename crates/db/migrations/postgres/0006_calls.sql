-- Calls, who was in them, what they did there and how their media was.

CREATE TABLE calls (
    tenant_id  uuid             NOT NULL,
    id         uuid             NOT NULL,
    app_id     text COLLATE "C" NOT NULL,
    room       text             NOT NULL,
    log_id     uuid             NOT NULL,   -- of the node that reports it
    started_at bigint           NOT NULL,   -- microseconds, UTC, as every time here
    heard_at   bigint           NOT NULL,   -- of the newest report
    ended_at   bigint,
    end_reason text,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, app_id) REFERENCES apps (tenant_id, id)
);
CREATE INDEX calls_by_start ON calls (tenant_id, started_at DESC, id);
CREATE INDEX calls_going_on ON calls (log_id) WHERE ended_at IS NULL;

-- One row from each join to its leave: what usage is counted from.
CREATE TABLE stays (
    tenant_id      uuid             NOT NULL,
    call_id        uuid             NOT NULL,
    participant_id uuid             NOT NULL,
    joined_at      bigint           NOT NULL,
    left_at        bigint,
    leave_reason   text,
    app_id         text COLLATE "C" NOT NULL,
    name           text             NOT NULL,
    subject        text,   -- their id in the tenant's own system
    key_id         text COLLATE "C",   -- absent for guests
    role           text             NOT NULL,
    via            text             NOT NULL,
    sdk            text             NOT NULL,
    browser        text             NOT NULL,
    os             text             NOT NULL,
    PRIMARY KEY (tenant_id, call_id, participant_id, joined_at),
    FOREIGN KEY (tenant_id, call_id) REFERENCES calls (tenant_id, id)
);
CREATE INDEX stays_by_join ON stays (tenant_id, joined_at);

-- What happened between join and leave, for the timeline of a call.
CREATE TABLE call_events (
    tenant_id      uuid             NOT NULL,
    call_id        uuid             NOT NULL,
    id             uuid             NOT NULL,   -- of the report; grows with time
    participant_id uuid             NOT NULL,
    at             bigint           NOT NULL,
    kind           text COLLATE "C" NOT NULL,
    detail         text             NOT NULL,   -- JSON
    PRIMARY KEY (tenant_id, call_id, id),
    FOREIGN KEY (tenant_id, call_id) REFERENCES calls (tenant_id, id)
);

-- How somebody's media was, five minutes to a row.
CREATE TABLE media_samples (
    tenant_id      uuid   NOT NULL,
    call_id        uuid   NOT NULL,
    participant_id uuid   NOT NULL,
    began_at       bigint NOT NULL,
    samples        text   NOT NULL,   -- JSON lines, the oldest first
    PRIMARY KEY (tenant_id, call_id, participant_id, began_at),
    FOREIGN KEY (tenant_id, call_id) REFERENCES calls (tenant_id, id)
);

-- How far the log of each node is stored; changes with what is stored from it.
CREATE TABLE report_positions (
    log_id      uuid   NOT NULL PRIMARY KEY,
    segment     bigint NOT NULL,
    byte_offset bigint NOT NULL
);

ALTER TABLE calls ENABLE ROW LEVEL SECURITY;
ALTER TABLE calls FORCE ROW LEVEL SECURITY;
CREATE POLICY calls_scope ON calls USING (
    CASE WHEN (SELECT current_setting('app.scope', true)) = 'operator' THEN true
    ELSE tenant_id = (SELECT current_setting('app.tenant_id')::uuid) END
);

ALTER TABLE stays ENABLE ROW LEVEL SECURITY;
ALTER TABLE stays FORCE ROW LEVEL SECURITY;
CREATE POLICY stays_scope ON stays USING (
    CASE WHEN (SELECT current_setting('app.scope', true)) = 'operator' THEN true
    ELSE tenant_id = (SELECT current_setting('app.tenant_id')::uuid) END
);

ALTER TABLE call_events ENABLE ROW LEVEL SECURITY;
ALTER TABLE call_events FORCE ROW LEVEL SECURITY;
CREATE POLICY call_events_scope ON call_events USING (
    CASE WHEN (SELECT current_setting('app.scope', true)) = 'operator' THEN true
    ELSE tenant_id = (SELECT current_setting('app.tenant_id')::uuid) END
);

ALTER TABLE media_samples ENABLE ROW LEVEL SECURITY;
ALTER TABLE media_samples FORCE ROW LEVEL SECURITY;
CREATE POLICY media_samples_scope ON media_samples USING (
    CASE WHEN (SELECT current_setting('app.scope', true)) = 'operator' THEN true
    ELSE tenant_id = (SELECT current_setting('app.tenant_id')::uuid) END
);
