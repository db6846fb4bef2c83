"""What gunicorn and the flask command load."""

from server import create_app
from server.config import Config

app = create_app(Config.from_env())
