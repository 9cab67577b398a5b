-- How the next call of a room begins. A row goes with the first call that somebody is let into.

CREATE TABLE prepared_rooms (
    tenant_id        BLOB    NOT NULL,
    app_id           TEXT    NOT NULL,
    room             TEXT    NOT NULL,
    id               BLOB    NOT NULL,   -- another one with each change
    sealed_password  BLOB,               -- AES-256-GCM by the key file
    has_lobby        BOOLEAN NOT NULL,
    max_participants BIGINT  CHECK (max_participants > 0),
    expires_at       BIGINT,             -- microseconds, UTC
    prepared_at      BIGINT  NOT NULL,   -- microseconds, UTC
    PRIMARY KEY (tenant_id, app_id, room),
    FOREIGN KEY (tenant_id, app_id) REFERENCES apps (tenant_id, id)
);
