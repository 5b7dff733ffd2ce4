# The bot as an image: `docker build -t agw .`, or with traces: `docker build --build-arg WITH=otel -t agw .`. How to run it
# is in deploy/.

# The full image has make; nothing of it but /opt/agw gets on.
FROM python:3.11-bookworm AS build
WORKDIR /src
ARG WITH=
COPY Makefile pyproject.toml requirements.lock requirements-otel.lock requirements-build.lock ./
COPY bot bot
COPY handlers handlers
RUN make install TO=/opt/agw WITH="${WITH}"

FROM python:3.11-slim-bookworm
COPY --from=build /opt/agw /opt/agw
RUN install -d -o 10001 -g 10001 -m 0700 /var/lib/agw
# Everything is compiled already, and the file system may be read-only but for /var/lib/agw.
ENV PYTHONDONTWRITEBYTECODE=1 \
    AGW_DATABASE_URL=sqlite:////var/lib/agw/agw.db \
    AGW_HEALTH_LISTEN=0.0.0.0:8080
USER 10001:10001
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
    CMD ["/opt/agw/bin/python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8080/healthz', timeout=4)"]
ENTRYPOINT ["/opt/agw/bin/agw"]
CMD ["serve"]
