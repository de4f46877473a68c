"""What the manifests say of pods, services, rights and secrets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from batten.understand.infrastructure.kubernetes.parts import Access, Binding, Kept, Route, Workload
from batten.understand.infrastructure.nouns import Container, Role
from batten.understand.stack import Reach

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.model import Unsure

POD = """\
apiVersion: v1
kind: Pod
metadata:
  name: shop
  namespace: harbour
  labels: {app: shop}
  annotations:
    container.apparmor.security.beta.kubernetes.io/web: unconfined
spec:
  hostNetwork: true
  hostPID: true
  hostIPC: false
  serviceAccountName: shop
  securityContext:
    runAsUser: 1000
    runAsNonRoot: true
    seccompProfile: {type: RuntimeDefault}
    sysctls: [{name: kernel.msgmax, value: "1"}]
  containers:
    - name: web
      image: ghcr.io/shop/web:1
      ports: [{name: http, containerPort: 8000, hostPort: 80}]
      securityContext:
        privileged: true
        runAsUser: 0
        procMount: Unmasked
        allowPrivilegeEscalation: true
        capabilities: {add: [SYS_ADMIN], drop: [all]}
        seccompProfile: {type: Unconfined}
      volumeMounts:
        - {name: sock, mountPath: /var/run/docker.sock, readOnly: true}
        - {name: logs, mountPath: /logs, subPath: shop}
        - {name: conf, mountPath: /etc/redis}
        - {name: rows, mountPath: /data}
        - {name: gone, mountPath: /gone}
    - {name: cache, image: "redis:8"}
  volumes:
    - {name: sock, hostPath: {path: /var/run/docker.sock}}
    - {name: logs, hostPath: {path: /var/log}}
    - {name: conf, configMap: {name: redis}}
    - {name: rows, persistentVolumeClaim: {claimName: rows}}
"""
SERVICE = """\
apiVersion: v1
kind: Service
metadata: {name: cache, namespace: harbour}
spec:
  type: LoadBalancer
  selector: {app: shop}
  ports: [{port: 6379}, {port: 443, targetPort: http}]
