# Two stages: the pages' assets are made with node, the service runs without it.
FROM node:24-bookworm-slim AS assets
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY app/assets app/assets
RUN npm run --silent build

FROM python:3.13-slim-bookworm
ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 PYTHONPATH=/srv/rightshare
RUN useradd --system --uid 10001 --home-dir /nonexistent --shell /usr/sbin/nologin rightshare
WORKDIR /srv/rightshare
COPY requirements/production.txt requirements/production.txt
RUN pip install --no-cache-dir --require-hashes -r requirements/production.txt
COPY app app
COPY consent consent
COPY directory directory
COPY sharing sharing
COPY openapi openapi
COPY --from=assets /build/app/static/dist app/static/dist
USER 10001
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
  CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/healthz', timeout=2)"]
ENTRYPOINT ["python", "-m", "app.cli.main"]
CMD ["serve"]
