"""A network ACL lets everyone reach what security groups should guard.

An ACL is the second fence around a subnet. The default one lets everything in, and answers to
connections that go out need the high ports, so an open one is usual: told to auditors only.

Silent for ranges that begin at 1024 or above, which answers need, for 80 and 443 and for
networks that are named.

Fix: let in 80, 443 and the ports of answers (1024–65535); the rest from named networks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Good, Severity, rule
from batten.rules.cloud.security_group._ports import kind_of, spans, told
from batten.understand.infrastructure.cloud.nouns import Opening

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.model import Finding

ACL = """\
resource "aws_network_acl_rule" "in" {
  network_acl_id = "acl-1a2b3c4d"
  rule_number    = 100
  rule_action    = "allow"
  protocol       = "tcp"
  from_port      = 22
  to_port        = 22
  cidr_block     = "0.0.0.0/0"  # <- here
}
"""

_ANSWERS = 1024


@rule(
    id="security-group/network-acl",
    severity=Severity.LOW,
    cwe=668,
    over=Opening,
    persona="auditor",
    sources=[
        "Amazon VPC user guide, Security group rules",
        "CIS AWS Foundations 3.0, 5.2 and 5.3",
        "CIS Google Cloud Foundations 3.0, 3.6 and 3.7",
        "CIS Azure Foundations 3.0, 7.1 to 7.4",
    ],
    bad=[
        Bad("SSH", {"main.tf": ACL}),
        Bad("all of it", {"main.tf": ACL.replace('"tcp"', '"-1"')}),
    ],
    good=[
        Good("answers", {"main.tf": ACL.replace("from_port      = 22", "from_port = 1024").replace("= 22", "= 65535")}),
        Good("it denies", {"main.tf": ACL.replace("allow", "deny")}),
        Good("it is for what goes out", {"main.tf": ACL.replace("rule_number", "egress = true\n  rule_number")}),
    ],
)
def subnet_for_everyone(opening: Opening) -> Iterator[Finding]:
    """Yield a finding for each opening of a subnet."""
    if opening.kind == "network ACL" and kind_of(opening) and not all(map(_is_for_answers, opening.ports)):
        yield from told(opening, spans(opening))


def _is_for_answers(ports: tuple[int, int]) -> bool:
    """Return whether a range is that of the ports which answers come back to."""
    return ports[0] >= _ANSWERS and ports[1] - ports[0] >= _ANSWERS
