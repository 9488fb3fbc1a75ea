import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { runCommand } from '../../../scripts/editor/commands.mjs';
import { serverCommand } from './commandLine.ts';
import type { Stage } from './stage.ts';

/** What an editor other than VS Code got from our server, as its script under `clients` wrote it down. */
export interface ClientReport {
  readonly errors: readonly string[];
  readonly diagnostics: readonly { readonly line: number; readonly message: string }[];
  readonly completion: readonly string[];
  readonly hover: string;
  readonly exit_code: number;
}

const manifest = `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: cassandra
spec:
  serviceName: cassandra
  replica: 3
  selector:
    matchLabels:
      app: cassandra
  template:
    metadata:
      labels:
        app: cassandra
    spec:
      containers:
        - name: cassandra
          image: cassandra:5.0
          `;

/** Line of the manifest, from 0, that has the misspelt field. */
const misspeltLine = 6;

/** Drives an editor through one session: open, diagnostics, completion, hover, shutdown. */
export async function driveLanguageClient(stage: Stage, program: string, args: readonly string[]): Promise<void> {
  const file = path.join(stage.folder, 'cassandra.yaml');
  const reportFile = path.join(stage.folder, 'report.json');
  await writeFile(file, manifest);
  const result = await runCommand(program, args, {
    env: {
      ...process.env,
      HOME: stage.folder,
      SERVER_COMMAND: JSON.stringify(serverCommand),
      MANIFEST: file,
      POSITION_COMPLETION: '18:10',
      POSITION_HOVER: '5:6',
      REPORT: reportFile,
    },
    timeout: 90_000,
  });
  const report = await readReport(reportFile, `${result.stdout}${result.stderr}`);

  await stage.step('the session goes through', async () => {
    assert.deepEqual(report.errors, []);
    assert.equal(result.code, 0, result.stderr);
  });
  await stage.step('diagnostics stand at the misspelt field', async () => {
    const found = report.diagnostics.filter(({ line }) => line === misspeltLine);
    assert.match(found.map(({ message }) => message).join('\n'), /replicas/);
  });
  await stage.step('completion offers what a container may have, and not what it has', async () => {
    assert(report.completion.includes('readinessProbe'), report.completion.join(', '));
    assert(!report.completion.includes('image'), report.completion.join(', '));
  });
  await stage.step('hover explains the field', async () => {
    assert.match(report.hover, /serviceName/);
  });
  await stage.step('the server ends as it is told, with exit code 0', async () => {
    assert.equal(report.exit_code, 0);
  });
}

async function readReport(file: string, output: string): Promise<ClientReport> {
  const text = await readFile(file, 'utf8').catch(() => {
    throw new Error(`The editor wrote no report. It said:\n${output}`);
  });
  const value: unknown = JSON.parse(text);
  assert(isReport(value), `The editor's report is not complete: ${text}\n${output}`);
  return value;
}

function isReport(value: unknown): value is ClientReport {
  const keys = ['errors', 'diagnostics', 'completion', 'hover', 'exit_code'];
  return typeof value === 'object' && value !== null && keys.every((key) => Object.hasOwn(value, key));
}
