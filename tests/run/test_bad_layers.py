"""Broken and hostile files of every layer below the application: a doubt or silence, never a crash, in bounded time."""

import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from batten.model import Report
from batten.run import Request, check

SOUND = "services:\n  web:\n    image: nginx:1.27\n    ports: ['127.0.0.1:8080:80']\n"
"""A compose file with nothing wrong in its grammar."""
NAMES = (
    "compose.yaml",
    "Dockerfile",
    "k8s/web.yaml",
    "chart/Chart.yaml",
    "chart/values.yaml",
    "chart/templates/web.yaml",
    "nginx/nginx.conf",
    "apache2/sites-available/site.conf",
    ".htaccess",
    "Caddyfile",
    "caddy.json",
    "traefik.yml",
    "traefik.toml",
    "haproxy.cfg",
    "deploy/web.service",
    "supervisord.conf",
    "fly.toml",
    "render.yaml",
    "heroku.yml",
    "app.json",
    "postgresql.conf",
    "pg_hba.conf",
    "redis.conf",
    "my.cnf",
    "mongod.conf",
    "rabbitmq.conf",
    "definitions.json",
    "mosquitto.conf",
    "memcached.conf",
    "elasticsearch.yml",
    "opensearch.yml",
    "pgbouncer.ini",
    "userlist.txt",
    "nats.conf",
    "initdb/init.sql",
    "clickhouse/users.xml",
    "main.tf",
    "main.tf.json",
    "prod.tfvars",
    "terraform.tfstate",
    "cdk.json",
    "cloudformation/stack.yaml",
    "cloudformation/stack.json",
    ".github/workflows/ci.yml",
    "action.yml",
    ".gitlab-ci.yml",
    "requirements.txt",
    "pyproject.toml",
    "Pipfile.lock",
    "poetry.lock",
    "uv.lock",
    "setup.cfg",
    "setup.py",
    "runtime.txt",
    ".env",
)
"""One name at least of every kind of file that a reader of these layers asks for."""

FILLINGS: dict[str, bytes] = {
    "binary": bytes(range(256)) * 8,
    "half a UTF-8 letter": b"services: \xc3",
    "byte order mark and CRLF": b"\xef\xbb\xbf# here\r\nservices:\r\n  web:\r\n    image: x\r\n",
    "UTF-16": "services:\n  web:\n    image: x\n".encode("utf-16"),
    "one endless line": b"a" * 1_000_000,
    "an endless list": b"[" * 20_000,
    "an endless block": b"{" * 20_000,
    "an open string": b'name = "value\nother: "{{ x',
    "a template": b"{% if tls %}\nlisten {{ port }} ssl;\n{% endif %}\n{{- range x }}\nkey: {{ . | q }}\n{{- end }}",
    "a lone backslash": b"FROM x \\",
    "null": b"null\n",
    "a number": b"7\n",
    "a list": b"- 1\n- [2, {3: 4}]\n",
    "empty": b"",
    "blank": b"\r\n\t \r\n",
}

