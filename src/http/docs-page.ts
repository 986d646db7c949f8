/** The page at `/docs`: Swagger UI over the document at `openApiPath`. Its files lie in the folder `docs` of `root`; all is relative to the page. */
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

const script =
  "SwaggerUIBundle({url:document.documentElement.dataset.openapi,dom_id:'#swagger-ui',deepLinking:true,displayRequestDuration:true,filter:true,tryItOutEnabled:true,validatorUrl:null,defaultModelsExpandDepth:0})";

/** Nothing is fetched from elsewhere. The hash is that of `script`; Swagger UI sets styles and draws with data: images. */
const policy = [
  "default-src 'none'",
  "script-src 'self' 'sha256-WD2ucY1ypuQuqk/KPjgPaNIWqhzuda0qR06kmQULZNU='",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
].join('; ');

function attribute(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
