-- Tenants that can be suspended, who belongs to them, how people prove who they are, who did what,
-- and mails on their way.

ALTER TABLE tenants ADD COLUMN status text NOT NULL DEFAULT 'active'
    CHECK (status IN ('active', 'suspended'));
ALTER TABLE tenants ADD COLUMN time_zone text NOT NULL DEFAULT 'UTC';   -- IANA name
ALTER TABLE tenants ADD COLUMN search_name text NOT NULL DEFAULT '';    -- lower case
ALTER TABLE tenants ADD COLUMN deleted_at bigint;                       -- microseconds, UTC
SELECT set_config('app.scope', 'operator', true);
UPDATE tenants SET search_name = lower(name);
CREATE INDEX tenants_by_time ON tenants (created_at, id);

ALTER TABLE users ADD COLUMN language text NOT NULL DEFAULT 'en' CHECK (language IN ('en', 'id'));
ALTER TABLE users ADD COLUMN totp_sealed_secret bytea;    -- AES-256-GCM by the key file
ALTER TABLE users ADD COLUMN totp_confirmed_at bigint;   -- microseconds, UTC
ALTER TABLE users ADD COLUMN totp_last_step bigint;      -- the newest 30 s step that was used

-- Sessions of the version before have no id; they end by themselves.
ALTER TABLE sessions ADD COLUMN id uuid;
ALTER TABLE sessions ADD COLUMN last_seen_at bigint;   -- microseconds, UTC
ALTER TABLE sessions ADD COLUMN proved_at bigint;      -- when the person last proved who they are
ALTER TABLE sessions ADD COLUMN address text;
ALTER TABLE sessions ADD COLUMN device text;           -- User-Agent
CREATE UNIQUE INDEX sessions_by_id ON sessions (id);
CREATE INDEX sessions_by_user ON sessions (user_id, created_at);

CREATE TABLE recovery_codes (
    user_id   uuid   NOT NULL REFERENCES users (id),
    code_hash bytea   NOT NULL,   -- SHA-256
    used_at   bigint,            -- microseconds, UTC
    PRIMARY KEY (user_id, code_hash)
);

CREATE TABLE password_resets (
    id         uuid   NOT NULL PRIMARY KEY,
    user_id    uuid   NOT NULL REFERENCES users (id),
    token_hash bytea   NOT NULL UNIQUE,   -- SHA-256
    created_at bigint NOT NULL,          -- microseconds, UTC
    expires_at bigint NOT NULL,          -- microseconds, UTC
    used_at    bigint                    -- microseconds, UTC
);
CREATE INDEX password_resets_by_user ON password_resets (user_id);

CREATE TABLE memberships (
    tenant_id  uuid   NOT NULL REFERENCES tenants (id),
    user_id    uuid   NOT NULL REFERENCES users (id),
    role       text   NOT NULL
               CHECK (role IN ('owner', 'admin', 'developer', 'agent', 'viewer')),
    created_at bigint NOT NULL,   -- microseconds, UTC
    PRIMARY KEY (tenant_id, user_id)
);
CREATE INDEX memberships_by_user ON memberships (user_id);

CREATE TABLE invitations (
    tenant_id   uuid   NOT NULL REFERENCES tenants (id),
    id          uuid   NOT NULL,
    email       text   NOT NULL,          -- lower case
    role        text   NOT NULL
                CHECK (role IN ('owner', 'admin', 'developer', 'agent', 'viewer')),
    language    text   NOT NULL CHECK (language IN ('en', 'id')),
    token_hash  bytea   NOT NULL UNIQUE,   -- SHA-256
    created_at  bigint NOT NULL,          -- microseconds, UTC
    expires_at  bigint NOT NULL,          -- microseconds, UTC
    accepted_at bigint,                   -- microseconds, UTC
    cancelled_at bigint,                  -- microseconds, UTC
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX invitations_by_time ON invitations (tenant_id, created_at, id);

CREATE TABLE audit_events (
    id          uuid   NOT NULL PRIMARY KEY,
    tenant_id   uuid   REFERENCES tenants (id),   -- NULL: the platform or a person's own login
    at          bigint NOT NULL,                  -- microseconds, UTC
    actor_kind  text   NOT NULL CHECK (actor_kind IN ('user', 'operator', 'api_key', 'system')),
    actor_id    text,
    actor_name  text   NOT NULL,
    action      text   NOT NULL,
    target_kind text   NOT NULL,
    target_id   text   NOT NULL,
    before      jsonb,
    after       jsonb,
    address     text,
    request_id  text
);
CREATE INDEX audit_events_by_time ON audit_events (at, id);
CREATE INDEX audit_events_of_tenant ON audit_events (tenant_id, at, id);

CREATE TABLE mail_outbox (
    id              uuid   NOT NULL PRIMARY KEY,
    tenant_id       uuid   REFERENCES tenants (id),
    kind            text   NOT NULL,
    recipient       text   NOT NULL,
    subject         text   NOT NULL,
    sealed_body     bytea,              -- by the key file; NULL once it was sent
    status          text   NOT NULL CHECK (status IN ('pending', 'sent', 'failed')),
    attempts        bigint NOT NULL,
    next_attempt_at bigint NOT NULL,   -- microseconds, UTC; in the future while it is being sent
    last_error      text,
    created_at      bigint NOT NULL,   -- microseconds, UTC
    sent_at         bigint             -- microseconds, UTC
);
CREATE INDEX mail_outbox_by_time ON mail_outbox (created_at, id);
CREATE INDEX mail_outbox_due ON mail_outbox (status, next_attempt_at);

-- A login reads memberships and invitations, and the names of their tenants, before it acts for one.
ALTER POLICY tenants_scope ON tenants USING (
    CASE WHEN (SELECT current_setting('app.scope', true)) IN ('operator', 'login') THEN true
    ELSE id = (SELECT current_setting('app.tenant_id')::uuid) END
);

ALTER TABLE memberships ENABLE ROW LEVEL SECURITY;
ALTER TABLE memberships FORCE ROW LEVEL SECURITY;
CREATE POLICY memberships_scope ON memberships USING (
    CASE WHEN (SELECT current_setting('app.scope', true)) IN ('operator', 'login') THEN true
    ELSE tenant_id = (SELECT current_setting('app.tenant_id')::uuid) END
);

ALTER TABLE invitations ENABLE ROW LEVEL SECURITY;
ALTER TABLE invitations FORCE ROW LEVEL SECURITY;
CREATE POLICY invitations_scope ON invitations USING (
    CASE WHEN (SELECT current_setting('app.scope', true)) IN ('operator', 'login') THEN true
    ELSE tenant_id = (SELECT current_setting('app.tenant_id')::uuid) END
);

ALTER TABLE audit_events ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_events FORCE ROW LEVEL SECURITY;
CREATE POLICY audit_events_scope ON audit_events USING (
    CASE WHEN (SELECT current_setting('app.scope', true)) IN ('operator', 'login') THEN true
    ELSE tenant_id = (SELECT current_setting('app.tenant_id')::uuid) END
);

ALTER TABLE mail_outbox ENABLE ROW LEVEL SECURITY;
ALTER TABLE mail_outbox FORCE ROW LEVEL SECURITY;
CREATE POLICY mail_outbox_scope ON mail_outbox USING (
    CASE WHEN (SELECT current_setting('app.scope', true)) IN ('operator', 'login') THEN true
    ELSE tenant_id = (SELECT current_setting('app.tenant_id')::uuid) END
);
