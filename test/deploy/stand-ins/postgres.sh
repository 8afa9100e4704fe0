# Makes the cluster, its role and its database once, and runs the server.
set -e
data=/var/lib/postgresql/data
[ -z "$POSTGRES_PASSWORD_FILE" ] || POSTGRES_PASSWORD=$(cat "$POSTGRES_PASSWORD_FILE")
as_postgres() { setpriv --reuid=postgres --regid=postgres --clear-groups "$@"; }
mkdir -p "$data" /var/run/postgresql
chown postgres: /var/lib/postgresql "$data" /var/run/postgresql
if [ ! -s "$data/PG_VERSION" ]; then
  as_postgres initdb --pgdata="$data" --username="$POSTGRES_USER" --auth-local=trust --auth-host=scram-sha-256 \
    --encoding=UTF8 --locale=C.UTF-8 >/dev/null
  printf "alter role %s password '%s'; create database %s;\n" "$POSTGRES_USER" "$POSTGRES_PASSWORD" "$POSTGRES_DB" |
    sed 's/; /;\n/g' | as_postgres postgres --single -D "$data" postgres >/dev/null
  echo "host all all all scram-sha-256" >> "$data/pg_hba.conf"
fi
exec setpriv --reuid=postgres --regid=postgres --clear-groups postgres -D "$data" -c listen_addresses='*'
