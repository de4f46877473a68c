from flask import Blueprint

room = Blueprint("hall", __name__)


@room.get("/")
def welcome():
    return "welcome"
