import { expect, test } from 'vitest';
import { describeStepTimes, ringTimes } from './ringTimes.ts';

const started = Date.parse('2026-01-01T00:00:00.000Z');
const event = (seconds: number, type: string, more: Record<string, string>): Record<string, string> => ({
  time: new Date(started + seconds * 1000).toISOString(),
  type,
  step: 'cassandra-0',
  ...more,
});
const step = (seconds: number, phase: string): Record<string, string> => event(seconds, 'step', { phase });
const waits = (seconds: number, waitingFor: string, phase = 'awaiting'): Record<string, string> =>
  event(seconds, 'waiting', { phase, waitingFor });

test('every moment of a step belongs to one part of it', () => {
  const events = [
    step(0, 'gate'),
    waits(4, 'the ring to be whole: cassandra-1 sees cassandra-2 down', 'gate'),
    step(10, 'acting'),
    step(15, 'awaiting'),
    waits(16, 'cassandra-1 to see cassandra-0 down'),
    waits(18, 'cassandra-0 to end'),
    waits(20, 'cassandra-0 to be created again'),
    waits(22, 'cassandra-0 to run'),
    waits(25, 'nodetool of cassandra-0 to answer'),
    waits(30, 'cassandra-0 to be NORMAL; it is STARTING'),
    waits(33, 'cassandra-1, cassandra-2 to see cassandra-0 up and normal'),
    waits(36, 'cassandra-0 to see cassandra-1 up'),
    waits(38, 'cassandra-0 to open CQL'),
    waits(40, 'cassandra-0 to be ready for Kubernetes'),
    waits(44, 'cassandra-0 to stay as it is for 10 s'),
    waits(55, 'cassandra-1 to send cassandra-0 the writes kept for it (2 files)'),
    step(60, 'finishing'),
    step(61, 'done'),
  ];
  const [times] = ringTimes(events);
  expect(times).toEqual({
    step: 'cassandra-0',
    parts: { gate: 10, act: 6, drain: 2, away: 7, back: 19, stable: 11, hints: 5, work: 0, closing: 1 },
  });
  expect(times && describeStepTimes(times)).toBe(
    'cassandra-0 61.0 s: gate 10.0, act 6.0, drain 2.0, away 7.0, back 19.0, stable 11.0, hints 5.0, closing 1.0',
  );
});

test('what is waited for and is none of a restart is work of the step', () => {
  const events = [
    step(0, 'gate'),
    step(5, 'acting'),
    step(6, 'awaiting'),
    waits(7, 'cassandra-0 to be cleaned up (Cleanup of shop.orders 12 %)'),
    step(17, 'finishing'),
  ];
  expect(ringTimes(events)[0]?.parts).toMatchObject({ gate: 5, act: 2, work: 10 });
});
