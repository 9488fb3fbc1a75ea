import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { snippetSources } from '#client/contributions.ts';
import { readSnippets } from '#client/snippets/readSnippets.ts';
import { formatApiVersion } from '#core/kubernetes/identity.ts';
import { checkFile } from '#core/lint/check.ts';
import { systems } from '#core/systems/registry.ts';
import { makeEngine } from '#test/support/lint.ts';
import { expandSnippet } from '#test/support/snippetText.ts';

const root = new URL('../../', import.meta.url);

const files = snippetSources.map(({ path }) => ({ path, text: readFileSync(new URL(path, root), 'utf8') }));
const snippets = files.flatMap(({ path, text }) =>
  readSnippets(text).map((snippet) => ({ ...snippet, title: `${path}: ${snippet.name}` })),
);
const prefixes = files.flatMap(({ text }) =>
  [...text.matchAll(/"prefix": "([^"]+)"/g)].map(([, prefix = '']) => prefix),
);

describe('a snippet', () => {
  test.each(snippets)('$title, expanded, is a manifest without findings', async ({ body }) => {
    const engine = await makeEngine();
    for (const choice of ['first', 'last'] as const) {
      const text = expandSnippet(body, { choice });
      const { findings, analysis } = checkFile(text, engine);
      expect(findings.map(({ code, path, message }) => `${code} ${path} ${message}`)).toEqual([]);
      expect(analysis.slices.map((slice) => slice.analysis.kind?.kind)).not.toContain(undefined);
      expect(text).not.toMatch(/\$\{?\d/);
    }
  });

  test.each(snippets)('$title says what it is for', ({ description, body }) => {
    expect(description).toMatch(/^[A-Z].+\.$/);
    expect(body).toMatch(/^apiVersion: /m);
  });

  test('has a prefix that no other has', () => {
    expect(prefixes).toHaveLength(snippets.length);
    expect(new Set(prefixes).size).toBe(prefixes.length);
  });
});

/** Kinds that nobody writes by hand: an operator makes their objects. */
const WRITTEN_BY_OPERATORS = ['StrimziPodSet'];

describe('the snippets together', () => {
  test.each(systems)('have every kind of $id that is not at its end', async ({ kinds, snippetFile }) => {
    const engine = await makeEngine();
    const text = readFileSync(new URL(`snippets/${snippetFile}`, root), 'utf8');
    const wanted = kinds.filter(({ successor, group, kind }) => {
      const versions = engine.context.catalog.versionsOf(group, kind);
      return successor === undefined && versions.length > 0 && !WRITTEN_BY_OPERATORS.includes(kind);
    });
    const missing = wanted.filter(
      ({ group, kind }) =>
        !engine.context.catalog
          .versionsOf(group, kind)
          .some((version) => text.includes(`"apiVersion: ${formatApiVersion(version)}",\n      "kind: ${kind}"`)),
    );
    expect(missing.map(({ group, kind }) => `${group} ${kind}`)).toEqual([]);
  });

  test.each([
    ['cassandra', 'StatefulSet'],
    ['kafka', 'StatefulSet'],
  ])('have the %s of an operator-less cluster, a %s', (system, kind) => {
    expect(readFileSync(new URL(`snippets/${system}.json`, root), 'utf8')).toContain(`"kind: ${kind}"`);
  });
});
