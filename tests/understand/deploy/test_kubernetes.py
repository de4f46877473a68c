"""Kubernetes manifests: what a workload puts over its image."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import pytest

from batten.understand.stack import Reach

if TYPE_CHECKING:
    from tests.understand.deploy.conftest import Resolved

Resolve = Callable[[Mapping[str, str]], "Resolved"]
IMAGE = (
    'FROM python\nWORKDIR /srv\nCOPY . .\nENV A=image B=image\nENTRYPOINT ["tini", "--"]\n'
    'CMD ["gunicorn", "shop:app"]\n'
)
SHELL_IMAGE = "FROM python\nENTRYPOINT gunicorn shop:app\n"


def deployment(container: str, *, pod: str = "", name: str = "shop", kind: str = "Deployment") -> str:
    return (
        f"apiVersion: apps/v1\nkind: {kind}\nmetadata: {{name: {name}}}\nspec:\n  template:\n"
        f"    metadata: {{labels: {{app: {name}}}}}\n"
        f"    spec:\n      {pod}\n      containers:\n        - name: web\n"
        f"          image: example.org/shop:1\n          {container}\n"
    )


def cluster(*manifests: str, image: str = IMAGE) -> dict[str, str]:
    return {"k8s/all.yaml": "\n---\n".join(manifests), "Dockerfile": image, "shop.py": ""}


def test_a_deployment_of_the_repositorys_image(resolved: Resolve) -> None:
    unit = resolved(
        cluster(
            deployment(
                "env: [{name: B, value: 'k8s'}, {name: S, valueFrom: {secretKeyRef: {name: s, key: k}}}, {name: E}]"
            )
        )
    ).unit
    assert (unit.name, unit.kind, unit.command, unit.reach, unit.home) == (
        "shop",
        "kubernetes",
        "tini -- gunicorn shop:app",
        Reach.UNKNOWN,
        "/srv",
    )
    assert {n: (v.value, str(v.at)) for n, v in unit.env.items()} == {
        "A": ("image", "Dockerfile:4"),
        "B": ("k8s", "k8s/all.yaml:12"),
        "S": (None, "k8s/all.yaml:12"),
        "E": ("", "k8s/all.yaml:12"),
    }
    assert [e.says for e in unit.evidence] == [
        "started by the Deployment shop",
        "its image is taken to be built from Dockerfile",
        "started by ENTRYPOINT",
    ]


@pytest.mark.parametrize(
    ("container", "image", "command"),
    [
        ("command: [flask, run]", IMAGE, "flask run"),
        ("args: [flask, run]", IMAGE, "tini -- flask run"),
        ("command: [flask]\n          args: [run]", IMAGE, "flask run"),
        (
            (
                "command: [flask]\n          args: [run, --port, $(PORT), $$(X), $(GONE)]\n"
                "          env: [{name: PORT, value: 80}]"
            ),
            IMAGE,
            "flask run --port 80 $(X) $(GONE)",
        ),
        ("args: [ignored]", SHELL_IMAGE, "gunicorn shop:app"),
        ("command: flask", IMAGE, "tini -- gunicorn shop:app"),
        ("command: [{a: b}]", IMAGE, "tini -- gunicorn shop:app"),
    ],
)
def test_command_and_args(resolved: Resolve, container: str, image: str, command: str | None) -> None:
    assert resolved(cluster(deployment(container), image=image)).commands == ([command] if command else [])


def test_an_image_that_names_no_command_is_told(resolved: Resolve) -> None:
    assert "it names no CMD or ENTRYPOINT" in resolved(cluster(deployment(""), image="FROM python\n")).doubts
    assert resolved(cluster(deployment(""), image="FROM nginx\n")).doubts == ""


def test_values_refer_to_earlier_ones(resolved: Resolve) -> None:
    env = (
        "env: [{name: H, value: h}, {name: S, valueFrom: {x: y}}, {name: U, "
        "value: 'http://$(H)/$$(H)'}, {name: V, value: $(S)}, {odd: 1}, x]"
    )
    found = resolved(cluster(deployment(env)))
    assert (found.env("U"), found.env("V")) == ("http://h/$(H)", None)


def test_secrets_of_the_repository(resolved: Resolve) -> None:
    secret = (
        "apiVersion: v1\nkind: Secret\nmetadata: {name: keys}\ndata:\n  A: aHVzaA==\n  B: '!'\n  C: eA==\n"
        "stringData:\n  C: plain\n"
    )
    env = (
        "envFrom:\n            - secretRef: {name: keys}\n          env:\n            - name: D\n"
        "              valueFrom: {secretKeyRef: {name: keys, key: A}}\n"
        "            - name: E\n              valueFrom: {secretKeyRef: {name: other, key: A}}\n"
    )
    found = resolved(cluster(secret, deployment(env)))
    assert {n: v.value for n, v in found.unit.env.items() if n in "CDE" or v.says == "Secret"} == {
        "A": "hush",
        "B": None,
        "C": "plain",
        "D": "hush",
        "E": None,
    }
    assert not found.unit.unread


def test_a_secret_from_elsewhere_may_set_anything(resolved: Resolve) -> None:
    env = "envFrom:\n            - secretRef: {name: keys}\n            - secretRef: {name: more, optional: true}\n"
    found = resolved(cluster(deployment(env)))
    assert [one.says for one in found.unit.unread] == ["the Secret keys is not in the repository"]
    assert found.doubts == ""


def test_config_maps(resolved: Resolve) -> None:
    config = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: conf}\ndata:\n  DEBUG: 'true'\n  ODD: [x]\n"
    env = (
        "envFrom:\n            - configMapRef: {name: conf}\n              prefix: X_\n"
        "            - secretRef: {name: s}\n            - configMapRef: {name: gone}\n"
        "            - configMapRef: {name: maybe, optional: true}\n            - x\n"
        "          env:\n            - name: D\n"
        "              valueFrom: {configMapKeyRef: {name: conf, key: DEBUG}}\n"
        "            - name: N\n              valueFrom: {configMapKeyRef: {name: conf, key: gone}}\n"
    )
    found = resolved(cluster(config, deployment(env)))
    assert {n: v.value for n, v in found.unit.env.items() if n not in "AB"} == {
        "X_DEBUG": "true",
        "X_ODD": None,
        "D": "true",
        "N": None,
    }
    assert (found.place("X_DEBUG"), found.place("D")) == ("k8s/all.yaml:5", "k8s/all.yaml:5")
    assert found.doubts == "the ConfigMap gone: it is not in the repository (k8s/all.yaml:24)"


def service(kind: str) -> str:
    return (
        f"apiVersion: v1\nkind: Service\nmetadata: {{name: front}}\nspec: {{type: {kind}, selector: {{app: shop}}}}\n"
    )


INGRESS = (
    "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: i}\n"
    "spec: {rules: [{http: {paths: [{backend: {service: {name: front}}}]}}]}\n"
)
OTHER = "apiVersion: v1\nkind: Service\nmetadata: {name: other}\nspec: {type: LoadBalancer, selector: {app: db}}\n"


@pytest.mark.parametrize(
    ("manifests", "reach"),
    [
        ([], Reach.UNKNOWN),
        ([OTHER], Reach.UNKNOWN),
        ([service("ClusterIP"), OTHER], Reach.INTERNAL),
        ([service("LoadBalancer")], Reach.WORLD),
        ([service("NodePort")], Reach.WORLD),
        ([INGRESS, service("ClusterIP")], Reach.PLATFORM),
    ],
)
def test_reach(resolved: Resolve, manifests: list[str], reach: Reach) -> None:
    assert resolved(cluster(deployment(""), *manifests)).unit.reach is reach


def test_ports_and_users_of_the_host(resolved: Resolve) -> None:
    ports = (
        "ports: [{containerPort: 80, hostPort: 8080}, {containerPort: 81}, {containerPort: x, "
        "hostPort: 82, hostIP: 127.0.0.1}, {hostPort: x}, y]"
    )
    unit = resolved(cluster(deployment(ports, pod="securityContext: {runAsUser: 1000}"))).unit
    assert [(p.address, p.host, p.container) for p in unit.published] == [
        ("0.0.0.0", 8080, 80),
        ("127.0.0.1", 82, None),
    ]
    assert (unit.reach, unit.user) == (Reach.WORLD, "1000")
    unit = resolved(
        cluster(deployment("securityContext: {runAsUser: 7}\n          workingDir: /srv/web", pod="hostNetwork: true"))
    ).unit
    assert (unit.reach, unit.user, unit.home) == (Reach.WORLD, "7", "/srv/web")


def test_kinds(resolved: Resolve) -> None:
    pod = (
        "apiVersion: v1\nkind: Pod\nmetadata: {name: p, labels: {app: shop}}\n"
        "spec: {containers: [{name: a, image: shop}, {image: redis}, x, {image: me/proxy, command: [envoy]}]}\n"
        ""
    )
    job = deployment("", kind="CronJob", name="job") + "---\n" + deployment("", kind="Job", name="j")
    whole = (
        "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: StatefulSet\n"
        "  metadata: {}\n  spec: {template: {spec: {containers: [{image: shop}]}}}\n- x\n"
    )
    two = {**cluster(pod), "a/Dockerfile": IMAGE.replace("A=", "C=")}
    assert resolved(two).names == ["Dockerfile", "a/Dockerfile"]
    assert resolved(cluster(pod)).names == ["Dockerfile"]
    assert resolved(cluster(pod.replace("me/proxy", "me/shop"))).names == ["p/a"]
    assert resolved(cluster(job)).names == ["Dockerfile"]
    assert resolved(cluster(whole)).names == ["container"]


def test_an_image_from_elsewhere_counts_when_it_runs_python(resolved: Resolve) -> None:
    given = {
        "k8s/a.yaml": deployment("command: [flask, run]")
        + "---\n"
        + deployment("command: [/bin/x]", name="b")
        + "---\n"
        + deployment("", name="c")
    }
    assert resolved(given).names == ["shop"]


def test_patches_of_an_overlay_are_laid_over_the_base(resolved: Resolve) -> None:
    patch = deployment("env: [{name: B, value: patched}]\n          args: [flask, run]").replace(
        "          image: example.org/shop:1\n", ""
    )
    given = {
        "k8s/base/d.yaml": deployment(""),
        "k8s/overlays/prod/p.yaml": patch,
        "k8s/overlays/dev/p.yaml": patch.replace("patched", "dev"),
        "Dockerfile": IMAGE,
    }
    found = resolved(given)
    assert (found.env("B"), found.unit.command) == ("patched", "tini -- flask run")


def test_other_yaml_is_left_alone(resolved: Resolve) -> None:
    helm = deployment("env: [{name: A, value: {{ .Values.a }}}]")
    found = resolved(
        {
            "charts/shop/templates/d.yaml": helm,
            "k8s/values.yaml": "kind: Deployment\n",
            "deploy/ci.yml": "x: [",
            "k8s/big.yaml": "x" * 1_000_001,
        }
    )
    assert found.units == ()
    assert "charts/shop/templates/d.yaml: a Helm template, which is not rendered" in found.doubts
    assert "x: [" not in found.doubts
    assert resolved(
        {"src/kube.yaml": deployment("command: [flask, run]"), "src/other.yaml": deployment("command: [flask, run]")}
    ).names == ["shop"]


def test_a_wide_ingress_is_cut(resolved: Resolve) -> None:
    deep = "{a: " * 40 + "front" + "}" * 40
    ingress = f"apiVersion: x\nkind: Ingress\nmetadata: {{name: i}}\nspec: {deep}\n"
    assert resolved(cluster(deployment(""), service("ClusterIP"), ingress)).unit.reach is Reach.INTERNAL
