import traceback
from logging import getLogger

from flask import Flask

parcels = Flask(__name__)
journal = getLogger("parcels")


@parcels.get("/parcel")
def parcel():
    raise KeyError("shelf 9")


@parcels.errorhandler(Exception)
def lost(fault):
    journal.error("lost: %s %s", fault, traceback.format_exc())
    return {"message": "we are looking for it"}, 500
