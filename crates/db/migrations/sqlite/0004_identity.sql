-- Tenants that can be suspended, who belongs to them, how people prove who they are, who did what,
-- and mails on their way.

ALTER TABLE tenants ADD COLUMN status TEXT NOT NULL DEFAULT 'active'
    CHECK (status IN ('active', 'suspended'));
ALTER TABLE tenants ADD COLUMN time_zone TEXT NOT NULL DEFAULT 'UTC';   -- IANA name
ALTER TABLE tenants ADD COLUMN search_name TEXT NOT NULL DEFAULT '';    -- lower case
ALTER TABLE tenants ADD COLUMN deleted_at BIGINT;                       -- microseconds, UTC
UPDATE tenants SET search_name = lower(name);
CREATE INDEX tenants_by_time ON tenants (created_at, id);

ALTER TABLE users ADD COLUMN language TEXT NOT NULL DEFAULT 'en' CHECK (language IN ('en', 'id'));
ALTER TABLE users ADD COLUMN totp_sealed_secret BLOB;    -- AES-256-GCM by the key file
ALTER TABLE users ADD COLUMN totp_confirmed_at BIGINT;   -- microseconds, UTC
ALTER TABLE users ADD COLUMN totp_last_step BIGINT;      -- the newest 30 s step that was used

-- Sessions of the version before have no id; they end by themselves.
ALTER TABLE sessions ADD COLUMN id BLOB;
ALTER TABLE sessions ADD COLUMN last_seen_at BIGINT;   -- microseconds, UTC
ALTER TABLE sessions ADD COLUMN proved_at BIGINT;      -- when the person last proved who they are
ALTER TABLE sessions ADD COLUMN address TEXT;
ALTER TABLE sessions ADD COLUMN device TEXT;           -- User-Agent
CREATE UNIQUE INDEX sessions_by_id ON sessions (id);
CREATE INDEX sessions_by_user ON sessions (user_id, created_at);

CREATE TABLE recovery_codes (
    user_id   BLOB   NOT NULL REFERENCES users (id),
    code_hash BLOB   NOT NULL,   -- SHA-256
    used_at   BIGINT,            -- microseconds, UTC
    PRIMARY KEY (user_id, code_hash)
);

CREATE TABLE password_resets (
    id         BLOB   NOT NULL PRIMARY KEY,
    user_id    BLOB   NOT NULL REFERENCES users (id),
    token_hash BLOB   NOT NULL UNIQUE,   -- SHA-256
    created_at BIGINT NOT NULL,          -- microseconds, UTC
    expires_at BIGINT NOT NULL,          -- microseconds, UTC
    used_at    BIGINT                    -- microseconds, UTC
);
CREATE INDEX password_resets_by_user ON password_resets (user_id);

CREATE TABLE memberships (
    tenant_id  BLOB   NOT NULL REFERENCES tenants (id),
    user_id    BLOB   NOT NULL REFERENCES users (id),
    role       TEXT   NOT NULL
               CHECK (role IN ('owner', 'admin', 'developer', 'agent', 'viewer')),
    created_at BIGINT NOT NULL,   -- microseconds, UTC
    PRIMARY KEY (tenant_id, user_id)
);
CREATE INDEX memberships_by_user ON memberships (user_id);

CREATE TABLE invitations (
    tenant_id   BLOB   NOT NULL REFERENCES tenants (id),
    id          BLOB   NOT NULL,
    email       TEXT   NOT NULL,          -- lower case
    role        TEXT   NOT NULL
                CHECK (role IN ('owner', 'admin', 'developer', 'agent', 'viewer')),
    language    TEXT   NOT NULL CHECK (language IN ('en', 'id')),
    token_hash  BLOB   NOT NULL UNIQUE,   -- SHA-256
    created_at  BIGINT NOT NULL,          -- microseconds, UTC
    expires_at  BIGINT NOT NULL,          -- microseconds, UTC
    accepted_at BIGINT,                   -- microseconds, UTC
    cancelled_at BIGINT,                  -- microseconds, UTC
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX invitations_by_time ON invitations (tenant_id, created_at, id);

CREATE TABLE audit_events (
    id          BLOB   NOT NULL PRIMARY KEY,
    tenant_id   BLOB   REFERENCES tenants (id),   -- NULL: the platform or a person's own login
    at          BIGINT NOT NULL,                  -- microseconds, UTC
    actor_kind  TEXT   NOT NULL CHECK (actor_kind IN ('user', 'operator', 'api_key', 'system')),
    actor_id    TEXT,
    actor_name  TEXT   NOT NULL,
    action      TEXT   NOT NULL,
    target_kind TEXT   NOT NULL,
    target_id   TEXT   NOT NULL,
    before      TEXT,                             -- JSON
    after       TEXT,                             -- JSON
    address     TEXT,
    request_id  TEXT
);
CREATE INDEX audit_events_by_time ON audit_events (at, id);
CREATE INDEX audit_events_of_tenant ON audit_events (tenant_id, at, id);

CREATE TABLE mail_outbox (
    id              BLOB   NOT NULL PRIMARY KEY,
    tenant_id       BLOB   REFERENCES tenants (id),
    kind            TEXT   NOT NULL,
    recipient       TEXT   NOT NULL,
    subject         TEXT   NOT NULL,
    sealed_body     BLOB,              -- by the key file; NULL once it was sent
    status          TEXT   NOT NULL CHECK (status IN ('pending', 'sent', 'failed')),
    attempts        BIGINT NOT NULL,
    next_attempt_at BIGINT NOT NULL,   -- microseconds, UTC; in the future while it is being sent
    last_error      TEXT,
    created_at      BIGINT NOT NULL,   -- microseconds, UTC
    sent_at         BIGINT             -- microseconds, UTC
);
CREATE INDEX mail_outbox_by_time ON mail_outbox (created_at, id);
CREATE INDEX mail_outbox_due ON mail_outbox (status, next_attempt_at);
