from flask import Blueprint

room = Blueprint("archive", __name__, url_prefix="/archive")


@room.get("/")
def shelves():
    return "shelves"
