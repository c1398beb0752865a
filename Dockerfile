# publer-sync and git, for schedulers that run containers: docs/scale.md. Build it from a checkout of this repository:
#   docker build --tag publer-sync:0.1.0 --build-arg "COMMIT=$(git rev-parse HEAD)" .
FROM python:3.13-slim-trixie@sha256:9d2e5553305c7c7b0097999bb17187c69b921ccd6bc9d40e4bb5ebe652c00285 AS build
WORKDIR /src
COPY requirements.txt ./
RUN python -m venv /opt/publer-sync && \
    /opt/publer-sync/bin/pip install --no-cache-dir --require-hashes --requirement requirements.txt
COPY pyproject.toml setup.py README.md LICENSE ./
COPY examples/assistant examples/assistant
COPY examples/workflows examples/workflows
COPY schema schema
COPY publer_sync publer_sync
ARG COMMIT=""
RUN if [ -n "$COMMIT" ]; then echo "$COMMIT" > publer_sync/commit.txt; fi && \
    /opt/publer-sync/bin/pip install --no-cache-dir --no-deps --no-build-isolation .

FROM python:3.13-slim-trixie@sha256:9d2e5553305c7c7b0097999bb17187c69b921ccd6bc9d40e4bb5ebe652c00285
# Debian offers only its newest fix of git, so a pinned version would soon be gone.
# hadolint ignore=DL3008
RUN apt-get update && \
    apt-get install --yes --no-install-recommends ca-certificates git && \
    rm -rf /var/lib/apt/lists/* && \
    git config --system --add safe.directory '*'
COPY --from=build /opt/publer-sync /opt/publer-sync
ENV PATH=/opt/publer-sync/bin:$PATH HOME=/tmp PYTHONDONTWRITEBYTECODE=1
WORKDIR /checkout
USER 10001:10001
ENTRYPOINT ["publer-sync"]
