-- An own domain belongs to one app of the whole platform. Where several name it, the one that was
-- made first keeps it.

SELECT set_config('app.scope', 'operator', true);
UPDATE apps SET branding = branding - 'own_domain'
WHERE EXISTS (
    SELECT 1 FROM apps AS earlier
    WHERE earlier.branding ->> 'own_domain' = apps.branding ->> 'own_domain'
    AND (earlier.created_at, earlier.id) < (apps.created_at, apps.id)
);
CREATE UNIQUE INDEX apps_by_own_domain ON apps ((branding ->> 'own_domain'));
