from flask import Flask
from secure import Secure

coat = Secure.with_default_headers()
notice = Flask(__name__)


@notice.after_request
def dress(answer):
    coat.set_headers(answer)
    return answer


@notice.get("/")
def read():
    return "closed on Mondays"
