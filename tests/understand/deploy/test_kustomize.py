"""What a kustomization makes of its resources."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import pytest

from batten.understand.deploy.kubernetes import Cluster, data_of, files_of
from batten.understand.deploy.kustomize import split_image
from batten.understand.deploy.reading import Reading
from batten.understand.sources import DictSources

if TYPE_CHECKING:
    from batten.model import Unsure
    from tests.understand.deploy.conftest import Resolved

Resolve = Callable[[Mapping[str, str]], "Resolved"]
DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
  labels: {tier: front}
spec:
  template:
    spec:
      containers:
        - name: web
          image: example.org/shop:1
          env:
            - {name: A, value: base}
            - {name: B, value: base}
          envFrom:
            - configMapRef: {name: settings}
"""
BASE = {"k8s/base/kustomization.yaml": "resources: [shop.yaml]\n", "k8s/base/shop.yaml": DEPLOYMENT}
OVERLAY = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [../../base]\n"
APP = {"Dockerfile": 'FROM python\nCOPY . .\nCMD ["gunicorn", "shop:app"]\n', "shop.py": ""}


def built(files: Mapping[str, str]) -> tuple[Cluster, list[str]]:
    """Return the cluster of some files, and what could not be told."""
    doubts: list[Unsure] = []
    cluster = Cluster(Reading(DictSources(files), doubts.append))
    cluster.run(sorted(path for path in files if path.endswith((".yaml", ".yml"))))
    return cluster, [f"{one.what}: {one.why}" for one in doubts]


def production(more: str, **files: str) -> tuple[Cluster, list[str]]:
    named = {f"k8s/overlays/prod/{name.replace('__', '.')}": text for name, text in files.items()}
    return built({**BASE, "k8s/overlays/prod/kustomization.yaml": OVERLAY + more, **named})


def env(cluster: Cluster) -> dict[str, tuple[str | None, str]]:
    (container,) = cluster.containers
    return {name: (one.value, str(one.at)) for name, one in container.draft.env.items()}


def test_a_strategic_merge_patch() -> None:
    patch = DEPLOYMENT.replace("          image: example.org/shop:1\n", "").replace(
        "name: B, value: base", "$patch: delete, name: B"
    )
    patch = patch.replace("value: base", "value: patched").replace("  labels: {tier: front}\n", "")
    cluster, _ = production("patches: [{path: p.yaml}]\n", p__yaml=patch)
    assert env(cluster) == {"A": ("patched", "k8s/overlays/prod/p.yaml:11")}
    assert [one.image for one in cluster.containers] == ["example.org/shop:1"]


REPLACE = """\
patches:
  - target: {kind: Deployment, name: sh.*}
    patch: |-
      - op: replace
        path: /spec/template/spec/containers/0/env/1/value
        value: patched
"""
REMOVE = """\
patchesJson6902:
  - target: {kind: Deployment, name: shop, labelSelector: 'tier=front'}
    patch: |
      - {op: remove, path: /spec/template/spec/containers/0/env/0}
      - {op: add, path: /spec/template/spec/containers/0/env/-, value: {name: C, value: c}}
"""
MERGE = """\
patchesStrategicMerge:
  - |
    kind: Deployment
    metadata: {name: shop}
    spec: {template: {spec: {containers: [{name: web, env: [{name: A, value: in}]}]}}}
"""
OTHER = """\
patches:
  - target: {kind: Deployment, labelSelector: tier=back}
    patch: '[{op: remove, path: /spec}]'
"""
A, B = ("base", "k8s/base/shop.yaml:13"), ("base", "k8s/base/shop.yaml:14")


@pytest.mark.parametrize(
    ("patch", "expected"),
    [
        (REPLACE, {"A": A, "B": ("patched", "k8s/overlays/prod/kustomization.yaml:9")}),
        (REMOVE, {"B": B, "C": ("c", "k8s/overlays/prod/kustomization.yaml:8")}),
        (MERGE, {"A": ("in", "k8s/overlays/prod/kustomization.yaml:8"), "B": B}),
        (OTHER, {"A": A, "B": B}),
    ],
)
def test_patches_written_into_the_kustomization(patch: str, expected: dict[str, tuple[str, str]]) -> None:
    cluster, _ = production(patch)
    assert env(cluster) == expected


