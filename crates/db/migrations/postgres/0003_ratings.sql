-- What participants said of a call after it.

CREATE TABLE ratings (
    tenant_id      uuid             NOT NULL,
    call_id        uuid             NOT NULL,
    participant_id uuid             NOT NULL,
    app_id         text COLLATE "C" NOT NULL,
    stars          bigint           NOT NULL CHECK (stars BETWEEN 1 AND 5),
    reasons        text             NOT NULL,   -- names separated by commas
    comment        text,
    created_at     bigint           NOT NULL,   -- microseconds, UTC
    PRIMARY KEY (tenant_id, call_id, participant_id),
    FOREIGN KEY (tenant_id, app_id) REFERENCES apps (tenant_id, id)
);
CREATE INDEX ratings_by_time ON ratings (tenant_id, created_at DESC, call_id);

ALTER TABLE ratings ENABLE ROW LEVEL SECURITY;
ALTER TABLE ratings FORCE ROW LEVEL SECURITY;
CREATE POLICY ratings_scope ON ratings USING (
    CASE WHEN (SELECT current_setting('app.scope', true)) = 'operator' THEN true
    ELSE tenant_id = (SELECT current_setting('app.tenant_id')::uuid) END
);
