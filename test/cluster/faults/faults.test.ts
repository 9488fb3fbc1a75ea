import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { inProject } from '../../../scripts/editor/paths.mjs';
import { fullCluster } from '../bed/cluster.ts';
import { nodeMinor } from '../bed/versions.ts';
import type { Fault, FaultBed } from './fault.ts';
import { faults } from './index.ts';
import { activeFaults, applyFault, undoFault } from './journal.ts';

let folder = '';
let bed: FaultBed;
const events: string[] = [];

const trouble: Fault = {
  name: 'trouble',
  target: 'pod',
  summary: 'for this test',
  async apply(_, target, { seconds }) {
    events.push(`apply ${target} ${seconds ?? ''}`);
    if (seconds === 13) throw new Error('half-way');
    return { remembered: seconds ?? 0 };
  },
  async undo(_, target, memo) {
    events.push(`undo ${target} ${JSON.stringify(memo)}`);
  },
};

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'data-clusters-faults-'));
  bed = { cluster: { ...fullCluster(nodeMinor), folder }, access: { program: 'false', kubeconfig: '' } };
  events.length = 0;
});
afterEach(() => rm(folder, { recursive: true }));

test('each fault has a name of its own and a line in the page for contributors', async () => {
  const names = faults.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  const page = await readFile(inProject('docs', 'contributing', 'test-cluster-load.md'), 'utf8');
  expect(names.filter((name) => !page.includes(`\`${name}`))).toEqual([]);
});

describe('the journal of faults', () => {
  test('gives back what a fault remembered when it is undone, once', async () => {
    await applyFault(bed, trouble, 'kafka/kafka-1', { seconds: 5 });
    expect(await activeFaults(bed)).toMatchObject([{ fault: 'trouble', target: 'kafka/kafka-1' }]);
    await undoFault(bed, trouble, 'kafka/kafka-1');
    expect(events).toEqual(['apply kafka/kafka-1 5', 'undo kafka/kafka-1 {"remembered":5}']);
    expect(await activeFaults(bed)).toEqual([]);
    await expect(undoFault(bed, trouble, 'kafka/kafka-1')).rejects.toThrow('not there to be undone');
  });

  test('forgets a fault that lasted only as long as it was told to', async () => {
    await applyFault(bed, { ...trouble, apply: async () => undefined }, 'kafka/kafka-1', {});
    expect(await activeFaults(bed)).toEqual([]);
  });

  test('does not bring about twice what lasts already', async () => {
    await applyFault(bed, trouble, 'kafka/kafka-1', {});
    await expect(applyFault(bed, trouble, 'kafka/kafka-1', {})).rejects.toThrow('lasts already');
    await applyFault(bed, trouble, 'kafka/kafka-2', {});
    expect(await activeFaults(bed)).toHaveLength(2);
  });

  test('lets a fault be undone that broke half-way', async () => {
    await expect(applyFault(bed, trouble, 'kafka/kafka-1', { seconds: 13 })).rejects.toThrow('half-way');
    await undoFault(bed, trouble, 'kafka/kafka-1');
    expect(events.at(-1)).toBe('undo kafka/kafka-1 {}');
  });

  test.each([
    ['pod', 'kafka-1'],
    ['pod', '../x/y'],
    ['node', 'node9'],
    ['none', 'node1'],
  ] as const)('refuses as a %s the target "%s"', async (target, name) => {
    await expect(applyFault(bed, { ...trouble, target }, name, {})).rejects.toThrow(`trouble takes`);
    expect(events).toEqual([]);
  });
});
