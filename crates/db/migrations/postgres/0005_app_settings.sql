-- What can be set of an app, keys of other kinds and with an end, keys for the API, and people who
-- may not join.

ALTER TABLE apps ADD COLUMN environment text NOT NULL DEFAULT 'production'
    CHECK (environment IN ('trial', 'production'));
ALTER TABLE apps ADD COLUMN guests text NOT NULL DEFAULT 'refused'
    CHECK (guests IN ('refused', 'wait', 'join'));
SELECT set_config('app.scope', 'operator', true);
UPDATE apps SET guests = 'join' WHERE allows_guests;
ALTER TABLE apps DROP COLUMN allows_guests;   -- no version that was published reads it
ALTER TABLE apps ADD COLUMN takes_tokens_without_key_id boolean NOT NULL DEFAULT false;
ALTER TABLE apps ADD COLUMN origins jsonb NOT NULL DEFAULT '[]';
ALTER TABLE apps ADD COLUMN features jsonb NOT NULL DEFAULT '{}';   -- what is absent is on
ALTER TABLE apps ADD COLUMN branding jsonb NOT NULL DEFAULT '{}';   -- what is absent is the server's
ALTER TABLE apps ADD COLUMN max_calls bigint CHECK (max_calls > 0);
ALTER TABLE apps ADD COLUMN minutes_per_month bigint CHECK (minutes_per_month >= 0);
ALTER TABLE apps ADD COLUMN recordings_at_once bigint CHECK (recordings_at_once >= 0);
ALTER TABLE apps ADD COLUMN storage_bytes bigint CHECK (storage_bytes >= 0);
ALTER TABLE apps ADD COLUMN retention_days bigint CHECK (retention_days > 0);
ALTER TABLE apps ADD COLUMN deleted_at bigint;   -- microseconds, UTC
ALTER TABLE apps ADD COLUMN purged_at bigint;    -- when its keys and settings were erased

-- A key has a secret that the server made, or the public half of what the tenant keeps.
ALTER TABLE app_keys ADD COLUMN kind text NOT NULL DEFAULT 'hs256'
    CHECK (kind IN ('hs256', 'rs256', 'es256', 'ed25519'));
ALTER TABLE app_keys ALTER COLUMN sealed_secret DROP NOT NULL;
ALTER TABLE app_keys ADD COLUMN public_key text;       -- PEM
ALTER TABLE app_keys ADD COLUMN not_after bigint;      -- microseconds, UTC: it signs before this
ALTER TABLE app_keys ADD COLUMN last_used_at bigint;   -- microseconds, UTC, to about ten seconds
ALTER TABLE app_keys ADD CHECK ((sealed_secret IS NULL) <> (public_key IS NULL));

CREATE TABLE api_keys (
    tenant_id    uuid             NOT NULL,
    id           uuid             NOT NULL,
    app_id       text COLLATE "C" NOT NULL,
    name         text             NOT NULL,
    prefix       text             NOT NULL,   -- of the secret, by which people tell keys apart
    secret_hash  bytea            NOT NULL UNIQUE,   -- SHA-256
    created_at   bigint           NOT NULL,   -- microseconds, UTC
    last_used_at bigint,                      -- microseconds, UTC, to a few minutes
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, app_id) REFERENCES apps (tenant_id, id)
);
CREATE INDEX api_keys_of_app ON api_keys (tenant_id, app_id, created_at, id);

CREATE TABLE bans (
    tenant_id  uuid             NOT NULL,
    id         uuid             NOT NULL,
    app_id     text COLLATE "C" NOT NULL,
    subject    text             NOT NULL,   -- whom tokens name so
    reason     text,
    ends_at    bigint,                      -- microseconds, UTC; NULL: never
    created_at bigint           NOT NULL,   -- microseconds, UTC
    created_by text             NOT NULL,   -- an e-mail address or the name of an API key
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, app_id, subject),
    FOREIGN KEY (tenant_id, app_id) REFERENCES apps (tenant_id, id)
);
CREATE INDEX bans_by_time ON bans (tenant_id, app_id, created_at, id);

-- An API key is looked up before it is known whose it is.
ALTER TABLE api_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE api_keys FORCE ROW LEVEL SECURITY;
CREATE POLICY api_keys_scope ON api_keys USING (
    CASE WHEN (SELECT current_setting('app.scope', true)) IN ('operator', 'login') THEN true
    ELSE tenant_id = (SELECT current_setting('app.tenant_id')::uuid) END
);

ALTER TABLE bans ENABLE ROW LEVEL SECURITY;
ALTER TABLE bans FORCE ROW LEVEL SECURITY;
CREATE POLICY bans_scope ON bans USING (
    CASE WHEN (SELECT current_setting('app.scope', true)) = 'operator' THEN true
    ELSE tenant_id = (SELECT current_setting('app.tenant_id')::uuid) END
);
