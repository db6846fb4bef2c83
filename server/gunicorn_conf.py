"""gunicorn's settings; what a deployment may want to change comes from the environment."""

import os

from prometheus_client import multiprocess

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = "gevent"
worker_connections = 1000
backlog = 2048
timeout = 30
graceful_timeout = 8
keepalive = 30
# Room for an Authorization header and a cursor, not for mischief.
limit_request_line = 4094
limit_request_fields = 60
limit_request_field_size = 4096
# No proxy may move us to another path by a header.
forwarder_headers = ""
accesslog = None
errorlog = "-"
loglevel = "warning"


def child_exit(server, worker):
    """Drop a dead worker's live gauges from the shared metrics."""
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        multiprocess.mark_process_dead(worker.pid)
