import os

from flask import Flask, session

raffle = Flask(__name__)
raffle.secret_key = os.urandom(24)


@raffle.post("/ticket")
def ticket():
    session["ticket"] = 7
    return "", 204
