import { describe, expect, test } from 'vitest';
import { ago, ahead, duration } from '#core/live/durations.ts';
import { counted, plainText } from '#core/live/plainText.ts';
import { podTrouble } from '#core/live/podTrouble.ts';
import { parseTime } from '#core/live/reading.ts';
import {
  makeCondition,
  makeContainer,
  makeEnd,
  makePod,
  makeState,
  NOW,
  type PodSketch,
  secondsAgo,
} from '#test/support/jobObjects.ts';

const unscheduled = (reason: string, message: string, seconds = 300) =>
  makeCondition('PodScheduled', 'False', { reason, message, changedAt: secondsAgo(seconds) });

const FULL =
  '0/3 nodes are available: 1 node(s) had untolerated taint {dedicated: gpu}, 2 Insufficient cpu. preemption: 0/3 nodes are available: 3 No preemption victims found for incoming pod.';

const NOTHING = 'nothing';

/** What Kubernetes says of a pod, and what we make of it: level and sentence. */
const table: readonly (readonly [string, PodSketch, string])[] = [
  ['a pod that runs', { states: [makeState('kafka')] }, NOTHING],
  ['a pod that ended well', { phase: 'Succeeded', states: [makeState('main', { ended: makeEnd(0) })] }, NOTHING],
  [
    'no room',
    { phase: 'Pending', conditions: [unscheduled('Unschedulable', FULL)] },
    'unhealthy: cannot be scheduled: 0/3 nodes are available: 1 node(s) had untolerated taint {dedicated: gpu}, 2 Insufficient cpu',
  ],
  [
    'no room for a moment',
    { phase: 'Pending', conditions: [unscheduled('Unschedulable', FULL.slice(0, 23), 10)] },
    'working: cannot be scheduled: 0/3 nodes are available',
  ],
  [
    'a gate',
    {
      phase: 'Pending',
      conditions: [unscheduled('SchedulingGated', 'Scheduling is blocked due to non-empty scheduling gates')],
    },
    'working: is held back by a scheduling gate for 5 min',
  ],
  [
    'an image that is not there',
    {
      phase: 'Pending',
      node: 'node-1',
      containers: [makeContainer('kafka', { image: 'example/kafka:404' })],
      states: [makeState('kafka', { waitingReason: 'ImagePullBackOff', waitingMessage: 'Back-off pulling image' })],
    },
    'unhealthy: cannot pull the image of container kafka (example/kafka:404): Back-off pulling image',
  ],
  [
    'a Secret that is not there',
    {
      phase: 'Pending',
      node: 'node-1',
      states: [
        makeState('kafka', { waitingReason: 'CreateContainerConfigError', waitingMessage: 'secret "x" not found' }),
      ],
    },
    'unhealthy: lacks what is needed to create container kafka: secret "x" not found',
  ],
  [
    'a crash loop',
    {
      isReady: false,
      states: [makeState('kafka', { waitingReason: 'CrashLoopBackOff', restarts: 5, lastEnd: makeEnd(1) })],
    },
    'unhealthy: is in a crash loop: container kafka ended with exit code 1, 5 restarts',
  ],
  [
    'too little memory, again and again',
    {
      isReady: false,
      states: [
        makeState('kafka', {
          waitingReason: 'CrashLoopBackOff',
          restarts: 1,
          lastEnd: makeEnd(137, { reason: 'OOMKilled' }),
        }),
      ],
    },
    'unhealthy: is in a crash loop: container kafka ended with exit code 137 (OOMKilled), 1 restart',
  ],
  [
    'an init container that fails',
    {
      phase: 'Pending',
      node: 'node-1',
      states: [
        makeState('init', { isInit: true, waitingReason: 'CrashLoopBackOff', restarts: 3, lastEnd: makeEnd(2) }),
        makeState('kafka', { waitingReason: 'PodInitializing' }),
      ],
    },
    'unhealthy: is in a crash loop: init container init ended with exit code 2, 3 restarts',
  ],
  [
    'an init container that failed once',
    { phase: 'Pending', node: 'node-1', states: [makeState('init', { isInit: true, ended: makeEnd(2) })] },
    'unhealthy: has an init container init that ended with exit code 2',
  ],
  [
    'an init container at work',
    {
      phase: 'Pending',
      node: 'node-1',
      states: [makeState('init', { isInit: true, isReady: false, runningSince: secondsAgo(90) })],
    },
    'working: waits for init container init for 90 s',
  ],
  [
    'volumes that do not come',
    {
      phase: 'Pending',
      node: 'node-1',
      conditions: [makeCondition('PodScheduled', 'True', { changedAt: secondsAgo(240) })],
      states: [makeState('kafka', { waitingReason: 'ContainerCreating' })],
    },
    'warning: has been starting for 4 min',
  ],
  [
    'a scheduler that is down',
    { phase: 'Pending', meta: { createdAt: secondsAgo(200) } },
    'warning: has not been scheduled for 3 min',
  ],
  [
    'not ready',
    {
      isReady: false,
      conditions: [makeCondition('Ready', 'False', { reason: 'ContainersNotReady', changedAt: secondsAgo(250) })],
      states: [makeState('kafka', { isReady: false }), makeState('sidecar')],
    },
    'unhealthy: has not been ready for 4 min (container kafka)',
  ],
  [
    'not ready yet',
    {
      isReady: false,
      meta: { createdAt: secondsAgo(30) },
      states: [makeState('kafka', { isReady: false, runningSince: secondsAgo(20) })],
    },
    'working: has not been ready for 30 s (container kafka)',
  ],
  [
    'a restart a minute ago',
    { states: [makeState('kafka', { restarts: 1, lastEnd: makeEnd(143) })] },
    'warning: was restarted 60 s ago: container kafka ended with exit code 143 (SIGTERM)',
  ],
  [
    'a restart an hour ago',
    { states: [makeState('kafka', { restarts: 1, lastEnd: makeEnd(143, { finishedAt: secondsAgo(3_000) }) })] },
    NOTHING,
  ],
  [
    'a restart for memory an hour ago',
    { states: [makeState('kafka', { lastEnd: makeEnd(137, { reason: 'OOMKilled', finishedAt: secondsAgo(3_000) }) })] },
    'warning: was restarted 50 min ago: container kafka ended with exit code 137 (OOMKilled)',
  ],
  [
    'pressure on the node',
    { phase: 'Failed', reason: 'Evicted', message: 'The node was low on resource: memory. ' },
    'unhealthy: was evicted: The node was low on resource: memory',
  ],
  [
    'a drain',
    {
      phase: 'Failed',
      conditions: [
        makeCondition('DisruptionTarget', 'True', {
          reason: 'EvictionByEvictionAPI',
          message: 'Eviction API: evicting',
        }),
      ],
      states: [makeState('kafka', { ended: makeEnd(143) })],
    },
    'unhealthy: was evicted through the API, as a drain does: Eviction API: evicting',
  ],
  [
    'a failed container',
    {
      phase: 'Failed',
      states: [makeState('sidecar', { ended: makeEnd(0) }), makeState('main', { ended: makeEnd(139) })],
    },
    'unhealthy: failed: container main ended with exit code 139 (SIGSEGV)',
  ],
  [
    'a pod the node refused',
    { phase: 'Failed', reason: 'OutOfcpu', message: 'Pod was rejected: Node did not have enough resource' },
    'unhealthy: failed: OutOfcpu: Pod was rejected: Node did not have enough resource',
  ],
  [
    'a node that is gone',
    { phase: 'Unknown', isReady: false },
    'unknown: has not been heard of since its node node-1 stopped answering',
  ],
  [
    'a pod being deleted',
    { meta: { deletedAt: secondsAgo(-20) } },
    'working: is terminating, 20 s left of its grace period',
  ],
  [
    'one that will not go',
    { meta: { deletedAt: secondsAgo(400) } },
    'unhealthy: is terminating, 6 min beyond its grace period',
  ],
  [
    'a message of somebody else',
    {
      phase: 'Pending',
      node: 'node-1',
      states: [makeState('a\u001b[31m', { waitingReason: 'CreateContainerError', waitingMessage: 'x\r\n\u202ey' })],
    },
    'unhealthy: cannot create container a [31m: x y',
  ],
];

