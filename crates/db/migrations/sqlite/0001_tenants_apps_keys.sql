-- Organisations, their apps, and the keys that sign join tokens.

CREATE TABLE tenants (
    id         BLOB   NOT NULL PRIMARY KEY,
    name       TEXT   NOT NULL,
    created_at BIGINT NOT NULL   -- microseconds, UTC
);

CREATE TABLE apps (
    tenant_id           BLOB    NOT NULL REFERENCES tenants (id),
    id                  TEXT    NOT NULL UNIQUE,   -- public, unique on the whole platform
    name                TEXT    NOT NULL,
    is_demo             BOOLEAN NOT NULL,
    is_disabled         BOOLEAN NOT NULL,
    allows_guests       BOOLEAN NOT NULL,
    allows_any_room     BOOLEAN NOT NULL,
    one_time_tokens     BOOLEAN NOT NULL,
    keeps_running_calls BOOLEAN NOT NULL,
    max_participants    BIGINT  NOT NULL CHECK (max_participants > 0),
    created_at          BIGINT  NOT NULL,   -- microseconds, UTC
    PRIMARY KEY (tenant_id, id)
);

CREATE TABLE app_keys (
    tenant_id     BLOB   NOT NULL,
    app_id        TEXT   NOT NULL,
    id            TEXT   NOT NULL UNIQUE,   -- the `kid` of join tokens
    sealed_secret BLOB   NOT NULL,          -- AES-256-GCM by the key file, the id is authenticated
    created_at    BIGINT NOT NULL,          -- microseconds, UTC
    revoked_at    BIGINT,                   -- microseconds, UTC
    PRIMARY KEY (tenant_id, app_id, id),
    FOREIGN KEY (tenant_id, app_id) REFERENCES apps (tenant_id, id)
);

-- One row whose version grows with every change that admission must hear of.
CREATE TABLE directory_versions (
    id      BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    version BIGINT NOT NULL
);
INSERT INTO directory_versions (id, version) VALUES (1, 1);
