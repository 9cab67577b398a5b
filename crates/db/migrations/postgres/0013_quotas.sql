-- How much of its minutes an app with a limit has used this month; who is told and who may still
-- join follows from it.

CREATE TABLE minute_quotas (
    tenant_id uuid             NOT NULL,
    app_id    text COLLATE "C" NOT NULL,
    month     text COLLATE "C" NOT NULL,   -- YYYY-MM in the zone of the tenant
    alert     text             NOT NULL CHECK (alert IN ('none', 'warning', 'reached')),
    PRIMARY KEY (tenant_id, app_id),
    FOREIGN KEY (tenant_id, app_id) REFERENCES apps (tenant_id, id)
);

ALTER TABLE minute_quotas ENABLE ROW LEVEL SECURITY;
ALTER TABLE minute_quotas FORCE ROW LEVEL SECURITY;
CREATE POLICY minute_quotas_scope ON minute_quotas USING (
    CASE WHEN (SELECT current_setting('app.scope', true)) = 'operator' THEN true
    ELSE tenant_id = (SELECT current_setting('app.tenant_id')::uuid) END
);
