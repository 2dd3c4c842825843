#!/bin/sh
# /usr/local/bin/wanhui: a command of the desk, as the desk's own user and with the desk's own settings.
set -eu
set -a
. /etc/wanhui/wanhui.env
set +a
cd /var/lib/wanhui
exec runuser -u wanhui -- /opt/wanhui/.venv/bin/wanhui "$@"
