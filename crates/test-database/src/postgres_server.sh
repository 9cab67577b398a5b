# usage: sh -c THIS sh BIN_DIR
# Starts a PostgreSQL server in a temporary folder, prints the folder, and runs the SQL that comes
# on standard input as its superuser. When the input ends, because the tests are over or their
# process was killed, the server is stopped and the folder removed.
set -eu
bin=$1
folder=$(mktemp -d /tmp/jumpa-postgres.XXXXXX)

finish() {
    "$bin/pg_ctl" stop --pgdata="$folder/data" --mode=immediate >/dev/null 2>&1 || true
    rm -rf "$folder"
}
trap finish EXIT
trap 'exit 1' HUP INT TERM

start() {
    "$bin/initdb" --pgdata="$folder/data" --username=postgres --auth=trust --encoding=UTF8 \
        --locale=C.UTF-8 --no-sync &&
        "$bin/pg_ctl" start --pgdata="$folder/data" --wait --log="$folder/server.log" --options="\
            -k $folder -c listen_addresses= -c fsync=off -c synchronous_commit=off \
            -c full_page_writes=off -c max_connections=400 -c shared_buffers=32MB \
            -c autovacuum=off -c max_wal_senders=0 -c wal_level=minimal"
}
start >"$folder/start.log" 2>&1 </dev/null || {
    cat "$folder/start.log" "$folder/server.log" >&2 || true
    exit 1
}
printf '%s\n' "$folder"
"$bin/psql" --host="$folder" --username=postgres --dbname=postgres --no-psqlrc --quiet \
    --tuples-only --no-align || true
