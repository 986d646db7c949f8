# The server's image as SageMaker starts it: docker build -f containers/inference/sagemaker.Dockerfile --build-arg IMAGE=tensorgate .
# IMAGE is one of containers/inference/Dockerfile, for processors or for CUDA.
ARG IMAGE=tensorgate
FROM ${IMAGE}
LABEL com.amazonaws.sagemaker.capabilities.multi-models=true
# SageMaker's guide has containers run as root ("Custom Inference Code with Hosting Services").
# hadolint ignore=DL3002
USER 0:0
# SageMaker gives the word `serve` in place of CMD, and no other: the shell takes it for its own name, and Node takes the shell's place.
ENTRYPOINT ["sh", "-c", "exec node /app/cli/tensorgate.js serve --models /opt/ml/model --host 0.0.0.0 --port 8080 --sagemaker"]
