"""The Celery app: `celery -A server.tasks worker`. Thin wrappers over services/jobs.py."""

import logging

from celery import Celery
from celery.signals import worker_ready
from flask import Flask

from server import create_app
from server.config import Config
from server.extensions import runtime
from services.context import unit_of_work
from services.jobs import HEARTBEAT, TIMETABLE, run_job


def create_celery(flask_app: Flask, redis_url: str) -> Celery:
    """A Celery app that runs each job of the timetable inside one unit of work."""
    app = Celery("sain", broker=redis_url)
    app.conf.update(
        task_ignore_result=True,
        timezone="UTC",
        broker_connection_retry_on_startup=True,
        worker_hijack_root_logger=False,
        beat_schedule={
            job.name: {
                "task": "sain.run_job",
                "schedule": job.interval,
                "args": (job.name,),
                # A job that waited past its next turn is not worth running twice.
                "options": {"expires": job.interval.total_seconds()},
            }
            for job in TIMETABLE
        },
    )

    @app.task(name="sain.run_job")
    def run(name: str) -> None:
        with flask_app.app_context():
            ctx = runtime().context()
            with unit_of_work(ctx.session):
                run_job(ctx, name)

    return app


@worker_ready.connect
def report_start(sender, **_signal) -> None:
    """The first heartbeat at once: readiness need not wait for the timetable."""
    sender.app.send_task("sain.run_job", args=(HEARTBEAT,))


# Celery tells of every task it takes and ends; what matters of a job the job itself logs.
logging.getLogger("celery").setLevel(logging.WARNING)
config = Config.from_env()
celery_app = create_celery(create_app(config), config.redis_url)
