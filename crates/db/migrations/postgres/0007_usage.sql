-- What is counted of calls: for each call, for each hour and day in the zone of the tenant, and how
-- the media of each participant was. All of it can be counted again from stays and samples.

ALTER TABLE calls ADD COLUMN participants bigint NOT NULL DEFAULT 0;
ALTER TABLE calls ADD COLUMN participant_us bigint NOT NULL DEFAULT 0;   -- of stays that are over
ALTER TABLE calls ADD COLUMN peak_participants bigint NOT NULL DEFAULT 0;
ALTER TABLE calls ADD COLUMN measured_intervals bigint NOT NULL DEFAULT 0;   -- ten seconds each
ALTER TABLE calls ADD COLUMN good_intervals bigint NOT NULL DEFAULT 0;
ALTER TABLE calls ADD COLUMN poor_intervals bigint NOT NULL DEFAULT 0;
-- Holds all that an overview reads of calls, so that it does not visit the table.
CREATE INDEX calls_counted ON calls
    (tenant_id, started_at, ended_at, app_id, room, participant_us, peak_participants, id);
CREATE INDEX stays_by_leave ON stays (tenant_id, left_at);

-- How somebody's media was, five minutes to a row: sums over the intervals of ten seconds.
CREATE TABLE media_quality (
    tenant_id            uuid NOT NULL,
    call_id              uuid NOT NULL,
    participant_id       uuid NOT NULL,
    began_at             bigint NOT NULL,   -- microseconds, UTC, as every time here
    app_id               text COLLATE "C" NOT NULL,
    intervals            bigint NOT NULL,
    measured_intervals   bigint NOT NULL,   -- those with a MOS
    good_intervals       bigint NOT NULL,
    poor_intervals       bigint NOT NULL,
    mos_sum              double precision NOT NULL,
    lossy_intervals      bigint NOT NULL,
    slow_intervals       bigint NOT NULL,
    jittery_intervals    bigint NOT NULL,
    narrow_intervals     bigint NOT NULL,
    concealing_intervals bigint NOT NULL,
    tcp_intervals        bigint NOT NULL,
    freezes              bigint NOT NULL,
    transport            text COLLATE "C",            -- of the newest interval that has one
    codecs               text COLLATE "C" NOT NULL,   -- of the newest interval, separated by commas
    PRIMARY KEY (tenant_id, call_id, participant_id, began_at),
    FOREIGN KEY (tenant_id, call_id) REFERENCES calls (tenant_id, id)
);
CREATE INDEX media_quality_by_time ON media_quality
    (tenant_id, began_at, app_id, measured_intervals, good_intervals);

-- Until when the hours of a tenant are counted, and in which zone they are.
CREATE TABLE usage_progress (
    tenant_id     uuid NOT NULL PRIMARY KEY REFERENCES tenants (id),
    time_zone     text COLLATE "C" NOT NULL,
    counted_until bigint NOT NULL
);

-- An hour that is over, for each app that was used in it and, with an empty app_id, for all.
CREATE TABLE usage_hours (
    tenant_id          uuid NOT NULL REFERENCES tenants (id),
    app_id             text COLLATE "C" NOT NULL,
    starts_at          bigint NOT NULL,
    local_date         text COLLATE "C" NOT NULL,   -- YYYY-MM-DD
    weekday            bigint NOT NULL,   -- 0 is Monday
    hour               bigint NOT NULL,
    calls              bigint NOT NULL,   -- that began in it
    participants       bigint NOT NULL,   -- who came for the first time in it
    guests             bigint NOT NULL,   -- those of them without an id of the tenant's own system
    participant_us     bigint NOT NULL,
    peak_participants  bigint NOT NULL,
    measured_intervals bigint NOT NULL,
    good_intervals     bigint NOT NULL,
    PRIMARY KEY (tenant_id, app_id, starts_at)
);
CREATE INDEX usage_hours_by_start ON usage_hours (tenant_id, starts_at);

