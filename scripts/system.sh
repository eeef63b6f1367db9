#!/bin/sh
# Installs the Debian packages that `make test` wants: a database server, a broker, a browser, gettext.
set -eu
missing=""
command -v pg_virtualenv >/dev/null && ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || missing="$missing postgresql"
command -v redis-server >/dev/null || missing="$missing redis-server"
command -v chromium >/dev/null || missing="$missing chromium"
command -v msgfmt >/dev/null || missing="$missing gettext"
[ -n "$missing" ] || exit 0
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "Missing for the whole suite:$missing. On Debian: sudo apt-get install$missing"
    exit 0
fi
echo "Installing$missing ..."
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
# shellcheck disable=SC2086 # the list is meant to be split
apt-get install -y -qq --no-install-recommends $missing >/dev/null
