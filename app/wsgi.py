"""What the web server loads: one application for each worker process."""

from multiprocessing import parent_process

from app.config import read_settings
from app.factory import create_app
from app.kernel.process import die_with
from app.kernel.turns import Turns
from app.observe import logs

_settings = read_settings()
_parent = parent_process()
if _parent is not None and _parent.pid is not None:
    # A worker whose server was killed would keep the port, and the next server could not start.
    die_with(_parent.pid)
logs.set_up(_settings.log_level)
app = Turns(create_app(_settings))