def test_generated_maps() -> None:
    more = (
        "configMapGenerator:\n  - name: settings\n    literals: [DEBUG='true', X=]\n    envs: [more.env]\n"
        "secretGenerator:\n  - {name: keys, literals: [KEY=abc]}\n  - {name: gone, envs: [gone.env]}\n"
    )
    cluster, doubts = production(more, **{"more.env": "# no\nY=1\nodd\n"})
    assert env(cluster) == {
        "DEBUG": ("true", "k8s/overlays/prod/kustomization.yaml:6"),
        "X": ("", "k8s/overlays/prod/kustomization.yaml:6"),
        "Y": ("1", "k8s/overlays/prod/more.env:2"),
        "A": ("base", "k8s/base/shop.yaml:13"),
        "B": ("base", "k8s/base/shop.yaml:14"),
    }
    held = {one.name: data_of(one) for one in cluster.manifests if one.kind == "Secret"}
    assert {name: {key: value for key, (value, _) in told.items()} for name, told in held.items()} == {
        "keys": {"KEY": "abc"}
    }
    assert doubts == ["gone.env: it is not in the repository"]


def test_a_generated_map_over_that_of_the_base() -> None:
    base = {
        **BASE,
        "k8s/base/kustomization.yaml": BASE["k8s/base/kustomization.yaml"]
        + "configMapGenerator: [{name: settings, literals: [X=1, Y=1]}]\n",
    }
    more = "configMapGenerator: [{name: settings, behavior: merge, literals: [Y=2]}]\n"
    cluster, _ = built({**base, "k8s/prod/kustomization.yaml": OVERLAY.replace("../../base", "../base") + more})
    assert {name: value for name, (value, _) in env(cluster).items() if name in "XY"} == {"X": "1", "Y": "2"}


def test_images_and_namespace() -> None:
    more = (
        "namespace: harbour\n"
        "images: [{name: example.org/shop, newName: shop, newTag: '2'}, {name: other, digest: 'sha256:1'}]\n"
    )
    cluster, _ = production(more)
    (container,) = cluster.containers
    assert (container.image, container.pod.manifest.namespace) == ("shop:2", "harbour")
    assert str(container.pod.manifest.at(container.table.get("image"))) == "k8s/overlays/prod/kustomization.yaml:5"


def test_two_overlays_do_not_meet() -> None:
    files = {
        **BASE,
        "k8s/eu/kustomization.yaml": OVERLAY.replace("../../base", "../base")
        + "images: [{name: example.org/shop, newTag: eu}]\n",
        "k8s/us/kustomization.yaml": OVERLAY.replace("../../base", "../base")
        + "configMapGenerator: [{name: settings, literals: [R=us]}]\n",
    }
    cluster, _ = built(files)
    assert [(one.image, sorted(one.draft.env)) for one in cluster.containers] == [
        ("example.org/shop:eu", ["A", "B"]),
        ("example.org/shop:1", ["A", "B", "R"]),
    ]


def test_production_stands_for_the_other_stages(resolved: Resolve) -> None:
    overlays = {
        f"k8s/overlays/{stage}/kustomization.yaml": OVERLAY
        + f"configMapGenerator: [{{name: settings, literals: [S={stage}]}}]\n"
        for stage in ("dev", "staging", "production")
    }
    found = resolved({**APP, **BASE, **overlays})
    assert (found.names, found.env("S")) == (["shop"], "production")
    del overlays["k8s/overlays/production/kustomization.yaml"]
    assert resolved({**APP, **BASE, **overlays}).env("S") == "staging"


def test_a_map_of_another_stage_is_not_taken() -> None:
    config = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {S: '%s'}\n"
    cluster, _ = built(
        {
            "k8s/shop.yaml": DEPLOYMENT,
            "k8s/config-prod.yaml": config % "prod",
            "k8s/config-staging.yaml": config % "staging",
        }
    )
    assert env(cluster)["S"][0] == "prod"


def test_what_is_not_followed_is_told() -> None:
    more = "helmCharts: [{name: redis}]\nreplacements: []\ncomponents: [../gone]\npatches: [{path: gone.yaml}]\n"
    _, doubts = production(more)
    assert doubts[:3] == [
        "../gone: it is not in the repository",
        "gone.yaml: it is not in the repository",
        "k8s/overlays/prod/kustomization.yaml: its helmCharts are not followed",
    ]


def test_components_and_remote_bases() -> None:
    component = (
        "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nimages: [{name: example.org/shop, newTag: c}]\n"
    )
    cluster, doubts = built(
        {
            **BASE,
            "k8s/with/kustomization.yaml": component,
            "k8s/prod/kustomization.yaml": (
                "resources: [../base, 'https://github.com/a/b?ref=1']\ncomponents: [../with]\n"
            ),
        }
    )
    assert [one.image for one in cluster.containers] == ["example.org/shop:c"]
    assert doubts[0] == "https://github.com/a/b?ref=1: it is not in the repository"