"""


def test_what_a_pod_says(parts: Callable[..., list[Container]]) -> None:
    web, cache = parts({"k8s/pod.yaml": POD}, Container)
    assert (web.name, web.whole, web.kind, web.user, web.reach) == ("shop/web", "shop", "kubernetes", "0", Reach.WORLD)
    assert {name: (text, at.line) for name, (text, at) in web.facts.items()} == {
        "privileged": ("true", 24),
        "network_mode": ("host", 10),
        "pid": ("host", 11),
        "runAsNonRoot": ("true", 16),
    }
    assert {name: [text for text, _ in found] for name, found in web.lists.items()} == {
        "cap_add": ["SYS_ADMIN"],
        "cap_drop": ["all"],
        "host_ports": ["80"],
        "security_opt": [
            "seccomp:unconfined",
            "systempaths:unconfined",
            "no-new-privileges:false",
            "apparmor:unconfined",
        ],
    }
    assert [(m.source, m.target, m.read_only) for m in web.mounts] == [
        ("/var/run/docker.sock", "/var/run/docker.sock", True),
        ("/var/log/shop", "/logs", False),
        ("redis", "/etc/redis", True),
        ("rows", "/data", False),
    ]
    assert (cache.product, cache.role, cache.user, cache.user_at and cache.user_at.line) == (
        "redis",
        Role.CACHE,
        "1000",
        15,
    )


def test_fields_stand_over_annotations(parts: Callable[..., list[Container]]) -> None:
    old = POD.replace("container.apparmor.security.beta", "container.seccomp.security.alpha")
    web, _ = parts({"k8s/pod.yaml": old}, Container)
    assert "apparmor:unconfined" not in [text for text, _ in web.lists["security_opt"]]
    bare = old.replace("        seccompProfile: {type: Unconfined}\n", "")
    bare = bare.replace("    seccompProfile: {type: RuntimeDefault}\n", "")
    for given, expected in ((old, 1), (bare, 1)):
        web, _ = parts({"k8s/pod.yaml": given}, Container)
        assert [text for text, _ in web.lists["security_opt"]].count("seccomp:unconfined") == expected


def test_guards_and_accounts(parts: Callable[..., list[Workload]]) -> None:
    account = (
        "---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {name: shop, namespace: harbour}\n"
        "automountServiceAccountToken: false\n"
    )
    (workload,) = parts({"k8s/pod.yaml": POD + account}, Workload)
    assert (workload.name, workload.at.line, workload.account, workload.mounts_token) == ("shop", 9, "shop", False)
    assert [name for name, _ in workload.sysctls] == ["kernel.msgmax"]
    web, cache = workload.guards
    assert (web.escalation and web.escalation[0], web.drops, web.seccomp, web.user and web.user[0], web.non_root) == (
        True,
        ("ALL",),
        "unconfined",
        0,
        True,
    )
    assert (cache.escalation, cache.seccomp, cache.user and cache.user[0]) == (None, "runtimedefault", 1000)


@pytest.mark.parametrize(
    ("service", "published"),
    [
        (SERVICE, {"shop/web": [(8000, 80), (8000, 443)], "shop/cache": []}),
        (SERVICE.replace("LoadBalancer", "ClusterIP"), {"shop/web": [(8000, 80)], "shop/cache": []}),
        (
            SERVICE.replace("namespace: harbour}", "namespace: other}"),
            {"shop/web": [(8000, 80)], "shop/cache": []},
        ),
        (
            SERVICE.replace(
                "namespace: harbour}",
                'annotations: {service.beta.kubernetes.io/aws-load-balancer-internal: "true"}}',
            ),
            {"shop/web": [(8000, 80)], "shop/cache": []},
        ),
        (
            SERVICE + "  loadBalancerSourceRanges: [10.0.0.0/8]\n",
            {"shop/web": [(8000, 80)], "shop/cache": []},
        ),
        (
            SERVICE.replace("LoadBalancer", "NodePort").replace("{port: 443,", "{port: 443, nodePort: 30443,"),
            {"shop/web": [(8000, 80), (8000, 30443)], "shop/cache": []},
        ),
    ],
)
def test_ports_that_services_open(
    parts: Callable[..., list[Container]], service: str, published: dict[str, list[tuple[int, int]]]
) -> None:
    found = parts({"k8s/pod.yaml": POD, "k8s/service.yaml": service}, Container)
    assert {one.name: [(p.container, p.host) for p in one.published] for one in found} == published


def test_a_store_behind_a_service(parts: Callable[..., list[Container]]) -> None:
    alone = (
        "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: cache, namespace: harbour}\nspec:\n  template:\n"
        "    metadata: {labels: {app: shop}}\n    spec: {containers: [{name: cache, image: redis}]}\n"
    )
    (cache,) = parts({"k8s/cache.yaml": alone, "k8s/service.yaml": SERVICE}, Container)
    assert [(p.container, p.host, str(p.at)) for p in cache.published] == [
        (6379, 6379, "k8s/service.yaml:5"),
        (None, 443, "k8s/service.yaml:5"),
    ]


def test_every_kind_of_workload(parts: Callable[..., list[Container]]) -> None:
    spec = (
        "{initContainers: [{name: i, image: a}], containers: [{name: c, image: b}],"
        " ephemeralContainers: [{name: e, image: c}]}"
    )
    kinds = ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController", "Job", "Rollout")
    files = {
        f"k8s/{kind}.yaml": (
            f"apiVersion: x\nkind: {kind}\nmetadata: {{name: {kind}}}\nspec: {{template: {{spec: {spec}}}}}\n"
        )
        for kind in kinds
    }
    files["k8s/CronJob.yaml"] = (
        "apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: CronJob}\n"
        f"spec: {{jobTemplate: {{spec: {{template: {{spec: {spec}}}}}}}}}\n"
    )
    files["k8s/Knative.yaml"] = (
        "apiVersion: serving.knative.dev/v1\nkind: Service\nmetadata: {name: Knative}\n"
        f"spec: {{template: {{spec: {spec}}}}}\n"
    )
    found = [one.name for one in parts(files, Container)]
    assert sorted(found) == sorted(f"{kind}/{name}" for kind in (*kinds, "CronJob", "Knative") for name in "ice")


def test_the_image_of_this_repository(parts: Callable[..., list[Container]]) -> None:
    files = {
        "Dockerfile": 'FROM python:3.13\nENV A=1\nUSER app\nCOPY . .\nCMD ["gunicorn", "shop:app"]\n',
        "shop.py": "",
        "k8s/job.yaml": (
            "apiVersion: batch/v1\nkind: Job\nmetadata: {name: move}\nspec:\n  template:\n    spec:\n"
            "      containers: [{name: move, image: shop, command: [python, move.py]}]\n"
        ),
        "k8s/shop.yaml": (
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: shop}\nspec:\n  template:\n    spec:\n"
            "      containers: [{name: web, image: shop, env: [{name: B, value: '2'}]}]\n"
        ),
    }
    move, shop = parts(files, Container)
    assert (move.stage and move.stage.base, move.user, [word.text for word in move.words]) == (
        "python:3.13",
        "app",
        ["python", "move.py"],
    )
    assert (shop.role, [word.text for word in shop.words], {n: v.value for n, v in shop.env.items()}) == (
        Role.APP,
        ["gunicorn", "shop:app"],
        {"A": "1", "B": "2"},
    )


def test_a_job_in_a_databases_image_is_none(parts: Callable[..., list[Container]]) -> None:
    job = (
        "apiVersion: batch/v1\nkind: Job\nmetadata: {name: fill}\nspec:\n  template:\n    spec:\n"
        "      containers: [{name: fill, image: 'postgres:17'}]\n"
    )
    (fill,) = parts({"k8s/job.yaml": job}, Container)
    assert (fill.product, fill.role) == ("postgres", Role.OTHER)


def test_templates_that_break_off_are_left_alone(parts: Callable[..., list[object]], doubts: list[Unsure]) -> None:
    broken = POD + "---\n{{- if .Values.more }}\nkind: Service\n{{- end }}\n"
    rules = "apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nspec: {text: '{{ $labels.pod }}'}\n---\n"
    assert parts({"k8s/a.yaml": broken}, Container) == []
    assert [one.why for one in doubts] == ["a Helm template, which is not rendered"]
    assert len(parts({"k8s/b.yaml": rules + POD}, Container)) == 2
    assert len(doubts) == 1


def test_a_chart_is_one_doubt(parts: Callable[..., list[object]], doubts: list[Unsure]) -> None:
    template = POD.replace("name: shop\n", "name: {{ .Release.Name }}\n", 1)
    files = {
        "charts/shop/Chart.yaml": "name: shop\n",
        "charts/shop/values.yaml": POD.replace("kind: Pod", "kind: none"),
        "charts/shop/templates/a.yaml": template,
        "charts/shop/templates/b.yaml": template,
    }
    assert [part for part in parts(files) if isinstance(part, Container)] == []
    assert [f"{one.what}: {one.why}" for one in doubts if "chart" in one.what] == [
        "the Helm chart charts/shop: its templates are not rendered: what it deploys is not checked"
    ]


def test_text_of_templates_in_a_map_is_text(parts: Callable[..., list[Container]]) -> None:
    config = (
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata:\n"
        "  A: '{{ a }}'\n  B: ${B}\n  C: |\n    {{ x }} $Y\n    z\n---\n"
    )
    pod = (
        "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n"
        "  containers: [{name: w, image: i, envFrom: [{configMapRef: {name: c}}]}]\n"
    )
    (found,) = parts({"k8s/a.yaml": config + pod}, Container)
    assert {name: one.value for name, one in found.env.items()} == {"A": None, "B": None, "C": "{{ x }} $Y\nz\n"}
    assert parts({"k8s/a.yaml": pod.replace("image: i", "image: '{{ image }}'")}, Container) == []


SECRETS = """\
apiVersion: v1
kind: Secret
metadata: {name: shop}
data:
  password: VnE3bk4yaFg5c1Q0
  user: VnE3bk4yaFg5c1Q0
  DB_PASSWORD: Y2hhbmdlbWU=
  odd: "!"
