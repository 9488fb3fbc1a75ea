import { attributeNames, escapeHtml, htmlOf, htmlTags, svgTags, type DetailNode } from '#core/live/detail/html.ts';

export interface PageParts {
  readonly title: string;
  /** Where content of the extension comes from, as the editor names it for a policy. */
  readonly cspSource: string;
  /** Addresses of media/detail, made for the page. */
  readonly script: string;
  readonly style: string;
  /** New for each page. */
  readonly nonce: string;
  /** What is to be seen before the script runs. */
  readonly tree: DetailNode;
}

/** The page of the detail view. Nothing of it comes from elsewhere, and no script runs but the one of the extension. */
export function detailPage({ title, cspSource, script, style, nonce, tree }: PageParts): string {
  const policy = `default-src 'none'; style-src ${cspSource}; script-src 'nonce-${nonce}'`;
  const lists = `data-html="${htmlTags.join(' ')}" data-svg="${svgTags.join(' ')}" data-attributes="${attributeNames.join(' ')}"`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escapeHtml(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${escapeHtml(style)}">
<title>${escapeHtml(title)}</title>
</head>
<body>
<main id="detail" ${lists}>${htmlOf(tree)}</main>
<script nonce="${escapeHtml(nonce)}" src="${escapeHtml(script)}"></script>
</body>
</html>
`;
}
