from flask import Blueprint, redirect, request, session

members = Blueprint("members", __name__, url_prefix="/members")


@members.route("/enter", methods=["POST"])
def enter():
    session["member"] = request.form["name"]
    return redirect("/members")
