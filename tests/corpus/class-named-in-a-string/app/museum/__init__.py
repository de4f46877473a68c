from os import environ

from flask import Flask

from .rooms import archive, hall


def open_doors():
    museum = Flask(__name__)
    choice = environ.get("MUSEUM_MOOD", "Rehearsal")
    museum.config.from_object(f"{__name__}.moods.{choice}")
    for room in (hall.room, archive.room):
        museum.register_blueprint(room)
    return museum
