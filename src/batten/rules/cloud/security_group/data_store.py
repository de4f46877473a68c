"""Everyone may connect to a database, a cache or a broker.

Such a port is for the app's own machines. Open to everyone, one weak or leaked password, or
one hole in the server, gives all of the data; Redis, memcached and Elasticsearch ask for no
password at all unless they are told to.

Silent for networks that are named, and for a reference to another security group.

Fix: let in the app's security group (`security_groups`, `source_security_group_id`) instead of a network.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Good, Severity, rule
from batten.rules.cloud.security_group._ports import DATA, kind_of, named, told
from batten.understand.infrastructure.cloud.nouns import Opening

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.model import Finding

AWS = """\
resource "aws_security_group" "web" {
  ingress {
    from_port   = 5432
    to_port     = 5432
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]  # <- here
  }
}
"""

SEPARATE = """\
resource "aws_vpc_security_group_ingress_rule" "cache" {
  security_group_id = "sg-1a2b3c4d"
  ip_protocol       = "tcp"
  from_port         = 6379
  to_port           = 6379
  cidr_ipv6         = "::/0"  # <- here
}
"""


@rule(
    id="security-group/data-store",
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
        Bad("PostgreSQL", {"main.tf": AWS}),
        Bad("Redis, by a rule of its own, over IPv6", {"main.tf": SEPARATE}),
    ],
    good=[
        Good("the network of the app", {"main.tf": AWS.replace("0.0.0.0/0", "10.0.0.0/8")}),
        Good("the app's group", {"main.tf": AWS.replace('cidr_blocks = ["0.0.0.0/0"]', "security_groups = [var.app]")}),
        Good("one address", {"main.tf": SEPARATE.replace("::/0", "2001:db8::1/128")}),
    ],
)
def data_for_everyone(opening: Opening) -> Iterator[Finding]:
    """Yield a finding for each opening to where data are kept."""
    if kind_of(opening) == "data-store" and opening.kind != "network ACL":
        yield from told(opening, ", ".join(named(opening, DATA)))
