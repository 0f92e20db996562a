#!/bin/sh
# What the tests need and pip cannot give: a PostgreSQL server, for the gradebook is tested on one.
# Where we may, Debian's package is installed; it starts no server of its own.
set -eu

for initdb in "$(command -v initdb || true)" /usr/lib/postgresql/*/bin/initdb; do
  [ -x "$initdb" ] && exit 0
done

if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
  echo "make: no PostgreSQL server is installed here, and the gradebook's tests need one:" >&2
  echo "      install it as root (Debian, Ubuntu: apt install postgresql), then run make again" >&2
  exit 2
fi

echo "installing PostgreSQL, for the gradebook's tests"
mkdir -p /etc/postgresql-common
[ -e /etc/postgresql-common/createcluster.conf ] ||
  echo "create_main_cluster = false" >/etc/postgresql-common/createcluster.conf
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql >/dev/null
