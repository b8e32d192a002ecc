# The collector with its embedded engine. Build: docker build -t lightfoot . — run: see docker-compose.yml.
# Debian, not Alpine: the embedded engine is linked against glibc.
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY . .
RUN npm ci && npm prune --omit=dev --ignore-scripts

FROM node:24-bookworm-slim
ENV NODE_ENV=production LIGHTFOOT_DATA=/data LIGHTFOOT_CONFIG=/config/lightfoot.json
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY --from=build /app/migrations ./migrations
COPY --from=build /app/rollups ./rollups
COPY --from=build /app/reports ./reports
COPY --from=build /app/examples ./examples
RUN install -d -o node -g node -m 700 /data
USER node
VOLUME /data
EXPOSE 8080 8081
HEALTHCHECK --interval=10s --start-period=20s CMD ["node", "-e", "fetch('http://127.0.0.1:8080/readyz').then(r => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/collector/main.js", "serve"]
