-- What was answered to requests that carry an Idempotency-Key, for a day.

CREATE TABLE idempotent_requests (
    actor        bytea  NOT NULL,   -- SHA-256 of what proves who asks
    key          text   NOT NULL,
    request_hash bytea  NOT NULL,   -- SHA-256 of method, path and body
    status_code  bigint,            -- NULL while it is being done
    content_type text,
    sealed_body  bytea,             -- AES-256-GCM by the key file: answers hold secrets
    claimed_at   bigint NOT NULL,   -- microseconds, UTC
    PRIMARY KEY (actor, key)
);
CREATE INDEX idempotent_requests_by_time ON idempotent_requests (claimed_at);
