-- People that log in to dashboards, and their sessions.

CREATE TABLE users (
    id            BLOB    NOT NULL PRIMARY KEY,
    email         TEXT    NOT NULL UNIQUE,   -- lower case
    name          TEXT    NOT NULL,
    password_hash TEXT    NOT NULL,          -- PHC string, argon2id
    is_operator   BOOLEAN NOT NULL,
    created_at    BIGINT  NOT NULL           -- microseconds, UTC
);

CREATE TABLE sessions (
    token_hash BLOB   NOT NULL PRIMARY KEY,   -- SHA-256
    user_id    BLOB   NOT NULL REFERENCES users (id),
    created_at BIGINT NOT NULL,               -- microseconds, UTC
    expires_at BIGINT NOT NULL                -- microseconds, UTC
);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

CREATE TABLE one_time_tokens (
    id         BLOB   NOT NULL PRIMARY KEY,
    purpose    TEXT   NOT NULL CHECK (purpose IN ('first_login')),
    token_hash BLOB   NOT NULL UNIQUE,   -- SHA-256
    created_at BIGINT NOT NULL,          -- microseconds, UTC
    used_at    BIGINT                    -- microseconds, UTC
);
