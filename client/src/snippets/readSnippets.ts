import { isObject } from '#core/json.ts';

export interface Snippet {
  readonly name: string;
  readonly description: string;
  /** In the snippet syntax of the editor. */
  readonly body: string;
}

/**
 * Reads a snippet file of the editor: an object of name to prefix, body and description. Entries of another shape are
 * left out; a text that is no JSON object gives none.
 */
export function readSnippets(text: string): readonly Snippet[] {
  const file = parseJson(text);
  if (!isObject(file)) return [];
  return Object.entries(file).flatMap(([name, entry]) => {
    const body = isObject(entry) ? readBody(entry['body']) : undefined;
    if (!isObject(entry) || body === undefined) return [];
    const { description } = entry;
    return [{ name, body, description: typeof description === 'string' ? description : '' }];
  });
}

function readBody(body: unknown): string | undefined {
  if (typeof body === 'string') return body;
  if (!Array.isArray(body)) return undefined;
  const lines: readonly unknown[] = body;
  const texts = lines.filter((line) => typeof line === 'string');
  return texts.length === lines.length ? texts.join('\n') : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