stringData:
  stripe: sk_live_q8ZtV3mN0pRcYw5LxKd2
  DATABASE_URL: postgresql://shop:v7nN2hX9@db/shop
  tls.key: |
    -----BEGIN PRIVATE KEY-----
    MIIEvQIBADANBgkqhkiG9w0BAQEFAASC
    -----END PRIVATE KEY-----
  app.ini: |
    password = Vq7nN2hX9sT4
  .dockerconfigjson: '{"auths": {"a": {"auth": "c2hvcDpWcTduTjJoWDlzVDQ="}, "b": {"auth": "!"}, "c": 1}}'
  .dockercfg: "{"
  ENC_PASSWORD: ENC[AES256_GCM,data:abc]
---
apiVersion: v1
kind: ConfigMap
metadata: {name: conf}
data: {API_TOKEN: Vq7nN2hX9sT4, password: "{{ password }}"}
---
apiVersion: v1
kind: Secret
metadata: {name: sealed}
stringData: {API_TOKEN: Vq7nN2hX9sT4}
sops: {mac: x}
---
apiVersion: v1
kind: Pod
metadata: {name: db}
spec:
  containers:
    - name: db
      image: postgres:17
      env:
        - {name: POSTGRES_PASSWORD, value: Vq7nN2hX9sT4}
        - {name: METRICS_TOKEN, value: Vq7nN2hX9sT4}
        - {name: OTHER_TOKEN, value: $TOKEN}
        - {name: GOOGLE_API_KEY, value: GOOGLE_API_KEY_VAL}
        - {name: AUTH_PROXY_IMAGE, value: "gcr.io/shop/auth@sha256:0d0d"}
        - {name: PROXY_AUTH, value: gcr.io/shop/auth-proxy:v1.2}
        - {name: TOPOLOGY_KEY, value: kubernetes.io/hostname}
        - {name: VAULT_PASSWORD, value: if_you_see_this_please_use_the_vault}
        - {name: MINIO_ACCESS_KEY, value: harbour}
