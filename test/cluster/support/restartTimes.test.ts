import { expect, test } from 'vitest';
import { describeTimes, restartTimes } from './restartTimes.ts';

const started = Date.parse('2026-01-01T00:00:00.000Z');
const step = (seconds: number, phase: string): { time: string; type: string; phase: string } => ({
  time: new Date(started + seconds * 1000).toISOString(),
  type: 'step',
  phase,
});

test('every moment of a restart is counted once: plan, gates, members, elections, end', () => {
  const events = [
    { time: new Date(started + 1000).toISOString(), type: 'plan' },
    step(2, 'gate'),
    { time: new Date(started + 2500).toISOString(), type: 'waiting', phase: 'gate' },
    step(4, 'acting'),
    step(4.5, 'awaiting'),
    step(20, 'finishing'),
    step(21, 'done'),
    step(22, 'gate'),
    step(23, 'acting'),
    step(23.5, 'awaiting'),
    step(40, 'finishing'),
    step(40.5, 'done'),
  ];
  const times = restartTimes(events, started, started + 41_000);
  expect(times).toEqual({ plan: 2, gates: 5, members: [15.5, 16.5], closing: 1.5, end: 0.5 });
  expect(describeTimes(times)).toMatch(
    /^41\.0 s in all; members out and back 15\.5 \+ 16\.5 = 32\.0 s, 1\.28 times that/,
  );
});
