#!/bin/sh
set -eu
docker compose -f compose.yaml build --pull
docker compose -f compose.yaml up --detach
