"""What a Traefik of the repository opens, routes and believes (Traefik 3.1's documentation)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from batten.understand.infrastructure.traefik.routed import RoutedByDefault
from batten.understand.infrastructure.web import ForwardedTrust, StatusPage, TlsTerms, UncheckedUpstream
from batten.understand.stack import Reach

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.model import Unsure

    Parts = Callable[..., list[object]]


def compose(*flags: str, ports: str = "80:80", extra: str = "", volumes: tuple[str, ...] = ()) -> str:
    return (
        f"services:\n  traefik:\n    image: traefik:v3.1\n    command: {json.dumps(list(flags))}\n"
        f"    ports: ['{ports}']\n    volumes: {json.dumps(list(volumes))}\n{extra}"
    )


def opened(parts: Parts, text: str, **more: str) -> list[tuple[str, Reach]]:
    files = {"compose.yaml": text, **more}
    return [(str(part.at), part.reach) for part in parts(files, StatusPage) if isinstance(part, StatusPage)]


def test_an_insecure_api(parts: Parts) -> None:
    assert opened(parts, compose("--api.insecure")) == [("compose.yaml:4", Reach.INTERNAL)]
    assert opened(parts, compose("--api.insecure", "true", ports="8080:8080")) == [("compose.yaml:4", Reach.WORLD)]
    assert opened(parts, compose("--api.insecure=true", ports="127.0.0.1:8080:8080")) == []
    assert opened(parts, compose("--api.insecure=$X", ports="8080:8080")) == []
    moved = compose("--api.insecure=true", "--entrypoints.traefik.address=:9090", ports="9090:9090")
    assert opened(parts, moved)[0][1] is Reach.WORLD
    assert opened(parts, compose("--api.insecure=true", "--entrypoints.traefik.address=127.0.0.1:9090")) == []


def test_a_file_is_all_there_is(parts: Parts) -> None:
    told = "api:\n  insecure: true\n"
    held = compose("--api.insecure=false", volumes=("./traefik.yml:/etc/traefik/traefik.yml",))
    assert [place for place, _ in opened(parts, held, **{"traefik.yml": told})] == ["traefik.yml:2"]
    named = compose("--configFile=/conf/t.toml", volumes=("./t.toml:/conf/t.toml",))
    toml = '[api]\n  insecure = true\n[[x]]\na = [1, {b = "c"}]\n[y]\n'
    assert [place for place, _ in opened(parts, named, **{"t.toml": toml})] == ["t.toml:2"]
    assert opened(parts, held, **{"traefik.yml": "api: {}\n"}) == []


def test_the_environment(parts: Parts) -> None:
    text = compose().replace(
        "    command: []\n", "    environment: {TRAEFIK_API_INSECURE: 'true', TRAEFIK_X: '${Y:?}', Z: a}\n"
    )
    assert [place for place, _ in opened(parts, text)] == ["compose.yaml:4"]


def test_an_image_of_ones_own(parts: Parts) -> None:
    docker = 'FROM traefik:v3.1\nCOPY traefik.yml /etc/traefik/\nCMD ["traefik"]\n'
    files = {"Dockerfile": docker, "traefik.yml": "api:\n  insecure: true\n"}
    assert len(parts(files, StatusPage)) == 1


def test_a_file_on_a_host(parts: Parts, doubts: list[Unsure]) -> None:
    static = "entryPoints:\n  web:\n    address: ':80'\nproviders:\n  file:\n"
    static += "    directory: /etc/traefik/dynamic\n    filename: /etc/traefik/more.yml\n"
    dash = "http:\n  routers:\n    dash:\n      service: api@internal\n"
    files = {
        "traefik/traefik.yml": f"api: {{}}\n{static}",
        "traefik/dynamic/a.yml": dash,
        "traefik/more.yml": dash,
        "traefik/b.toml": "",
    }
    assert len(parts(files, StatusPage)) == 2
    assert parts({"traefik.yml": "version: 3\n"}, StatusPage) == []
    assert parts({"traefik.toml": "[api\n"}, StatusPage) == []
    assert any("not valid TOML" in doubt.why for doubt in doubts)


def labelled(*labels: str) -> str:
    shown = "".join(f"      - {label}\n" for label in labels)
    return compose(
        "--api", "--providers.docker", "--providers.docker.exposedbydefault=false", extra=f"    labels:\n{shown}"
    )


ROUTER = "traefik.http.routers.d.service=api@internal"
WITH = "traefik.http.routers.d.middlewares"


def test_routes_to_the_dashboard(parts: Parts) -> None:
    assert opened(parts, labelled(ROUTER))
    assert opened(parts, labelled(ROUTER, f"{WITH}=zip", "traefik.http.middlewares.zip.compress=true"))
    assert not opened(parts, labelled(ROUTER, f"{WITH}=in", "traefik.http.middlewares.in.basicauth.users=a:b"))
    assert not opened(parts, labelled(ROUTER, f"{WITH}=in@file")), "it is not in the repository"
    assert not opened(parts, labelled(ROUTER, "traefik.enable=false"))
    assert not opened(parts, labelled(ROUTER.replace("api@internal", "web")))
    chain = ("traefik.http.middlewares.all.chain.middlewares=zip,in", "traefik.http.middlewares.zip.compress=true")
    assert not opened(parts, labelled(ROUTER, f"{WITH}=all", *chain, "traefik.http.middlewares.in.digestauth.users=a"))
    loop = "traefik.http.middlewares.all.chain.middlewares=all"
    assert not opened(parts, labelled(ROUTER, f"{WITH}=all", loop))
    assert opened(parts, labelled(ROUTER, f"{WITH}=all", chain[0].replace(",in", ""), chain[1]))
    assert not opened(parts, labelled(ROUTER).replace('"--api", ', '"--log", ')), "without the API there is no service"


def test_middlewares_of_an_entry_point(parts: Parts) -> None:
    point = "--entrypoints.web.http.middlewares=in@docker"
    text = labelled(
        ROUTER,
        "traefik.http.routers.d.entrypoints=web",
        "traefik.http.middlewares.in.ipallowlist.sourcerange=10.0.0.0/8",
    )
    assert opened(parts, text)
    assert not opened(parts, text.replace('"--api"', f'"--api", "{point}"'))


def test_routed_by_default(parts: Parts) -> None:
    def names(other: str, *flags: str) -> list[str]:
        text = compose("--providers.docker", *flags, extra=f"  flower:\n    image: mher/flower:2\n{other}")
        found = parts({"compose.yaml": text}, RoutedByDefault)
        return [name for part in found if isinstance(part, RoutedByDefault) for name in part.services]

    assert names("") == ["flower"]
    assert names("", "--providers.docker.exposedbydefault=false") == []
    assert names("", "--providers.docker.exposedbydefault=$X") == []
    assert names("", "--providers.docker.constraints=Label(`a`,`b`)") == []
    assert names("    labels: {traefik.enable: 'false'}\n") == []
    assert names("    labels: {other: 'x'}\n") == ["flower"]
    assert names("    network_mode: host\n") == []
    assert names("    networks: [inner]\nnetworks: {inner: {}}\n") == []
    assert parts({"compose.yaml": compose("--providers.docker=false")}, RoutedByDefault) == []


def test_trust(parts: Parts) -> None:
    def trusted(*flags: str, ports: str = "80:80") -> list[Reach]:
        found = parts({"compose.yaml": compose(*flags, ports=ports)}, ForwardedTrust)
        return [part.reach for part in found if isinstance(part, ForwardedTrust)]

    flag = "--entryPoints.web.forwardedHeaders.insecure"
    assert trusted("--entrypoints.web.address=:80", flag) == [Reach.WORLD]
    assert trusted("--entrypoints.web.address=:80", f"{flag}=false") == []
    assert trusted(flag.replace("forwardedHeaders", "proxyProtocol"), ports="127.0.0.1:80:80") == [Reach.LOOPBACK]


def test_upstreams_and_tls(parts: Parts) -> None:
    dynamic = (
        "tls:\n  options:\n    old:\n      minVersion: VersionTLS11\n"
        "      cipherSuites:\n        - TLS_RSA_WITH_RC4_128_SHA\n"
        "        - TLS_AES_128_GCM_SHA256\n    new:\n      minVersion: VersionTLS12\n"
        "http:\n  serversTransports:\n    a:\n      insecureSkipVerify: true\n    b:\n      insecureSkipVerify: false\n"
    )
    text = compose(
        "--providers.file.directory=/dyn", "--serversTransport.insecureSkipVerify=true", volumes=("./dyn:/dyn",)
    )
    files = {"compose.yaml": text, "dyn/a.yml": dynamic, "dyn/readme.txt": ""}
    terms = [part for part in parts(files, TlsTerms) if isinstance(part, TlsTerms)]
    assert [(part.old, part.weak) for part in terms] == [(("TLSv1.1",), ()), ((), ("TLS_RSA_WITH_RC4_128_SHA",))]
    assert len(parts(files, UncheckedUpstream)) == 2


def test_odd_files(parts: Parts) -> None:
    deep = "a: " + "{b: " * 30 + "c" + "}" * 30 + "\napi: {}\n"
    held = compose(volumes=("./traefik.yml:/etc/traefik/traefik.yml",))
    assert opened(parts, held, **{"traefik.yml": deep}) == []
    many = "api:\n" + "".join(f"  k{n}: 1\n" for n in range(6000))
    assert opened(parts, held, **{"traefik.yml": f"{many}  insecure: true\n"}) == []
    assert opened(parts, held, **{"traefik.yml": "api:\nentryPoints:\n  web:\n"}) == []
