-- What can be set of an app, keys of other kinds and with an end, keys for the API, and people who
-- may not join.

ALTER TABLE apps ADD COLUMN environment TEXT NOT NULL DEFAULT 'production'
    CHECK (environment IN ('trial', 'production'));
ALTER TABLE apps ADD COLUMN guests TEXT NOT NULL DEFAULT 'refused'
    CHECK (guests IN ('refused', 'wait', 'join'));
UPDATE apps SET guests = 'join' WHERE allows_guests;
ALTER TABLE apps DROP COLUMN allows_guests;   -- no version that was published reads it
ALTER TABLE apps ADD COLUMN takes_tokens_without_key_id BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE apps ADD COLUMN origins TEXT NOT NULL DEFAULT '[]';    -- JSON
ALTER TABLE apps ADD COLUMN features TEXT NOT NULL DEFAULT '{}';   -- JSON; what is absent is on
ALTER TABLE apps ADD COLUMN branding TEXT NOT NULL DEFAULT '{}';   -- JSON; what is absent is the server's
ALTER TABLE apps ADD COLUMN max_calls BIGINT CHECK (max_calls > 0);
ALTER TABLE apps ADD COLUMN minutes_per_month BIGINT CHECK (minutes_per_month >= 0);
ALTER TABLE apps ADD COLUMN recordings_at_once BIGINT CHECK (recordings_at_once >= 0);
ALTER TABLE apps ADD COLUMN storage_bytes BIGINT CHECK (storage_bytes >= 0);
ALTER TABLE apps ADD COLUMN retention_days BIGINT CHECK (retention_days > 0);
ALTER TABLE apps ADD COLUMN deleted_at BIGINT;   -- microseconds, UTC
ALTER TABLE apps ADD COLUMN purged_at BIGINT;    -- when its keys and settings were erased

-- A key has a secret that the server made, or the public half of what the tenant keeps. A column
-- that may be NULL from now on needs a new table.
CREATE TABLE app_keys_of_kinds (
    tenant_id     BLOB   NOT NULL,
    app_id        TEXT   NOT NULL,
    id            TEXT   NOT NULL UNIQUE,   -- the `kid` of join tokens
    sealed_secret BLOB,                     -- AES-256-GCM by the key file, the id is authenticated
    created_at    BIGINT NOT NULL,          -- microseconds, UTC
    revoked_at    BIGINT,                   -- microseconds, UTC
    kind          TEXT   NOT NULL DEFAULT 'hs256'
                  CHECK (kind IN ('hs256', 'rs256', 'es256', 'ed25519')),
    public_key    TEXT,                     -- PEM
    not_after     BIGINT,                   -- microseconds, UTC: it signs before this
    last_used_at  BIGINT,                   -- microseconds, UTC, to about ten seconds
    PRIMARY KEY (tenant_id, app_id, id),
    FOREIGN KEY (tenant_id, app_id) REFERENCES apps (tenant_id, id),
    CHECK ((sealed_secret IS NULL) <> (public_key IS NULL))
);
INSERT INTO app_keys_of_kinds (tenant_id, app_id, id, sealed_secret, created_at, revoked_at)
    SELECT tenant_id, app_id, id, sealed_secret, created_at, revoked_at FROM app_keys;
DROP TABLE app_keys;
ALTER TABLE app_keys_of_kinds RENAME TO app_keys;

CREATE TABLE api_keys (
    tenant_id    BLOB   NOT NULL,
    id           BLOB   NOT NULL,
    app_id       TEXT   NOT NULL,
    name         TEXT   NOT NULL,
    prefix       TEXT   NOT NULL,          -- of the secret, by which people tell keys apart
    secret_hash  BLOB   NOT NULL UNIQUE,   -- SHA-256
    created_at   BIGINT NOT NULL,          -- microseconds, UTC
    last_used_at BIGINT,                   -- microseconds, UTC, to a few minutes
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, app_id) REFERENCES apps (tenant_id, id)
);
CREATE INDEX api_keys_of_app ON api_keys (tenant_id, app_id, created_at, id);

CREATE TABLE bans (
    tenant_id  BLOB   NOT NULL,
    id         BLOB   NOT NULL,
    app_id     TEXT   NOT NULL,
    subject    TEXT   NOT NULL,   -- whom tokens name so
    reason     TEXT,
    ends_at    BIGINT,            -- microseconds, UTC; NULL: never
    created_at BIGINT NOT NULL,   -- microseconds, UTC
    created_by TEXT   NOT NULL,   -- an e-mail address or the name of an API key
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, app_id, subject),
    FOREIGN KEY (tenant_id, app_id) REFERENCES apps (tenant_id, id)
);
CREATE INDEX bans_by_time ON bans (tenant_id, app_id, created_at, id);
