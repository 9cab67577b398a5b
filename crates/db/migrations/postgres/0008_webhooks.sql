-- Where tenants want to hear of events, and what was delivered there.

CREATE TABLE webhooks (
    tenant_id         uuid             NOT NULL REFERENCES tenants (id),
    id                uuid             NOT NULL UNIQUE,
    app_id            text COLLATE "C",            -- NULL: every app of the tenant
    url               text             NOT NULL,
    events            text             NOT NULL,   -- names between spaces, or *
    format            text             NOT NULL CHECK (format IN ('standard', 'jaas')),
    sealed_secret     bytea            NOT NULL,   -- AES-256-GCM by the key file
    sealed_old_secret bytea,                       -- signs as well until old_secret_until
    old_secret_until  bigint,                      -- microseconds, UTC, as every time here
    pause_reason      text             CHECK (pause_reason IN ('requested', 'failing', 'gone')),
    failing_since     bigint,
    last_delivery_at  bigint,
    last_status       text             CHECK (last_status IN ('delivered', 'failed')),
    created_at        bigint           NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, app_id) REFERENCES apps (tenant_id, id)
);
CREATE INDEX webhooks_failing ON webhooks (failing_since) WHERE failing_since IS NOT NULL;

CREATE TABLE webhook_deliveries (
    tenant_id        uuid   NOT NULL,
    id               uuid   NOT NULL UNIQUE,
    webhook_id       uuid   NOT NULL,
    event_id         uuid   NOT NULL,
    event_type       text   NOT NULL,
    request_body     text   NOT NULL,
    status           text   NOT NULL CHECK (status IN ('pending', 'delivered', 'failed')),
    attempts         bigint NOT NULL,
    round_began_at   bigint NOT NULL,   -- how many attempts were before the last resend
    next_attempt_at  bigint NOT NULL,   -- in the future while it is being delivered
    last_status_code bigint,
    created_at       bigint NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, webhook_id) REFERENCES webhooks (tenant_id, id)
);
CREATE INDEX webhook_deliveries_by_time ON webhook_deliveries (tenant_id, webhook_id, created_at, id);
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (next_attempt_at) WHERE status = 'pending';
CREATE INDEX webhook_deliveries_old ON webhook_deliveries (created_at);

CREATE TABLE webhook_attempts (
    tenant_id     uuid   NOT NULL,
    delivery_id   uuid   NOT NULL,
    number        bigint NOT NULL,
    at            bigint NOT NULL,
    status_code   bigint,
    error         text,
    duration_ms   bigint NOT NULL,
    response_body text   NOT NULL,   -- its beginning
    PRIMARY KEY (tenant_id, delivery_id, number),
    FOREIGN KEY (tenant_id, delivery_id) REFERENCES webhook_deliveries (tenant_id, id)
);

-- The number of the last event of each room.
CREATE TABLE webhook_sequences (
    tenant_id uuid             NOT NULL,
    app_id    text COLLATE "C" NOT NULL,
    room      text COLLATE "C" NOT NULL,
    sequence  bigint           NOT NULL,
    PRIMARY KEY (tenant_id, app_id, room),
    FOREIGN KEY (tenant_id, app_id) REFERENCES apps (tenant_id, id)
);

ALTER TABLE webhooks ENABLE ROW LEVEL SECURITY;
ALTER TABLE webhooks FORCE ROW LEVEL SECURITY;
CREATE POLICY webhooks_scope ON webhooks USING (
    CASE WHEN (SELECT current_setting('app.scope', true)) = 'operator' THEN true
    ELSE tenant_id = (SELECT current_setting('app.tenant_id')::uuid) END
);

ALTER TABLE webhook_deliveries ENABLE ROW LEVEL SECURITY;
ALTER TABLE webhook_deliveries FORCE ROW LEVEL SECURITY;
CREATE POLICY webhook_deliveries_scope ON webhook_deliveries USING (
    CASE WHEN (SELECT current_setting('app.scope', true)) = 'operator' THEN true
    ELSE tenant_id = (SELECT current_setting('app.tenant_id')::uuid) END
);

ALTER TABLE webhook_attempts ENABLE ROW LEVEL SECURITY;
ALTER TABLE webhook_attempts FORCE ROW LEVEL SECURITY;
CREATE POLICY webhook_attempts_scope ON webhook_attempts USING (
    CASE WHEN (SELECT current_setting('app.scope', true)) = 'operator' THEN true
    ELSE tenant_id = (SELECT current_setting('app.tenant_id')::uuid) END
);

ALTER TABLE webhook_sequences ENABLE ROW LEVEL SECURITY;
ALTER TABLE webhook_sequences FORCE ROW LEVEL SECURITY;
CREATE POLICY webhook_sequences_scope ON webhook_sequences USING (
    CASE WHEN (SELECT current_setting('app.scope', true)) = 'operator' THEN true
    ELSE tenant_id = (SELECT current_setting('app.tenant_id')::uuid) END
);
