-- What is counted of calls: for each call, for each hour and day in the zone of the tenant, and how
-- the media of each participant was. All of it can be counted again from stays and samples.

ALTER TABLE calls ADD COLUMN participants BIGINT NOT NULL DEFAULT 0;
ALTER TABLE calls ADD COLUMN participant_us BIGINT NOT NULL DEFAULT 0;   -- of stays that are over
ALTER TABLE calls ADD COLUMN peak_participants BIGINT NOT NULL DEFAULT 0;
ALTER TABLE calls ADD COLUMN measured_intervals BIGINT NOT NULL DEFAULT 0;   -- ten seconds each
ALTER TABLE calls ADD COLUMN good_intervals BIGINT NOT NULL DEFAULT 0;
ALTER TABLE calls ADD COLUMN poor_intervals BIGINT NOT NULL DEFAULT 0;
-- Holds all that an overview reads of calls, so that it does not visit the table.
CREATE INDEX calls_counted ON calls
    (tenant_id, started_at, ended_at, app_id, room, participant_us, peak_participants, id);
CREATE INDEX stays_by_leave ON stays (tenant_id, left_at);

-- How somebody's media was, five minutes to a row: sums over the intervals of ten seconds.
CREATE TABLE media_quality (
    tenant_id            BLOB NOT NULL,
    call_id              BLOB NOT NULL,
    participant_id       BLOB NOT NULL,
    began_at             BIGINT NOT NULL,   -- microseconds, UTC, as every time here
    app_id               TEXT NOT NULL,
    intervals            BIGINT NOT NULL,
    measured_intervals   BIGINT NOT NULL,   -- those with a MOS
    good_intervals       BIGINT NOT NULL,
    poor_intervals       BIGINT NOT NULL,
    mos_sum              REAL NOT NULL,
    lossy_intervals      BIGINT NOT NULL,
    slow_intervals       BIGINT NOT NULL,
    jittery_intervals    BIGINT NOT NULL,
    narrow_intervals     BIGINT NOT NULL,
    concealing_intervals BIGINT NOT NULL,
    tcp_intervals        BIGINT NOT NULL,
    freezes              BIGINT NOT NULL,
    transport            TEXT,            -- of the newest interval that has one
    codecs               TEXT NOT NULL,   -- of the newest interval, separated by commas
    PRIMARY KEY (tenant_id, call_id, participant_id, began_at),
    FOREIGN KEY (tenant_id, call_id) REFERENCES calls (tenant_id, id)
);
CREATE INDEX media_quality_by_time ON media_quality
    (tenant_id, began_at, app_id, measured_intervals, good_intervals);

-- Until when the hours of a tenant are counted, and in which zone they are.
CREATE TABLE usage_progress (
    tenant_id     BLOB NOT NULL PRIMARY KEY REFERENCES tenants (id),
    time_zone     TEXT NOT NULL,
    counted_until BIGINT NOT NULL
);

-- An hour that is over, for each app that was used in it and, with an empty app_id, for all.
CREATE TABLE usage_hours (
    tenant_id          BLOB NOT NULL REFERENCES tenants (id),
    app_id             TEXT NOT NULL,
    starts_at          BIGINT NOT NULL,
    local_date         TEXT NOT NULL,   -- YYYY-MM-DD
    weekday            BIGINT NOT NULL,   -- 0 is Monday
    hour               BIGINT NOT NULL,
    calls              BIGINT NOT NULL,   -- that began in it
    participants       BIGINT NOT NULL,   -- who came for the first time in it
    guests             BIGINT NOT NULL,   -- those of them without an id of the tenant's own system
    participant_us     BIGINT NOT NULL,
    peak_participants  BIGINT NOT NULL,
    measured_intervals BIGINT NOT NULL,
    good_intervals     BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, app_id, starts_at)
);
CREATE INDEX usage_hours_by_start ON usage_hours (tenant_id, starts_at);

-- The same for a day of which every hour is counted.
CREATE TABLE usage_days (
    tenant_id          BLOB NOT NULL REFERENCES tenants (id),
    app_id             TEXT NOT NULL,
    local_date         TEXT NOT NULL,
    calls              BIGINT NOT NULL,
    participants       BIGINT NOT NULL,
    guests             BIGINT NOT NULL,
    participant_us     BIGINT NOT NULL,
    peak_participants  BIGINT NOT NULL,
    measured_intervals BIGINT NOT NULL,
    good_intervals     BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, app_id, local_date)
);
CREATE INDEX usage_days_by_date ON usage_days (tenant_id, local_date);

-- With what participants came, by the hour of their first join.
CREATE TABLE usage_clients (
    tenant_id    BLOB NOT NULL REFERENCES tenants (id),
    app_id       TEXT NOT NULL,
    starts_at    BIGINT NOT NULL,
    browser      TEXT NOT NULL,   -- without its version
    os           TEXT NOT NULL,
    participants BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, app_id, starts_at, browser, os)
);

-- Who was there in a month, by their id in the tenant's own system.
CREATE TABLE usage_people (
    tenant_id BLOB NOT NULL REFERENCES tenants (id),
    app_id    TEXT NOT NULL,   -- empty: in any app
    month     TEXT NOT NULL,   -- YYYY-MM
    subject   TEXT NOT NULL,
    PRIMARY KEY (tenant_id, app_id, month, subject)
);
