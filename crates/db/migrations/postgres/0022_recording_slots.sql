-- How much of the recorders each app may use, in thousandths of a processor core. An app without a
-- row has no promise and an equal share of what others leave.

CREATE TABLE recording_slots (
    tenant_id  uuid             NOT NULL,
    app_id     text COLLATE "C" NOT NULL,
    guaranteed bigint           NOT NULL CHECK (guaranteed >= 0),
    burst      bigint           CHECK (burst >= guaranteed),   -- null is all there is
    weight     bigint           NOT NULL CHECK (weight > 0),
    PRIMARY KEY (tenant_id, app_id),
    FOREIGN KEY (tenant_id, app_id) REFERENCES apps (tenant_id, id)
);

ALTER TABLE recording_slots ENABLE ROW LEVEL SECURITY;
ALTER TABLE recording_slots FORCE ROW LEVEL SECURITY;
CREATE POLICY recording_slots_scope ON recording_slots USING (
    CASE WHEN (SELECT current_setting('app.scope', true)) = 'operator' THEN true
    ELSE tenant_id = (SELECT current_setting('app.tenant_id')::uuid) END
);

-- Since when a recording waits for capacity, and what it should have become where it was begun as
-- tracks instead.
ALTER TABLE recordings ADD COLUMN waits_since bigint;
ALTER TABLE recordings ADD COLUMN fell_back_from text;
