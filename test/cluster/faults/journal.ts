import { existsSync, readdirSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { inCluster } from '../bed/cluster.ts';
import { asObject, asText, parseJsonObject } from '../bed/json.ts';
import type { Fault, FaultBed, FaultOptions, Memo } from './fault.ts';
import { faults } from './index.ts';

export interface ActiveFault {
  readonly fault: string;
  readonly target: string;
  readonly since: string;
  readonly memo: Memo;
}

/** Brings a fault about and remembers how to undo it. Throws when the same one lasts already. */
export async function applyFault(bed: FaultBed, fault: Fault, target: string, options: FaultOptions): Promise<void> {
  requireTarget(fault, target);
  const file = fileOf(bed, fault.name, target);
  if (existsSync(file)) throw new Error(`${fault.name} ${target} lasts already. Undo it first.`);
  await mkdir(folderOf(bed), { recursive: true });
  const since = new Date().toISOString();
  const write = (memo: Memo): Promise<void> =>
    writeFile(file, JSON.stringify({ fault: fault.name, target, since, memo }));
  // Before anything happens, so that what breaks half-way can be undone too.
  await write({});
  const memo = await fault.apply(bed, target, options);
  if (memo === undefined) await rm(file);
  else await write(memo);
}

/** Undoes a fault that lasts; throws when there is none. */
export async function undoFault(bed: FaultBed, fault: Fault, target: string): Promise<void> {
  const active = (await activeFaults(bed)).find((one) => one.fault === fault.name && one.target === target);
  if (active === undefined) throw new Error(`${fault.name} ${target} is not there to be undone.`);
  await fault.undo(bed, target, active.memo);
  await rm(fileOf(bed, fault.name, target), { force: true });
}

/** Undoes everything that lasts, the latest first. */
export async function undoAll(bed: FaultBed): Promise<readonly ActiveFault[]> {
  const active = (await activeFaults(bed)).toSorted((a, b) => b.since.localeCompare(a.since));
  for (const { fault, target } of active) {
    const known = faults.find(({ name }) => name === fault);
    if (known !== undefined) await undoFault(bed, known, target);
  }
  return active;
}

export async function activeFaults(bed: FaultBed): Promise<readonly ActiveFault[]> {
  const folder = folderOf(bed);
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : [];
  return Promise.all(files.map((name) => readActive(inCluster(bed.cluster, 'faults', name))));
}

async function readActive(file: string): Promise<ActiveFault> {
  const { fault, target, since, memo } = parseJsonObject(await readFile(file, 'utf8'));
  return { fault: asText(fault), target: asText(target), since: asText(since), memo: asObject(memo) };
}

const targets = { pod: /^[a-z0-9-]+\/[a-z0-9.-]+$/, node: /^node[1-6]$/, none: /^$/ } as const;
const forms = { pod: 'a pod as namespace/name', node: 'a node such as node1', none: 'no target' } as const;

function requireTarget({ name, target: form }: Fault, target: string): void {
  if (!targets[form].test(target)) throw new Error(`${name} takes ${forms[form]}, not "${target}".`);
}

const folderOf = ({ cluster }: FaultBed): string => inCluster(cluster, 'faults');
const fileOf = (bed: FaultBed, fault: string, target: string): string =>
  inCluster(bed.cluster, 'faults', `${fault}@${target.replace('/', '.')}.json`);
