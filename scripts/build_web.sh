#!/usr/bin/env bash
# Builds the web packages when a source of theirs changed since the last build.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/install_web.sh

# Everything that goes into the pages; tests and the browser tests do not.
sources() {
    git ls-files -z --cached --others --exclude-standard -- web \
        ':!web/e2e' ':!web/**/*.test.ts' ':!web/**/*.test.tsx' |
        while IFS= read -r -d '' file; do [ -f "$file" ] && printf '%s\0' "$file"; done |
        xargs -0 sha256sum | sha256sum
}

stamp=web/node_modules/.jumpa-built
now=$(sources)
if [ "$(cat "$stamp" 2>/dev/null)" != "$now" ] || [ ! -f web/apps/call/dist/index.html ] ||
    [ ! -f web/apps/dashboard/dist/index.html ]; then
    echo "web: building"
    (cd web && npm run --silent build)
    for app in call dashboard; do
        node scripts/compress_pages.mjs "web/apps/$app/dist"
    done
    printf '%s\n' "$now" >"$stamp"
fi
