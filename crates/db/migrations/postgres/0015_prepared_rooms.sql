-- How the next call of a room begins. A row goes with the first call that somebody is let into.

CREATE TABLE prepared_rooms (
    tenant_id        uuid             NOT NULL,
    app_id           text COLLATE "C" NOT NULL,
    room             text COLLATE "C" NOT NULL,
    id               uuid             NOT NULL,   -- another one with each change
    sealed_password  bytea,                       -- AES-256-GCM by the key file
    has_lobby        boolean          NOT NULL,
    max_participants bigint           CHECK (max_participants > 0),
    expires_at       bigint,                      -- microseconds, UTC
    prepared_at      bigint           NOT NULL,   -- microseconds, UTC
    PRIMARY KEY (tenant_id, app_id, room),
    FOREIGN KEY (tenant_id, app_id) REFERENCES apps (tenant_id, id)
);

ALTER TABLE prepared_rooms ENABLE ROW LEVEL SECURITY;
ALTER TABLE prepared_rooms FORCE ROW LEVEL SECURITY;
CREATE POLICY prepared_rooms_scope ON prepared_rooms USING (
    CASE WHEN (SELECT current_setting('app.scope', true)) = 'operator' THEN true
    ELSE tenant_id = (SELECT current_setting('app.tenant_id')::uuid) END
);
