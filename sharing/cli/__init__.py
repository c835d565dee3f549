"""Commands of the log; they run inside an application context, which `app.cli` opens."""
