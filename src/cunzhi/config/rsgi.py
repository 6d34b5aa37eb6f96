"""The application that the server runs: the WSGI one behind granian's own interface."""

from cunzhi.config.gateway import Gateway
from cunzhi.config.wsgi import application as wsgi

application = Gateway(wsgi)
