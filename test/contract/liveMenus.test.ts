import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isUntrustedObject, listAt, textAt } from '#core/live/reading.ts';

/** Rows of the tree by the text their menus are chosen by; see contextValueOf in core/src/live/tree/row.ts. */
const rows = {
  context: 'context;connected;protected;writable;',
  namespace: 'namespace;writable;ordinary;',
  kafka: 'dataCluster.kafka;writable;ordinary;askable;exists;',
  tfjob: 'dataCluster.tfjob;writable;favourite;',
  spark: 'dataCluster.spark;readOnly;ordinary;',
  member: 'member.kafka;writable;exists;',
  lonelyMember: 'member.cassandra;exists;',
  missingMember: 'member.kafka;writable;',
  service: 'service;writable;',
  secret: 'secret;writable;',
  group: 'services;writable;',
  workload: 'workload;readOnly;',
  foreign: 'vsKubernetes.resource.service',
} as const;

type RowName = keyof typeof rows;

const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
const entries = listAt(manifest, 'contributes', 'menus', 'view/item/context').filter(isUntrustedObject);

function patternsOf(condition: string): readonly RegExp[] {
  return [...condition.matchAll(/viewItem =~ \/((?:[^/\\]|\\.)*)\//g)].map(([, source = '']) => new RegExp(source));
}

function commandsFor(row: RowName): readonly string[] {
  const offered = entries.filter((entry) => {
    const patterns = patternsOf(textAt(entry, 'when'));
    return patterns.length > 0 && patterns.every((pattern) => pattern.test(rows[row]));
  });
  return [...new Set(offered.map((entry) => textAt(entry, 'command').replace('dataClusters.', '')))];
}

const objectCommands = ['openYaml', 'describe', 'showEvents', 'copyName', 'copyKubectlCommand'];
const podCommands = [...objectCommands, 'followLogs', 'previousLogs', 'openShell', 'forwardPort'];
const all = new Set([...podCommands, 'openSparkUi', 'copyConnection', 'showSecretValues', 'chooseClusterForChecks']);

describe('menus of live rows', () => {
  it.each<readonly [RowName, readonly string[]]>([
    ['context', ['copyName', 'chooseClusterForChecks']],
    ['namespace', objectCommands],
    ['kafka', [...objectCommands, 'followLogs', 'openShell', 'forwardPort', 'copyConnection']],
    ['tfjob', [...objectCommands, 'followLogs', 'openShell', 'forwardPort']],
    ['spark', [...objectCommands, 'followLogs', 'openShell', 'forwardPort', 'copyConnection', 'openSparkUi']],
    ['member', podCommands],
    ['lonelyMember', podCommands],
    ['missingMember', ['copyName']],
    ['service', [...objectCommands, 'forwardPort']],
    ['secret', [...objectCommands, 'showSecretValues']],
    ['group', []],
    ['workload', objectCommands],
    ['foreign', []],
  ])('of %s offer what can be done with it', (row, commands) => {
    const offered = commandsFor(row).filter((command) => all.has(command));
    expect(offered.toSorted()).toEqual([...commands].toSorted());
  });
});
