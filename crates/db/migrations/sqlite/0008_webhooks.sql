-- Where tenants want to hear of events, and what was delivered there.

CREATE TABLE webhooks (
    tenant_id         BLOB             NOT NULL REFERENCES tenants (id),
    id                BLOB             NOT NULL UNIQUE,
    app_id            TEXT,            -- NULL: every app of the tenant
    url               TEXT             NOT NULL,
    events            TEXT             NOT NULL,   -- names between spaces, or *
    format            TEXT             NOT NULL CHECK (format IN ('standard', 'jaas')),
    sealed_secret     BLOB             NOT NULL,   -- AES-256-GCM by the key file
    sealed_old_secret BLOB,                        -- signs as well until old_secret_until
    old_secret_until  BIGINT,                      -- microseconds, UTC, as every time here
    pause_reason      TEXT             CHECK (pause_reason IN ('requested', 'failing', 'gone')),
    failing_since     BIGINT,
    last_delivery_at  BIGINT,
    last_status       TEXT             CHECK (last_status IN ('delivered', 'failed')),
    created_at        BIGINT           NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, app_id) REFERENCES apps (tenant_id, id)
);
CREATE INDEX webhooks_failing ON webhooks (failing_since) WHERE failing_since IS NOT NULL;

CREATE TABLE webhook_deliveries (
    tenant_id        BLOB   NOT NULL,
    id               BLOB   NOT NULL UNIQUE,
    webhook_id       BLOB   NOT NULL,
    event_id         BLOB   NOT NULL,
    event_type       TEXT   NOT NULL,
    request_body     TEXT   NOT NULL,
    status           TEXT   NOT NULL CHECK (status IN ('pending', 'delivered', 'failed')),
    attempts         BIGINT NOT NULL,
    round_began_at   BIGINT NOT NULL,   -- how many attempts were before the last resend
    next_attempt_at  BIGINT NOT NULL,   -- in the future while it is being delivered
    last_status_code BIGINT,
    created_at       BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, webhook_id) REFERENCES webhooks (tenant_id, id)
);
CREATE INDEX webhook_deliveries_by_time ON webhook_deliveries (tenant_id, webhook_id, created_at, id);
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (next_attempt_at) WHERE status = 'pending';
CREATE INDEX webhook_deliveries_old ON webhook_deliveries (created_at);

CREATE TABLE webhook_attempts (
    tenant_id     BLOB   NOT NULL,
    delivery_id   BLOB   NOT NULL,
    number        BIGINT NOT NULL,
    at            BIGINT NOT NULL,
    status_code   BIGINT,
    error         TEXT,
    duration_ms   BIGINT NOT NULL,
    response_body TEXT   NOT NULL,   -- its beginning
    PRIMARY KEY (tenant_id, delivery_id, number),
    FOREIGN KEY (tenant_id, delivery_id) REFERENCES webhook_deliveries (tenant_id, id)
);

-- The number of the last event of each room.
CREATE TABLE webhook_sequences (
    tenant_id BLOB             NOT NULL,
    app_id    TEXT NOT NULL,
    room      TEXT NOT NULL,
    sequence  BIGINT           NOT NULL,
    PRIMARY KEY (tenant_id, app_id, room),
    FOREIGN KEY (tenant_id, app_id) REFERENCES apps (tenant_id, id)
);
