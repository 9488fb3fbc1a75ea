import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** One manifest that shows what a rule finds, or what it leaves alone. */
export interface RuleFixture {
  readonly name: string;
  readonly kind: 'ok' | 'bad';
  readonly text: string;
  /** From a comment `# kubernetes: 1.33`; the newest when there is none. */
  readonly kubernetesVersion: string | undefined;
  /** What is expected, as `line CODE path`; lines from 1. */
  readonly expected: readonly string[];
}

const FOLDER = path.join('test', 'fixtures', 'rules');

/** The fixtures of a rule: `ok-*.yaml` without any finding, `bad-*.yaml` with exactly those their comments name. */
export function fixturesOf(id: string): readonly RuleFixture[] {
  const folder = path.join(FOLDER, id);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => /^(?:ok|bad)-.*\.ya?ml$/.test(name))
    .toSorted()
    .map((name) => readFixture(name, readFileSync(path.join(folder, name), 'utf8')));
}

/** Folders that belong to no rule. */
export function fixtureFolders(): readonly string[] {
  return readdirSync(FOLDER).toSorted();
}

function readFixture(name: string, text: string): RuleFixture {
  const lines = text.split('\n');
  return {
    name,
    kind: name.startsWith('ok') ? 'ok' : 'bad',
    text,
    kubernetesVersion: /^# kubernetes: (1\.\d+)$/m.exec(text)?.[1],
    expected: lines.flatMap((line, index) => marksOf(line, index + 1)),
  };
}

/** `# ! STS02 spec.x` at the end of the line it is about, or `# !below STS02 spec.x` on a line above it; several are parted by `;`. */
function marksOf(line: string, number: number): string[] {
  const [, below, list = ''] = /# !(below)? (.+)$/.exec(line) ?? [];
  if (list === '') return [];
  return list.split(';').map((mark) => `${below === undefined ? number : number + 1} ${mark.trim()}`);
}
