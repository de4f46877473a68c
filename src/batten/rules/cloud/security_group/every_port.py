"""Everyone may reach every port.

Whatever listens on the machine, now or after the next update, is open to the internet:
databases, debuggers, the agents of the cloud itself. A group like this is no firewall.

Network ACLs are told by `security-group/network-acl`. Silent for networks that are named
and for `self`.

Fix: open the ports that are served (80 and 443), each to whom it serves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Good, Severity, rule
from batten.rules.cloud.security_group._ports import kind_of, told
from batten.understand.infrastructure.cloud.nouns import Opening

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.model import Finding

AWS = """\
resource "aws_security_group" "web" {
  ingress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]  # <- here
  }
}
"""

SPLIT = AWS.replace("0.0.0.0/0", "0.0.0.0/1")


@rule(
    id="security-group/every-port",
    severity=Severity.HIGH,
    cwe=668,
    over=Opening,
    sources=[
        "Amazon VPC user guide, Security group rules",
        "CIS AWS Foundations 3.0, 5.2 and 5.3",
        "CIS Google Cloud Foundations 3.0, 3.6 and 3.7",
        "CIS Azure Foundations 3.0, 7.1 to 7.4",
    ],
    bad=[
        Bad("every protocol", {"main.tf": AWS}),
        Bad("half of the internet", {"main.tf": SPLIT}),
        Bad(
            "every port of TCP", {"main.tf": AWS.replace("to_port     = 0", "to_port     = 65535").replace("-1", "tcp")}
        ),
    ],
    good=[
        Good("the group itself", {"main.tf": AWS.replace('cidr_blocks = ["0.0.0.0/0"]', "self = true")}),
        Good("a private network", {"main.tf": AWS.replace("0.0.0.0/0", "172.16.0.0/12")}),
        Good("only pings", {"main.tf": AWS.replace("-1", "icmp")}),
    ],
)
def all_for_everyone(opening: Opening) -> Iterator[Finding]:
    """Yield a finding for each opening to every port."""
    if kind_of(opening) == "every-port" and opening.kind != "network ACL":
        yield from told(opening, "every port")
