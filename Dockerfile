FROM python:3.13-slim

ENV PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /app
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY bot bot
COPY providers providers
COPY storage storage
RUN pip install -c constraints.txt '.[postgres]'
RUN useradd --system --uid 10001 --user-group --home-dir /data --no-create-home imagine \
 && install -d -o imagine -g imagine -m 0700 /data

ENV HTTP_HOST=0.0.0.0 HTTP_PORT=8080 IMAGINE_PLAYGROUND=off IMAGINE_DATA_DIR=/data
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
  CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen('http://127.0.0.1:' + os.environ['HTTP_PORT'] + '/healthz', timeout=4)"]
ENTRYPOINT ["imagine-bot"]
CMD ["run"]
