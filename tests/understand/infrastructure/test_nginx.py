"""Which files an nginx is made of, and what it does with the apps behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from batten.run.static import check_files
from batten.understand.infrastructure.web import Banner, Listing, ServedTree, StatusPage, TlsTerms
from batten.understand.nginx.nouns import ChosenTarget, DroppedHeaders, HostPassed, NoHsts, PassedThrough, SplicedPath
from batten.understand.nginx.passages import Passage, Target

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.model import Unsure

Parts = "Callable[..., list[Passage]]"
PASS = "location / { proxy_pass http://web:8000; }"
SERVER = f"server {{ listen 80; {PASS} }}\n"
POD = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: front}
spec:
  selector: {matchLabels: {app: front}}
  template:
    metadata: {labels: {app: front}}
    spec:
      containers:
        - name: front
          image: nginx:1.29
          volumeMounts:
            - {name: site, mountPath: /etc/nginx/conf.d}
      volumes:
"""
MOUNTED = """\
services:
  front:
    image: nginx:1.29
    ports: ["80:80"]
    volumes:
"""


def mounted(*volumes: str) -> str:
    return MOUNTED + "".join(f"      - {volume}\n" for volume in volumes)


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({"compose.yaml": mounted("./a/b:/etc/nginx/conf.d/x.conf:ro"), "a/b": SERVER}, id="one file"),
        pytest.param({"compose.yaml": mounted("./conf:/etc/nginx/conf.d"), "conf/x.conf": SERVER}, id="a directory"),
        pytest.param(
            {"compose.yaml": mounted("./t:/etc/nginx/templates"), "t/site.conf.template": SERVER}, id="a template"
        ),
        pytest.param(
            {
                "compose.yaml": mounted("./main:/etc/nginx/nginx.conf", "./s:/etc/nginx/sites"),
                "main": "events {}\nhttp { include sites/*; }\n",
                "s/shop": SERVER,
            },
            id="included by its main file",
        ),
        pytest.param(
            {"Dockerfile": "FROM nginx:1.29\nCOPY x /etc/nginx/conf.d/x.conf\n", "x": SERVER}, id="in an image"
        ),
        pytest.param(
            {"Dockerfile": f"FROM nginx:1.29\nCOPY <<EOF /etc/nginx/conf.d/x.conf\n{SERVER}EOF\n"}, id="a here-document"
        ),
        pytest.param(
            {
                "Dockerfile": "FROM debian:12\nRUN apt-get install nginx\nCOPY x /etc/nginx/sites-enabled/\n",
                "x": SERVER,
            },
            id="in an image of another base",
        ),
        pytest.param(
            {
                "compose.yaml": "services:\n  front:\n    image: nginx:1.29\n    configs:\n      - source: site\n"
                "        target: /etc/nginx/conf.d/site.conf\nconfigs:\n  site:\n    content: |\n      " + SERVER
            },
            id="written in the compose file",
        ),
        pytest.param(
            {
                "k8s/front.yaml": POD + "        - {name: site, configMap: {name: site}}\n---\napiVersion: v1\n"
                "kind: ConfigMap\nmetadata: {name: site}\ndata:\n  site.conf: |\n    " + SERVER
            },
            id="a ConfigMap",
        ),
        pytest.param({"deploy/nginx.conf": SERVER}, id="beside"),
        pytest.param({"sites-available/shop": SERVER}, id="beside, named after the site"),
        pytest.param(
            {"nginx/nginx.conf": "http { include conf.d/*.conf; }\n", "nginx/conf.d/shop.conf": SERVER},
            id="beside, included",
        ),
    ],
)
def test_the_files_of_an_nginx(parts: Callable[..., list[Passage]], files: dict[str, str]) -> None:
    (passage,) = parts(files, Passage)
    assert passage.targets == (Target("web", 8000),)
    held = files[passage.at.file or ""].splitlines()[(passage.at.line or 0) - 1]
    assert "proxy_pass" in held


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({"deploy/dev/nginx.conf": SERVER}, id="for development"),
        pytest.param({"nginx.conf.example": SERVER}, id="an example"),
        pytest.param({"sites-available/shop": "<VirtualHost *:80>\n</VirtualHost>\n"}, id="Apache's"),
        pytest.param(
            {
                "compose.yaml": mounted("./used.conf:/etc/nginx/conf.d/x.conf"),
                "used.conf": "server { listen 80; root /srv/www; }\n",
                "deploy/nginx.conf": SERVER,
            },
            id="beside what a container has",
        ),
    ],
)
def test_files_that_no_nginx_of_production_has(parts: Callable[..., list[Passage]], files: dict[str, str]) -> None:
    assert not parts(files, Passage)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("server {\n  listen 80;\n", 'a "}" is missing'),
        ("server { listen 80; }\n}\n", 'a "}" too many'),
        ('server { add_header X "a; }\n', "a quote is not closed"),
        ("server { listen 80 }\n", 'does not end with ";"'),
        ("{ listen 80; }\n", "where a directive was expected"),
        ("server { " * 60 + "}" * 60, "it nests too deep"),
        ("{% if tls %}server { listen 443; }{% endif %}\n", "not filled in"),
        ("server { include nginx.conf; }\n", "in a circle"),
        ("server { include gone.conf; }\n", "not in the repository"),
        ("\ufeffserver {\r\n listen 80;\r\n", 'a "}" is missing'),
    ],
)
def test_what_cannot_be_read_is_a_doubt(
    parts: Callable[..., list[object]], doubts: list[Unsure], text: str, why: str
) -> None:
    parts({"nginx.conf": text})
    assert any(why in doubt.why and doubt.layer == "server" for doubt in doubts)


