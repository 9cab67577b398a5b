-- The client that an operator looks at, without changing anything.

ALTER TABLE sessions ADD COLUMN viewed_tenant_id uuid REFERENCES tenants (id);
ALTER TABLE sessions ADD COLUMN viewed_until bigint;   -- microseconds, UTC
