import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, expect, test, vi } from 'vitest';
import { previewTemplatesCommand, TemplatePreviews } from '#client/charts/previewCommand.ts';
import type { CheckedFinding } from '#core/protocol.ts';

interface Marked {
  readonly range: { readonly line: number };
  readonly message: string;
}

/** What the editor was told. */
const editor = vi.hoisted(() => ({
  trusted: true,
  helm: '',
  marks: new Map<string, readonly { readonly range: { readonly line: number }; readonly message: string }[]>(),
  saved: (_document: { uri: { scheme: string; fsPath: string } }): void => undefined,
  shown: 0,
}));

vi.mock('vscode', () => {
  class Uri {
    readonly scheme = 'file';
    readonly fsPath: string;
    constructor(fsPath: string) {
      this.fsPath = fsPath;
    }
    static file(name: string): Uri {
      return new Uri(name);
    }
    toString(): string {
      return `file://${this.fsPath}`;
    }
  }
  class Range {
    readonly line: number;
    readonly start: { readonly line: number };
    constructor(line: number) {
      this.line = line;
      this.start = { line };
    }
  }
  class Diagnostic {
    source = '';
    code = '';
    readonly range: Range;
    readonly message: string;
    constructor(range: Range, message: string) {
      this.range = range;
      this.message = message;
    }
  }
  const nothing = { dispose: () => undefined };
  return {
    Uri,
    Range,
    Diagnostic,
    Disposable: { from: () => nothing },
    DiagnosticSeverity: { Error: 0, Warning: 1, Information: 2 },
    ViewColumn: { Beside: -2 },
    languages: {
      createDiagnosticCollection: () => ({
        set: (uri: Uri, marks: readonly Diagnostic[]) => editor.marks.set(uri.toString(), marks),
        delete: (uri: Uri) => editor.marks.delete(uri.toString()),
        dispose: () => undefined,
      }),
      getDiagnostics: () => [],
    },
    workspace: {
      get isTrusted() {
        return editor.trusted;
      },
      getConfiguration: () => ({ get: (name: string) => (name === 'dataClusters.helmPath' ? editor.helm : '') }),
      onDidSaveTextDocument: (listener: typeof editor.saved) => {
        editor.saved = listener;
        return nothing;
      },
      onDidCloseTextDocument: () => nothing,
      openTextDocument: async (uri: Uri) => uri,
    },
    window: {
      activeTextEditor: undefined,
      showTextDocument: async () => void (editor.shown += 1),
      showErrorMessage: async () => undefined,
    },
  };
});

const folder = mkdtempSync(path.join(tmpdir(), 'data-clusters-preview-'));
const template = path.join(folder, 'orders', 'templates', 'a.yaml');
mkdirSync(path.dirname(template), { recursive: true });
writeFileSync(path.join(folder, 'orders', 'Chart.yaml'), 'apiVersion: v2\nname: orders\nversion: 1.0.0\n');
writeFileSync(template, 'kind: Service\nname: {{ .Values.name }}\n');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A program that prints one text on one of its outputs. */
function helm(stream: 'log' | 'error', text: string): void {
  editor.helm = path.join(folder, 'helm.cjs');
  writeFileSync(
    editor.helm,
    `#!${process.execPath}\nconsole.${stream}(${JSON.stringify(text)});\nprocess.exit(${stream === 'log' ? 0 : 1});\n`,
  );
  chmodSync(editor.helm, 0o755);
}

const { Uri } = await import('vscode');
const shown: string[] = [];
const finding: CheckedFinding = {
  code: 'META02',
  severity: 'error',
  message: 'No name.',
  range: { start: { line: 3, character: 6 }, end: { line: 3, character: 9 } },
};

function makeCommand() {
  const texts = {
    add: () => Uri.file('/rendered.yaml'),
    update: (_uri: unknown, text: string) => void shown.push(text),
  };
  const previews = new TemplatePreviews(
    texts,
    async () => [finding],
    (error) => {
      throw error;
    },
  );
  return previewTemplatesCommand(previews);
}

const marksAt = (file: string): readonly Marked[] => editor.marks.get(`file://${file}`) ?? [];

beforeEach(() => {
  editor.trusted = true;
  editor.marks.clear();
  shown.length = 0;
});

test('shows what the chart renders to, and marks findings in the output and in the template', async () => {
  helm('log', '---\n# Source: orders/templates/a.yaml\nkind: Service\nname: A_B');
  await makeCommand().run(Uri.file(template));
  expect(shown.at(-1)).toContain('# Source: orders/templates/a.yaml');
  expect(marksAt('/rendered.yaml')).toHaveLength(1);
  expect(marksAt(template)).toMatchObject([{ range: { line: 1 }, message: 'No name.' }]);
  expect(editor.shown).toBeGreaterThan(0);
});

test('an error of Helm stands in the template, and goes when the chart renders again', async () => {
  helm('error', 'Error: parse error at (orders/templates/a.yaml:2): missing value for if\n\nUse --debug flag');
  await makeCommand().run(Uri.file(template));
  expect(marksAt(template)).toMatchObject([{ range: { line: 1 } }]);
  expect(marksAt(template)[0]?.message).toContain('missing value for if');
  helm('log', '');
  editor.saved({ uri: Uri.file(template) });
  await vi.waitFor(() => expect(marksAt(template)).toEqual([]));
});

test('nothing runs in a workspace that is not trusted, or outside of charts', async () => {
  editor.trusted = false;
  await expect(makeCommand().run(Uri.file(template))).rejects.toThrow('not trusted');
  editor.trusted = true;
  await expect(makeCommand().run(Uri.file(path.join(folder, 'a.yaml')))).rejects.toThrow('no Helm chart');
  expect(shown).toEqual([]);
});
