import type { Snippet } from '#client/snippets/readSnippets.ts';
import type { KnownKind } from '#core/protocol.ts';

/** The beginning of an object of a kind for which no snippet was written; completion leads on from there. */
export function starterSnippet(kind: KnownKind): Snippet {
  const body = [
    `apiVersion: ${escapeSnippet(kind.apiVersion)}`,
    `kind: ${escapeSnippet(kind.kind)}`,
    'metadata:',
    '  name: ${1:name}',
    '$0',
  ];
  const description = `${kind.apiVersion}, ${kind.sourceName}`;
  return { name: kind.kind, description, body: body.join('\n') };
}

function escapeSnippet(text: string): string {
  return text.replaceAll(/[\\$}]/g, '\\$&');
}
