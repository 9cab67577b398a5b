-- The client that an operator looks at, without changing anything.

ALTER TABLE sessions ADD COLUMN viewed_tenant_id BLOB REFERENCES tenants (id);
ALTER TABLE sessions ADD COLUMN viewed_until BIGINT;   -- microseconds, UTC
