-- Where people of a tenant, or those who run the platform, log in instead of with a password.

CREATE TABLE identity_providers (
    id            BLOB   NOT NULL PRIMARY KEY,
    tenant_id     BLOB   REFERENCES tenants (id),   -- NULL: of those who run the platform
    name          TEXT   NOT NULL,
    issuer        TEXT   NOT NULL,                  -- an address, as its discovery document names it
    client_id     TEXT   NOT NULL,
    sealed_secret BLOB   NOT NULL,                  -- AES-256-GCM by the key file, the id is authenticated
    new_role      TEXT   CHECK (new_role IN ('admin', 'developer', 'agent', 'viewer')),
                  -- of people that it names for the first time; NULL: they are refused
    created_at    BIGINT NOT NULL                   -- microseconds, UTC
);
CREATE INDEX identity_providers_by_time ON identity_providers (created_at, id);

-- Whose e-mail addresses a provider answers for. One provider for each domain.
CREATE TABLE identity_provider_domains (
    domain      TEXT NOT NULL PRIMARY KEY,   -- in lower case
    provider_id BLOB NOT NULL REFERENCES identity_providers (id)
);
CREATE INDEX identity_provider_domains_of_one ON identity_provider_domains (provider_id);

-- Logins that are at their provider at the moment.
CREATE TABLE identity_logins (
    state_hash    BLOB  NOT NULL PRIMARY KEY,   -- SHA-256
    provider_id   BLOB  NOT NULL REFERENCES identity_providers (id),
    nonce         TEXT  NOT NULL,
    code_verifier TEXT  NOT NULL,               -- RFC 7636
    next_path     TEXT,
    expires_at    BIGINT NOT NULL                -- microseconds, UTC
);
CREATE INDEX identity_logins_by_end ON identity_logins (expires_at);
