# One image for the servers and for every command. tests/test_deploy.py runs these steps without
# Docker; that an image comes of them is untested.

FROM python:3.11-slim-bookworm AS build
WORKDIR /build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
COPY pyproject.toml constraints.txt ./
RUN python -m venv /opt/habitus
# In version order 2.13.0+cpu of PyTorch's index stands above 2.13.0, which brings CUDA.
RUN /opt/habitus/bin/pip install -c constraints.txt --extra-index-url https://download.pytorch.org/whl/cpu torch
COPY deploy/requirements.py ./
RUN python requirements.py > requirements.txt
RUN /opt/habitus/bin/pip install -c constraints.txt -r requirements.txt
RUN python -m pip install -c constraints.txt hatchling
COPY README.md LICENSE ./
COPY src ./src
RUN python -m pip wheel --no-deps --no-build-isolation --wheel-dir dist .
RUN /opt/habitus/bin/pip install --no-deps --no-index --find-links dist habitus

FROM python:3.11-slim-bookworm
RUN useradd --uid 10001 --no-create-home --home-dir /data habitus && install -d -o 10001 -g 10001 /data /models
COPY --from=build /opt/habitus /opt/habitus
COPY deploy/start.sh /usr/local/bin/habitus-start
ENV PATH=/opt/habitus/bin:$PATH PYTHONUNBUFFERED=1 HABITUS_MODELS=/models
WORKDIR /data
USER 10001:10001
VOLUME ["/data", "/models"]
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s CMD ["python", "-c", "import urllib.request as web; web.urlopen('http://127.0.0.1:8080/healthz', timeout=4)"]
ENTRYPOINT ["habitus-start"]
CMD ["serve", "/data/store", "--host", "0.0.0.0", "--port", "8080"]
