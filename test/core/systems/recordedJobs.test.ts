import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { judgeRecorded, objectsOf, readRecorded, sayingOf } from '#test/support/recordedObjects.ts';

/** What a real API server held: `node test/cluster/recordJobs.ts` writes it from the test bed. */
const recorded = readRecorded(readFileSync(new URL('../../fixtures/recorded/jobs.json', import.meta.url), 'utf8'));

describe('objects as a real API server held them are told as they were then', () => {
  test.each(recorded.states)('$by: $said', (state) => {
    const judged = judgeRecorded(objectsOf(recorded, state), state.key, state.at);
    expect(judged && sayingOf(judged.health)).toBe(state.said);
  });

  test('in at least 25 states that no replay wrote, of every level', () => {
    const real = recorded.states.filter(({ by }) => !by.startsWith('replayed'));
    expect(real.length).toBeGreaterThanOrEqual(25);
    const levels = new Set(real.map(({ said }) => said.slice(0, said.indexOf(':'))));
    expect([...levels].toSorted()).toEqual(['done', 'healthy', 'unhealthy', 'unknown', 'warning', 'working']);
  });

  test('and with them nothing that belongs to a machine or to nobody', () => {
    const text = JSON.stringify(recorded);
    expect(text).not.toMatch(/managedFields|last-applied|\/root\/|\/home\/|\/tmp\/(?!spark)/);
  });

  test('an object that is left out changes what is said, or is said to be missing', () => {
    const whole = recorded.states.filter(({ said, objects }) => said.startsWith('healthy') && objects.length > 1);
    expect(whole.length).toBeGreaterThan(3);
    for (const state of whole) {
      // The first is the job itself, or the driver.
      const judged = judgeRecorded(objectsOf(recorded, state).slice(1), state.key, state.at);
      expect(judged && sayingOf(judged.health)).not.toBe(state.said);
    }
  });
});
