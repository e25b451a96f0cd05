# The image of every process of the service; docker-compose.yml says which one runs what.
# Two stages: what installs packages is not in the image that runs.

FROM python:3.13-slim-bookworm AS build
WORKDIR /source
RUN python -m venv /opt/grader
# The lock file alone first: the packages are fetched again only when it changes.
COPY requirements.lock ./
RUN /opt/grader/bin/pip install --no-cache-dir --disable-pip-version-check \
    --require-hashes --only-binary :all: -r requirements.lock
COPY pyproject.toml README.md ./
COPY grader ./grader
COPY reference ./reference
COPY assignments ./assignments
RUN /opt/grader/bin/pip install --no-cache-dir --disable-pip-version-check \
        --no-deps --no-build-isolation . \
    && /opt/grader/bin/pip uninstall --yes hatchling trove-classifiers pip

FROM python:3.13-slim-bookworm
RUN apt-get update \
    && apt-get install --yes --no-install-recommends bubblewrap \
    && rm -rf /var/lib/apt/lists/* \
    && pip uninstall --yes --root-user-action=ignore pip \
    && groupadd --gid 10001 grader \
    && useradd --uid 10001 --gid grader --no-create-home --home-dir /var/lib/grader \
        --shell /usr/sbin/nologin grader \
    && install --directory --owner=grader --group=grader --mode=0700 /var/lib/grader
COPY --from=build /opt/grader /opt/grader
ENV PATH=/opt/grader/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    GRADER_DATA_DIR=/var/lib/grader \
    GRADER_LOG_FORMAT=json
USER 10001:10001
WORKDIR /var/lib/grader
ENTRYPOINT []
CMD ["grader", "--help"]