def test_the_option_of_another_program_names_no_file_of_nginx(
    parts: Callable[..., list[object]], doubts: list[Unsure]
) -> None:
    text = 'FROM nginx:1.29\nCOPY s.conf /etc/s.conf\nCMD ["supervisord", "-c", "/etc/s.conf"]\n'
    parts({"Dockerfile": text, "s.conf": "[supervisord]\nnodaemon=true\n", "nginx.conf": SERVER})
    assert not [doubt for doubt in doubts if doubt.layer == "server"]


def test_a_jinja_expression_is_a_value_that_is_not_known(parts: Callable[..., list[Passage]]) -> None:
    text = "server { listen {{ port }} ssl; {# a remark #} location / { proxy_pass http://{{ app }}; } }\n"
    (passage,) = parts({"nginx.conf.j2": text}, Passage)
    assert passage.targets == ()
    assert passage.door.is_tls


def test_a_template_takes_the_variables_of_its_container(parts: Callable[..., list[Passage]]) -> None:
    compose = mounted("./t:/etc/nginx/templates") + "    environment: {APP: web}\n"
    text = (
        "server { listen 80; location / { proxy_pass http://${APP}:${PORT}; } location /x { proxy_pass http://$APP; } }"
    )
    first, second = parts({"compose.yaml": compose, "t/site.conf.template": text}, Passage)
    assert (first.targets, second.targets) == ((), (Target("web"),))


def test_upstreams_and_fixed_variables_are_followed(parts: Callable[..., list[Passage]]) -> None:
    text = (
        "upstream app { server unix:/run/app.sock fail_timeout=0; server 10.0.0.3:81; }\n"
        "server { set $to api; location / { proxy_pass http://app/x; } location /a { proxy_pass http://$to:5000$uri; }"
        " location /u { uwsgi_pass 127.0.0.1:3031; } }\n"
    )
    found = [passage.targets for passage in parts({"nginx.conf": text}, Passage)]
    assert found == [
        (Target("unix:/run/app.sock"), Target("10.0.0.3", 81)),
        (Target("api", 5000),),
        (Target("127.0.0.1", 3031),),
    ]


def test_blocks_of_lua_are_passed_over(parts: Callable[..., list[Listing]]) -> None:
    text = 'server { root /srv; location / { content_by_lua_block { if x then ngx.say("}{") end } } autoindex on; }\n'
    assert not parts({"nginx.conf": text}, Listing)


# With the apps behind

APP = """\
from flask import Flask

app = Flask(__name__)


@app.get("/")
def index():
    return "<p>hello"
"""
STACK = {
    "app.py": APP,
    "Dockerfile": 'FROM python:3.13\nWORKDIR /srv\nCOPY app.py .\nCMD ["gunicorn", "-b", "0.0.0.0:8000", "app:app"]\n',
    "compose.yaml": mounted("./nginx.conf:/etc/nginx/conf.d/default.conf").replace(
        "services:", "services:\n  web:\n    build: ."
    ),
}
FRAMING, NOSNIFF = "security-headers/framing", "security-headers/nosniff"
XFO = "add_header X-Frame-Options DENY;"


