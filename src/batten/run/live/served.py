"""Looks at how static files are served: listings of folders, a folder above the one that is meant, maps of scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from batten.run.live.siblings import judge_losses, sibling
from batten.understand.answers.listings import SeenListing, is_listing, listed
from batten.understand.exposures.served import SeenMap, SeenTraversal
from batten.understand.exposures.sourcemaps import is_public, map_of, mapped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.run.live.scene import Scene, Stage
    from batten.understand.answers.http import Chain
    from batten.understand.answers.wish import Wish

_USUAL = ("/static/", "/media/", "/uploads/", "/files/", "/assets/")
_MOST_FOLDERS = 6
_MOST_SCRIPTS = 2
_END = ("Range", "bytes=-2048")
"""A script names its map in its last line."""
_WELL = 200


def listings(scene: Scene) -> Stage:
    """Open the folders that assets stand in, and a few usual ones: tell those whose files are listed."""
    found: list[SeenListing] = []
    landing = scene.site().landing
    if landing is not None and is_listing(landing.answer):
        found.append(SeenListing(landing.answer, listed(landing.answer)))
    folders = list(dict.fromkeys((*_folders(scene), *_USUAL)))[:_MOST_FOLDERS]
    chains = yield [_plain(scene, path) for path in folders]
    judge_losses(scene, "which folders are listed", chains, "directory-listing")
    shown = [(path, chain.last) for path, chain in zip(folders, chains, strict=True) if _lists(chain)]
    beside = yield [_plain(scene, sibling(scene, path)) for path, _ in shown]
    for (_, answer), other in zip(shown, beside, strict=True):
        if answer is not None and other.last is not None and not is_listing(other.last):
            found.append(SeenListing(answer, listed(answer)))
    return found


def traversal(scene: Scene) -> Stage:
    """Ask for an asset through the folder above its own (nginx `alias`): `/static../static/site.css`."""
    path = next(_assets(scene), "")
    if not path:
        return ()
    segment, _, rest = path[1:].partition("/")
    ways = [f"/{segment}../{name}/{rest}" for name in (segment, f"{segment}files")]
    asset, *through = yield [_plain(scene, path), *(_plain(scene, way) for way in ways)]
    came = [(way, chain.last) for way, chain in zip(ways, through, strict=True) if _is_same(asset, chain)]
    if not came:
        return ()
    way, answer = came[0]
    elsewhere = f"/{scene.nobody('/')}../{way.partition('../')[2]}"
    beside, other = yield [_plain(scene, sibling(scene, way)), _plain(scene, elsewhere)]
    if answer is None or asset.last is None or _is_same(asset, beside) or _is_same(asset, other):
        return ()
    return [SeenTraversal(answer, asset.last)]


def sourcemaps(scene: Scene) -> Stage:
    """Ask for the maps that the page's own scripts name."""
    own = [url for url in scene.links.assets if urlsplit(url).path.endswith((".js", ".mjs")) and not is_public(url)]
    scripts = yield [scene.wish(url, _END, with_cookies=False) for url in own[:_MOST_SCRIPTS]]
    named = dict.fromkeys(url for chain in scripts if chain.last is not None and (url := map_of(chain.last)))
    maps = yield [scene.wish(url, with_cookies=False) for url in named]
    held = [(chain.last, told) for chain in maps if chain.last is not None and (told := mapped(chain.last))]
    beside = yield [_plain(scene, sibling(scene, urlsplit(answer.url).path)) for answer, _ in held]
    return [
        SeenMap(answer, *told)
        for (answer, told), other in zip(held, beside, strict=True)
        if other.last is not None and mapped(other.last) is None
    ]


def _plain(scene: Scene, path: str) -> Wish:
    return scene.wish(path, with_cookies=False)


def _lists(chain: Chain) -> bool:
    return chain.last is not None and is_listing(chain.last)


def _is_same(asset: Chain, other: Chain) -> bool:
    first, second = asset.last, other.last
    if first is None or second is None or first.status != _WELL or second.status != _WELL:
        return False
    return bool(first.body.strip()) and first.body == second.body


def _assets(scene: Scene) -> Iterator[str]:
    """Yield the paths of linked files that stand in a folder, those in the best known folders first."""
    paths = [urlsplit(url).path for url in scene.links.assets]
    inside = [
        path for path in paths if path.count("/") > 1 and not path.endswith("/") and "." in path.rpartition("/")[2]
    ]
    yield from sorted(inside, key=lambda path: f"/{path[1:].partition('/')[0]}/" not in _USUAL)


def _folders(scene: Scene) -> Iterator[str]:
    """Yield the folders that linked files stand in: the outermost and the innermost of each."""
    for path in _assets(scene):
        yield path[: path.index("/", 1) + 1]
    for path in _assets(scene):
        yield path.rpartition("/")[0] + "/"
