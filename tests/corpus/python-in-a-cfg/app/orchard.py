import flask

app = flask.Flask(__name__)
app.config.from_pyfile("harvest.cfg")


@app.route("/")
def apples():
    return "apples"