describe('what is wrong with a pod', () => {
  test.each(table)('%s', (_, sketch, expected) => {
    const trouble = podTrouble(makePod('p', sketch), NOW);
    expect(trouble === undefined ? NOTHING : `${trouble.level}: ${trouble.sentence}`).toBe(expected);
  });
});

describe('times', () => {
  test('durations are rounded down and change their unit at twice its length', () => {
    const lengths = [-5, 0, 40, 119, 120, 3_600, 7_199, 7_200, 172_799, 172_800].map((seconds) =>
      duration(seconds * 1_000),
    );
    expect(lengths).toEqual(['0 s', '0 s', '40 s', '119 s', '2 min', '60 min', '119 min', '2 h', '47 h', '2 days']);
  });

  test('the past and the future', () => {
    expect([ago(-3), ago(2_500), ahead(39_100), ahead(0)]).toEqual(['just now', '2 s ago', 'in 40 s', 'now']);
  });

  test('times of the server mean what they mean to Date', () => {
    const texts = [
      '2026-08-24T12:00:00Z',
      '2024-02-29T23:59:59.123456Z',
      '1969-12-31T23:59:59Z',
      '2000-03-01T00:00:00+02:00',
      '2100-02-28T01:02:03-05:30',
    ];
    expect(texts.map(parseTime)).toEqual(texts.map((text) => Date.parse(text)));
    expect(['', 'yesterday', '2026-08-24'].map(parseTime)).toEqual([undefined, undefined, undefined]);
  });
});

test('a text becomes one line without control characters, cut at its limit', () => {
  expect(plainText(' a\n\tb\u0000 ')).toBe('a b');
  expect(plainText('x'.repeat(300), 10)).toBe('xxxxxxxxx…');
  expect([counted(1, 'worker'), counted(2, 'worker')]).toEqual(['1 worker', '2 workers']);
});
