"""The live audit, from addresses to a judged report."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from batten.model import BattenError
from batten.rules import all_rules, rules_of, static_rules
from batten.run import asking
from batten.run.judged import Looked, judged, not_asked
from batten.run.live.address import absolute
from batten.run.live.drive import drive
from batten.run.live.joined import Explained, joined
from batten.run.live.memory import ORIGIN, TLS, MemorySite, tls_said
from batten.run.live.plan import part_of, plan
from batten.run.live.scene import LAYER, Scene
from batten.run.live.seen import Seen, rows
from batten.run.wanted import wanted
from batten.understand.answers.http import is_https
from batten.understand.answers.site import Page

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from batten.collect.app import StartedApp
    from batten.collect.http import Target
    from batten.model import Finding, Report, Rule, Unsure
    from batten.run.live.request import ProbeRequest
    from batten.understand.answers.tls import TlsAnswer


def probe(
    request: ProbeRequest,
    *,
    told: Callable[[str], None] = lambda _: None,
    asked: Callable[[int], None] = lambda _: None,
) -> Report:
    """Return the judged report on running sites, as a visitor sees them.

    `told` is handed what a person should know before it starts: how much will be asked; `asked`, after each request,
    how many were sent to the site.

    Raises:
        BattenError: an address is none, nothing says that its host may be probed, or a setting is malformed.
    """
    from batten.collect import Tree, directory_of  # noqa: PLC0415 - the files of suppressions

    explained = _explained(request) if request.project else Explained()
    tree = Tree(directory_of(request.terms.target))
    seen = looked(request, explained, told=told, asked=asked)
    return judged(request.terms, seen, root=tree.root, source=tree.read)


def looked(
    request: ProbeRequest,
    explained: Explained,
    *,
    told: Callable[[str], None] = lambda _: None,
    asked: Callable[[int], None] = lambda _: None,
) -> Looked:
    """Return what was seen of running sites, joined with what the project behind them says, for the judge.

    Raises:
        BattenError: as `probe`.
    """
    rules = live_rules(wanted(request.terms, rules_of(LAYER, ANSWERS)), request.only)
    if request.app:
        with _started(request) as app:
            sights = _looked_at(app.url, request, told, asked)
    else:
        sights = [sight for url in request.urls for sight in _looked_at(url, request, told, asked)]
    unsure: list[Unsure] = [doubt for sight in sights for doubt in sight.scene.doubts]
    reached = [sight for sight in sights if not sight.unreachable]
    findings = joined(_asked(rules, reached, unsure.append), explained)
    checks = [
        (rule.id, sight in reached and rule.topic not in sight.scene.unseen) for sight in sights for rule in rules
    ]
    return Looked(
        target=request.app or ", ".join(request.urls),
        findings=findings,
        unsure=tuple(unsure),
        layers={LAYER: _state(sights), **not_asked(LAYER)},
        checks=tuple(checks),
        rules=rules,
        apps=explained.apps,
        inputs=explained.inputs,
        notes=(_SEVERAL,) if explained.is_of_several else (),
        http=rows(reached, request.algorithm),
        sent=_sent(reached),
    )


def _sent(sights: Sequence[Seen]) -> dict[str, str]:
    """Return the headers that every page carried of the one site that was looked at, or of it behind its proxy."""
    deployed = [sight for sight in sights if sight.scene.as_deployed] or list(sights)
    if len(deployed) != 1 or deployed[0].scene.doubts:
        return {}
    pages = [part for part in deployed[0].scene.site().parts if isinstance(part, Page)]
    named = [{name.lower() for name, _ in page.answer.headers} for page in pages]
    return dict.fromkeys(sorted(set.intersection(*named)), deployed[0].scene.url) if named else {}


def _started(request: ProbeRequest) -> StartedApp:
    """Return the project's app, to be started in a process of its own with what production sets."""
    from batten.collect import directory_of  # noqa: PLC0415 - only this asks for it
    from batten.collect.app import StartedApp  # noqa: PLC0415 - likewise
    from batten.run.evaluated import variables_given  # noqa: PLC0415 - likewise

    return StartedApp(request.app, directory_of(request.terms.target), variables_given(request.terms))