"""


def test_secrets_that_stand_in_manifests(parts: Callable[..., list[Kept]]) -> None:
    found = parts({"k8s/all.yaml": SECRETS}, Kept)
    assert [(one.owner, one.name, one.is_private_key) for one in found] == [
        ("the Secret shop", "password", False),
        ("the Secret shop", "stripe", False),
        ("the Secret shop", "DATABASE_URL", False),
        ("the Secret shop", "tls.key", True),
        ("the Secret shop", ".dockerconfigjson", False),
        ("the ConfigMap conf", "API_TOKEN", False),
        ("the container db", "METRICS_TOKEN", False),
    ]
    assert parts({"k8s/all.yaml": SECRETS, ".gitignore": "all.yaml\n"}, Kept) == []


def test_a_key_that_the_app_signs_with_is_told_of_the_app(parts: Callable[..., list[Kept]]) -> None:
    app = "import os\nfrom flask import Flask\napp = Flask(__name__)\napp.secret_key = os.environ['APP_SECRET']\n"
    secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: k}\nstringData: {APP_SECRET: Vq7nN2hX9sT4wK8bR3mZ}\n---\n"
    pod = (
        "apiVersion: v1\nkind: Pod\nmetadata: {name: shop}\nspec:\n  containers:\n  - name: web\n    image: shop\n"
        "    command: [gunicorn, app:app]\n    envFrom: [{secretRef: {name: k}}]\n"
    )
    assert parts({"app.py": app, "k8s/a.yaml": secret + pod}, Kept) == []
    assert len(parts({"app.py": app, "k8s/a.yaml": secret}, Kept)) == 1


INGRESS = """\
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
  annotations: {kubernetes.io/ingress.class: nginx}
