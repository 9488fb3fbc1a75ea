// What others say of the manifests that a real API server has judged (test/agreement), beside what we say: how many of those it
// refuses are found, and how many of those it accepts are called wrong.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { nameOf, type Case } from '#test/agreement/cases/case.ts';
import { cases } from '#test/agreement/cases/index.ts';
import { compare } from '#test/agreement/compare.ts';
import { manifestOf } from '#test/agreement/manifest.ts';
import { readRecord } from '#test/agreement/verdict.ts';
import { bundledStoreFolder } from '#test/support/catalog.ts';
import { makeEngine } from '#test/support/lint.ts';
import { findGoProgram } from './goPrograms.mjs';
import { schemaTemplate, writeSchemas } from './lint.mjs';

const VERSION = '1.34';

export interface PeerScore {
  readonly name: string;
  readonly cases: number;
  readonly refused: number;
  /** Of the refused ones, how many it finds. */
  readonly found: number;
  /** Of the accepted ones, how many it calls wrong. */
  readonly falseErrors: number;
}

/** Whether a tool has something against a manifest that it has not against its base. */
type Judge = (subject: Case) => boolean;

export async function measureAgreement(): Promise<readonly PeerScore[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'data-clusters-agreement-'));
  try {
    const engine = await makeEngine({ kubernetesVersion: VERSION });
    const verdicts = readRecord(readFileSync(`test/agreement/verdicts/${VERSION}.json`, 'utf8'));
    const accepted = { accepted: true, causes: [] };
    const judges: readonly (readonly [string, Judge | undefined])[] = [
      ['data-clusters', (subject) => compare(subject, accepted, engine).findings.length > 0],
      ['kubeconform -strict', await kubeconform(folder)],
      ['kube-score', kubeScore(folder)],
    ];
    return judges.flatMap(([name, judge]) => (judge ? [score(name, judge, verdicts)] : []));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function score(name: string, judge: Judge, verdicts: ReturnType<typeof readRecord>): PeerScore {
  const judged = cases.map((subject) => ({
    isWrong: judge(subject),
    isRefused: verdicts.get(nameOf(subject))?.accepted === false,
  }));
  const refused = judged.filter(({ isRefused }) => isRefused);
  return {
    name,
    cases: judged.length,
    refused: refused.length,
    found: refused.filter(({ isWrong }) => isWrong).length,
    falseErrors: judged.filter(({ isWrong, isRefused }) => isWrong && !isRefused).length,
  };
}

async function kubeconform(folder: string): Promise<Judge | undefined> {
  const program = findGoProgram('kubeconform');
  if (program === undefined) return undefined;
  const schemas = path.join(folder, 'schemas');
  mkdirSync(schemas);
  writeSchemas(await bundledStoreFolder(), schemas);
  const args = ['-strict', '-schema-location', schemaTemplate(schemas)];
  return (subject) => spawnSync(program, [...args, '-'], { input: manifestOf(subject) }).status !== 0;
}

/** It has something against every base, so only what it says more of a change counts. */
function kubeScore(folder: string): Judge | undefined {
  const program = findGoProgram('kube-score');
  if (program === undefined) return undefined;
  const complaints = (subject: Case): ReadonlySet<string> => {
    const file = path.join(folder, 'manifest.yaml');
    writeFileSync(file, manifestOf(subject));
    const { stdout, stderr } = spawnSync(program, ['score', '--output-format', 'ci', file], { encoding: 'utf8' });
    return new Set(
      `${stdout}${stderr}`.split('\n').filter((line) => /^\[(?:CRITICAL|WARNING)\]|error|Failed/i.test(line)),
    );
  };
  const ofBases = new Map<string, ReadonlySet<string>>();
  return (subject) => {
    const known = ofBases.get(subject.base) ?? complaints({ ...subject, edits: [] });
    ofBases.set(subject.base, known);
    return [...complaints(subject)].some((line) => !known.has(line));
  };
}