def told(nginx: str, rule: str, **more: str) -> list[str]:
    return [one.says for one in check_files({**STACK, "nginx.conf": nginx, **more}) if one.rule == rule]


def test_a_header_of_every_answer_is_not_missing() -> None:
    assert told(f"server {{ listen 80; {PASS} }}", FRAMING)
    assert not told(f"server {{ listen 80; {XFO} {PASS} }}", FRAMING)
    assert not told(f"server {{ listen 80; more_set_headers 'X-Frame-Options: DENY'; {PASS} }}", FRAMING)
    assert not told(f"server {{ listen 80; include secure.conf; {PASS} }}", FRAMING), "the include may set it"


def test_a_header_of_some_answers_is_told_with_the_place() -> None:
    other = f"location /shop/ {{ {XFO} proxy_pass http://web:8000; }}"
    (says,) = told(f"server {{ listen 80; {PASS} {other} }}", FRAMING)
    assert says.endswith("nginx sets it only for location /shop/ (nginx.conf:1)")


def test_a_header_of_another_service_says_nothing_of_the_app() -> None:
    compose = STACK["compose.yaml"] + "  files:\n    image: minio/minio\n"
    other = f"location /files/ {{ {XFO} proxy_pass http://files:9000; }}"
    (says,) = told(f"server {{ listen 80; {PASS} {other} }}", FRAMING, **{"compose.yaml": compose})
    assert "nginx" not in says


def test_the_value_that_nginx_sets_is_judged_too() -> None:
    short = 'add_header Strict-Transport-Security "max-age=60";'
    assert told(f"server {{ listen 443 ssl; {short} {PASS} }}", "https/hsts-short")
    assert not told(f"server {{ listen 443 ssl; {short} {PASS} }}", "https/hsts-missing")


def test_a_header_that_nginx_takes_away_is_missing() -> None:
    app = (
        STACK["app.py"]
        + "\n\n@app.after_request\ndef h(r):\n    r.headers['X-Content-Type-Options'] = 'nosniff'\n    return r\n"
    )
    hidden = "proxy_hide_header X-Content-Type-Options;"
    assert not told(SERVER, NOSNIFF, **{"app.py": app})
    assert told(f"server {{ listen 80; {hidden} {PASS} }}", NOSNIFF, **{"app.py": app})


def test_headers_that_the_app_sends_are_not_dropped(parts: Callable[..., list[DroppedHeaders]]) -> None:
    app = (
        STACK["app.py"] + "\n\n@app.after_request\ndef h(r):\n    r.headers['X-Frame-Options'] = 'DENY'\n    return r\n"
    )
    nginx = f"server {{ listen 80; {XFO} location / {{ add_header X-A b; proxy_pass http://web:8000; }} }}"
    files = {**STACK, "nginx.conf": nginx}
    assert parts(files, DroppedHeaders)
    assert not parts({**files, "app.py": app}, DroppedHeaders)


def test_a_host_that_the_app_checks_is_no_matter(parts: Callable[..., list[HostPassed]]) -> None:
    nginx = f"server {{ listen 80; proxy_set_header Host $http_host; {PASS} }}"
    checked = APP.replace("__name__)", '__name__)\napp.config["TRUSTED_HOSTS"] = ["shop.example.com"]')
    (loose,) = parts({**STACK, "nginx.conf": nginx}, HostPassed)
    (held,) = parts({**STACK, "nginx.conf": nginx, "app.py": checked}, HostPassed)
    assert (loose.is_loose, held.is_loose) == (True, False)


def test_the_first_forwarded_address_is_the_visitors_own(parts: Callable[..., list[PassedThrough]]) -> None:
    sets = "proxy_set_header X-Forwarded-Proto $scheme; proxy_set_header X-Forwarded-For %s;"
    nginx = f"server {{ listen 443 ssl; {sets} {PASS} }}"
    files = {
        **STACK,
        "app.py": "from fastapi import FastAPI\n\napp = FastAPI()\n",
        "Dockerfile": 'FROM python:3.13\nCOPY app.py .\nCMD ["uvicorn", "--forwarded-allow-ips", "*", "app:app"]\n',
    }
    (part,) = parts({**files, "nginx.conf": nginx % "$proxy_add_x_forwarded_for"}, PassedThrough)
    assert part.headers == ("x-forwarded-for",)
    assert not parts({**files, "nginx.conf": nginx % "$remote_addr"}, PassedThrough)


