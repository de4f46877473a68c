from dataclasses import dataclass
from os import environ


@dataclass
class Climate:
    season: str

    SESSION_COOKIE_SAMESITE = "Lax"

    @property
    def DEBUG(self):
        return self.season != "harvest"

    @property
    def SECRET_KEY(self):
        return environ[f"KEY_OF_{self.season.upper()}"]