def _explained(request: ProbeRequest) -> Explained:
    """Return what the project behind the sites says, evaluated and never run."""
    from batten.run.evaluated import evaluated, masks_of, summary  # noqa: PLC0415 - a site without its project needs none

    held = evaluated(request.terms)
    found = asking.ask(wanted(request.terms, static_rules()), held.seen.apps, lambda _: None)
    masks = masks_of(held, found)
    return Explained(
        tuple(masks.finding(finding, held.tree.read) for finding in found),
        tuple(summary(app, masks) for app in held.seen.apps if app.framework),
        tuple(sorted(held.seen.inputs)),
    )


def _asked(rules: Sequence[Rule], sights: Sequence[Seen], note: Callable[[Unsure], None]) -> tuple[Finding, ...]:
    """Return what the rules find: about headers on the deployed site where there is one, else on the site as it is."""
    found: list[Finding] = []
    deployed = {sight.scene.deployed_from for sight in sights if sight.scene.as_deployed}
    known = {sight.scene.url for sight in sights}
    for sight in sights:
        scene = sight.scene
        is_alone = scene.as_deployed and scene.deployed_from not in known
        parts = [rule for rule in rules if is_alone or _is_for(rule, scene, is_doubled=scene.url in deployed)]
        found += asking.ask(parts, [scene.site()], note)
    return tuple(found)


def _is_for(rule: Rule, scene: Scene, *, is_doubled: bool) -> bool:
    is_header = part_of(rule.topic) == "headers"
    return is_header if scene.as_deployed else not (is_doubled and is_header)


def live_rules(rules: Sequence[Rule], only: Collection[str] = ()) -> tuple[Rule, ...]:
    """Return those of the rules that ask something of a running site, and of the parts that are wanted."""
    live = (rule for rule in rules if rule.live is not None or rule.layer == LAYER)
    return tuple(rule for rule in live if not only or part_of(rule.topic) in only)


def _state(sights: Sequence[Seen]) -> str:
    """Return the state of the layer: evaluated, nothing found where no site answers, else what was not reached."""
    missed = [f"{sight.scene.url}: {sight.unreachable}" for sight in sights if sight.unreachable]
    if not missed:
        return "evaluated"
    said = "; ".join(missed)
    return f"nothing found: {said}" if len(missed) == len(sights) else said


ANSWERS = "batten.understand.answers"
"""The room of what a site shows."""
_SEVERAL = "the project has several apps, and nobody can tell which one answered: no finding names a line of it"
_BEHIND = 24
"""Requests that are kept for the second look at a site, behind the proxy that Batten stands in for."""


def _looked_at(
    url: str, request: ProbeRequest, told: Callable[[str], None], asked: Callable[[int], None]
) -> list[Seen]:
    """Return one site, looked at: as it is, and as it will be behind a TLS proxy where that was asked for."""
    from batten.collect.http import consented, resolutions  # noqa: PLC0415 - asyncio and ssl are slow

    address = absolute(url)
    owned = (*request.targets, *request.i_own)
    resolve = resolutions(request.resolve)
    named = [address, *([absolute(request.http_url)] if request.http_url else [])]
    targets = [consented(one, owned=owned, resolve=resolve) for one in named]
    active = targets[0].is_loopback if request.active is None else request.active
    scene = Scene(address, http_url=named[1] if len(named) > 1 else "", active=active)
    own = replace(request, max_requests=max(1, request.max_requests - _BEHIND * request.as_deployed))
    scene.known_files, scene.left = _files(request), own.max_requests
    told(_budget(address, request.max_requests, request.time_s, active=active))
    seen = _walked(scene, targets, own, asked)
    if not request.as_deployed or not (scene.pages or seen.leads_to_https):
        return [seen]
    rest = replace(request, max_requests=max(1, request.max_requests - seen.requests))
    behind = _deployed(scene, targets[0], rest, asked)
    return [seen, behind] if scene.pages else [behind]


