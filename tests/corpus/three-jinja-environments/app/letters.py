from flask import Flask

import press

letters = Flask(__name__)


@letters.get("/letter")
def letter():
    return press.rough.from_string("Dear {{ name }}").render(name="<i>")