-- The same for a day of which every hour is counted.
CREATE TABLE usage_days (
    tenant_id          uuid NOT NULL REFERENCES tenants (id),
    app_id             text COLLATE "C" NOT NULL,
    local_date         text COLLATE "C" NOT NULL,
    calls              bigint NOT NULL,
    participants       bigint NOT NULL,
    guests             bigint NOT NULL,
    participant_us     bigint NOT NULL,
    peak_participants  bigint NOT NULL,
    measured_intervals bigint NOT NULL,
    good_intervals     bigint NOT NULL,
    PRIMARY KEY (tenant_id, app_id, local_date)
);
CREATE INDEX usage_days_by_date ON usage_days (tenant_id, local_date);

-- With what participants came, by the hour of their first join.
CREATE TABLE usage_clients (
    tenant_id    uuid NOT NULL REFERENCES tenants (id),
    app_id       text COLLATE "C" NOT NULL,
    starts_at    bigint NOT NULL,
    browser      text COLLATE "C" NOT NULL,   -- without its version
    os           text COLLATE "C" NOT NULL,
    participants bigint NOT NULL,
    PRIMARY KEY (tenant_id, app_id, starts_at, browser, os)
);

-- Who was there in a month, by their id in the tenant's own system.
CREATE TABLE usage_people (
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    app_id    text COLLATE "C" NOT NULL,   -- empty: in any app
    month     text COLLATE "C" NOT NULL,   -- YYYY-MM
    subject   text COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant_id, app_id, month, subject)
);

ALTER TABLE media_quality ENABLE ROW LEVEL SECURITY;
ALTER TABLE media_quality FORCE ROW LEVEL SECURITY;
CREATE POLICY media_quality_scope ON media_quality USING (
    CASE WHEN (SELECT current_setting('app.scope', true)) = 'operator' THEN true
    ELSE tenant_id = (SELECT current_setting('app.tenant_id')::uuid) END
);

ALTER TABLE usage_progress ENABLE ROW LEVEL SECURITY;
ALTER TABLE usage_progress FORCE ROW LEVEL SECURITY;
CREATE POLICY usage_progress_scope ON usage_progress USING (
    CASE WHEN (SELECT current_setting('app.scope', true)) = 'operator' THEN true
    ELSE tenant_id = (SELECT current_setting('app.tenant_id')::uuid) END
);

ALTER TABLE usage_hours ENABLE ROW LEVEL SECURITY;
ALTER TABLE usage_hours FORCE ROW LEVEL SECURITY;
CREATE POLICY usage_hours_scope ON usage_hours USING (
    CASE WHEN (SELECT current_setting('app.scope', true)) = 'operator' THEN true
    ELSE tenant_id = (SELECT current_setting('app.tenant_id')::uuid) END
);

ALTER TABLE usage_days ENABLE ROW LEVEL SECURITY;
ALTER TABLE usage_days FORCE ROW LEVEL SECURITY;
CREATE POLICY usage_days_scope ON usage_days USING (
    CASE WHEN (SELECT current_setting('app.scope', true)) = 'operator' THEN true
    ELSE tenant_id = (SELECT current_setting('app.tenant_id')::uuid) END
);

ALTER TABLE usage_clients ENABLE ROW LEVEL SECURITY;
ALTER TABLE usage_clients FORCE ROW LEVEL SECURITY;
CREATE POLICY usage_clients_scope ON usage_clients USING (
    CASE WHEN (SELECT current_setting('app.scope', true)) = 'operator' THEN true
    ELSE tenant_id = (SELECT current_setting('app.tenant_id')::uuid) END
);

ALTER TABLE usage_people ENABLE ROW LEVEL SECURITY;
ALTER TABLE usage_people FORCE ROW LEVEL SECURITY;
CREATE POLICY usage_people_scope ON usage_people USING (
    CASE WHEN (SELECT current_setting('app.scope', true)) = 'operator' THEN true
    ELSE tenant_id = (SELECT current_setting('app.tenant_id')::uuid) END
);
