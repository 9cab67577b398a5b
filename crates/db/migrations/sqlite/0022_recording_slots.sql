-- How much of the recorders each app may use, in thousandths of a processor core. An app without a
-- row has no promise and an equal share of what others leave.

CREATE TABLE recording_slots (
    tenant_id  BLOB   NOT NULL,
    app_id     TEXT   NOT NULL,
    guaranteed BIGINT NOT NULL CHECK (guaranteed >= 0),
    burst      BIGINT CHECK (burst >= guaranteed),   -- null is all there is
    weight     BIGINT NOT NULL CHECK (weight > 0),
    PRIMARY KEY (tenant_id, app_id),
    FOREIGN KEY (tenant_id, app_id) REFERENCES apps (tenant_id, id)
);

-- Since when a recording waits for capacity, and what it should have become where it was begun as
-- tracks instead.
ALTER TABLE recordings ADD COLUMN waits_since BIGINT;
ALTER TABLE recordings ADD COLUMN fell_back_from TEXT;
