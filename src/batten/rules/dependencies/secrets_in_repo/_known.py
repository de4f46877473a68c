"""Which of a file's secrets are told: what everybody knows is told elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.rules.dsn import accounts, is_known

if TYPE_CHECKING:
    from batten.understand.infrastructure.secrets.nouns import SecretFile, Slot

_MOST = 5


def real(file: SecretFile) -> tuple[Slot, ...]:
    """Return the secrets of a file but those that everybody knows: `postgres`, `changeme`."""
    return tuple(slot for slot in file.slots if not _everybody_knows(slot.text))


def names(slots: tuple[Slot, ...]) -> str:
    """Return the names of secrets for a sentence."""
    held = list(dict.fromkeys(slot.name for slot in slots))
    if len(held) > _MOST:
        return f"{', '.join(held[:_MOST])} and {len(held) - _MOST} more"
    return " and ".join((", ".join(held[:-1]), held[-1])) if len(held) > 1 else held[0]


def _everybody_knows(text: str) -> bool:
    if "://" not in text:
        return is_known(text)
    found = accounts(text)
    return bool(found) and all(account.is_default for account in found)
