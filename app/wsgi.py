"""What the web server loads: one application for each worker process."""

from app.config import read_settings
from app.factory import create_app
from app.kernel.process import die_with_parent
from app.observe import logs

_settings = read_settings()
if not _settings.production:
    die_with_parent()
logs.set_up(_settings.log_level)
app = create_app(_settings)
