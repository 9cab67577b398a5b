-- Calls, who was in them, what they did there and how their media was.

CREATE TABLE calls (
    tenant_id  BLOB   NOT NULL,
    id         BLOB   NOT NULL,
    app_id     TEXT   NOT NULL,
    room       TEXT   NOT NULL,
    log_id     BLOB   NOT NULL,   -- of the node that reports it
    started_at BIGINT NOT NULL,   -- microseconds, UTC, as every time here
    heard_at   BIGINT NOT NULL,   -- of the newest report
    ended_at   BIGINT,
    end_reason TEXT,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, app_id) REFERENCES apps (tenant_id, id)
);
CREATE INDEX calls_by_start ON calls (tenant_id, started_at DESC, id);
CREATE INDEX calls_going_on ON calls (log_id) WHERE ended_at IS NULL;

-- One row from each join to its leave: what usage is counted from.
CREATE TABLE stays (
    tenant_id      BLOB   NOT NULL,
    call_id        BLOB   NOT NULL,
    participant_id BLOB   NOT NULL,
    joined_at      BIGINT NOT NULL,
    left_at        BIGINT,
    leave_reason   TEXT,
    app_id         TEXT   NOT NULL,
    name           TEXT   NOT NULL,
    subject        TEXT,   -- their id in the tenant's own system
    key_id         TEXT,   -- absent for guests
    role           TEXT   NOT NULL,
    via            TEXT   NOT NULL,
    sdk            TEXT   NOT NULL,
    browser        TEXT   NOT NULL,
    os             TEXT   NOT NULL,
    PRIMARY KEY (tenant_id, call_id, participant_id, joined_at),
    FOREIGN KEY (tenant_id, call_id) REFERENCES calls (tenant_id, id)
);
CREATE INDEX stays_by_join ON stays (tenant_id, joined_at);

-- What happened between join and leave, for the timeline of a call.
CREATE TABLE call_events (
    tenant_id      BLOB   NOT NULL,
    call_id        BLOB   NOT NULL,
    id             BLOB   NOT NULL,   -- of the report; grows with time
    participant_id BLOB   NOT NULL,
    at             BIGINT NOT NULL,
    kind           TEXT   NOT NULL,
    detail         TEXT   NOT NULL,   -- JSON
    PRIMARY KEY (tenant_id, call_id, id),
    FOREIGN KEY (tenant_id, call_id) REFERENCES calls (tenant_id, id)
);

-- How somebody's media was, five minutes to a row.
CREATE TABLE media_samples (
    tenant_id      BLOB   NOT NULL,
    call_id        BLOB   NOT NULL,
    participant_id BLOB   NOT NULL,
    began_at       BIGINT NOT NULL,
    samples        TEXT   NOT NULL,   -- JSON lines, the oldest first
    PRIMARY KEY (tenant_id, call_id, participant_id, began_at),
    FOREIGN KEY (tenant_id, call_id) REFERENCES calls (tenant_id, id)
);

-- How far the log of each node is stored; changes with what is stored from it.
CREATE TABLE report_positions (
    log_id      BLOB   NOT NULL PRIMARY KEY,
    segment     BIGINT NOT NULL,
    byte_offset BIGINT NOT NULL
);
