"""Which files model libraries that plain code uses: links to other machines, files, sockets, accounts."""

from __future__ import annotations

CODE_MODELS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("os", "stat", "pathlib"), ("file_modes",)),
    **dict.fromkeys(
        ("socket", "logging", "asyncio", "socketserver", "xmlrpc", "websockets"),
        ("listening",),
    ),
    **dict.fromkeys("ftplib telnetlib smtplib imaplib poplib nntplib ldap pysnmp distributed dask".split(), ("links",)),
    **dict.fromkeys("paramiko asyncssh pysftp".split(), ("ssh",)),
    "boto3": ("accounts", "buckets"),
    "google": ("buckets",),
    **dict.fromkeys(
        "pymongo motor redis pika elasticsearch opensearchpy kafka hvac gitlab kubernetes websocket httplib2 influxdb "
        "minio jira influxdb_client winrm consul docker".split(),
        ("tls_options",),
    ),
    **dict.fromkeys(("ssl", "OpenSSL", "pyOpenSSL"), ("tls",)),
    "urllib": ("fetching",),
    "http": ("fetching", "listening"),
    "ldap3": ("links", "tls_options"),
    "mako": ("mako",),
    "hashids": ("hashids",),
    "pyramid": ("cookies",),
    "flask": ("cookies", "flask_templates", "user_passwords"),
    "django": ("cookies", "user_passwords"),
    **dict.fromkeys(
        "quart werkzeug rest_framework webob tornado bottle aiohttp starlette fastapi litestar".split(),
        ("cookies",),
    ),
}
"""First part of a dotted name to the files, on top of those of `library.MODELS`."""
