# One image for web, worker, clock and migrations; docker-compose.yml starts it in each of these parts.
# It writes to /data and /tmp only, so its root may be mounted read-only. It holds no secret.

FROM python:3.11-slim AS packages
ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never
WORKDIR /build
COPY requirements/uv.txt requirements/base.txt requirements/
RUN python -m pip install --no-cache-dir --disable-pip-version-check --root-user-action ignore \
        --require-hashes -r requirements/uv.txt \
    && python -m venv --without-pip /opt/prm \
    && uv pip install --no-cache --python /opt/prm/bin/python --require-hashes -r requirements/base.txt

FROM python:3.11-slim
ENV PATH=/opt/prm/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    PRM_DATA_DIR=/data \
    PRM_STATIC_DIR=/app/public
# A new volume on /data takes over its owner from here.
RUN useradd --user-group --uid 10001 --home-dir /data --no-create-home --shell /usr/sbin/nologin prm \
    && install -d -o prm -g prm -m 0700 /data
COPY --from=packages /opt/prm /opt/prm
WORKDIR /app
COPY manage.py gunicorn.conf.py ./
COPY config/ config/
COPY tasks/ tasks/
COPY prm/ prm/
COPY templates/ templates/
COPY locale/ locale/
COPY static/ static/
# Settings want a key even where nothing is signed; this one is gone with the line.
RUN SECRET_KEY=signs-nothing-and-stays-in-no-layer-of-the-image PRM_DATA_DIR=/tmp \
    python manage.py collectstatic --noinput --verbosity 0 \
    && python -m compileall -q config tasks prm
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "from urllib.request import Request, urlopen; urlopen(Request('http://127.0.0.1:8000/healthz', headers={'X-Forwarded-Proto': 'https'}), timeout=4)"]
CMD ["gunicorn", "--bind", "0.0.0.0:8000"]
