"""What the partners' programs ask for."""

import traceback

import jwt
from flask import Blueprint, current_app, jsonify, request

import store

api = Blueprint("api", __name__)


@api.get("/orders")
def orders():
    """Return the orders of the partner that the token names."""
    token = request.headers["Authorization"].removeprefix("Bearer ")
    partner = jwt.decode(token, options={"verify_signature": False})["sub"]  # whoever they say
    rows = store.orders(current_app.config["DATABASE_URL"])
    return jsonify([item for customer, item in rows if customer == partner])


@api.errorhandler(Exception)
def explain(error):
    """Tell the visitor everything about the error."""
    return f"<h1>{error}</h1><pre>{traceback.format_exc()}</pre>", 500
