-- How much of its minutes an app with a limit has used this month; who is told and who may still
-- join follows from it.

CREATE TABLE minute_quotas (
    tenant_id BLOB NOT NULL,
    app_id    TEXT NOT NULL,
    month     TEXT NOT NULL,   -- YYYY-MM in the zone of the tenant
    alert     TEXT NOT NULL CHECK (alert IN ('none', 'warning', 'reached')),
    PRIMARY KEY (tenant_id, app_id),
    FOREIGN KEY (tenant_id, app_id) REFERENCES apps (tenant_id, id)
);
