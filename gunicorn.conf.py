"""How gunicorn serves the web process. Settings are read here first, so a wrong value ends it with their one line."""

from config import settings

wsgi_app = "config.wsgi:application"
bind = f"127.0.0.1:{settings.PORT}"
workers = 1
worker_class = "gthread"
threads = 4
graceful_timeout = 10
control_socket_disable = True
loglevel = "warning"
