from flask import Flask

lantern = Flask(__name__)


@lantern.get("/")
def light():
    return "lit"
