import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isObject, listAt, textAt } from '#core/json.ts';

/** Rows of the tree by the text their menus are chosen by; see contextValueOf in core/src/live/tree/row.ts. */
const rows = {
  context: 'context;connected;protected;writable;',
  namespace: 'namespace;writable;ordinary;',
  executor: 'member.spark;writable;exists;canMove;',
  sparkOnNodes: 'dataCluster.spark;writable;ordinary;exists;canMove;',
  kafka: 'dataCluster.kafka;writable;ordinary;askable;exists;canRestart;canDrain;canRebalance;canScale;canConfigure;',
  tfjob: 'dataCluster.tfjob;writable;favourite;',
  spark: 'dataCluster.spark;readOnly;ordinary;',
  runningJob: 'dataCluster.tfjob;writable;ordinary;exists;canRerun;canSuspend;canResubmit;canChangeWorkers;canStop;',
  suspendedJob: 'dataCluster.tfjob;writable;ordinary;exists;canUnsuspend;canStop;',
  schedule: 'dataCluster.spark;writable;ordinary;exists;canSchedule;',
  member: 'member.kafka;writable;exists;canRestart;canDrain;canConfigure;',
  ring: 'dataCluster.cassandra;writable;ordinary;exists;canReplace;',
  lostMember: 'member.cassandra;writable;canReplace;',
  lonelyMember: 'member.cassandra;exists;',
  missingMember: 'member.kafka;writable;',
  service: 'service;writable;',
  secret: 'secret;writable;',
  group: 'services;writable;',
  workload: 'workload;readOnly;',
  operator: 'operator;readOnly;',
  helmRelease: 'helmRelease;writable;canRollBack;',
  helmRevision: 'helmRevision;writable;canRollBack;',
  onlyRelease: 'helmRelease;writable;',
  operations: 'operationGroup;writable;',
  runningHere: 'operation;writable;unfinished;running;',
  runningElsewhere: 'operation;writable;unfinished;running;resumable;',
  paused: 'operation;writable;unfinished;resumable;',
  pausedReadOnly: 'operation;readOnly;unfinished;resumable;',
  done: 'operation;writable;ended;',
  foreign: 'vsKubernetes.resource.service',
} as const;

type RowName = keyof typeof rows;

const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
const entries = listAt(manifest, 'contributes', 'menus', 'view/item/context').filter(isObject);

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
const releaseCommands = ['showRelease', 'compareRevisions', 'showReleaseHistory', 'compareReleaseWithCluster'];
const others = [
  'showDetail',
  'showOperator',
  'driverLog',
  'decidingLog',
  'openSparkUi',
  'copyConnection',
  'showSecretValues',
  'chooseClusterForChecks',
];
const memberOperations = ['safeRestart', 'drain', 'applyConfiguration'];
const operations = [...memberOperations, 'rebalance', 'scale'];
const jobVerbs = ['rerunJob', 'suspendJob', 'resumeJob', 'resubmitJob', 'changeWorkers', 'changeSchedule', 'stopJob'];
const jobCommands = [...objectCommands, 'showDetail', 'followLogs', 'openShell', 'forwardPort'];
const ofOperation = ['showOperation', 'showOperationReport'];
const ofRuns = ['pauseOperation', 'resumeOperation', 'cancelOperation'];
const all = new Set([
  'moveOffNode',
  'replaceDeadNode',
  ...jobVerbs,
  'rollBackRelease',
  ...podCommands,
  ...releaseCommands,
  ...others,
  ...operations,
  ...ofOperation,
  ...ofRuns,
]);

describe('menus of live rows', () => {
  it.each<readonly [RowName, readonly string[]]>([
    ['context', ['copyName', 'chooseClusterForChecks']],
    ['namespace', objectCommands],
    [
      'kafka',
      [...objectCommands, ...operations, 'showDetail', 'followLogs', 'openShell', 'forwardPort', 'copyConnection'],
    ],
    ['tfjob', [...jobCommands, 'decidingLog']],
    [
      'runningJob',
      [...jobCommands, 'decidingLog', 'rerunJob', 'suspendJob', 'resubmitJob', 'changeWorkers', 'stopJob'],
    ],
    ['suspendedJob', [...jobCommands, 'decidingLog', 'resumeJob', 'stopJob']],
    ['schedule', [...jobCommands, 'copyConnection', 'openSparkUi', 'driverLog', 'changeSchedule']],
    [
      'spark',
      [
        ...objectCommands,
        'showDetail',
        'followLogs',
        'openShell',
        'forwardPort',
        'copyConnection',
        'openSparkUi',
        'driverLog',
      ],
    ],
    ['member', [...podCommands, ...memberOperations]],
    ['executor', [...podCommands, 'moveOffNode']],
    [
      'sparkOnNodes',
      [
        ...objectCommands,
        'showDetail',
        'followLogs',
        'openShell',
        'forwardPort',
        'copyConnection',
        'openSparkUi',
        'driverLog',
        'moveOffNode',
      ],
    ],
    [
      'ring',
      [...objectCommands, 'showDetail', 'followLogs', 'openShell', 'forwardPort', 'copyConnection', 'replaceDeadNode'],
    ],
    ['lostMember', ['copyName', 'replaceDeadNode']],
    ['lonelyMember', podCommands],
    ['missingMember', ['copyName']],
    ['service', [...objectCommands, 'forwardPort']],
    ['secret', [...objectCommands, 'showSecretValues']],
    ['group', []],
    ['workload', objectCommands],
    ['operator', [...objectCommands, 'showOperator']],
    ['helmRelease', [...releaseCommands, 'rollBackRelease']],
    ['helmRevision', [...releaseCommands, 'rollBackRelease']],
    ['onlyRelease', releaseCommands],
    ['operations', []],
    ['runningHere', [...ofOperation, 'pauseOperation', 'cancelOperation']],
    ['runningElsewhere', [...ofOperation, ...ofRuns]],
    ['paused', [...ofOperation, 'resumeOperation', 'cancelOperation']],
    ['pausedReadOnly', ofOperation],
    ['done', ofOperation],
    ['foreign', []],
  ])('of %s offer what can be done with it', (row, commands) => {
    const offered = commandsFor(row).filter((command) => all.has(command));
    expect(offered.toSorted()).toEqual([...commands].toSorted());
  });
});
