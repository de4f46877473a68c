"""What the partners' programs ask for."""

import jwt
from flask import Blueprint, abort, current_app, jsonify, request

import store

api = Blueprint("api", __name__)


@api.get("/orders")
def orders():
    """Return the orders of the partner that the token names."""
    token = request.headers.get("Authorization", "").removeprefix("Bearer ")
    try:
        claims = jwt.decode(
            token,
            current_app.config["SECRET_KEY"],
            algorithms=["HS256"],
            options={"require": ["exp", "sub"]},
        )
    except jwt.InvalidTokenError:
        abort(401)
    rows = store.orders(current_app.config["DATABASE_URL"])
    return jsonify([item for customer, item in rows if customer == claims["sub"]])