def test_hsts_is_told_at_the_app_where_one_stands_behind(parts: Callable[..., list[NoHsts]]) -> None:
    nginx = f"server {{ listen 443 ssl; {PASS} }}"
    assert not parts({**STACK, "nginx.conf": nginx}, NoHsts)
    assert told(nginx, "https/hsts-missing") == ["no Strict-Transport-Security on any response"]


# What it gives away

CHECKOUT = {"app.py": "x = 1\n", ".env": "KEY=q3Lz8dWw0vT2\n", "static/a.css": ""}
SITE = "./nginx.conf:/etc/nginx/conf.d/default.conf"


@pytest.mark.parametrize(
    ("lines", "hidden", "sources"),
    [
        ("root /srv;", (".git/config", ".env"), ("app.py", "compose.yaml")),
        ("root /srv/static;", (), ()),
        ("location /x/ { alias /srv/; }", (".git/config", ".env"), ("app.py", "compose.yaml")),
        (r"root /srv; location ~ /\. { return 404; }", (), ("app.py", "compose.yaml")),
        (r"root /srv; location ~ /\.env { deny all; }", (".git/config",), ("app.py", "compose.yaml")),
        (r"root /srv; location ~ \.(py|yaml)$ { internal; }", (".git/config", ".env"), ()),
        ("root /srv; location / { proxy_pass http://web; } location /static/ { }", (), ()),
        ("root /srv; auth_basic staff;", (), ()),
        ("root /srv; if ($http_x_key != k) { return 403; }", (), ()),
        ("root /srv; if ($host = a) { return 403; }", (".git/config", ".env"), ("app.py", "compose.yaml")),
        ("root /srv; location / { try_files /static$uri @app; } location @app { return 200 x; }", (), ()),
    ],
)
def test_what_of_a_checkout_is_handed_out(
    parts: Callable[..., list[ServedTree]], lines: str, hidden: tuple[str, ...], sources: tuple[str, ...]
) -> None:
    files = {**CHECKOUT, "compose.yaml": mounted(SITE, ".:/srv:ro"), "nginx.conf": f"server {{ listen 80; {lines} }}"}
    found = parts(files, ServedTree)
    assert [(tree.hidden, tree.sources) for tree in found] == ([(hidden, sources)] if hidden or sources else [])


def test_a_file_of_variables_that_compose_needs_lies_in_the_checkout(parts: Callable[..., list[ServedTree]]) -> None:
    compose = mounted(SITE, ".:/srv:ro") + "    env_file: .env\n"
    nginx = r"server { listen 80; root /srv; location ~ /\.git { return 404; } location ~ \.yaml$ { return 404; } }"
    (tree,) = parts({"compose.yaml": compose, "nginx.conf": nginx}, ServedTree)
    assert tree.hidden == (".env",)


def test_what_an_image_leaves_out_is_not_handed_out(parts: Callable[..., list[ServedTree]]) -> None:
    image = "FROM nginx:1.29\nCOPY . /srv\nCOPY nginx.conf /etc/nginx/conf.d/default.conf\n"
    files = {**CHECKOUT, "Dockerfile": image, "nginx.conf": "server { listen 80; root /srv; }"}
    (tree,) = parts(files, ServedTree)
    assert (".env" in tree.hidden, "app.py" in tree.sources) == (True, True)
    (tree,) = parts({**files, ".dockerignore": ".env\n"}, ServedTree)
    assert (tree.hidden, "app.py" in tree.sources) == ((), True)


def test_the_checkout_of_a_service_on_the_same_host(parts: Callable[..., list[ServedTree]]) -> None:
    unit = "[Service]\nWorkingDirectory=/srv/shop\nExecStart=/srv/shop/venv/bin/gunicorn app:app\n"
    files = {**CHECKOUT, "shop.service": unit, "nginx.conf": "server { listen 80; root /srv/shop; }"}
    (tree,) = parts(files, ServedTree)
    assert tree.hidden == (".git/config", ".env")


