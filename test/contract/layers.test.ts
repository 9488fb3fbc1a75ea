import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const root = new URL('../../', import.meta.url);
const lineLimit = 400;

interface SourceFile {
  readonly file: string;
  readonly text: string;
  readonly imports: readonly string[];
}

const sources = ['core/src', 'server/src', 'client/src'].flatMap(readSources);

/** Who may import what, as one table: a file under `from` that imports anything matching `never` breaks a layer. */
const layerRules = [
  { from: /^core\//, never: /^(vscode|node:.*)$/, why: 'core is pure' },
  {
    from: /^core\//,
    never: /^(server|client|test|scripts)\//,
    why: 'core depends on nothing above it',
  },
  { from: /^server\//, never: /^(client|test|scripts)\//, why: 'the server imports core only' },
  { from: /^server\//, never: /^vscode$/, why: 'the server runs without an editor' },
  { from: /^client\//, never: /^(server|test|scripts)\//, why: 'the client imports core only' },
  {
    from: /^core\/src\/(?!language\/)/,
    never: /^vscode-languageserver/,
    why: 'only core/src/language speaks the language of LSP',
  },
  {
    from: /^core\/src\/language\//,
    never: /^vscode-(?!languageserver-types$)/,
    why: 'core/src/language knows the types of LSP and nothing else of it',
  },
  {
    from: /^(?:core|server|client)\/src\/(?!cluster\/)/,
    never: /^(?:node:)?(?:net|tls|dgram|dns|http|https|http2)$|^(?:undici|ws|node-fetch|axios)$/,
    why: 'only client/src/cluster talks to other machines',
  },
] as const;

describe('layers', () => {
  test('there are sources to look at', () => {
    expect(sources.length).toBeGreaterThan(20);
    expect(sources.flatMap(({ imports }) => imports).length).toBeGreaterThan(sources.length);
  });

  test.each(layerRules)('$why ($from never imports $never)', ({ from, never }) => {
    const breaches = sources
      .filter(({ file }) => from.test(file))
      .flatMap(({ file, imports }) => imports.filter((name) => never.test(name)).map((name) => `${file} -> ${name}`));
    expect(breaches).toEqual([]);
  });

  test('a system never imports another system', () => {
    const breaches = sources.flatMap(({ file, imports }) => {
      const own = systemOf(file);
      return imports
        .filter((name) => own !== undefined && systemOf(name) !== undefined && systemOf(name) !== own)
        .map((name) => `${file} -> ${name}`);
    });
    expect(breaches).toEqual([]);
  });

  test(`no source file is longer than ${lineLimit} lines`, () => {
    const tests = readSources('test');
    const tooLong = [...sources, ...tests]
      .filter(({ file }) => !file.startsWith('test/fixtures/'))
      .map(({ file, text }) => ({ file, lines: text.split('\n').length }))
      .filter(({ lines }) => lines > lineLimit);
    expect(tooLong).toEqual([]);
  });
});

/** The name of the system folder that a project path lies in. */
function systemOf(file: string): string | undefined {
  return /^core\/src\/systems\/([^/]+)\//.exec(file)?.[1];
}

function readSources(folder: string): SourceFile[] {
  return readdirSync(new URL(folder, root), { recursive: true, encoding: 'utf8' })
    .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
    .filter((file) => file.endsWith('.ts'))
    .map((file) => {
      const text = readFileSync(new URL(file, root), 'utf8');
      return { file, text, imports: importsOf(file, text) };
    });
}

/** Every module a text imports, statically or not, by its path from the root of the project or by its package name. */
function importsOf(file: string, text: string): string[] {
  const found = text.matchAll(/\b(?:from|import|require)\s*\(?\s*['"]([^'"\n]+)['"]/g);
  return [...found].map(([, name = '']) => resolveImport(file, name));
}

function resolveImport(file: string, name: string): string {
  if (name.startsWith('#test/')) return name.replace('#test/', 'test/');
  if (name.startsWith('#')) return name.replace(/^#([^/]+)\//, '$1/src/');
  if (!name.startsWith('.')) return name;
  const resolved = new URL(name, new URL(file, root)).href;
  return decodeURIComponent(resolved.slice(root.href.length));
}
