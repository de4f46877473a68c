"""Tokens that their makers mark, so that they are known without a name beside them.

The forms are facts of each maker, most of them as gitleaks 8.30 (MIT) gathers them; those that need a name beside
them are not here.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from batten.model import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

_C, _H, _M, _L = Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM, Severity.LOW


class Format(NamedTuple):
    """A form of token."""

    name: str
    """For the reader: `a token of GitHub`."""
    severity: Severity
    """What it opens, as far as its form tells."""
    starts: str
    """What it begins with, or holds: the first look at a file is for this."""
    pattern: str


_ROWS: tuple[tuple[str, Severity, str, str], ...] = (
    # name, severity, what a first look finds, form
    ("an access key ID of AWS", _M, "AKIA|ASIA|ABIA|ACCA", r"(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}"),
    ("an API key of Amazon Bedrock", _C, "ABSK", r"ABSK[A-Za-z0-9+/]{109,269}={0,2}"),
    ("a token of GitHub", _C, "gh[pousr]_", r"gh[pousr]_[A-Za-z0-9]{36,255}"),
    ("a token of GitHub", _C, "github_pat_", r"github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}|github_pat_\w{82}"),
    (
        "a token of GitLab", _C, r"gl(?:pat|ptt|rt|dt|ft|imt|oas|agent|soat|cbt|ffct)-|GR1348941",
        (r"glpat-[\w-]{27,300}\.[0-9a-z]{9}|glpat-[\w-]{20}|glptt-[0-9a-f]{40}|gloas-[\w-]{64}|glagent-[\w-]{50}"
        r"|glrt-(?:t\d_[\w-]{27,300}\.[0-9a-z]{9}|[\w-]{20})|gl(?:dt|ft|soat|ffct)-[\w-]{20}|glimt-[\w-]{25}"
        r"|glcbt-[0-9A-Za-z]{1,5}_[\w-]{20}|GR1348941[\w-]{20}"),
    ),
    (
        "a token of Slack", _H, r"xox[abeoprs]|xapp-",
        (r"xoxb-\d{10,13}-\d{10,13}[A-Za-z0-9-]*|xoxb-\d{8,14}-[A-Za-z0-9]{18,26}|xox[os]-\d+-\d+-\d+-[a-fA-F\d]{6,}"
        r"|xox[pe](?:-\d{10,13}){3}-[A-Za-z0-9-]{28,34}|xox[ar]-(?:\d-)?[0-9A-Za-z-]{8,80}|xapp-\d-[A-Z0-9]+-\d+-[a-z0-9]+"
        r"|xoxe-\d-[A-Za-z0-9]{146}|xoxe\.xox[bp]-\d-[A-Za-z0-9]{163,166}"),
    ),
    (
        "a webhook of Slack", _M, r"hooks\.slack\.com",
        r"hooks\.slack\.com/(?:services|workflows|triggers)/[A-Za-z0-9+/]{43,80}",
    ),
    ("a live key of Stripe", _C, "[sr]k_live_|[sr]k_prod_", r"[sr]k_(?:live|prod)_[A-Za-z0-9]{16,247}"),
    ("a test key of Stripe", _L, "[sr]k_test_", r"[sr]k_test_[A-Za-z0-9]{16,247}"),
    ("a webhook secret of Stripe", _M, "whsec_", r"whsec_[A-Za-z0-9+/]{32,64}={0,2}"),
    ("an API key of Twilio", _H, "SK[0-9a-f]{8}", r"SK[0-9a-f]{32}"),
    ("a key of SendGrid", _H, r"SG\.[\w-]", r"SG\.[\w-]{22}\.[\w-]{43}"),
    ("a key of Mailgun", _H, "key-[0-9a-f]{8}", r"key-[0-9a-f]{32}"),
    ("a key of Mailchimp", _H, r"[0-9a-f]{32}-us\d", r"[0-9a-f]{32}-us\d{1,2}"),
    ("a key of Brevo", _H, "xkeysib-|xsmtpsib-", r"x(?:key|smtp)sib-[0-9a-f]{64}-[A-Za-z0-9]{16}"),
    ("a token of npm", _C, "npm_", r"npm_[A-Za-z0-9]{36}"),
    ("an upload token of PyPI", _C, "pypi-AgE", r"pypi-AgE(?:IcHlwaS5vcmc|NdGVzdC5weXBpLm9yZw)[\w-]{50,1000}"),
    ("a key of RubyGems", _C, "rubygems_", r"rubygems_[0-9a-f]{48}"),
    ("a token of Clojars", _C, "CLOJARS_", r"CLOJARS_[0-9a-zA-Z]{60}"),
    ("a token of Docker Hub", _C, "dckr_", r"dckr_[po]at_[\w-]{27,32}"),
    (
        "a key of OpenAI", _H, "sk-",
        r"sk-(?:(?:proj|svcacct|admin|None)-)?[\w-]{20,100}T3BlbkFJ[\w-]{20,100}",
    ),
    ("a key of Anthropic", _H, "sk-ant-", r"sk-ant-(?:api|admin)\d\d-[\w-]{80,120}"),
    ("a token of Hugging Face", _H, "hf_|api_org_", r"(?:hf_|api_org_)[A-Za-z]{34}"),
    ("a key of Groq", _H, "gsk_", r"gsk_[A-Za-z0-9]{52}"),
    ("a token of Replicate", _H, "r8_", r"r8_[A-Za-z0-9]{37}"),
    ("a key of xAI", _H, "xai-", r"xai-[A-Za-z0-9]{80}"),
    ("a key of Perplexity", _H, "pplx-", r"pplx-[A-Za-z0-9]{48}"),
    (
        "a token of Sentry", _H, "sntry[su]_",
        r"sntrys_eyJpYXQiO[A-Za-z0-9+/=]{20,500}_[A-Za-z0-9+/]{43}|sntryu_[0-9a-f]{64}",
    ),
    ("a token of a Telegram bot", _H, r"A[A-Za-z0-9_-]{34}(?![\w-])", r"\d{8,12}:A[A-Za-z0-9_-]{34}"),
    ("a token of a Discord bot", _H, r"[MNO][\w-]{23,25}\.", r"[MNO][\w-]{23,25}\.[\w-]{6}\.[\w-]{27,38}"),
    (
        "a webhook of Discord", _M, r"discord(?:app)?\.com/api/webhooks",
        r"discord(?:app)?\.com/api/webhooks/\d{17,20}/[\w-]{60,80}",
    ),
    (
        "a webhook of Microsoft Teams", _M, r"webhook\.office\.com",
        r"[a-z0-9]+\.webhook\.office\.com/webhookb2/[a-z0-9-]{36}@[a-z0-9-]{36}/IncomingWebhook/[a-z0-9]{32}/[a-z0-9-]{36}",
    ),
    ("a token of DigitalOcean", _C, "do[opr]_v1_", r"do[opr]_v1_[0-9a-f]{64}"),
    ("a token of Heroku", _C, "HRKU-", r"HRKU-AA[\w-]{58}"),
    ("a token of Fly.io", _C, "fo1_|fm1[ar]_|fm2_", r"fo1_[\w-]{43}|fm(?:1[ar]|2)_[A-Za-z0-9+/]{100,1000}={0,3}"),
    ("a token of Shopify", _H, "shp(?:at|ca|pa|ss|tka)_", r"shp(?:at|ca|pa|ss|tka)_[0-9a-fA-F]{32}"),
    ("a token of Square", _C, "EAAA|sq0atp-|sq0csp-", r"EAAA[\w-]{60}|sq0atp-[\w-]{22,60}|sq0csp-[\w-]{43}"),
    ("a live key of Razorpay", _H, "rzp_live_", r"rzp_live_[A-Za-z0-9]{14,24}"),
    ("a live token of Shippo", _H, "shippo_live_", r"shippo_live_[0-9a-fA-F]{40}"),
    ("a live token of Duffel", _H, "duffel_live_", r"duffel_live_[\w=-]{43}"),
    ("a key of EasyPost", _H, "EZAK", r"EZAK[A-Za-z0-9]{54}"),
    ("an Origin CA key of Cloudflare", _C, r"v1\.0-", r"v1\.0-[0-9a-f]{24}-[0-9a-f]{146}"),
    ("a token of Vault", _C, r"hv[sb]\.", r"hvs\.[\w-]{90,120}|hvb\.[\w-]{138,300}"),
    ("a token of HCP Terraform", _C, r"[A-Za-z0-9]{14}\.atlasv1", r"[A-Za-z0-9]{14}\.atlasv1\.[\w=-]{60,70}"),
    ("a token of Pulumi", _C, "pul-", r"pul-[0-9a-f]{40}"),
    ("a token of Doppler", _C, r"dp\.(?:pt|st|ct|sa|scim|audit)\.", r"dp\.(?:pt|st|ct|sa|scim|audit)\.[\w.-]{40,80}"),
    ("a token of Databricks", _C, "dapi[0-9a-f]", r"dapi[0-9a-f]{32}(?:-\d)?"),
    ("a token of PlanetScale", _C, "pscale_", r"pscale_(?:tkn|oauth|pw)_[\w=.-]{32,64}"),
    ("a token of Supabase", _C, "sbp_", r"sbp_[0-9a-f]{40}"),
    ("a token of Linear", _H, "lin_api_", r"lin_api_[A-Za-z0-9]{40}"),
    ("a token of Notion", _H, "ntn_", r"ntn_[0-9]{11}[A-Za-z0-9]{35}"),
    ("a key of Postman", _H, "PMAK-", r"PMAK-[0-9a-f]{24}-[0-9a-f]{34}"),
    (
        "a token of Grafana", _H, "glsa_|glc_|eyJrIjoi",
        r"glsa_[A-Za-z0-9]{32}_[0-9A-Fa-f]{8}|glc_[A-Za-z0-9+/]{32,400}={0,3}|eyJrIjoi[A-Za-z0-9]{70,400}={0,3}",
    ),
    ("a key of New Relic", _H, "NRAK-|NRII-", r"NRAK-[A-Z0-9]{27}|NRII-[A-Za-z0-9-]{32}"),
    ("a token of Dynatrace", _H, "dt0c01", r"dt0c01\.[A-Za-z0-9]{24}\.[A-Za-z0-9]{64}"),
    ("a token of Atlassian", _H, "ATATT3|ATCTT3", r"AT[AC]TT3[A-Za-z0-9_=-]{180,200}"),
    ("a token of Airtable", _H, r"pat[A-Za-z0-9]{14}\.", r"pat[A-Za-z0-9]{14}\.[0-9a-f]{64}"),
    ("a secret token of Mapbox", _M, r"sk\.eyJ", r"sk\.eyJ[\w-]{50,200}\.[\w-]{20,40}"),
    ("a token of Typeform", _M, "tfp_", r"tfp_[\w.=-]{59}"),
    ("a token of Tailscale", _C, "tskey-", r"tskey-(?:auth|api|client)-[A-Za-z0-9]{10,20}-[A-Za-z0-9]{20,40}"),
    ("a token of 1Password", _C, "ops_eyJ", r"ops_eyJ[A-Za-z0-9+/]{250,2000}={0,3}"),
    ("a token of SonarQube", _M, "sq[pua]_", r"sq[pua]_[0-9a-f]{40}"),
    ("a token of Sourcegraph", _M, "sgp_", r"sgp_(?:(?:[0-9a-fA-F]{16}|local)_)?[0-9a-fA-F]{40}"),
    ("a token of OpenShift", _C, "sha256~", r"sha256~[\w-]{43}"),
    ("a key of Artifactory", _H, "AKCp", r"AKCp[A-Za-z0-9]{69}"),
    ("a token of Prefect", _H, "pnu_", r"pnu_[A-Za-z0-9]{36}"),
    ("a key of Octopus Deploy", _H, "API-[A-Z0-9]{20}", r"API-[A-Z0-9]{26}"),
    ("a token of ReadMe", _M, "rdme_", r"rdme_[a-z0-9]{70}"),
    ("a token of Harness", _H, r"[ps]at\.[\w-]{22}\.", r"[ps]at\.[\w-]{22}\.[0-9a-z]{24}\.[0-9A-Za-z]{20}"),
    ("a token of HubSpot", _H, "pat-(?:na|eu)", r"pat-(?:na|eu)\d-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
    ("a client secret of Adobe", _H, "p8e-", r"p8e-[0-9A-Za-z]{32}"),
    ("a token of Frame.io", _M, "fio-u-", r"fio-u-[\w=-]{64}"),
    ("an API key of Google", _L, "AIza", r"AIza[\w-]{35}"),
    ("an OAuth secret of Google", _H, "GOCSPX-", r"GOCSPX-[\w-]{28}"),
    ("a page token of Facebook", _H, "EAA[MC]", r"EAA[MC][A-Za-z0-9]{100,300}"),
    ("an access key ID of Alibaba Cloud", _M, "LTAI", r"LTAI[A-Za-z0-9]{20}"),
    ("a client secret of Microsoft Entra", _C, r"[\w.~]{3}\dQ~", r"[A-Za-z0-9_~.]{3}\dQ~[\w~.-]{31,34}"),
    ("the key of an Azure storage account", _C, "AccountKey=", r"(?<=AccountKey=)[A-Za-z0-9+/]{86}=="),
    ("a shared key of Azure", _C, "SharedAccessKey=|sharedaccesskey=", r"(?<=(?i:SharedAccessKey)=)[A-Za-z0-9+/]{43}="),
    ("a key of age", _C, "AGE-SECRET-KEY-1", r"AGE-SECRET-KEY-1[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}"),
    ("a key of ClickHouse Cloud", _H, "4b1d", r"4b1d[A-Za-z0-9]{38}"),
    ("a licence key of MaxMind", _M, "[A-Za-z0-9]{6}_[A-Za-z0-9]{29}_mmk", r"[A-Za-z0-9]{6}_[A-Za-z0-9]{29}_mmk"),
    ("a signed token (JWT)", _M, r"eyJ[\w-]{14,}", r"eyJ[\w-]{14,2000}\.eyJ[\w-]{14,4000}\.[\w-]{20,1000}"),
)  # fmt: skip

FORMATS: tuple[Format, ...] = tuple(Format(*row) for row in _ROWS)
JWT = len(FORMATS) - 1
"""The last one."""
_BEFORE, _AFTER = r"(?<![A-Za-z0-9_~-])", r"(?![A-Za-z0-9])"


@cache
def expression() -> re.Pattern[str]:
    """Return an expression for every form; its group `f3` is the fourth of `FORMATS`."""
    forms = "|".join(f"(?P<f{number}>{one.pattern})" for number, one in enumerate(FORMATS))
    return re.compile(f"{_BEFORE}(?:{forms}){_AFTER}")


_START = re.compile("|".join(dict.fromkeys(one.starts for one in FORMATS)).encode())
_PLACES = re.compile(
    rb"hooks\.slack\.com|/api/webhooks/|webhook\.office|AccountKey=|haredAccessKey=|whsec_|fm(?:1[ar]|2)_"
)
_CERTAIN = (b"hooks.slack.com", b"webhook", b"AccountKey=", b"haredAccessKey=", b"whsec_")
"""What stands before a token that has no long run of its own, or a part of it: few searches are faster than many."""
_OF_FLY = re.compile(rb"fm[12]")
_SHORTEST = 20
_RUN = b"a" * _SHORTEST
_SHAPE = bytes(ord("a") if re.match(rb"[A-Za-z0-9_.~-]", bytes([code])) else ord(" ") for code in range(256))
"""Characters of tokens as `a`, all others as blanks: long runs are then found with a plain search."""
_SAMPLE = re.compile(
    r"example|sample|dummy|placeholder|redacted|fake|foobar|changeme|notareal|not-a-real|your[-_]?|x{5}|deadbeef|-token-",
    re.IGNORECASE,
)
_FEWEST = 7
_IN_A_ROW = 6


def marks(data: bytes) -> Iterator[int]:
    """Yield where in a file a token may begin: a first look that is fast, and misses none that `expression` finds.

    Twenty megabytes take a sixth of a second; the expressions alone would take ten.
    """
    shape = data.translate(_SHAPE)
    at = shape.find(_RUN)
    while at >= 0:
        if _START.match(data, at):
            yield at
        end = shape.find(b" ", at)
        at = shape.find(_RUN, end) if end >= 0 else -1
    if any(word in data for word in _CERTAIN) or _OF_FLY.search(data):
        yield from (found.start() for found in _PLACES.finditer(data))


def token_in(text: str) -> str | None:
    """Return the first token that a text holds, None where it holds none but samples."""
    if next(marks(text.encode(errors="replace")), None) is None:
        return None
    return next((found.group() for found in expression().finditer(text) if not is_sample(found.group())), None)


def format_of(found: re.Match[str]) -> Format:
    """Return which form a match of `expression` is."""
    return FORMATS[int((found.lastgroup or "f0")[1:])]


def is_sample(token: str) -> bool:
    """Return whether a token was made by hand, to show what one looks like: nothing drawn by lot looks so."""
    if _SAMPLE.search(token) is not None:
        return True
    body = token[token.find("-") + 1 :] if "-" in token[:8] else token
    tail = body[-16:]
    if len(set(tail)) < _FEWEST:
        return True
    return _is_row(token)


def _is_row(text: str) -> bool:
    """Return whether characters follow each other as in an alphabet, or stand still, for too long."""
    run = {-1: 1, 0: 1, 1: 1}
    for before, after in pairwise(text):
        step = ord(after.lower()) - ord(before.lower())
        run = {kind: length + 1 if kind == step else 1 for kind, length in run.items()}
        if max(run.values()) >= _IN_A_ROW:
            return True
    return False