HALF: dict[str, dict[str, str]] = {
    "YAML that stops": {"compose.yaml": SOUND + "  db:\n    image: [postgres\n    environment: {A: b"},
    "YAML of wrong types": {
        "compose.yaml": "services: {web: 3, db: [x], a: null, b: {image: 7, ports: {x: y}, volumes: 5, environment: 9,"
        " env_file: {a: b}, networks: 3, depends_on: 1, deploy: [], build: [1], command: {x: 1}, secrets: 4,"
        " healthcheck: 2, labels: 8, user: [0], cap_add: SYS_ADMIN, privileged: 'no'}}\nvolumes: 3\nnetworks: [a]\n"
    },
    "manifests of wrong types": {
        "k8s/web.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata: 4\nspec: {template: {spec: {containers: "
        "[1, {name: [x], image: {}, env: 3, ports: x, securityContext: []}], volumes: 7, securityContext: 1}}}\n---\n"
        "apiVersion: v1\nkind: Service\nspec: [x]\n---\nkind: [List]\nitems: 3\n"
    },
    "HCL that stops": {"main.tf": 'resource "aws_s3_bucket" "x" {\n  bucket = "${var.name'},
    "HCL heredoc that stops": {"main.tf": "locals {\n  x = <<EOT\n  never ended\n"},
    "HCL that means itself": {
        "main.tf": "locals {\n  a = local.b\n  b = local.a\n}\n"
        'resource "aws_s3_bucket" "x" {\n  bucket = local.a\n  acl = aws_s3_bucket.x.acl\n}\n'
        'module "m" { source = "./" }\n'
    },
    "nginx that stops": {"nginx/nginx.conf": "http {\n  server {\n    listen 80;\n    location / { root /srv"},
    "nginx that includes itself": {
        "nginx/nginx.conf": "http { include nginx.conf; include conf.d/*.conf; }\n",
        "nginx/conf.d/a.conf": "include conf.d/*.conf;\ninclude /etc/nginx/conf.d/a.conf;\n",
        "Dockerfile": "FROM nginx:1.27\nCOPY nginx /etc/nginx\n",
    },
    "nginx in Jinja": {
        "nginx/nginx.conf.j2": "{% for s in sites %}\nserver {\n listen {{ s.port }};\n {% if s.tls %}x;{% endif %}\n"
    },
    "Caddyfile that imports itself": {"Caddyfile": "(a) {\n import a\n}\nshop.org {\n import a\n import Caddyfile\n"},
    "Apache that includes itself": {
        "apache2/sites-available/site.conf": "Include site.conf\n<VirtualHost *:80>\n<Directory"
    },
    "SQL that stops": {"initdb/init.sql": "CREATE ROLE x LOGIN PASSWORD 'abc\nGRANT ALL ON"},
    "SQL dollar quote that stops": {"initdb/init.sql": "DO $$ BEGIN CREATE ROLE x; /* never"},
    "alias bomb": {
        "compose.yaml": "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
        + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12))
        + "services: {web: {image: x, command: *a11, environment: *a11}}\n"
    },
    "alias of itself": {"compose.yaml": "services: &s\n  web: {image: x, environment: *s}\n  <<: *s\n"},
    "include in a ring": {
        "compose.yaml": "include: [other.yaml, compose.yaml]\n" + SOUND,
        "other.yaml": "include: [compose.yaml]\nservices: {db: {image: postgres:16}}\n",
    },
    "extends in a ring": {
        "compose.yaml": "services:\n  a: {extends: {service: b}}\n  b: {extends: {service: a}}\n"
        "  c: {extends: {file: compose.yaml, service: c}}\n"
    },
    "env_file in a ring": {
        "compose.yaml": "services: {a: {image: x, env_file: [.env]}}\n",
        ".env": "A=${B}\nB=${A}\nC=${",
    },
    "a large compose file": {"compose.yaml": SOUND + "# much\n" * 200_000},
    "requirements in a ring": {"requirements.txt": "-r requirements.txt\n-c requirements.txt\nflask==\n-e\n@@@\n"},
    "a Dockerfile in a ring": {"Dockerfile": "FROM b AS a\nFROM a AS b\nCOPY --from=b / /\nRUN <<EOT\nnever"},
    "CloudFormation of wrong types": {
        "cloudformation/stack.yaml": "AWSTemplateFormatVersion: '2010-09-09'\nParameters: 3\nResources:\n  A: 4\n"
        "  B: {Type: 'AWS::S3::Bucket', Properties: [!Ref A]}\n  C: {Type: [x]}\n  D: {Type: 'AWS::EC2::SecurityGroup',"
        " Properties: {SecurityGroupIngress: !If [A, !GetAtt, 3]}}\nConditions: {A: !Condition A}\n"
    },
    "a workflow of wrong types": {
        ".github/workflows/ci.yml": "on: 3\npermissions: [x]\njobs: {a: 1, b: {steps: {x: y}},"
        " c: {steps: [1, {uses: 3, run: [x]}]}}\n"
    },
}  # fmt: skip
"""Projects by what is wrong in them."""


def audit(root: Path, files: Mapping[str, str | bytes]) -> Report:
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    started = time.process_time()
    report = check(Request(target=str(root)))
    assert time.process_time() - started < 10
    return report


def bugs(report: Report) -> list[str]:
    return [f"{doubt.what}: {doubt.why}" for doubt in report.unsure if "bug in Batten" in doubt.why]


@pytest.mark.parametrize("filling", FILLINGS.values(), ids=list(FILLINGS))
def test_a_filling_under_every_name_is_no_bug(tmp_path: Path, filling: bytes) -> None:
    assert bugs(audit(tmp_path, dict.fromkeys(NAMES, filling))) == []


@pytest.mark.parametrize("files", HALF.values(), ids=list(HALF))
def test_a_half_written_project_is_no_bug(tmp_path: Path, files: dict[str, str]) -> None:
    report = audit(tmp_path, files)
    assert bugs(report) == []
    assert all(doubt.what and doubt.why for doubt in report.unsure)
