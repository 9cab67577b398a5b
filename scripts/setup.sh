#!/usr/bin/env bash
# usage: setup.sh run|test
# Looks for what building and running (run) or testing (test) needs, installs missing Debian packages
# when it may, and otherwise says exactly what to install and fails. Quick when nothing is missing.
set -euo pipefail

purpose=${1:?usage: setup.sh run|test}
cd "$(dirname "$0")/.."
readonly MIN_RUST=1.89.0
readonly MIN_NODE=20.19.0

fail() {
    printf 'setup: %s\n' "$@" >&2
    exit 1
}

# True when version $1 is at least version $2.
at_least() {
    [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]
}

# True when there is a PostgreSQL for tests to start. Debian keeps its programs away from PATH.
has_postgres() {
    [ -n "${JUMPA_POSTGRES_BIN:-}" ] || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null ||
        { command -v initdb && command -v pg_ctl && command -v psql; } >/dev/null
}

packages=()
need() {
    local program=$1 package=$2
    command -v "$program" >/dev/null 2>&1 || packages+=("$package")
}

# Like need, for what is no program: a file whose name matches.
need_file() {
    local pattern=$1 package=$2
    compgen -G "$pattern" >/dev/null || packages+=("$package")
}

need cc gcc
need make make
# The composer is built against GStreamer, and finds its codecs in plugins while it runs.
need pkg-config pkg-config
need_file '/usr/lib/*/pkgconfig/gstreamer-1.0.pc' libgstreamer1.0-dev
need_file '/usr/lib/*/pkgconfig/gstreamer-video-1.0.pc' libgstreamer-plugins-base1.0-dev
need_file '/usr/lib/*/gstreamer-1.0/libgstopus.so' gstreamer1.0-plugins-base
need_file '/usr/lib/*/gstreamer-1.0/libgstvpx.so' gstreamer1.0-plugins-good
need_file '/usr/lib/*/gstreamer-1.0/libgstrtmp2.so' gstreamer1.0-plugins-bad
need_file '/usr/lib/*/gstreamer-1.0/libgstx264.so' gstreamer1.0-plugins-ugly
need_file '/usr/lib/*/gstreamer-1.0/libgstlibav.so' gstreamer1.0-libav
# Streams over TLS, and whom to trust.
need_file '/usr/lib/*/gio/modules/libgiognutls.so' glib-networking
need_file /etc/ssl/certs/ca-certificates.crt ca-certificates
# Names on tiles need any font at all; fonts-noto has one for every script.
need_file '/usr/share/fonts/*/*/*.[ot]t[fc]' fonts-dejavu-core
if [ "$purpose" = test ]; then
    [ -n "${JUMPA_CHROMIUM:-}" ] || need chromium chromium
    [ -n "${JUMPA_FIREFOX:-}" ] || need firefox-esr firefox-esr
    has_postgres || packages+=(postgresql)
    # Makes media for the tests of recordings, and decodes what was recorded.
    need ffmpeg ffmpeg
    # Takes streams as a streaming service does.
    need_file /usr/sbin/nginx nginx-core
    need_file /usr/lib/nginx/modules/ngx_rtmp_module.so libnginx-mod-rtmp
    need python3 python3
    # Debian keeps the module that makes environments in a package of its own.
    python3 -c 'import ensurepip, venv' 2>/dev/null || packages+=(python3-venv)
fi

if [ ${#packages[@]} -gt 0 ]; then
    as_root=()
    [ "$(id -u)" = 0 ] || as_root=(sudo -n)
    if command -v apt-get >/dev/null 2>&1 && { [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null; }; then
        echo "setup: installing ${packages[*]}"
        "${as_root[@]}" apt-get update -qq
        install() {
            "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
                apt-get install -y -qq --no-install-recommends "$@" >/dev/null
        }
        if [[ " ${packages[*]} " == *' postgresql '* ]]; then
            # Tests start servers of their own; the package's would only take a port.
            install postgresql-common
            "${as_root[@]}" sed -i -E 's/^#? *create_main_cluster *=.*/create_main_cluster = false/' \
                /etc/postgresql-common/createcluster.conf
        fi
        install "${packages[@]}"
    else
        fail "missing on this machine: ${packages[*]}" \
            "install them, for example: sudo apt-get install ${packages[*]}" \
            "other browsers are named by JUMPA_CHROMIUM and JUMPA_FIREFOX (paths of the programs)," \
            "another PostgreSQL by JUMPA_POSTGRES_BIN (folder with initdb, pg_ctl and psql)"
    fi
fi

command -v cargo >/dev/null 2>&1 || fail "Rust is missing: install Rust $MIN_RUST or later (https://rustup.rs)"
rust=$(rustc --version | cut -d ' ' -f 2)
at_least "${rust%%-*}" "$MIN_RUST" || fail "Rust $rust is too old: $MIN_RUST or later is needed (rustup update)"

command -v node >/dev/null 2>&1 || fail "Node.js is missing: install Node.js $MIN_NODE or later (https://nodejs.org)"
node=$(node --version)
at_least "${node#v}" "$MIN_NODE" || fail "Node.js $node is too old: $MIN_NODE or later is needed"
if [ "$purpose" = test ]; then
    # What attacks the API with the help of openapi.json; its versions are locked.
    tool="$HOME/.cache/jumpa/schemathesis"
    lock=scripts/api_fuzz/requirements.txt
    if [ -z "${JUMPA_SCHEMATHESIS:-}" ] && ! cmp -s "$lock" "$tool/requirements.txt"; then
        echo "setup: installing schemathesis"
        rm -rf "$tool"
        python3 -m venv "$tool"
        "$tool/bin/pip" install --quiet --disable-pip-version-check -r "$lock"
        cp "$lock" "$tool/requirements.txt"
    fi
fi

command -v npm >/dev/null 2>&1 || fail "npm is missing: it comes with Node.js"
