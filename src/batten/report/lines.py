"""The lines of the checklist: what is asked, in whose part of the stack, and which rules answer it."""

from __future__ import annotations

from batten.model.data import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """One line."""

    says: str
    """What should be so."""
    names: tuple[str, ...]
    """Topics or rule ids that decide it."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the checklist."""

    title: str
    lines: tuple[Line, ...]


def _line(says: str, names: str) -> Line:
    return Line(says, tuple(names.split()))


PARTS: tuple[Part, ...] = (
    Part(
        "App and framework",
        (
            _line("Debug mode, debuggers and toolbars are off", "debug-mode"),
            _line("A production server serves the app, without reload", "dev-server"),
            _line("Signing keys come from outside, are long, and nobody else has them", "secret-key"),
            _line("No password, token or key stands in the repository", "secrets-in-repo"),
            _line("Session cookies are Secure, HttpOnly and SameSite", "cookie-flags"),
            _line("Forms are guarded against cross-site requests", "csrf"),
            _line("Other sites read only what is meant for them", "cors"),
            _line("The host name of a request is checked", "allowed-hosts host-header"),
            _line("Errors tell visitors nothing", "verbose-errors"),
            _line("Browsers are told what to refuse (CSP, framing, sniffing)",
                  "security-headers header-inheritance"
                  " subresource-integrity"),
            _line("Docs, consoles and admin pages are closed to strangers",
                  "docs-exposed status-page open-port/control"),
            _line("Output is escaped; certificates, hosts and tokens are verified",
                  "autoescape tls-verify weak-tls ssh-host-key jwt-verify cleartext-transport logging-listener"),
            _line("Every setting that looks safe has an effect", "no-effect"),
            _line("Requests are bounded in size and time", "request-limits rate-limit"),
        ),
    ),
    Part(
        "Server and network",
        (
            _line("Everything goes over HTTPS, and browsers stay there", "https"),
            _line("TLS is of today: versions, suites, certificate", "server-tls"),
            _line("No directory is listed", "directory-listing"),
            _line("Nothing but what is meant is served: no .git, .env, source or backup",
                  "served-files exposed-path"
                  " "),
            _line("No version is told to strangers", "version-banner footprint"),
            _line("Forwarded headers are believed from the proxy only", "proxy-trust"),
            _line("Proxies hand on what they should and to whom they should",
                  "proxy-target response-splitting acl-order http-methods"),
            _line("The app is reached through its proxy only",
                  "bind-all published-port/app"
                  " published-port/routed-by-default"),
            _line("Processes run without root, in a sandbox", "container-user unit-privilege"),
            _line("Containers have no rights over their host or cluster",
                  "container-privilege k8s-escalation k8s-rbac"),
            _line("No secret is baked into an image", "container-secret"),
            _line("Images are pinned and come from where they should", "image-pin image-source"),
            _line("No port is open that nobody accounts for", "open-port/unnamed open-port/debugger"),
        ),
    ),
    Part(
        "Accounts and data",
        (
            _line("No account has a password that everybody knows", "default-credentials password-policy"),
            _line("Every data store asks for a password", "datastore-auth"),
            _line("No data store is reached from outside",
                  "published-port/database published-port/cache published-port/broker published-port/search"
                  " published-port/storage published-port/admin"
                  " published-port/platform datastore-listen cloud-database"),
            _line("Data travels encrypted", "datastore-tls"),
            _line("The app's own role may do what the app does, and no more", "datastore-role"),
            _line("No bucket is open to everyone", "bucket-public"),
            _line("Networks of the cloud let in what they should", "security-group"),
            _line("Files are readable by whom they should be", "file-permissions"),
        ),
    ),
    Part(
        "Dependencies and delivery",
        (
            _line("What is installed is pinned", "deps/unpinned deps/vcs-branch"),
            _line("No known vulnerability is installed", "deps/vulnerable"),
            _line("Python, framework and base image are supported", "deps/end-of-life"),
            _line("Packages come from where they should", "deps/extra-index"),
            _line("Nothing of development is installed in production", "deps/dev-in-production"),
            _line("Workflows run no stranger's code beside secrets", "ci"),
        ),
    ),
)  # fmt: skip
"""Every topic that the regular persona judges stands in some line; a test holds that."""

DEBUG = (
    "With `debug=True` Flask's own server answers an error with Werkzeug's debugger: the source around every frame,"
    " the local variables with the keys and passwords in them, and a console that runs Python as the app. A PIN"
    " stands before the console, made of facts that any file-reading"
    " hole gives away. So whoever can cause an error is"
    " one guess away from the server, its database and its keys. It is remote code execution, not a matter of looks."
)
"""Why debug mode is critical and not cosmetic."""
