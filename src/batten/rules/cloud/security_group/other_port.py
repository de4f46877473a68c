"""Everyone may reach a port that is neither 80 nor 443.

What is meant for visitors is served on 80 and 443, behind a proxy or load balancer that holds
the certificate. Another open port most often is the app's own server, without TLS and beside
the proxy's rules, or a console that was forgotten.

Low for mail, names and VPNs, which are open by their nature. Silent for 80, 443 and pings, and
for networks that are named.

Fix: open the port to the load balancer's security group only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Good, Severity, rule
from batten.rules.cloud.security_group._ports import is_meant, kind_of, spans, told
from batten.understand.infrastructure.cloud.nouns import Opening

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.model import Finding

AWS = """\
resource "aws_security_group" "web" {
  ingress {
    from_port   = 8000
    to_port     = 8000
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]  # <- here
  }
}
"""


@rule(
    id="security-group/other-port",
    severity=Severity.MEDIUM,
    cwe=668,
    over=Opening,
    sources=[
        "Amazon VPC user guide, Security group rules",
        "CIS AWS Foundations 3.0, 5.2 and 5.3",
        "CIS Google Cloud Foundations 3.0, 3.6 and 3.7",
        "CIS Azure Foundations 3.0, 7.1 to 7.4",
    ],
    bad=[
        Bad("the app's own server", {"main.tf": AWS}),
        Bad("SSH's number over UDP, which is not SSH", {"main.tf": AWS.replace("8000", "22").replace("tcp", "udp")}),
    ],
    good=[
        Good("only pings", {"main.tf": AWS.replace('"tcp"', '"icmp"')}),
        Good("the web", {"main.tf": AWS.replace("8000", "443")}),
        Good("the load balancer's network", {"main.tf": AWS.replace("0.0.0.0/0", "10.0.1.0/24")}),
    ],
)
def port_for_everyone(opening: Opening) -> Iterator[Finding]:
    """Yield a finding for each opening to another port."""
    if kind_of(opening) == "other-port" and opening.kind != "network ACL":
        yield from told(opening, spans(opening), Severity.LOW if is_meant(opening) else None)
