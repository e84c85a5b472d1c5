"""Every job is in the timetable, under one name, at a cadence that a UTC interval can hold."""

import re
from importlib import import_module

from app.timetable import JOBS
from tests.support.source import functions_of, modules, name_of


def test_every_job_is_in_the_timetable():
    listed = {f"{job.run.__module__}.{job.run.__name__}" for job in JOBS}
    written = {
        f"{name_of(path)}.{function.name}"
        for path in modules()
        if re.fullmatch(r"app\.\w+\.jobs(\.\w+)*", name_of(path))
        for function in functions_of(path)
        if not function.name.startswith("_")
    }
    assert listed == written


def test_names_are_used_once_and_cadences_are_whole_seconds():
    assert len({job.name for job in JOBS}) == len(JOBS)
    assert all(job.every.total_seconds() >= 2 and not job.every.microseconds for job in JOBS)


def test_a_job_takes_the_caller_alone():
    for job in JOBS:
        module = import_module(job.run.__module__)
        assert list(getattr(module, job.run.__name__).__annotations__)[:1] == ["caller"], job.name
