"""The state of Terraform lies in the repository.

It holds every attribute of everything that was made, in clear: passwords that were generated,
keys of users, the addresses of it all. Whoever reads the repository, or once had a copy of it,
has them.

Silent where `.gitignore` keeps it out.

Fix: move it to a backend that encrypts and locks (`backend "s3"`), and change what was in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.understand.infrastructure.cloud.nouns import StateFile

if TYPE_CHECKING:
    from collections.abc import Iterator

STATE = """\
{"version": 4, "terraform_version": "1.9.5", "resources": [  # <- here
  {"type": "random_password", "name": "db", "instances": [{"attributes": {"length": 20, "result": "x"}}]}]}
"""


@rule(
    id="secrets-in-repo/state-file",
    severity=Severity.HIGH,
    cwe=312,
    over=StateFile,
    sources=["Terraform 1.9 docs, Sensitive data in state", "CWE-312"],
    bad=[Bad("a state beside the configuration", {"terraform.tfstate": STATE})],
    good=[
        Good("it stays outside", {"terraform.tfstate": STATE, ".gitignore": "*.tfstate\n"}),
        Good("a file that is no state", {"terraform.tfstate": "{}"}),
    ],
)
def state_in_the_repository(state: StateFile) -> Iterator[Finding]:
    """Yield a finding for a state that is committed."""
    count = f"{state.resources} resource{'' if state.resources == 1 else 's'}"
    held = f", among it {', '.join(state.secrets)}" if state.secrets else ""
    yield Finding(
        state.at,
        f"the state of {count} lies in the repository, in clear{held}",
        fix=Fix("keep it in an encrypted backend, take it out of the history, change what was in it"),
        symbol=state.path,
    )
