-- What was answered to requests that carry an Idempotency-Key, for a day.

CREATE TABLE idempotent_requests (
    actor        BLOB   NOT NULL,   -- SHA-256 of what proves who asks
    key          TEXT   NOT NULL,
    request_hash BLOB   NOT NULL,   -- SHA-256 of method, path and body
    status_code  BIGINT,            -- NULL while it is being done
    content_type TEXT,
    sealed_body  BLOB,              -- AES-256-GCM by the key file: answers hold secrets
    claimed_at   BIGINT NOT NULL,   -- microseconds, UTC
    PRIMARY KEY (actor, key)
);
CREATE INDEX idempotent_requests_by_time ON idempotent_requests (claimed_at);
