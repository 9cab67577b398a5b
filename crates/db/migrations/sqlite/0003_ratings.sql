-- What participants said of a call after it.

CREATE TABLE ratings (
    tenant_id      BLOB   NOT NULL,
    call_id        BLOB   NOT NULL,
    participant_id BLOB   NOT NULL,
    app_id         TEXT   NOT NULL,
    stars          BIGINT NOT NULL CHECK (stars BETWEEN 1 AND 5),
    reasons        TEXT   NOT NULL,   -- names separated by commas
    comment        TEXT,
    created_at     BIGINT NOT NULL,   -- microseconds, UTC
    PRIMARY KEY (tenant_id, call_id, participant_id),
    FOREIGN KEY (tenant_id, app_id) REFERENCES apps (tenant_id, id)
);
CREATE INDEX ratings_by_time ON ratings (tenant_id, created_at DESC, call_id);