@pytest.mark.parametrize(
    ("text", "kind", "count"),
    [
        ("server { listen 80; root /srv; autoindex on; }", Listing, 1),
        ("server { listen 80; autoindex on; location / { proxy_pass http://web; } }", Listing, 0),
        (
            "server { listen 80; autoindex on; location / { proxy_pass http://web; } location /m/ { alias /m/; } }",
            Listing,
            1,
        ),
        ("server { listen 127.0.0.1:80; root /srv; autoindex on; }", Listing, 0),
        ("server { listen 80; location = /s { stub_status; } }", StatusPage, 1),
        ("server { listen 80; location = /s { stub_status; internal; } }", StatusPage, 0),
        ("server { listen 443 ssl; ssl_protocols TLSv1 TLSv1.2; }", TlsTerms, 1),
        ("ssl_protocols TLSv1; server { listen 443 ssl; ssl_protocols TLSv1.2; }", TlsTerms, 0),
        ("server { listen 443 ssl; ssl_ciphers ECDHE+AESGCM:RC4; }", TlsTerms, 1),
        ("http { server { listen 80; } }", Banner, 1),
        ("http { server_tokens off; server { listen 80; } }", Banner, 0),
        ("http { include secrets.conf; server { listen 80; } }", Banner, 0),
        ("server { listen 80; }", Banner, 0),
        ("server { listen 80; proxy_pass http://$arg_x; }", ChosenTarget, 1),
        ("map $arg_x $to { default a; b c; } server { location / { proxy_pass http://$to; } }", ChosenTarget, 0),
        ("map $arg_x $to { ~^(.+)$ $1; } server { location / { proxy_pass http://$to; } }", ChosenTarget, 1),
        (
            "server { location ~ ^/scan(.*)$ { set $to http://av.internal:9000/scan; proxy_pass $to$1; } }",
            ChosenTarget,
            0,
        ),
        ("server { location ~ ^/to/(.*)$ { set $to $1; proxy_pass http://$to; } }", ChosenTarget, 1),
        ("server { server_name localhost; listen 443 ssl; root /srv; }", NoHsts, 0),
        ("server { server_name shop.example; listen 443 ssl; root /srv; }", NoHsts, 1),
        ("server { server_name a.example; location / { proxy_pass http://$host$uri; } }", ChosenTarget, 0),
        ("server { server_name _; location / { proxy_pass http://$host; } }", ChosenTarget, 1),
        (r"server { location ~ ^/(?<n>[a-z]+)/ { proxy_pass http://$n.svc.local; } }", ChosenTarget, 0),
        (r"server { location ~ ^/(?<n>[^/]+)/ { return 302 /to/$n; } }", SplicedPath, 1),
        ("server { rewrite ^/(.*)$ https://a.example/$1 permanent; }", SplicedPath, 0),
        ("server { rewrite ^/([^x]*)$ https://a.example/$1 permanent; }", SplicedPath, 0),
        ("server { rewrite ^/(?<p>[^x]*)$ https://a.example/$p permanent; }", SplicedPath, 1),
        (r"server { rewrite ^/(?<p>\W*)$ https://a.example/$p permanent; }", SplicedPath, 0),
        ("server { if ($request_uri ~ ^/([^x]*)$) { return 301 https://a.example/$1; } }", SplicedPath, 0),
    ],
)
def test_what_one_file_says(parts: Callable[..., list[object]], text: str, kind: type, count: int) -> None:
    assert len(parts({"nginx.conf": text}, kind)) == count


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            "server { " + "".join(f"location /a{n}/ {{ root /b; }} " for n in range(400)) + "}", id="locations"
        ),
        pytest.param("server { listen 80; }\n" * 400, id="servers"),
        pytest.param("server { " + "add_header X-A b;" * 31_000 + "}", id="directives"),
    ],
)
def test_more_than_can_be_followed_is_told(parts: Callable[..., list[object]], doubts: list[Unsure], text: str) -> None:
    parts({"nginx.conf": text})
    assert any("too many" in doubt.why for doubt in doubts)


@pytest.mark.parametrize(
    "text",
    [
        "".join(f"map $m{n + 1} $m{n} {{ default $m{n + 1}a; x $m{n + 1}b; y $m{n + 1}c; }}\n" for n in range(60))
        + "server { location / { proxy_pass http://$m0; return 301 /$m0; } }",
        "server { " + "".join(f"set $v{n} $v{n + 1}$v{n + 1}; " for n in range(60)) + "proxy_pass http://$v0; }",
        "server { root /srv; autoindex on; location ~ ^/((a|a|b)+)+$ { } location ~ (.*a){25}$ { return 301 /$1; } }",
    ],
)
def test_what_grows_without_end_is_cut(parts: Callable[..., list[object]], text: str) -> None:
    assert len(parts({"nginx.conf": text, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab.py": ""})) < 10
