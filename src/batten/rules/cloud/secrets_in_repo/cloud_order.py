"""A password or key stands in what the repository orders from a cloud.

Everyone who can read the repository has it: the database's password, the key of the account,
the token in an instance's start script. It is in the history for ever, and most often the
same in every environment.

The default of a variable counts where nothing in the repository gives it another value:
whoever applies the configuration without a thought gets that one.

Silent for what is made or looked up when it is applied (`random_password`, Secrets Manager,
Vault, a variable without a default), for places to fill in, and in files that `.gitignore`
keeps out.

Fix: `manage_master_user_password = true`, or a `sensitive` variable without a default; then a new password.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Confidence, Finding, Fix, Good, Severity, rule
from batten.rules.cloud.secrets_in_repo._value import is_secret
from batten.understand.infrastructure.cloud.nouns import CloudSecret

if TYPE_CHECKING:
    from collections.abc import Iterator

DATABASE = """\
resource "aws_db_instance" "shop" {
  engine   = "postgres"
  username = "shop"
  password = "correct-horse-battery"  # <- here
}
"""

VARIABLE = """\
variable "db_password" {
  sensitive = true
  default   = "Vq7nN2hX9sT4"  # <- here
}

resource "aws_db_instance" "shop" {
  engine   = "postgres"
  password = var.db_password
}
"""

VALUES = """\
db_password = "Vq7nN2hX9sT4"  # <- here
"""

SCRIPT = """\
resource "aws_instance" "web" {
  ami       = "ami-1a2b3c4d"
  user_data = <<-EOT
    #!/bin/sh
    export DB_PASSWORD="Vq7nN2hX9sT4"  # <- here
    systemctl start shop
  EOT
}
"""

TEMPLATE = """\
Resources:
  Shop:
    Type: AWS::RDS::DBInstance
    Properties:
      Engine: postgres
      MasterUsername: shop
      MasterUserPassword: correct-horse-battery  # <- here
"""

DECLARED = VARIABLE.replace('  default   = "Vq7nN2hX9sT4"  # <- here\n', "")


@rule(
    id="secrets-in-repo/cloud-order",
    severity=Severity.HIGH,
    cwe=798,
    over=CloudSecret,
    sources=[
        "Terraform 1.9 docs, Sensitive data in state; Input variables",
        "AWS CloudFormation user guide, Security best practices",
        "OWASP Secrets Management Cheat Sheet",
    ],
    bad=[
        Bad("the password of a database", {"main.tf": DATABASE}),
        Bad("the default of a variable", {"main.tf": VARIABLE}),
        Bad("a file of values", {"main.tf": DECLARED, "terraform.tfvars": VALUES}),
        Bad("a start script", {"main.tf": SCRIPT}),
        Bad("a template of CloudFormation", {"template.yaml": TEMPLATE}),
    ],
    good=[
        Good(
            "it is made when it is applied",
            {"main.tf": DATABASE.replace('"correct-horse-battery"', "random_password.shop.result")},
        ),
        Good("no default", {"main.tf": DECLARED}),
        Good("a word for an environment", {"main.tf": 'variable "token" {\n  default = "test"\n}\n'}),
        Good(
            "the file of values stays outside",
            {"main.tf": DECLARED, "terraform.tfvars": VALUES, ".gitignore": "*.tfvars\n"},
        ),
        Good(
            "a name of a secret", {"main.tf": 'variable "db_password_secret_name" {\n  default = "shop-db-2026x"\n}\n'}
        ),
        Good(
            "the script fetches it", {"main.tf": SCRIPT.replace("Vq7nN2hX9sT4", "$(aws ssm get-parameter --name db)")}
        ),
        Good(
            "it is looked up",
            {
                "template.yaml": TEMPLATE.replace(
                    "correct-horse-battery", "'{{resolve:secretsmanager:shop:SecretString:password}}'"
                )
            },
        ),
    ],
)
def written_in_the_order(held: CloudSecret) -> Iterator[Finding]:
    """Yield a finding for each secret that stands there."""
    text = str(held.secret.value)
    if not is_secret(held.name, text, sure=held.sure):
        return
    default = ", by default" if held.default else ""
    yield Finding(
        held.at,
        f"{held.name} stands in the repository{default}",
        held.secret.evidence,
        Confidence.LIKELY if held.default else Confidence.CERTAIN,
        fix=Fix("take it out of the repository and change it; let the cloud make it, or a variable without a default"),
        symbol=held.name,
        proof=text,
        secret=True,
    )
