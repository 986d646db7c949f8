/** Names of images in ECR: account, region, repository, and tag or digest. */
export const imageName =
  /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?\/([a-z0-9._/-]+?)[:@]([\w.-]+|sha256:[0-9a-f]{64})$/;
