import { describe, expect, it } from 'vitest';
import { describeLiveObject, eventsText, isEventAbout, timeOfEvent } from '#core/live/describe/describeObject.ts';
import { timeText } from '#core/live/describe/layout.ts';
import { edited, kafka, secret } from '#test/core/live/edit/objects.ts';

const now = Date.UTC(2026, 0, 1, 12, 0, 0);

const pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: 'orders-0',
    namespace: 'prod',
    uid: 'u',
    labels: { app: 'orders' },
    ownerReferences: [{ kind: 'StatefulSet', name: 'orders' }],
  },
  spec: {
    nodeName: 'node-1',
    containers: [
      {
        name: 'kafka',
        image: 'kafka:4\u001b[31m',
        ports: [{ containerPort: 9092, name: 'plain' }],
        env: [
          { name: 'HEAP', value: '1g' },
          { name: 'DB_PASSWORD', value: 'hunter2' },
          { name: 'LOGIN', valueFrom: { secretKeyRef: { name: 'login', key: 'user' } } },
        ],
      },
    ],
  },
  status: {
    phase: 'Running',
    containerStatuses: [
      {
        name: 'kafka',
        ready: false,
        restartCount: 4,
        state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 5m' } },
        lastState: { terminated: { exitCode: 137, reason: 'OOMKilled', finishedAt: '2026-01-01T11:58:00Z' } },
      },
    ],
    conditions: [
      { type: 'Ready', status: 'False', reason: 'ContainersNotReady', lastTransitionTime: '2026-01-01T11:00:00Z' },
    ],
  },
};

describe('describeLiveObject', () => {
  it('tells who a pod is, what runs in it and what happened', () => {
    const events = [
      {
        lastTimestamp: '2026-01-01T11:59:00Z',
        type: 'Warning',
        reason: 'BackOff',
        count: 12,
        message: 'Back-off\nrestarting',
      },
      { eventTime: '2026-01-01T11:00:00.000000Z', type: 'Normal', reason: 'Pulled', message: 'Image is there' },
    ];
    expect(describeLiveObject({ context: 'prod-eu', object: pod, events, now })).toBe(`Pod orders-0
============
Context      prod-eu
Namespace    prod
API version  v1
Owned by     StatefulSet orders
Uid          u
Phase        Running
Node         node-1
Labels       app=orders

Conditions
----------
Ready  False, ContainersNotReady, 2026-01-01 11:00:00Z, 60 min ago

Containers
----------
kafka
  State      waiting, CrashLoopBackOff, back-off 5m
  Last end   ended, OOMKilled, exit code 137, 2026-01-01 11:58:00Z, 2 min ago
  Ready      no
  Restarts   4
  Image      kafka:4 [31m
  Ports      9092 (plain)
  Variables  HEAP=1g
             DB_PASSWORD (hidden)
             LOGIN from the Secret login user

Events
------
2026-01-01 11:00:00Z, 60 min ago, Normal, Pulled
    Image is there
2026-01-01 11:59:00Z, 60 s ago, Warning, BackOff, 12 times
    Back-off restarting
`);
  });

  it('says that an operator has not acted upon the last change', () => {
    const text = describeLiveObject({
      context: 'c',
      object: edited(kafka, ['metadata', 'generation'], 4),
      events: undefined,
      now,
    });
    expect(text).toContain('Generation   4, of which 3 is acted upon so far');
    expect(text).toContain('They may not be read.');
    expect(text).not.toContain('"word"');
  });

  it('tells sizes of a Secret and nothing of its values', () => {
    const text = describeLiveObject({ context: 'c', object: secret, events: [], now });
    expect(text).toContain('password  7 bytes');
    expect(text).not.toMatch(/hunter2|aHVudGVyMg/);
  });

  it('survives any JSON', () => {
    const strange = {
      kind: 4,
      metadata: [],
      spec: { containers: [null, 'x', { env: {} }] },
      status: { conditions: [null] },
    };
    expect(() => describeLiveObject({ context: 'c', object: strange, events: [{}], now })).not.toThrow();
  });
});

describe('events', () => {
  it('are about an object by its uid, and without one by kind and name', () => {
    expect(isEventAbout({ involvedObject: { uid: 'u', name: 'other' } }, pod)).toBe(true);
    expect(isEventAbout({ involvedObject: { uid: 'old', kind: 'Pod', name: 'orders-0' } }, pod)).toBe(false);
    expect(isEventAbout({ involvedObject: { kind: 'Pod', name: 'orders-0' } }, pod)).toBe(true);
  });

  it('have the time of their last occurrence', () => {
    expect(
      timeOfEvent({ series: { lastObservedTime: '2026-01-01T12:00:00.5Z' }, eventTime: '2026-01-01T11:00:00Z' }),
    ).toBe(now + 500);
  });
});

describe('timeText', () => {
  it.each([0, now, Date.UTC(2024, 1, 29, 23, 59, 59), Date.UTC(1999, 11, 31), Date.UTC(2100, 2, 1)])(
    '%d is what Node prints',
    (at) => {
      expect(timeText(at)).toBe(`${new Date(at).toISOString().slice(0, 19).replace('T', ' ')}Z`);
    },
  );
});

describe('eventsText', () => {
  it('names what each event is about', () => {
    const events = [
      { type: 'Normal', reason: 'Created', involvedObject: { kind: 'Pod', name: 'a' }, message: 'x' },
      { type: 'Warning', reason: 'Failed', involvedObject: { kind: 'Kafka', name: 'orders' } },
    ];
    expect(eventsText('Events', events, now)).toBe(
      'Events\n======\nNormal, Created, Pod a\n    x\nWarning, Failed, Kafka orders\n',
    );
    expect(eventsText('Events', [], now)).toBe('Events\n======\nNone in the last hour.\n');
  });
});
