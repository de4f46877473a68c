"""The container runs as root.

Whoever gets code to run in it (a hole in the app or in one of its dependencies)
may then change every file of the image, read every mounted secret, and is root
on the host where the kernel or the runtime has a hole, or a volume of the host is mounted.

What counts is who goes on running in production: the last `USER` of the stage that is
shipped, through `FROM stage`, else what the base image sets. Where a compose service (`user: root`) or a pod
(`runAsUser: 0`; a container's word stands over its pod's) says root itself, that line is told.

Silent where an entrypoint hands over to another user (gosu, su-exec, setpriv,
s6-setuidgid, `uid` of uWSGI, `user` of supervisord or gunicorn), a container's
`user` or `runAsUser` replaces it, the base image sets a user itself, a server answers in
workers of another user (nginx, httpd), and for stages that only build. Told as possible where
the base image or the script that starts it is not known, and where it starts nothing itself. Milder for an init
container, which ends, and for an agent of a cluster.

Fix: `RUN useradd --system app` and `USER app` before the last `CMD`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Confidence, Finding, Fix, Good, Severity, around, rule
from batten.understand.infrastructure.images.nouns import Image
from batten.understand.infrastructure.nouns import Container

if TYPE_CHECKING:
    from collections.abc import Iterator

PLAIN = """\
FROM python:3.13-slim  # <- here
COPY app.py .
CMD ["gunicorn", "app:app"]
"""

BACK = """\
FROM python:3.13-slim
USER app
COPY app.py .
USER root  # <- here
CMD ["gunicorn", "app:app"]
"""

STAGES = """\
FROM python:3.13-slim AS base
USER 1000

FROM base AS wheels
USER root
RUN pip wheel .

FROM base
COPY --from=wheels /wheels /wheels
CMD ["gunicorn", "app:app"]
"""

SCRIPT = """\
FROM python:3.13-slim
COPY start.sh app.py /
ENTRYPOINT ["/start.sh"]
"""

COMPOSE = """\
services:
  web:
    build: .
    user: "1000:1000"
"""


@rule(
    id="container-user/root",
    severity=Severity.MEDIUM,
    cwe=250,
    over=Image,
    sources=["Docker docs, Building best practices, USER", "CIS Docker Benchmark 1.6, 4.1"],
    bad=[
        Bad("nothing says otherwise", {"Dockerfile": PLAIN}),
        Bad("the last user is root", {"Dockerfile": BACK}),
        Bad("by number", {"Dockerfile": BACK.replace("root", "0:0")}),
        Bad("nobody knows what the base image sets", {"Dockerfile": PLAIN.replace("python:", "harbour/python:")}),
        Bad(
            "the stage that is shipped",
            {
                "Dockerfile": STAGES.replace("\nFROM base\n", "\nFROM wheels\n").replace(
                    "USER root", "USER root  # <- here"
                )
            },
        ),
        Bad(
            "one of two containers keeps it",
            {
                "Dockerfile": PLAIN,
                "compose.yaml": COMPOSE + "  jobs:\n    build: .\n    command: celery -A app worker\n",
            },
        ),
        Bad(
            "the script goes on as root",
            {"Dockerfile": SCRIPT.replace("slim", "slim  # <- here"), "start.sh": "#!/bin/sh\nexec gunicorn app:app\n"},
        ),
    ],
    good=[
        Good("a user of its own", {"Dockerfile": PLAIN.replace("CMD", "USER app\nCMD").replace("  # <- here", "")}),
        Good("an argument with a default", {"Dockerfile": BACK.replace("USER root", "ARG U=app\nUSER ${U}")}),
        Good("only a stage that builds", {"Dockerfile": STAGES}),
        Good("compose says whom", {"Dockerfile": PLAIN, "compose.yaml": COMPOSE}),
        Good(
            "the script hands over",
            {"Dockerfile": SCRIPT, "start.sh": "#!/bin/sh\nchown app /data\nexec gosu app gunicorn app:app\n"},
        ),
        Good(
            "the base image sets one",
            {"Dockerfile": PLAIN.replace("python:3.13-slim", "gcr.io/distroless/python3:nonroot")},
        ),
        Good("workers of nginx", {"Dockerfile": "FROM nginx:1.29\nCOPY site.conf /etc/nginx/conf.d/\n"}),
        Good("only development builds it", {"Dockerfile.dev": PLAIN}),
    ],
)
def runs_as_root(image: Image) -> Iterator[Finding]:
    """Yield a finding for an image whose process is root."""
    told = image.runs_as
    if told.is_root is False:
        return
    how = f"USER {told.user} is its last" if told.user else told.why
    sure = told.is_root is True
    yield Finding(
        told.at,
        f"{image.name} runs as root: {how}" if sure else f"{image.name} sets no user: {told.why}",
        image.evidence,
        Confidence.CERTAIN if sure else Confidence.POSSIBLE,
        fix=Fix("`RUN useradd --system app` and `USER app` before the last `CMD`"),
        symbol=image.name,
    )


POD = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
spec:
  template:
    spec:
      securityContext:
        runAsUser: 0  # <- here
      containers:
        - name: web
          image: ghcr.io/shop/web:1.4.2
"""
SERVICE = """\
services:
  web:
    image: ghcr.io/shop/web:1.4.2
    user: root  # <- here
"""


@around(
    over=Container,
    layer="container",
    bad=[
        Bad("a pod says so", {"k8s/shop.yaml": POD}),
        Bad(
            "a container says so over its pod",
            {
                "k8s/shop.yaml": POD.replace("0  # <- here", "1000")
                + "          securityContext:\n            runAsUser: 0  # <- here\n"
            },
        ),
        Bad("a compose service says so", {"compose.yaml": SERVICE}),
        Bad(
            "of an image that would not",
            {"compose.yaml": SERVICE, "Dockerfile": PLAIN.replace("CMD", "USER app\nCMD").replace("  # <- here", "")},
        ),
    ],
    good=[
        Good("a container says otherwise", {"k8s/shop.yaml": POD + "          securityContext: {runAsUser: 1000}\n"}),
        Good("it is refused", {"k8s/shop.yaml": POD.replace("runAsUser", "runAsNonRoot: true\n        runAsUser")}),
        Good("another user", {"compose.yaml": SERVICE.replace("root", "1000:1000")}),
        Good("only development says so", {"k8s/overlays/dev/shop.yaml": POD}),
    ],
)
def is_told_to_be_root(container: Container) -> Iterator[Finding]:
    """Yield a finding for a container whose own file says root."""
    if not container.says_root:
        return
    is_mild = container.is_of_cluster or container.is_helper
    yield Finding(
        container.user_at or container.at,
        f"{container.name} runs as root: its user is {container.user}",
        container.evidence,
        severity=Severity.LOW if is_mild else Severity.MEDIUM,
        fix=Fix(
            "`runAsNonRoot: true` and a `runAsUser` above 0"
            if container.kind == "kubernetes"
            else "take `user` away, or name one that the image has"
        ),
        symbol=container.name,
    )
