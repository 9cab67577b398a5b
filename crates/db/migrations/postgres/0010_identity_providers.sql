-- Where people of a tenant, or those who run the platform, log in instead of with a password.

CREATE TABLE identity_providers (
    id            uuid   NOT NULL PRIMARY KEY,
    tenant_id     uuid   REFERENCES tenants (id),   -- NULL: of those who run the platform
    name          text   NOT NULL,
    issuer        text   NOT NULL,                  -- an address, as its discovery document names it
    client_id     text   NOT NULL,
    sealed_secret bytea   NOT NULL,                  -- AES-256-GCM by the key file, the id is authenticated
    new_role      text   CHECK (new_role IN ('admin', 'developer', 'agent', 'viewer')),
                  -- of people that it names for the first time; NULL: they are refused
    created_at    bigint NOT NULL                   -- microseconds, UTC
);
CREATE INDEX identity_providers_by_time ON identity_providers (created_at, id);

-- Whose e-mail addresses a provider answers for. One provider for each domain.
CREATE TABLE identity_provider_domains (
    domain      text COLLATE "C" NOT NULL PRIMARY KEY,   -- in lower case
    provider_id uuid NOT NULL REFERENCES identity_providers (id)
);
CREATE INDEX identity_provider_domains_of_one ON identity_provider_domains (provider_id);

-- Logins that are at their provider at the moment.
CREATE TABLE identity_logins (
    state_hash    bytea  NOT NULL PRIMARY KEY,   -- SHA-256
    provider_id   uuid  NOT NULL REFERENCES identity_providers (id),
    nonce         text  NOT NULL,
    code_verifier text  NOT NULL,               -- RFC 7636
    next_path     text,
    expires_at    bigint NOT NULL                -- microseconds, UTC
);
CREATE INDEX identity_logins_by_end ON identity_logins (expires_at);

-- A login reads them before it is known who somebody is.
ALTER TABLE identity_providers ENABLE ROW LEVEL SECURITY;
ALTER TABLE identity_providers FORCE ROW LEVEL SECURITY;
CREATE POLICY identity_providers_scope ON identity_providers USING (
    CASE WHEN (SELECT current_setting('app.scope', true)) IN ('operator', 'login') THEN true
    ELSE tenant_id = (SELECT current_setting('app.tenant_id')::uuid) END
);
