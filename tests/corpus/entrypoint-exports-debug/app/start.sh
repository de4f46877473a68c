#!/bin/sh
set -eu
: "${WORKERS:=2}"
export FLASK_DEBUG="${FLASK_DEBUG:-yes}"
exec gunicorn --workers "$WORKERS" --bind 0.0.0.0:9000 forge:forge
