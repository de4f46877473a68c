from os import getenv

from flask import Flask

from stages import STAGES


def make():
    ferry = Flask("booking")
    ferry.config.from_object(STAGES[getenv("FERRY_STAGE", "fallback")])

    @ferry.get("/")
    def sailings():
        return {"next": "18:40"}

    return ferry
