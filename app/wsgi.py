"""What the web server loads: one application for each worker process."""

from app.config import read_settings
from app.factory import create_app
from app.kernel.process import die_with_server
from app.kernel.turns import Turns
from app.observe import logs

_settings = read_settings()
die_with_server()
logs.set_up(_settings.log_level)
app = Turns(create_app(_settings))
