/**
 * The page at `/docs`: Swagger UI over the document at `openApiPath`. Its files lie in the folder `docs` of `root`; all
 * is relative to the page.
 */
export function docsPage(openApiPath: string, root = ''): string {
  return `<!doctype html>
<html lang="en" data-openapi="${attribute(openApiPath)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>Tensorgate</title>
<link rel="icon" href="${attribute(root)}docs/favicon-32x32.png">
<link rel="stylesheet" href="${attribute(root)}docs/swagger-ui.css">
</head>
<body>
<noscript>This page needs JavaScript; the document that it shows is at <a href="${attribute(openApiPath)}">${attribute(openApiPath)}</a>.</noscript>
<div id="swagger-ui"></div>
<script src="${attribute(root)}docs/swagger-ui-bundle.js"></script>
<script>${script}</script>
</body>
</html>
`;
}

// Where the document needs an API key, the page asks for it, and keeps it for the calls that are tried.
const script =
  "const url=document.documentElement.dataset.openapi;let key;const show=async()=>{const answer=await fetch(url,{headers:key?{'x-api-key':key}:{}});if(answer.status===401&&(key=prompt('API key')))return show();" +
  "SwaggerUIBundle({spec:await answer.json(),requestInterceptor:(request)=>{if(key)request.headers['x-api-key']=key;return request},dom_id:'#swagger-ui',deepLinking:true,displayRequestDuration:true,filter:true,tryItOutEnabled:true,validatorUrl:null,defaultModelsExpandDepth:0})};show()";

/**
 * Nothing is fetched from elsewhere. The hash is that of `script`; Swagger UI sets styles and draws with data: images.
 */
const policy = [
  "default-src 'none'",
  "script-src 'self' 'sha256-FGckkZtgpKsGV7GfUsOlAM3GtVzccSdMMuJmPzQuGjU='",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
].join('; ');

function attribute(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
