# What Latchkey's image is built from: `docker build -t latchkey .`, or `podman build --format docker -t latchkey .`
# (without --format, podman leaves the health check out). docs/operations/deploy.md says how to run it.
# `--target without-database` leaves the included PostgreSQL out; such an image needs DATABASE_URL.

# A tag gets the newest fixes of Debian and Node.js. `--build-arg BASE=NAME@sha256:…` builds on what one digest names, as
# releases are: docs/contributing/release.md.
ARG BASE=docker.io/library/node:26-bookworm-slim

FROM $BASE AS build
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
ARG REVISION=unknown
RUN NEXT_OUTPUT=standalone LATCHKEY_REVISION=$REVISION node server/setup/main.mjs build
RUN node server/setup/image.mjs /image

FROM $BASE AS without-database
RUN rm -rf /usr/local/lib/node_modules /usr/local/include /opt/yarn-* \
      /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/corepack /usr/local/bin/yarn /usr/local/bin/yarnpkg \
  && ln -s /app/dist/latchkey.js /usr/local/bin/latchkey \
  && install -d -o 1000 -g 1000 -m 700 /data
COPY --from=build /image/latchkey /app
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 LATCHKEY_DATA_DIR=/data
USER 1000:1000
WORKDIR /data
VOLUME /data
EXPOSE 3000
# Longer than the start takes; a gate has 10 seconds to drain, and its database must end after it.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/readyz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["latchkey"]
CMD ["start"]
ARG VERSION=0.2.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Latchkey" \
  org.opencontainers.image.description="A dashboard and a gate that add a second lock, the account security token, to instance APIs." \
  org.opencontainers.image.documentation="docs/operations/deploy.md" \
  org.opencontainers.image.licenses="Apache-2.0" \
  org.opencontainers.image.version="$VERSION" \
  org.opencontainers.image.revision="$REVISION"

FROM without-database AS latchkey
COPY --from=build /image/postgresql /app
