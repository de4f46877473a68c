from flask import Flask
from flask_cors import CORS

from partners import SITES

weather = Flask(__name__)
CORS(weather, resources={r"/report/*": {"origins": SITES}})


@weather.get("/report/<place>")
def report(place):
    return {"place": place, "wind": 4}
