-- People that log in to dashboards, and their sessions. They belong to no tenant.

CREATE TABLE users (
    id            uuid    NOT NULL PRIMARY KEY,
    email         text    NOT NULL UNIQUE,   -- lower case
    name          text    NOT NULL,
    password_hash text    NOT NULL,          -- PHC string, argon2id
    is_operator   boolean NOT NULL,
    created_at    bigint  NOT NULL           -- microseconds, UTC
);

CREATE TABLE sessions (
    token_hash bytea  NOT NULL PRIMARY KEY,   -- SHA-256
    user_id    uuid   NOT NULL REFERENCES users (id),
    created_at bigint NOT NULL,               -- microseconds, UTC
    expires_at bigint NOT NULL                -- microseconds, UTC
);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

CREATE TABLE one_time_tokens (
    id         uuid   NOT NULL PRIMARY KEY,
    purpose    text   NOT NULL CHECK (purpose IN ('first_login')),
    token_hash bytea  NOT NULL UNIQUE,   -- SHA-256
    created_at bigint NOT NULL,          -- microseconds, UTC
    used_at    bigint                    -- microseconds, UTC
);
