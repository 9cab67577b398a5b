-- An own domain belongs to one app of the whole platform. Where several name it, the one that was
-- made first keeps it.

UPDATE apps SET branding = json_remove(branding, '$.own_domain')
WHERE EXISTS (
    SELECT 1 FROM apps AS earlier
    WHERE json_extract(earlier.branding, '$.own_domain') = json_extract(apps.branding, '$.own_domain')
    AND (earlier.created_at, earlier.id) < (apps.created_at, apps.id)
);
CREATE UNIQUE INDEX apps_by_own_domain ON apps (json_extract(branding, '$.own_domain'));
