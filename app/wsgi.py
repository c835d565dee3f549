"""What the web server loads: one application for each worker process."""

from app.config import read_settings
from app.factory import create_app
from app.observe import logs

_settings = read_settings()
logs.set_up(_settings.log_level)
app = create_app(_settings)
