#!/bin/sh
# Writes the secret files of a new installation, once: `sh deploy/secrets.sh [FOLDER] [DATABASE HOST]`.
# The folder is closed to everyone but its owner. The files in it are open, because a container sees a file with the
# owner it has here, and the users inside it are others.
set -eu
folder=${1:-$(dirname "$0")/secrets}
host=${2:-db}
if [ -e "$folder/secret_key" ]; then
    echo "$folder holds secrets already; nothing was changed."
    exit 0
fi

umask 077
mkdir -p "$folder"
chmod 700 "$folder"
random() { od -An -v -tx1 -N32 /dev/urandom | tr -d ' \n'; }
random > "$folder/database_password"
printf 'postgresql://prm:%s@%s:5432/prm' "$(cat "$folder/database_password")" "$host" > "$folder/database_url"
: > "$folder/email_url"
random > "$folder/secret_key"
chmod 444 "$folder"/*
chmod 644 "$folder/email_url"
echo "Wrote $folder. Put the address of your mail relay into $folder/email_url; while it is empty, mails are files."
