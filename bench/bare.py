"""The yardstick: a bare Flask JSON route, to be served by the same gunicorn configuration."""

from flask import Flask, Response, jsonify

app = Flask(__name__)


@app.get("/bare")
def answer() -> Response:
    return jsonify(status="ok", items=[1, 2, 3])
