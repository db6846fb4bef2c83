"""A long spreadsheet does not keep the other requests of its process waiting."""

import subprocess
import sys

OTHERS_GET_ON = """
from gevent import monkey
monkey.patch_all()
import gevent
from services.spreadsheets import Column, read_workbook, write_workbook

columns = [Column("name", "名称")]
done = []

def work():
    content = write_workbook("x", columns, ({"name": str(n)} for n in range(1000)))
    done.append("written")
    read_workbook(content, columns)
    done.append("read")

def other():
    while "read" not in done:
        done.append("other")
        gevent.sleep(0)

gevent.joinall([gevent.spawn(work), gevent.spawn(other)], raise_error=True)
written = done.index("written")
assert done[:written].count("other") >= 5, done
assert done[written:].count("other") >= 5, done
"""


def test_others_get_on_meanwhile():
    subprocess.run([sys.executable, "-W", "error", "-c", OTHERS_GET_ON], check=True, timeout=60)
