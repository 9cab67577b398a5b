-- Organisations, their apps, and the keys that sign join tokens.

CREATE TABLE tenants (
    id         uuid   NOT NULL PRIMARY KEY,
    name       text   NOT NULL,
    created_at bigint NOT NULL   -- microseconds, UTC
);

CREATE TABLE apps (
    tenant_id           uuid             NOT NULL REFERENCES tenants (id),
    id                  text COLLATE "C" NOT NULL UNIQUE,   -- public, unique on the whole platform
    name                text             NOT NULL,
    is_demo             boolean          NOT NULL,
    is_disabled         boolean          NOT NULL,
    allows_guests       boolean          NOT NULL,
    allows_any_room     boolean          NOT NULL,
    one_time_tokens     boolean          NOT NULL,
    keeps_running_calls boolean          NOT NULL,
    max_participants    bigint           NOT NULL CHECK (max_participants > 0),
    created_at          bigint           NOT NULL,   -- microseconds, UTC
    PRIMARY KEY (tenant_id, id)
);

CREATE TABLE app_keys (
    tenant_id     uuid             NOT NULL,
    app_id        text COLLATE "C" NOT NULL,
    id            text COLLATE "C" NOT NULL UNIQUE,   -- the `kid` of join tokens
    sealed_secret bytea            NOT NULL,   -- AES-256-GCM by the key file, the id is authenticated
    created_at    bigint           NOT NULL,   -- microseconds, UTC
    revoked_at    bigint,                      -- microseconds, UTC
    PRIMARY KEY (tenant_id, app_id, id),
    FOREIGN KEY (tenant_id, app_id) REFERENCES apps (tenant_id, id)
);

-- One row whose version grows with every change that admission must hear of.
CREATE TABLE directory_versions (
    id      bigint NOT NULL PRIMARY KEY CHECK (id = 1),
    version bigint NOT NULL
);
INSERT INTO directory_versions (id, version) VALUES (1, 1);

-- Row security: a transaction sees the rows of the tenant that it names in `app.tenant_id`; one of
-- the operator sees all. A transaction that names neither gets an error. CASE keeps the order of
-- the two, and the selects are evaluated once for each statement instead of once for each row.
ALTER TABLE tenants ENABLE ROW LEVEL SECURITY;
ALTER TABLE tenants FORCE ROW LEVEL SECURITY;
CREATE POLICY tenants_scope ON tenants USING (
    CASE WHEN (SELECT current_setting('app.scope', true)) = 'operator' THEN true
    ELSE id = (SELECT current_setting('app.tenant_id')::uuid) END
);

ALTER TABLE apps ENABLE ROW LEVEL SECURITY;
ALTER TABLE apps FORCE ROW LEVEL SECURITY;
CREATE POLICY apps_scope ON apps USING (
    CASE WHEN (SELECT current_setting('app.scope', true)) = 'operator' THEN true
    ELSE tenant_id = (SELECT current_setting('app.tenant_id')::uuid) END
);

ALTER TABLE app_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE app_keys FORCE ROW LEVEL SECURITY;
CREATE POLICY app_keys_scope ON app_keys USING (
    CASE WHEN (SELECT current_setting('app.scope', true)) = 'operator' THEN true
    ELSE tenant_id = (SELECT current_setting('app.tenant_id')::uuid) END
);