def _files(request: ProbeRequest) -> Sequence[str]:
    """Return the names of the project's files, where the user says which project stands behind the site."""
    from batten.collect import Tree, directory_of  # noqa: PLC0415 - only this asks for it

    return Tree(directory_of(request.terms.target)).files() if request.project else ()


def _walked(
    scene: Scene,
    targets: Sequence[Target],
    request: ProbeRequest,
    asked: Callable[[int], None],
    only: Collection[str] = (),
) -> Seen:
    from batten.collect.http import Bounds, Fetcher  # noqa: PLC0415 - asyncio and ssl are slow

    with Fetcher(
        targets,
        bounds=Bounds(run_s=request.time_s, requests=request.max_requests),
        headers=request.headers,
        cookies=request.cookies,
        ca_file=request.ca_file,
        active=scene.active,
    ) as fetch:
        fetch.visitor.asked = asked
        wanted_parts = only or request.only
        drive(plan(wanted_parts), scene, fetch)
        is_its_own = is_https(scene.url) and not scene.as_deployed
        if is_its_own and scene.pages and (not wanted_parts or "tls" in wanted_parts):
            _met(scene, fetch.tls(targets[0]))
        is_tls = not scene.pages and not is_https(scene.url) and fetch.is_tls(targets[0])
        incomplete, requests = fetch.visitor.incomplete, fetch.visitor.requests
    if incomplete and scene.pages:
        scene.doubt("the rest of the site", incomplete)
    return Seen(scene, requests, is_tls)


def _met(scene: Scene, answer: TlsAnswer) -> None:
    """Keep what was seen of the site's TLS, or why nothing was."""
    scene.parts.append(answer)
    if answer.failure:
        scene.doubt("the TLS of the site", answer.failure, "server-tls")


def _deployed(scene: Scene, target: Target, request: ProbeRequest, asked: Callable[[int], None]) -> Seen:
    """Return the same app as it will be seen behind a TLS proxy, in whose place Batten stands.

    Whether plain HTTP redirects is asked of the app; where it does not, the
    proxy may, and nothing is said of it. An app that sends every visitor on to
    https shows itself here alone, and is asked everything.
    """
    from batten.collect.front import Front  # noqa: PLC0415 - only this asks for it

    if is_https(scene.url):
        raise BattenError(f"{scene.url} has TLS already", hint="--as-deployed is for an app on plain HTTP")
    path = scene.url.partition("://")[2].partition("/")[2]
    with Front(target) as front:
        secure, plain = front.targets
        behind = Scene(
            f"{secure.origin}/{path}",
            http_url=f"{plain.origin}/{path}",
            active=scene.active and not scene.pages,
            deployed_from=scene.url,
        )
        behind.left = request.max_requests
        trusting = replace(request, ca_file=front.ca_file)
        return _walked(behind, (secure, plain), trusting, asked, ("headers",) if scene.pages else ())


def _budget(address: str, requests: int, seconds: float, *, active: bool) -> str:
    methods = "also POST, PUT and logins" if active else "GET, HEAD and OPTIONS only"
    return f"probing {address}: at most {requests} requests in {seconds:g} s, {methods}"


def check_answers(
    answers: Mapping[str, str], *, rules: Sequence[Rule] | None = None, url: str = f"{ORIGIN}/"
) -> tuple[Finding, ...]:
    """Return the findings on a site held in memory, unjudged: for examples and tests.

    `answers` are as in `batten.run.live.memory`; `rules` are those to ask, all of ours by default.
    """
    unsure: list[Unsure] = []
    scene = Scene(url, active=True)
    drive(plan(), scene, MemorySite(answers))
    if TLS in answers:
        scene.parts.append(tls_said(answers[TLS]))
    found = asking.ask(all_rules() if rules is None else rules, [scene.site()], unsure.append)
    bug = next((doubt for doubt in (*scene.doubts, *unsure) if doubt.detail), None)
    if bug is not None:
        raise RuntimeError(bug.detail)
    return found
