"""Glue: changing a job and a crawler.

Not emulated: runs of jobs and crawlers; moto answers with a state, nothing runs.
"""

from moto.core.utils import camelcase_to_underscores
from moto.glue.responses import GlueResponse

from lakehouse.homes.rehearsal.services.extending import Answer, Parameters, operation


@operation(GlueResponse)
def update_job(self: GlueResponse, asked: Parameters) -> Answer:
    """UpdateJob."""
    _set(self.glue_backend.jobs[asked["JobName"]], asked["JobUpdate"])
    return {"JobName": asked["JobName"]}


@operation(GlueResponse)
def update_crawler(self: GlueResponse, asked: Parameters) -> None:
    """UpdateCrawler."""
    changes = {name: value for name, value in asked.items() if name != "Name"}
    _set(self.glue_backend.crawlers[asked["Name"]], changes)


def _set(thing: object, changes: dict) -> None:
    for name, value in changes.items():
        setattr(thing, camelcase_to_underscores(name), value)