spec:
  tls: [{hosts: ["*.example.com"]}]
  rules: [{host: shop.example.com}, {host: example.org}, {}]
"""


def test_which_hosts_have_a_certificate(parts: Callable[..., list[Route]]) -> None:
    (route,) = parts({"k8s/ingress.yaml": INGRESS}, Route)
    assert (route.plain_hosts, route.has_tls, route.controller, route.at.line) == (("example.org",), True, "nginx", 6)
    (route,) = parts({"k8s/ingress.yaml": INGRESS.replace('hosts: ["*.example.com"]', "secretName: all")}, Route)
    assert route.plain_hosts == ()


RIGHTS = """\
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: looks}
rules: [{apiGroups: [""], resources: [pods], verbs: [get]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: looks, namespace: harbour}
subjects: [{kind: ServiceAccount, name: shop}]
roleRef: {kind: ClusterRole, name: looks}
"""


def test_roles_and_who_gets_them(parts: Callable[..., list[object]]) -> None:
    found = parts({"k8s/rbac.yaml": RIGHTS})
    (access,) = (part for part in found if isinstance(part, Access))
    (binding,) = (part for part in found if isinstance(part, Binding))
    assert (access.everywhere, [(one.name, one.namespace) for one in access.subjects]) == (False, [("shop", "harbour")])
    assert (binding.role, binding.everywhere) == ("looks", False)
    everywhere = parts({"k8s/rbac.yaml": RIGHTS.replace("RoleBinding", "ClusterRoleBinding")})
    assert [part.everywhere for part in everywhere if isinstance(part, Access)] == [True]


def test_a_kustomization_moves_accounts_along(parts: Callable[..., list[Workload]]) -> None:
    files = {
        "k8s/kustomization.yaml": "namespace: bay\nresources: [pod.yaml, rbac.yaml]\n",
        "k8s/pod.yaml": POD,
        "k8s/rbac.yaml": RIGHTS.replace("name: shop}", "name: shop, namespace: system}"),
    }
    (workload,) = parts(files, Workload)
    assert (workload.namespace, workload.has_role) == ("bay", True)


def test_overlays_for_a_desk_are_left_alone(parts: Callable[..., list[Container]]) -> None:
    for folder in ("dev-kind", "gcp-dev", "minikube", "quickstart"):
        assert parts({f"k8s/env/{folder}/pod.yaml": POD}, Container) == []
    assert len(parts({"k8s/env/devices/pod.yaml": POD}, Container)) == 2


def test_rights_of_an_account_are_seen_from_its_pods(parts: Callable[..., list[Workload]]) -> None:
    (workload,) = parts({"k8s/pod.yaml": POD, "k8s/rbac.yaml": RIGHTS}, Workload)
    assert workload.has_role
    (workload,) = parts({"k8s/pod.yaml": POD, "k8s/rbac.yaml": RIGHTS.replace("harbour", "other")}, Workload)
    assert not workload.has_role


@pytest.mark.parametrize(
    "text",
    [
        "kind: Pod\napiVersion: v1\nspec: [",
        "\x00kind: Pod",
        "apiVersion: v1\nkind: Pod\nspec: x\n",
        "apiVersion: v1\nkind: Pod\nmetadata: [a]\nspec: {containers: {a: b}}\n",
        "\ufeffapiVersion: v1\r\nkind: Pod\r\n",
        "apiVersion: v1\nkind: List\nitems: {a: b}\n",
    ],
)
def test_half_written_manifests_break_nothing(parts: Callable[..., list[object]], text: str) -> None:
    assert [part for part in parts({"k8s/a.yaml": text}) if isinstance(part, Container)] == []