def test_what_leads_to_itself_ends() -> None:
    cluster, _ = built(
        {"k8s/a/kustomization.yaml": "resources: [../b]\n", "k8s/b/kustomization.yaml": "resources: [../a]\n"}
    )
    assert cluster.manifests == []
    _, doubts = built({"k8s/a/kustomization.yaml": "resources: [.]\n", "k8s/kustomization.yaml": "resources: [a]\n"})
    assert doubts == ["k8s/a/kustomization.yaml: kustomizations lead too far, or to themselves"]
    wide = {f"k8s/{n}/kustomization.yaml": f"resources: [{', '.join([f'../{n + 1}'] * 40)}]\n" for n in range(9)}
    assert built({**wide, "k8s/9/kustomization.yaml": "resources: []\n"})[0].manifests == []


def test_an_object_of_flux_is_no_kustomization() -> None:
    flux = (
        "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: x}\nspec: {path: ./apps}\n"
    )
    cluster, doubts = built({"k8s/kustomization.yaml": flux, "k8s/shop.yaml": DEPLOYMENT})
    assert ([one.image for one in cluster.containers], doubts) == (
        ["example.org/shop:1"],
        ["the ConfigMap settings: it is not in the repository"],
    )


def test_anchors_that_multiply_end() -> None:
    rows = ["a0: &a0 {x: 1}"] + [
        f"a{n}: &a{n} {{{', '.join(f'k{i}: *a{n - 1}' for i in range(9))}}}" for n in range(1, 30)
    ]
    bomb = "apiVersion: v1\nkind: Deployment\nmetadata: {name: shop}\n" + "\n".join(rows) + "\n"
    more = "images: [{name: x, newTag: '1'}]\npatches: [{path: p.yaml}]\n"
    cluster, _ = built(
        {"k8s/kustomization.yaml": "resources: [b.yaml]\n" + more, "k8s/b.yaml": bomb, "k8s/p.yaml": bomb},
    )
    assert [one.name for one in cluster.manifests] == ["shop"]


def test_files_that_maps_are_made_of() -> None:
    more = (
        "configMapGenerator: [{name: settings, files: [app.ini, other=app.ini]}, {name: gone, files: [no.ini]},"
        " x, {a: b}]\n"
    )
    cluster, _ = production(more, **{"app.ini": "debug = 1\n"})
    (config,) = [one for one in cluster.manifests if one.kind == "ConfigMap"]
    assert files_of(config) == {
        "app.ini": "k8s/overlays/prod/app.ini",
        "other": "k8s/overlays/prod/app.ini",
    }
    assert data_of(config)["app.ini"][0] == "debug = 1\n"


def test_patches_that_take_away_and_name_otherwise() -> None:
    more = (
        "patches:\n"
        "  - patch: |-\n      $patch: delete\n      kind: Service\n      metadata: {name: shop}\n"
        "  - target: {kind: Deployment, annotationSelector: a=b}\n    patch: '[{op: remove, path: /spec}]'\n"
        "  - target: {kind: Deployment, name: ^shop$, namespace: bay}\n    patch: |-\n      kind: Deployment\n"
        "      metadata: {name: any}\n      spec: {replicas: 3}\n"
        "  - target: {kind: Deployment}\n    patch: |-\n      - {op: test, path: /spec, value: 1}\n"
        "      - {op: move, from: /a, path: /b}\n      - {op: add, path: /spec/x}\n      - word\n"
        "  - path: template.yaml\n"
        "  - patch: {kind: Deployment, metadata: {name: shop}, spec: {paused: true}}\n"
    )
    base = {
        "k8s/overlays/prod/svc.yaml": "apiVersion: v1\nkind: Service\nmetadata: {name: shop}\n",
        "k8s/overlays/prod/template.yaml": "kind: {{ kind }}\n",
        "k8s/overlays/prod/kustomization.yaml": OVERLAY.replace("[../../base]", "[../../base, svc.yaml]") + more,
    }
    cluster, doubts = built({**BASE, **base})
    (shop,) = cluster.manifests
    assert (shop.name, shop.text("spec", "replicas"), shop.text("spec", "paused")) == ("shop", "3", "true")
    assert [one for one in doubts if "not followed" in one] == [
        "k8s/overlays/prod/kustomization.yaml: its patch move is not followed",
        "k8s/overlays/prod/kustomization.yaml: its patch add is not followed",
    ]
    assert "k8s/overlays/prod/template.yaml: a template, which is not rendered" in doubts


def test_images_by_digest_and_what_is_no_image() -> None:
    more = "images: [{name: example.org/shop, digest: 'sha256:0d'}, {newTag: x}, word]\n"
    cluster, _ = production(more)
    assert [one.image for one in cluster.containers] == ["example.org/shop@sha256:0d"]
    assert split_image("reg:5000/a/b") == ("reg:5000/a/b", "", "")


def test_a_kustomization_that_is_no_mapping() -> None:
    cluster, _ = built({"k8s/kustomization.yaml": "- a\n", "k8s/b/kustomization.yaml": "resources: [../c, {a: b}]\n"})
    assert cluster.manifests == []
