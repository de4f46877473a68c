# Gets the servers that the live tests start: servers.sh FOLDER PACKAGE...
# Root has apt install them; a policy for the time of that keeps every one of them from being started.
# Anybody else has nginx unpacked into FOLDER, which needs no rights. It never fails: a test whose server is missing is skipped.
folder=$1
shift
PATH="$PATH:/usr/sbin:/usr/local/sbin:$folder/usr/sbin"
export DEBIAN_FRONTEND=noninteractive
mkdir -p "$folder"

program() {
    case $1 in
        postgresql) ls /usr/lib/postgresql/*/bin/postgres 2>/dev/null ;;
        mariadb-server) command -v mariadbd ;;
        *) command -v "$1" ;;
    esac
}

missing=
for package in "$@"; do
    [ -n "$(program "$package")" ] || missing="$missing $package"
done

install() {
    timeout 240 apt-get install -qq -y --no-install-recommends "$@" >/dev/null 2>&1
}

if [ -n "$missing" ] && command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
    echo "Installing servers for the tests, none of which is started:$missing ..."
    policy=/usr/sbin/policy-rc.d
    if [ ! -e $policy ]; then
        trap 'rm -f $policy' EXIT
        printf '#!/bin/sh\nexit 101\n' >$policy && chmod 755 $policy
    fi
    install $missing || { timeout 90 apt-get update -qq >/dev/null 2>&1; install $missing; } ||
        for package in $missing; do install "$package"; done
fi

fetch() {
    timeout 60 apt-get download -qq nginx || timeout 60 apt-get download -qq nginx-light
}

case " $* " in *" nginx "*)
    if ! command -v nginx >/dev/null && command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null; then
        echo 'Fetching nginx for the tests of batten probe ...'
        (
            cd "$folder" && { fetch || { timeout 90 apt-get update -qq; fetch; }; } &&
                for package in *.deb; do dpkg-deb -x "$package" .; done
        ) >/dev/null 2>&1
    fi
    ;;
esac

for package in openssl nginx redis-server memcached mosquitto postgresql mariadb-server rabbitmq-server; do
    [ -n "$(program "$package")" ] || echo "There is no $package here: the tests that start it are skipped."
done
exit 0
