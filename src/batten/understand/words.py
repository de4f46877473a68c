"""Words that a file or a function has to hold to be worth following for what plain code does."""

from __future__ import annotations

import re

CODE_WORDS = (
    *("ssl", "SSL", "TLS", "tls", "CERT_", "verify", "check_hostname", "host_key", "hostkey", "known_hosts"),
    *(
        "http://",
        "ftp://",
        "HTTPConnection",
        "requests.",
        "httpx.",
        "urlopen",
        "urlretrieve",
        "opener",
        "ldap",
        "FTP",
        "Telnet",
    ),
    *("set_ciphers", "SMTP", "IMAP4", "POP3", "NNTP", "CommunityData", "UsmUserData", "require_encryption"),
    *("chmod", "umask", ".bind(", "Server(", "_server(", "listen(", "0.0.0.0"),  # noqa: S104 - looked for
    *("render_template", "Template", "mako", "REST_FRAMEWORK", "csrf", "AuthTkt", "_cookie"),
    *("ACL", "make_public", "put_bucket_policy"),
    *("passw", "secret", "auth=", "login(", "aws_", "Hashids"),
)
"""Of the libraries that `code_models` names."""
CODE = re.compile("|".join(map(re.escape, CODE_WORDS)))
FILE_WORDS = (
    *CODE_WORDS,
    *("jwt", "jose", "autoescape", "Environment(", "cross_origin", "Access-Control"),
    *("connect(", "create_engine", "create_pool", "MongoClient", "Redis(", "from_url"),
)
"""Of a file in a project without an app."""
