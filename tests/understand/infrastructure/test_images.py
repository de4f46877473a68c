"""What images are built from, what they hold, and who they run as."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from batten.understand.infrastructure.images.nouns import Image

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Parts = Callable[[Mapping[str, str], type[Image]], list[Image]]


STAGES = """\
ARG VERSION=3.13
FROM python:${VERSION}-slim AS wheels
ARG INDEX_TOKEN
RUN --mount=type=cache,target=/cache \\
    # what follows is one command
    pip wheel \\
    --wheel-dir /wheels . && \\
    curl -fsSL https://files.example.org/a.tar.gz | tar xz

FROM debian AS unused
RUN curl -k https://files.example.org/

FROM gcr.io/distroless/python3-debian12:nonroot@sha256:0d0d
COPY --from=wheels /wheels /wheels
COPY --from=ghcr.io/astral-sh/uv:0.7.2 /uv /bin/uv
ENV MODE=production
EXPOSE 8000/tcp 9000
"""


def test_what_the_stages_of_an_image_say(parts: Parts) -> None:
    (image,) = parts({"Dockerfile": STAGES}, Image)
    assert [(b.name, b.tag, b.digest, b.ships, b.at.line) for b in image.bases] == [
        ("python", "3.13-slim", "", False, 2),
        ("gcr.io/distroless/python3-debian12", "nonroot", "sha256:0d0d", True, 13),
        ("ghcr.io/astral-sh/uv", "0.7.2", "", False, 15),
    ]
    assert [(s.name, s.value, s.kind, s.ships) for s in image.settings] == [
        ("VERSION", "3.13", "ARG", False),
        ("INDEX_TOKEN", None, "ARG", False),
        ("MODE", "production", "ENV", True),
    ]
    assert [(c.name, c.at.line, c.run_by, c.ships) for c in image.commands] == [
        ("pip", 6, "", False),
        ("curl", 8, "", False),
        ("tar", 8, "", False),
    ]
    assert [port for port, _ in image.ports] == ["8000/tcp", "9000"]
    assert image.runs_as.is_root is False


@pytest.mark.parametrize(
    ("dockerfile", "files", "is_root"),
    [
        ("FROM debian:12\nUSER app:app\n", {}, False),
        ("FROM debian:12\nUSER 0\n", {}, True),
        ("FROM debian:12\nARG U\nUSER $U\n", {}, False),
        ("FROM harbour/base:1\n", {}, None),
        ("ARG BASE\nFROM $BASE\n", {}, None),
        ("FROM public.ecr.aws/lambda/python:3.13\n", {}, False),
        ("FROM docker.io/library/python:3.13\nCMD python app.py\n", {}, True),
        ("FROM python:3.13\n", {}, None),
        ("FROM postgres:17\nCOPY a.sql /docker-entrypoint-initdb.d/\n", {}, False),
        ("FROM nginx:1.29\nCMD nginx -g 'daemon off;'\n", {}, False),
        ("FROM nginx:1.29\nCMD python3 app.py\n", {}, True),
        ("FROM php:8.4-apache\nCOPY . /var/www/html\n", {}, False),
        ("FROM php:8.4-cli\nCMD php app.php\n", {}, True),
        ("FROM debian:12\nCMD /start.sh\n", {}, None),
        ("FROM debian:12\nCOPY . /\nCMD /start.sh\n", {"start.sh": "exec su-exec app gunicorn app:app\n"}, False),
        ("FROM debian:12\nCMD setpriv --reuid=app gunicorn app:app\n", {}, False),
        ("FROM debian:12\nCMD uwsgi --uid www-data --module app\n", {}, False),
        ("FROM debian:12\nCMD gunicorn --user www-data app:app\n", {}, False),
        (
            "FROM debian:12\nCOPY . /srv\nWORKDIR /srv\nCMD gunicorn app:app\n",
            {"gunicorn.conf.py": "user = 'www-data'\n", "app.py": "app = 1\n"},
            False,
        ),
        (
            "FROM debian:12\nCOPY s.conf /etc/\nCMD supervisord -c /etc/s.conf\n",
            {"s.conf": "[program:web]\ncommand=gunicorn app:app\nuser=www-data\n"},
            False,
        ),
    ],
)
def test_who_it_runs_as(parts: Parts, dockerfile: str, files: dict[str, str], *, is_root: bool | None) -> None:
    (image,) = parts({"Dockerfile": dockerfile, **files}, Image)
    assert image.runs_as.is_root is is_root


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        ("echo a | tee b | sh", [("echo", "sh"), ("tee", "sh"), ("sh", "")]),
        ("curl a | sudo -E bash -", [("curl", "bash"), ("bash", "")]),
        ("curl a | bash -s -- --yes", [("curl", "bash"), ("bash", "")]),
        ("curl a | VERSION=1 python3 -", [("curl", "python3"), ("python3", "")]),
        ("curl a | python3 -W ignore", [("curl", "python3"), ("python3", "")]),
        ("curl a | python3 -c 'print(1)'", [("curl", ""), ("python3", "")]),
        ("curl a | python3 -m json.tool", [("curl", ""), ("python3", "")]),
        ("curl a | bash b.sh", [("curl", ""), ("bash", "")]),
        ("bash <(curl a)", [("curl", "bash"), ("bash", "")]),
        ("source <(curl a)", [("curl", "source"), ("source", "")]),
        ("diff <(curl a) b", [("curl", ""), ("diff", "")]),
        ('sh -c "$(curl a)"', [("sh", ""), ("curl", "sh")]),
        ("$(curl a) b", [("curl", "sh")]),
        ('python3 -c "$(curl a)"', [("curl", "python3"), ("python3", "")]),
        ('eval "$(curl a)"', [("curl", "eval"), ("eval", "")]),
        ("eval `curl a`", [("curl", "eval"), ("eval", "")]),
        ('X="$(curl a)" make', [("curl", ""), ("make", "")]),
        ("echo $((1 + 2)) ${X:-y}", [("echo", "")]),
        ("sh -c 'curl a | sh'", [("sh", ""), ("curl", "sh"), ("sh", "")]),
        ("bash -o pipefail -c 'make it'", [("bash", ""), ("make", "")]),
        ("bash b.sh -c 'make it'", [("bash", "")]),
        (
            "if test -f a; then make; elif b; then c; else d; fi",
            [("test", ""), ("make", ""), ("b", ""), ("c", ""), ("d", "")],
        ),
        ("case $X in a) make ;; *) b ;; esac", [("make", ""), ("b", "")]),
        ("for x in a b; do make; done & { b; } ; (c)", [("make", ""), ("b", ""), ("c", "")]),
        ("f() { make; }; ! f || g", [("make", ""), ("f", ""), ("g", "")]),
        ('["curl", "-k", "a"]', [("curl", "")]),
        ('["sh", "-c", "make"]', [("sh", ""), ("make", "")]),
        ("<<EOF\nmake\ncurl a | sh\nEOF", [("make", ""), ("curl", "sh"), ("sh", "")]),
        ("bash -e <<'EOF'\nmake\nEOF", [("bash", ""), ("make", "")]),
        ("cat <<EOF > a\nmake\nEOF", [("cat", "")]),
        ("make 'half", [("make", "")]),
        ("", []),
    ],
)
def test_a_step_is_taken_apart(parts: Parts, step: str, expected: list[tuple[str, str]]) -> None:
    (image,) = parts({"Dockerfile": f"FROM debian:12\nRUN {step}\n"}, Image)
    assert [(command.name, command.run_by) for command in image.commands] == expected


def test_each_command_has_its_line(parts: Parts) -> None:
    text = "FROM debian:12\nRUN a \\\n  # why\n  && b 'c \\\n d' \\\n\n  && e \\\n  && sudo f\nRUN <<EOF\ng\nh\nEOF\n"
    (image,) = parts({"Dockerfile": text}, Image)
    assert [(c.name, c.at.line, c.words[1:]) for c in image.commands] == [
        ("a", 2, ()),
        ("b", 4, ("c  d",)),
        ("e", 7, ()),
        ("f", 8, ()),
        ("g", 10, ()),
        ("h", 11, ()),
    ]
    assert image.commands[3].wrappers == ("sudo",)


@pytest.mark.parametrize(
    "step",
    [
        "certificate: curl -sSLk a",
        "certificate: curl -o a -k b",
        "certificate: curl --insecure a",
        "certificate: wget --no-check-certificate a",
        "certificate: pip3 install --trusted-host a b",
        "certificate: python -m pip install --trusted-host=a b",
        "certificate: pip config set global.trusted-host a",
        "certificate: uv pip install --allow-insecure-host a b",
        "certificate: git -c http.sslVerify=false clone a",
        "certificate: git config --global http.https://a.example/.sslVerify false",
        "certificate: GIT_SSL_NO_VERIFY=0 git clone a",
        "certificate: export NODE_TLS_REJECT_UNAUTHORIZED=0",
        "certificate: npm config set strict-ssl=false",
        "certificate: npm ci --strict-ssl=false",
        "certificate: yarn config set 'strict-ssl' false -g",
        "certificate: apt-get -o Acquire::https::Verify-Peer=false update",
        "certificate: echo 'Acquire::https::Verify-Peer \"false\";' > /etc/apt/apt.conf.d/a",
        "certificate: yum-config-manager --save --setopt=sslverify=false",
        "certificate: echo sslverify=0 >> /etc/yum.conf",
        "certificate: conda config --set ssl_verify no",
        "certificate: poetry config certificates.a.cert false",
        "certificate: printf '[global]\\ntrusted-host = a' > /etc/pip.conf",
        "certificate: echo insecure >> ~/.curlrc",
        "certificate: composer install --disable-tls",
        "signature: apt-get install --yes --force-yes a",
        "signature: apt install --allow-unauthenticated a",
        "signature: apt-get update --allow-insecure-repositories",
        "signature: apt-get -o APT::Get::AllowUnauthenticated=true install a",
        "signature: echo 'deb [arch=amd64 trusted=yes] http://a b c' > /etc/apt/sources.list.d/a.list",
        "signature: apk add --allow-untrusted a.apk",
        "signature: dnf install --nogpgcheck a",
        "signature: yum install --setopt=gpgcheck=0 a",
        "signature: rpm -i --nodigest a.rpm",
        "signature: zypper --no-gpg-checks install a",
        "signature: printf 'gpgcheck=0' >> /etc/yum.repos.d/a.repo",
        "signature: echo 'APT::Get::AllowUnauthenticated \"true\";' > /etc/apt/apt.conf",
        "cleartext: pip install -i http://a.example/simple b",
        "cleartext: PIP_EXTRA_INDEX_URL='http://a.example/simple' pip install b",
        "cleartext: pip config set global.index-url http://a.example/simple",
        "cleartext: npm --registry http://a.example install",
        "certificate: echo 'sslverify=0' | tee -a /etc/yum.conf",
        "certificate: sed -i 's/sslverify=1/sslverify=0/' /etc/yum.conf",
        ": echo sslverify=0",
        ": curl -ok a",
        ": curl -H k -dk a",
        ": curl --cacert k a",
        ": grep -k curl --insecure",
        ": npm config set strict-ssl true",
        ": npm install strict-ssl false",
        ": git config http.sslVerify true",
        ": export NODE_TLS_REJECT_UNAUTHORIZED=1",
        ": export UV_INSECURE_HOST=",
        ": pip install --index-url http://localhost:3141/a b",
        ": pip install --index-url https://a.example/simple b",
        ": pip config list",
        ": yum install a",
        ": go get a",
        ": poetry config virtualenvs.create false",
        ": python -m",
        ": conda install a",
    ],
)
def test_what_is_switched_off(parts: Parts, step: str) -> None:
    kind, _, command = step.partition(": ")
    (image,) = parts({"Dockerfile": f"FROM debian:12\nRUN {command}\n"}, Image)
    assert [found.kind for found in image.unchecked] == ([kind] if kind else [])


@pytest.mark.parametrize(
    ("step", "kind"),
    [
        ("git clone https://a:v7nN2hX9sT4w@b.example/c", "text"),
        ("git clone https://ghp_q8ZtV3mN0pRcYw5LxKd2HsGf7JbQe1AoUi4T@b.example/c", "text"),
        ("curl -u a:v7nN2hX9sT4w https://b.example", "text"),
        ("curl -H 'Authorization: Bearer v7nN2hX9sT4w' https://b.example", "text"),
        ("mysql -uroot -pv7nN2hX9sT4w", "text"),
        ("npm config set //b.example/:_authToken=v7nN2hX9sT4w", "text"),
        ("a login --password=v7nN2hX9sT4w", "text"),
        ("API_TOKEN=v7nN2hX9sT4w make", "text"),
        ("echo 'a:b' 'c:d' | chpasswd", "login"),
        ("echo -e 'harbour' | passwd --stdin a", "login"),
        ("useradd -m --password=harbour a", "login"),
        ("usermod -p '$6$abc$def' a", "login"),
        ("useradd -p $(openssl passwd -1 harbour) a", "login"),
        ("useradd -p $(openssl passwd -1 $PASSWORD) a", ""),
        ("useradd -p", ""),
        ('echo "a:$PASSWORD" | chpasswd', ""),
        ('echo "$PASSWORD" | passwd --stdin', ""),
        ("cat a | chpasswd", ""),
        ("echo 'a:*' | chpasswd -e", ""),
        ("echo 'a:' | chpasswd", "login"),
        ("chpasswd <<< 'a:b'", "login"),
        ("chpasswd < a", ""),
        ("curl -u a: -H 'Accept: text/html' https://b.example", ""),
        ("API_TOKEN=changeme make", ""),
        ("a --password", ""),
        ("mysql -p", ""),
    ],
)
def test_secrets_in_steps(parts: Parts, step: str, kind: str) -> None:
    (image,) = parts({"Dockerfile": f"FROM debian:12\nRUN {step}\n"}, Image)
    assert [leak.kind for leak in image.leaks] == ([kind] if kind else [])


KEY = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl\n"


@pytest.mark.parametrize(
    ("path", "text", "says"),
    [
        (".env", "A=1\nexport API_KEY='v7nN2hX9sT4w'\n", "API_KEY"),
        (
            ".env",
            "A_KEY=v7nN2hX9sT4w\nB_TOKEN=v7nN2hX9sT4w\nC_SECRET=v7nN2hX9\nD_PASSWORD=harbour\n",
            "A_KEY, B_TOKEN, C_SECRET and 1 more",
        ),
        ("prod.env", "DATABASE_URL=postgres://a:v7nN2hX9@db/a\n", "DATABASE_URL"),
        ("id_rsa", KEY, "a private key"),
        ("certs/a.pem", "-----BEGIN CERTIFICATE-----\n", None),
        ("a.p12", "", "a store of private keys"),
        ("gcp-service-account.json", '{"private_key": "-----BEGIN PRIVATE KEY-----\\nMC4C"}', "a private key"),
        ("credentials.json", '{"client_secret": "v7nN2hX9sT4w"}\n', "client_secret"),
        ("credentials.json", "{half", None),
        ("package-keys.json", '{"key": "harbour", "name": "b"}', None),
        ("secrets.yaml", "db:\n  password: harbour-17\n", "password"),
        (".aws/credentials", "[default]\naws_secret_access_key = v7nN2hX9sT4wv7nN2hX9sT4w\n", "aws_secret_access_key"),
        (".npmrc", "//b.example/:_authToken=v7nN2hX9sT4w\n", "_authToken"),
        (".npmrc", "//b.example/:_authToken=${NPM_TOKEN}\nfund=false\n", None),
        (".pypirc", "[a]\nusername = b\npassword = v7nN2hX9sT4w\n", "password"),
        ("pip.conf", "[global]\nindex-url = https://a:v7nN2hX9@b.example/simple\n", "index-url"),
        (".netrc", "machine a login b password v7nN2hX9sT4w\n", "a password"),
        (".pgpass", "db:5432:a:b:v7nN2hX9sT4w\n", "a password"),
        (".git-credentials", "https://a:v7nN2hX9sT4w@b.example\n", "a password"),
        ("local_settings.py", "DEBUG = True\nSECRET_KEY = 'v7nN2hX9sT4w'\n", "SECRET_KEY"),
        ("secret.txt", "v7nN2hX9sT4wv7nN2hX9sT4w\n", "a secret"),
        ("secret.txt", "what nobody knows\n", None),
        ("db.sqlite3", "", "a database"),
        (".env", "SECRET_KEY=change-me\nDEBUG=1\nPASSWORD_FILE=/run/secrets/a\nTOKEN=${X}\nAPI_KEY=\n", None),
        (".env", "POSTGRES_PASSWORD=postgres\nDATABASE_URL=postgres://app:app@db/app\n", None),
        ("pip.conf", "# ghp_q8ZtV3mN0pRcYw5LxKd2HsGf7JbQe1AoUi4T\n", "a token"),
        ("server_key", KEY, "a private key"),
        (".boto", f"{KEY}aws = 1\n", "a private key"),
        ("keys.json", '[{"a": [{"apiKey": "v7nN2hX9sT4w"}]}]', "apiKey"),
        ("kubeconfig", "server: https://[a\n", None),
        (".env.example", "API_KEY=v7nN2hX9sT4w\n", None),
        (".env.dev", "API_KEY=v7nN2hX9sT4w\n", None),
        ("tests/a.key", KEY, None),
        ("a/.env", "", None),
    ],
)
def test_what_a_copied_file_holds(parts: Parts, path: str, text: str, says: str | None) -> None:
    (image,) = parts({"Dockerfile": "FROM debian:12\nCOPY . /srv\n", path: text}, Image)
    assert [held.says for taken in image.taken for held in taken.held] == ([says] if says else [])


@pytest.mark.parametrize(
    ("copy", "files", "expected"),
    [
        ("COPY .env .", {}, [".env"]),
        ("ADD --chown=a ./conf/id_rsa /a", {}, ["conf/id_rsa"]),
        ("COPY deploy /home/a/.ssh/id_rsa", {}, ["deploy"]),
        ("COPY .env* .", {}, []),
        ("COPY $FILE .", {}, []),
        ("COPY ca.pem .", {}, []),
        ("COPY credentials.json .", {}, []),
        ("COPY .env.example .env", {".env.example": ""}, []),
        ("COPY conf/.env .", {"conf/.env": "A=1\n"}, []),
        ("COPY ../.env .", {}, []),
        ("ADD https://a.example/.env .", {}, []),
        ("COPY --from=debian:12 /a/.env .", {}, []),
    ],
)
def test_what_a_copy_names_outright(parts: Parts, copy: str, files: dict[str, str], expected: list[str]) -> None:
    (image,) = parts({"Dockerfile": f"FROM debian:12\n{copy}\n", "a.py": "", **files}, Image)
    assert [held.path for taken in image.taken for held in taken.held if not held.is_there] == expected


def test_a_stage_of_two_images_is_told_once(parts: Parts) -> None:
    dockerfile = (
        "FROM debian AS base\nENV API_KEY=v7nN2hX9sT4w\nEXPOSE 22\nFROM base AS web\nCMD a\nFROM base AS jobs\nCMD b\n"
    )
    compose = "services:\n" + "".join(
        f"  {name}:\n    build:\n      context: .\n      target: {name}\n" for name in ("web", "jobs")
    )
    images = parts({"Dockerfile": dockerfile, "compose.yaml": compose}, Image)
    assert [(i.name, [c.name for c in i.containers], len(i.settings), len(i.bases), len(i.ports)) for i in images] == [
        ("Dockerfile (web)", ["web"], 1, 1, 1),
        ("Dockerfile (jobs)", ["jobs"], 0, 0, 0),
    ]


def test_what_an_app_signs_with_is_told_by_its_own_rule(parts: Parts) -> None:
    files = {
        "Dockerfile": "FROM debian:12\nCOPY . .\nENV SECRET_KEY=v7nN2hX9\nENV A_KEY=v7nN2hX9\nCMD gunicorn app:app\n",
        "app.py": "import os, flask\napp = flask.Flask(__name__)\napp.secret_key = os.environ['SECRET_KEY']\n",
    }
    (image,) = parts(files, Image)
    assert {setting.name: setting.told for setting in image.settings} == {"SECRET_KEY": True, "A_KEY": False}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "FROM",
        "FROM \nRUN\nCOPY\nADD\nENV\nARG\nUSER\nEXPOSE\n",
        "RUN curl | sh\nUSER root\n",
        "\ufeffFROM debian\r\nUSER root\r\n",
        "FROM debian\nRUN " + "$(" * 3_000,
        "FROM debian\nRUN " + "`sh -c '" * 500,
        "FROM debian\nRUN " + "a | " * 20_000 + "sh",
        "FROM debian\nENV " + "A=1 " * 20_000,
        "FROM debian\nCOPY --from=9 a b\nRUN --mount=from=9 a\n",
        "FROM a AS a\nFROM a AS a\nCOPY --from=a / /\n",
        'FROM debian\nRUN ["curl",\n',
        "FROM debian\n" + "FROM 0\n" * 500,
        "FROM {{ image }}\nUSER {% if x %}root{% endif %}\n",
        "FROM debian\nADD https://[ /a\nRUN git clone https://[a:b@c\n",
    ],
)
def test_odd_files_end_in_no_error(parts: Parts, text: str) -> None:
    parts({"Dockerfile": text, ".dockerignore": "[\n**\n!" + "*" * 200}, Image)
