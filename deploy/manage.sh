#!/bin/sh
# manage.py with what the systemd units give it, for root: `sh /opt/prm/deploy/manage.sh doctor`.
set -eu
set -a
. /etc/prm/prm.env
SECRET_KEY=$(cat /etc/prm/secrets/secret_key)
DATABASE_URL=$(cat /etc/prm/secrets/database_url)
EMAIL_URL=$(cat /etc/prm/secrets/email_url)
PRM_DATA_DIR=/var/lib/prm
cd /opt/prm
exec runuser -u prm -- .venv/bin/python manage.py "$@"
