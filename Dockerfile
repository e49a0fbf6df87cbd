FROM python:3.13-slim AS build
WORKDIR /src
RUN python -m venv /build && python -m venv /app
COPY requirements.lock requirements-build.lock ./
RUN /build/bin/pip install --no-cache-dir --require-hashes -r requirements-build.lock
RUN /app/bin/pip install --no-cache-dir --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE NOTICE ./
COPY rules rules
COPY service service
RUN /build/bin/pip wheel --no-cache-dir --no-deps --no-build-isolation --wheel-dir /wheels .
RUN /app/bin/pip install --no-cache-dir --no-deps --no-index --find-links /wheels cleanbill

FROM python:3.13-slim
RUN useradd --create-home --uid 10001 cleanbill
COPY --from=build /app /app
USER cleanbill
WORKDIR /home/cleanbill
ENV PATH=/app/bin:$PATH PYTHONUNBUFFERED=1
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8080/live', timeout=2)"]
CMD ["cleanbill", "serve", "--host", "0.0.0.0", "--port", "8080"]
