"""What an Apache of the repository serves, lists and accepts; each answer was compared with Apache 2.4.71."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from batten.model import Confidence
from batten.understand.infrastructure.apache.grammar import parse
from batten.understand.infrastructure.patterns import found, wild
from batten.understand.infrastructure.web import (
    Banner,
    ForwardedTrust,
    Listing,
    OpenProxy,
    RootGrant,
    ServedTree,
    StatusPage,
    TlsTerms,
    TraceAnswered,
    UncheckedUpstream,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.model import Location, Unsure

    Parts = Callable[..., list[object]]

OPEN = "Require all granted"


def host(*lines: str) -> str:
    return "\n".join(("<VirtualHost *:80>", *lines, "</VirtualHost>"))


def directory(path: str, *lines: str) -> str:
    return "\n".join((f"<Directory {path}>", *lines, "</Directory>"))


def listed(parts: Parts, text: str, **more: str) -> list[str]:
    files = {"apache/site.conf": text, **{name.replace("__", "/"): held for name, held in more.items()}}
    return [str(part.at) for part in parts(files, Listing) if isinstance(part, Listing)]


@pytest.mark.parametrize(
    ("lines", "is_listed"),
    [
        (("Options Indexes", OPEN), True),
        (("Options +Indexes", OPEN), True),
        (("Options All", OPEN), True),
        (("Options Indexes", "Options FollowSymLinks", OPEN), False),
        (("Options -Indexes", OPEN), False),
        (("Options None", OPEN), False),
        (("Options", OPEN), False),
        (("Options Indexes", "Require all denied"), False),
        (("Options Indexes", "Require valid-user"), False),
        (("Options Indexes", "Require ip 0.0.0.0/0"), True),
        (("Options Indexes", "Require method GET"), True),
        (("Options Indexes", "Require env X"), False),
        (("Options Indexes", "Require"), False),
        (("Options Indexes", "<RequireAll>", OPEN, "Require not ip 10.0.0.1", "</RequireAll>"), True),
        (("Options Indexes", "<RequireAll>", OPEN, "Require ip 10.0.0.1", "</RequireAll>"), False),
        (("Options Indexes", "<RequireNone>", "Require ip 10.0.0.1", "</RequireNone>", OPEN), True),
        (("Options Indexes", "Order allow,deny", "Allow from all"), True),
        (("Options Indexes", "Order allow,deny", "Allow from all", "Deny from all"), False),
        (("Options Indexes", "Order deny,allow", "Deny from all"), False),
        (("Options Indexes", "Order deny,allow"), True),
        (("Options Indexes", "Allow from 10.0.0.0/8"), True),
        (("Options Indexes", "Deny from 10.0.0.1"), True),
        (("Options Indexes", "Deny from all", "Allow from 10.0.0.0/8"), False),
        (("Options Indexes", "Satisfy Any", "Deny from all", "Require valid-user"), False),
        (("Options Indexes", "Satisfy Any", "Allow from all", "Require valid-user"), True),
        (("<IfModule mod_autoindex.c>", "Options Indexes", "</IfModule>", OPEN), True),
        (("<IfModule !mod_autoindex.c>", "Options Indexes", "</IfModule>", OPEN), False),
        (("<IfDefine LISTS>", "Options Indexes", "</IfDefine>", OPEN), False),
        (("<IfVersion >= 2.4>", "Options Indexes", "</IfVersion>", OPEN), True),
        (("<IfVersion < 2.4>", "Options Indexes", "</IfVersion>", OPEN), False),
        (("<IfVersion !< 2.4>", "Options Indexes", "</IfVersion>", OPEN), True),
        (("<IfVersion ~ x>", "Options Indexes", "</IfVersion>", OPEN), True),
        (("<IfFile /etc/x>", "Options Indexes", "</IfFile>", OPEN), True),
    ],
)
def test_whether_a_directory_is_listed(parts: Parts, lines: tuple[str, ...], is_listed: bool) -> None:  # noqa: FBT001 - of a table
    text = host("DocumentRoot /srv/www", directory("/srv/www", *lines))
    assert bool(listed(parts, text)) is is_listed


def test_a_longer_directory_is_merged_after_a_shorter_one(parts: Parts) -> None:
    root = host("DocumentRoot /srv/www")
    above = directory("/srv", "Options Indexes", OPEN)
    assert listed(parts, f"{above}\n{root}\n{directory('/srv/www', 'Options +FollowSymLinks')}")
    assert not listed(parts, f"{directory('/srv/www', 'Options FollowSymLinks')}\n{above}\n{root}")
    assert listed(parts, f"{above}\n{root}\n{directory('/srv/*', 'AllowOverride None')}")
    assert not listed(parts, f"{above}\n{root}\n{directory('/srv/*', 'Options -Indexes')}")


def test_later_kinds_of_sections_come_after_directories(parts: Parts) -> None:
    text = host("DocumentRoot /srv/www", "{0}", directory("/srv/www", "Options Indexes", OPEN))
    for section in (
        "<Location />\nOptions -Indexes\n</Location>",
        "<LocationMatch ^/>\nOptions -Indexes\n</LocationMatch>",
        "<DirectoryMatch ^/srv/>\nOptions -Indexes\n</DirectoryMatch>",
        "<Directory ~ ^/srv/>\nOptions -Indexes\n</Directory>",
    ):
        assert not listed(parts, text.replace("{0}", section)), section
    assert not listed(parts, text.replace("{0}", "<LocationMatch ^/(>\nOptions -Indexes\n</LocationMatch>"))


def test_what_htaccess_says_counts_where_it_is_allowed(parts: Parts) -> None:
    def with_override(told: str, own: str = "Options +Indexes\n") -> list[str]:
        text = host("DocumentRoot /srv/www/public", directory("/srv/www/public", f"AllowOverride {told}", OPEN))
        return listed(parts, text, **{"public__.htaccess": own, "public__index.html": ""})

    assert with_override("All") == ["public/.htaccess:1"]
    assert with_override("Options=Indexes") == ["public/.htaccess:1"]
    assert with_override("None") == []
    assert with_override("AuthConfig") == []
    assert with_override("All", "Options +Indexes\nRequire all denied\n") == []
    assert with_override("Options", "Options +Indexes\nRequire all denied\n") == ["public/.htaccess:1"]


def test_a_lone_htaccess_is_likely(parts: Parts) -> None:
    (one,) = parts({"public/.htaccess": "<IfModule x>\nOptions Indexes\n</IfModule>\n"}, Listing)
    assert isinstance(one, Listing)
    assert (one.confidence, one.what) == (Confidence.LIKELY, "public")
    assert parts({"a/.htaccess": "Options -Indexes\n", "b/.htaccess": "RewriteEngine on\n"}, Listing) == []
    assert parts({"a/.htaccess": "Options Indexes\nDeny from all\n"}, Listing) == []
    assert parts({"a/.htaccess": "<IfModule !x>\nOptions Indexes\n</IfModule>\n"}, Listing) == []


@pytest.mark.parametrize(
    ("lines", "is_listed"),
    [
        (("WSGIScriptAlias / /srv/shop/wsgi.py",), False),
        (("WSGIScriptAlias /app /srv/shop/wsgi.py",), True),
        (("WSGIScriptAliasMatch ^/ /srv/shop/wsgi.py",), False),
        (("ProxyPass / http://127.0.0.1:8000/",), False),
        (("ProxyPass / !", "ProxyPass / http://127.0.0.1:8000/"), True),
        (("ProxyPassMatch ^/(.*)$ http://127.0.0.1:8000/$1",), False),
        (("<Location />", "ProxyPass http://127.0.0.1:8000/", "</Location>"), False),
        (("<Location />", "ProxyPass !", "</Location>"), True),
        (("<Location />", "SetHandler proxy:fcgi://127.0.0.1:9000", "</Location>"), False),
        (("<Location />", "SetHandler None", "</Location>"), True),
        (("Redirect permanent / https://shop.example.com/",), False),
        (("Redirect /old https://shop.example.com/",), True),
        (("RedirectMatch ^/$ https://shop.example.com/",), False),
        (("Redirect permanent",), True),
        (("RewriteEngine On", "RewriteRule ^/(.*)$ http://127.0.0.1:8000/$1 [P,L]"), False),
        (("RewriteEngine On", "RewriteRule ^/(.*)$ https://shop.example.com/$1"), False),
        (("RewriteEngine On", "RewriteRule ^/(.*)$ /index.py/$1 [L]"), True),
        (("RewriteEngine Off", "RewriteRule ^/(.*)$ http://127.0.0.1:8000/$1 [P,L]"), True),
        (
            (
                "RewriteEngine On",
                "RewriteCond %{DOCUMENT_ROOT}%{REQUEST_FILENAME} !-f",
                "RewriteRule ^ http://127.0.0.1:8000 [P]",
            ),
            True,
        ),
        (
            ("RewriteEngine On", "RewriteCond %{REQUEST_URI} ^/api", "RewriteRule ^ http://127.0.0.1:8000 [P]"),
            True,
        ),
        (("RewriteEngine On", "RewriteCond %{HTTPS} off", "RewriteRule ^ https://%{HTTP_HOST} [R]"), False),
    ],
)
def test_what_does_not_lead_to_files_is_not_listed(parts: Parts, lines: tuple[str, ...], is_listed: bool) -> None:  # noqa: FBT001 - of a table
    text = host("DocumentRoot /srv/www", *lines, directory("/srv/www", "Options Indexes", OPEN))
    assert bool(listed(parts, text)) is is_listed


def test_an_alias_stands_before_wsgi_and_behind_a_proxy(parts: Parts) -> None:
    media = directory("/srv/media", "Options Indexes", OPEN)
    assert listed(parts, host("Alias /media /srv/media", "WSGIScriptAlias / /srv/w.py", media))
    assert not listed(parts, host("Alias /media /srv/media", "ProxyPass / http://127.0.0.1:1/", media))
    assert listed(parts, host("Alias /media /srv/media", "ProxyPass /media !", "ProxyPass / http://a/", media))
    assert listed(parts, host("DocumentRoot /srv/www", directory("/srv/www/up", "Options Indexes", OPEN)))


SHOP = {"shop/wsgi.py": "application = None\n", ".env": "A=1\n", ".env.example": "A=\n", "db.sqlite3": ""}


def trees(parts: Parts, text: str, **more: str) -> list[ServedTree]:
    found_ = parts({"deploy/apache.conf": text, **SHOP, **more}, ServedTree)
    return [part for part in found_ if isinstance(part, ServedTree)]


def test_the_repository_as_document_root(parts: Parts) -> None:
    script = "WSGIScriptAlias /app /srv/shop/shop/wsgi.py"
    text = host("DocumentRoot /srv/shop", script, directory("/srv/shop", OPEN))
    (tree,) = trees(parts, text)
    assert (tree.path, tree.url, tree.confidence) == (".", "/", Confidence.LIKELY)
    assert tree.hidden == (".git/config", ".env")
    assert tree.sources == ("db.sqlite3", "shop/wsgi.py")
    denied = host("DocumentRoot /srv/shop", script, directory("/srv/shop", OPEN), "RedirectMatch 404 /\\.")
    assert trees(parts, denied)[0].hidden == ()
    files = '<FilesMatch "^\\.|\\.(py|sqlite3)$">\nRequire all denied\n</FilesMatch>\n'
    (left,) = trees(parts, host("DocumentRoot /srv/shop", script, directory("/srv/shop", OPEN), files))
    assert left.hidden == (".git/config",), "the name of the file is config"
    run = host("DocumentRoot /srv/shop", script, directory("/srv/shop", OPEN, "AddHandler wsgi-script .py"))
    assert trees(parts, run)[0].sources == ("db.sqlite3",)
    assert trees(parts, host("DocumentRoot /srv/shop", script, directory("/srv/shop/static", OPEN))) == []
    assert trees(parts, host("DocumentRoot /srv/${NAME}", script)) == []


def test_what_lies_where_is_told_by_units_and_sections(parts: Parts) -> None:
    unit = "[Service]\nWorkingDirectory=/srv/x/shop\nExecStart=/usr/bin/gunicorn shop.wsgi\n"
    text = host("Alias /static /srv/x/shop", directory("/srv/x/shop", OPEN))
    assert trees(parts, text) == []
    assert trees(parts, text, **{"shop.service": unit})
    section = directory("/srv/y/shop", "<Files wsgi.py>", OPEN, "</Files>")
    (tree,) = trees(parts, host("Alias /all /srv/y", directory("/srv/y", OPEN), section))
    assert tree.path == "."


def test_above_where_a_unit_works(parts: Parts) -> None:
    unit = "[Service]\nWorkingDirectory=/srv/x/shop/back\nExecStart=/usr/bin/gunicorn a:b\n"
    text = host("Alias /all /srv/x/shop", directory("/srv/x/shop", OPEN))
    (tree,) = trees(parts, text, **{"shop.service": unit, "back/a.py": "b = None\n"})
    assert (tree.path, "back/a.py" in tree.sources) == (".", True)
    other = text.replace("/srv/x/shop", "/srv/elsewhere")
    assert trees(parts, other, **{"shop.service": unit, "back/a.py": "b = None\n"}) == []


def test_patterns_of_a_shell(parts: Parts) -> None:
    script = "WSGIScriptAlias /app /srv/shop/shop/wsgi.py"
    files = '<Files "*.py">\nRequire all denied\n</Files>\n<Files db.sqlite3>\nRequire all denied\n</Files>'
    places = '<Location "/.*">\nRequire all denied\n</Location>'
    text = host("DocumentRoot /srv/shop", script, directory("/srv/shop", OPEN), files, places)
    assert trees(parts, text) == []
    whole = text.replace("/srv/shop/shop", "/srv/shop").replace("/srv/shop", "/srv/shop/wsgi.py")
    assert trees(parts, whole) == [], "a file is no tree"


def test_only_the_files_of_a_section_are_granted(parts: Parts) -> None:
    section = directory("/srv/y/shop", "<Files wsgi.py>", OPEN, "</Files>")
    text = host("DocumentRoot /srv/y", section, directory("/", "Require all denied"))
    (tree,) = trees(parts, text)
    assert (tree.hidden, tree.sources) == ((), ("shop/wsgi.py",))


def test_what_an_image_holds(parts: Parts) -> None:
    docker = (
        "FROM httpd:2.4\nCOPY deploy/httpd.conf /usr/local/apache2/conf/httpd.conf\nCOPY . /usr/local/apache2/htdocs\n"
    )
    conf = "ServerRoot /usr/local/apache2\nDocumentRoot /usr/local/apache2/htdocs\n"
    files = {"Dockerfile": docker, "deploy/httpd.conf": conf, ".env": "A=1\n", "a.py": ""}
    (tree,) = parts(files, ServedTree)
    assert isinstance(tree, ServedTree)
    assert tree.hidden == (".git/config", ".env")
    (less,) = parts({**files, ".dockerignore": ".env\n.git\n"}, ServedTree)
    assert isinstance(less, ServedTree)
    assert less.hidden == ()
    assert parts({**files, "Dockerfile": docker.replace("COPY . ", "COPY public "), "public/a": ""}, ServedTree) == []


def test_a_mount_brings_back_what_dockerignore_keeps_out(parts: Parts) -> None:
    docker = "FROM httpd:2.4\nCOPY . /usr/local/apache2/htdocs\n"
    compose = (
        "services:\n  web:\n    build: .\n    ports: ['80:80']\n    volumes:\n"
        "      - .:/usr/local/apache2/htdocs\n      - ./httpd.conf:/usr/local/apache2/conf/httpd.conf\n"
    )
    conf = "ServerRoot /usr/local/apache2\nDocumentRoot /usr/local/apache2/htdocs\n"
    files = {
        "Dockerfile": docker,
        "compose.yaml": compose,
        "httpd.conf": conf,
        ".env": "A=1\n",
        ".dockerignore": ".env\n",
    }
    (tree,) = parts(files, ServedTree)
    assert isinstance(tree, ServedTree)
    assert tree.hidden == (".git/config", ".env")
    assert tree.confidence is Confidence.CERTAIN


def test_the_whole_system(parts: Parts) -> None:
    (tree,) = trees(parts, host("DocumentRoot /", directory("/", OPEN)))
    assert tree.is_systems
    assert trees(parts, host("DocumentRoot /", directory("/", "Require all denied"))) == []


def test_files_beside_those_of_a_container_are_likely(parts: Parts) -> None:
    compose = (
        "services:\n  web:\n    image: httpd:2.4\n    volumes:\n      - ./a.conf:/usr/local/apache2/conf/extra/a.conf\n"
    )
    text = host("DocumentRoot /srv/www", directory("/srv/www", "Options Indexes", OPEN))
    found_ = parts({"compose.yaml": compose, "a.conf": text, "other/b.conf": f"{text}\n"}, Listing)
    told = {part.at.file: part.confidence for part in found_ if isinstance(part, Listing)}
    assert told == {"a.conf": Confidence.CERTAIN, "other/b.conf": Confidence.LIKELY}


def test_includes(parts: Parts, doubts: list[Unsure]) -> None:
    lists = directory("/srv/www", "Options Indexes", OPEN)
    files = {
        "apache/apache2.conf": "ServerRoot /etc/apache2\nDefine TREE /srv/www\nIncludeOptional sites-enabled/*.conf\n"
        "Include missing.conf\nInclude apache2.conf\nUnDefine TREE\n",
        "apache/sites-available/a.conf": f"{host('DocumentRoot ${TREE}')}\n",
        "apache/sites-available/b.conf": lists,
        "apache/sites-enabled/b.conf": lists,
    }
    assert [str(p.at) for p in parts(files, Listing) if isinstance(p, Listing)] == ["apache/sites-enabled/b.conf:2"]
    assert [(d.what, d.at.line) for d in doubts if d.at and "missing" in d.what] == [("the file missing.conf", 4)]


def test_includes_in_a_container(parts: Parts) -> None:
    compose = "services:\n  web:\n    image: httpd:2.4\n    volumes:\n      - ./conf:/usr/local/apache2/conf\n"
    files = {
        "compose.yaml": compose,
        "conf/httpd.conf": "ServerRoot /usr/local/apache2\nDocumentRoot /srv/www\n"
        "Include conf/sites/\nInclude conf/x.conf\n",
        "conf/sites/a.conf": directory("/srv/www", "Options Indexes", OPEN),
        "conf/x.conf": "ServerTokens Full\n",
    }
    assert len(parts(files, Listing)) == 1
    assert [p.at.file for p in parts(files, Banner) if isinstance(p, Banner)] == ["conf/x.conf"]


def test_files_that_include_each_other_deeply(parts: Parts, doubts: list[Unsure]) -> None:
    files = {
        f"apache/{n}.conf": f"ServerTokens Prod\nInclude apache2/{n + 1}.conf\nInclude {n + 1}.conf\n"
        for n in range(20)
    }
    parts(files, Banner)
    assert any("too deeply" in doubt.why for doubt in doubts)


def test_version_and_trace(parts: Parts) -> None:
    whole = "ServerRoot /etc/apache2\n"
    for text, banners, traces in (
        (whole, 1, 1),
        (f"{whole}ServerTokens Prod\nTraceEnable off\n", 0, 0),
        ("ServerTokens Minimal\n", 1, 0),
        ("ServerTokens ${X}\nTraceEnable extended\n", 0, 1),
        ("ServerSignature EMail\n", 1, 0),
    ):
        name = "apache/apache2.conf" if whole in text else "apache/x.conf"
        assert len(parts({name: text}, Banner)) == banners, text
        assert len(parts({name: text}, TraceAnswered)) == traces, text


@pytest.mark.parametrize(
    ("text", "old"),
    [
        ("all", ("TLSv1", "TLSv1.1")),
        ("all -SSLv3", ("TLSv1", "TLSv1.1")),
        ("+all +SSLv3", ("SSLv3", "TLSv1", "TLSv1.1")),
        ("all -SSLv3 -TLSv1 -TLSv1.1", ()),
        ("-all +TLSv1.2", ()),
        ("TLSv1.1 TLSv1.2", ()),
        ("+TLSv1.1 +TLSv1.2", ("TLSv1.1",)),
    ],
)
def test_versions_of_tls(parts: Parts, text: str, old: tuple[str, ...]) -> None:
    found_ = parts({"apache/ssl.conf": host(f"SSLProtocol {text}")}, TlsTerms)
    assert tuple(name for part in found_ if isinstance(part, TlsTerms) for name in part.old) == old


def test_cipher_suites(parts: Parts) -> None:
    def weak(text: str) -> tuple[str, ...]:
        found_ = parts({"apache/ssl.conf": f"SSLEngine on\nSSLCipherSuite {text}\nRewriteEngine on\n"}, TlsTerms)
        return tuple(name for part in found_ if isinstance(part, TlsTerms) for name in part.weak)

    assert weak("HIGH:!aNULL:!MD5") == ()
    assert weak('"HIGH:RC4-SHA +3DES"') == ("RC4-SHA", "+3DES")
    assert weak("HIGH:DES-CBC3-SHA:!3DES") == ()
    assert weak("SSL LOW") == ("LOW",)
    assert weak("") == ()


def test_pages_of_the_server(parts: Parts) -> None:
    def shown(*lines: str) -> list[bool]:
        text = "\n".join(("<Location /x>", *lines, "</Location>"))
        return [p.tells_much for p in parts({"apache/s.conf": text}, StatusPage) if isinstance(p, StatusPage)]

    assert shown("SetHandler server-status") == [False]
    assert shown("SetHandler server-info", "Order allow,deny", "Allow from all") == [True]
    assert shown("SetHandler server-status", "Require host example.com") == []
    assert shown("SetHandler balancer-manager", "Require user ann") == []
    assert shown("SetHandler other") == []
    inside = "<LocationMatch ^/x>\nSetHandler server-status\nRequire local\n</LocationMatch>"
    assert parts({"apache/s.conf": inside}, StatusPage) == []
    page = "<Location /x>\nSetHandler server-status\n</Location>"
    closed = f"ServerRoot /\nDocumentRoot /srv\n{directory('/', 'Require all denied')}\n{page}"
    assert parts({"apache/apache2.conf": closed}, StatusPage) == []


def test_proxies(parts: Parts) -> None:
    assert parts({"apache/p.conf": host("ProxyRequests On")}, OpenProxy)
    assert parts({"apache/p.conf": host("ProxyRequests On", "<Proxy *>", "Allow from all", "</Proxy>")}, OpenProxy)
    assert not parts({"apache/p.conf": host("ProxyRequests On", "<Proxy *>", "Deny from all", "</Proxy>")}, OpenProxy)
    assert parts({"apache/p.conf": host("RemoteIPTrustedProxy ::/0")}, ForwardedTrust)
    assert not parts({"apache/p.conf": host("RemoteIPTrustedProxy 10.0.0.0/8")}, ForwardedTrust)
    told = parts({"apache/p.conf": host("SSLProxyVerify none", "SSLProxyCheckPeerName off")}, UncheckedUpstream)
    assert len(told) == 2


def test_the_file_system(parts: Parts) -> None:
    assert parts({"apache/p.conf": directory("/*", OPEN)}, RootGrant)
    assert not parts({"apache/p.conf": directory("/", "Require ip 10.0.0.0/8")}, RootGrant)
    assert not parts({"apache/p.conf": directory("/srv", OPEN)}, RootGrant)


def test_other_programs_files_are_left_alone(parts: Parts) -> None:
    nginx = "server {\n  location / { autoindex on; }\n}\n"
    assert (
        parts({"nginx.conf": nginx, "redis.conf": "bind 0.0.0.0\n", "docs/a.conf": directory("/", OPEN)}, RootGrant)
        == []
    )


def test_many_hosts(parts: Parts, doubts: list[Unsure]) -> None:
    parts({"apache/many.conf": "\n".join(host(f"DocumentRoot /srv/{n}") for n in range(150))}, Listing)
    assert any("virtual hosts" in doubt.what for doubt in doubts)


# Grammar


def _told(text: str) -> tuple[list[tuple[str, tuple[str, ...], int | None]], list[str]]:
    why: list[str] = []

    def doubt(reason: str, at: Location) -> None:
        why.append(f"{at.line}: {reason}")

    return [(d.name, d.args, d.at.line) for d in parse(text, "a", doubt)], why


def test_lines() -> None:
    text = '# note \\\nAlias /a "/srv/my files" \\\n  x\n\n{% if x %}\nServerName \'a b\' "q\\"q"\n  \nLast \\'
    assert _told(text) == (
        [("servername", ("a b", 'q"q'), 6), ("last", (), 8)],
        [],
    ), "a comment goes on after a backslash as well"
    assert _told("Alias /a \\\n  /b\n")[0] == [("alias", ("/a", "/b"), 1)]


def test_blocks_that_are_not_closed() -> None:
    assert _told("<A>\n<B>\n</A>\n</C>\n<D>\n")[1] == [
        "2: <b> is not closed",
        "4: </C> closes nothing",
        "5: <d> is not closed",
    ]
    assert _told("<A>\n" * 50)[1][0] == "31: it is nested too deeply"
    assert _told("A b\n" * 20_001)[1] == ["20000: only the first 20000 lines are read"]


def test_long_lines_take_their_length() -> None:
    blanks = " " * 200_000
    assert _told(f"<A{blanks}>\n</A>")[0] == [("a", (), 1)]
    assert _told(f"Alias {chr(34) * 20_000}")[0][0][0] == "alias"


# Patterns


def test_patterns() -> None:
    assert found(r"(?<name>a)\z", "ba") is True
    assert found("(", "a") is None
    assert found("a" * 600, "a") is None
    assert found("[[a]", "a") is True
    assert found("(a*)*(a*)*(a*)*(a*)*(a*)*$", "a" * 60) is None
    for pattern, text, fits in (
        ("*.conf", "a.conf", True), ("a?c", "abc", True), ("a?c", "ac", False), ("*a*b", "xaxxb", True),
        ("*a*b", "xaxx", False), ("", "", True), ("a*", "b", False), ("**", "x", True),
    ):  # fmt: skip
        assert wild(pattern, text) is fits, (pattern, text)
