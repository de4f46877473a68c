"""Everyone may try to log in to a machine, or to reach its files.

SSH, RDP, VNC, WinRM, SMB, Docker's own port: they operate the machine. On an open address the
first guesses of a password come within minutes, and each hole that is found in such a
server is tried on every address at once.

Silent for networks that are named (an office, a VPN, a bastion's security group), and for
rules that let out.

Fix: name the office's or the VPN's network, or use Session Manager, IAP or Bastion and open nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Good, Severity, rule
from batten.rules.cloud.security_group._ports import LOGIN, kind_of, named, told
from batten.understand.infrastructure.cloud.nouns import Opening

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.model import Finding

AWS = """\
resource "aws_security_group" "web" {
  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]  # <- here
  }
}
"""

RULE = """\
variable "from" {
  default = ["0.0.0.0/0"]
}

resource "aws_security_group_rule" "desk" {
  type              = "ingress"
  from_port         = 3380
  to_port           = 3400
  protocol          = "tcp"
  cidr_blocks       = var.from  # <- here
  security_group_id = "sg-1a2b3c4d"
}
"""

GOOGLE = """\
resource "google_compute_firewall" "ssh" {
  network       = "default"
  source_ranges = ["0.0.0.0/0"]  # <- here
  allow {
    protocol = "tcp"
    ports    = ["22"]
  }
}
"""

AZURE = """\
resource "azurerm_network_security_rule" "desk" {
  direction                  = "Inbound"
  access                     = "Allow"
  protocol                   = "Tcp"
  source_address_prefix      = "*"  # <- here
  destination_port_range     = "3389"
  destination_address_prefix = "*"
}
"""


@rule(
    id="security-group/remote-login",
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
        Bad("SSH of AWS", {"main.tf": AWS}),
        Bad("a range that holds RDP, from the default of a variable", {"main.tf": RULE}),
        Bad("a firewall of Google Cloud", {"main.tf": GOOGLE}),
        Bad("a rule of Azure", {"main.tf": AZURE}),
    ],
    good=[
        Good("an office", {"main.tf": AWS.replace("0.0.0.0/0", "203.0.113.0/24")}),
        Good("it lets out", {"main.tf": RULE.replace('"ingress"', '"egress"')}),
        Good("it is switched off", {"main.tf": GOOGLE.replace("allow", "disabled = true\n  allow")}),
        Good("it denies", {"main.tf": AZURE.replace("Allow", "Deny")}),
    ],
)
def login_for_everyone(opening: Opening) -> Iterator[Finding]:
    """Yield a finding for each opening to what operates a machine."""
    if kind_of(opening) == "remote-login" and opening.kind != "network ACL":
        yield from told(opening, ", ".join(named(opening, LOGIN)))
