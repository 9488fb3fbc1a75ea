import { describe, expect, test } from 'vitest';
import { createGossipJudge } from './gossip.ts';
import { createRingClock } from './ringSeconds.ts';

const row = (hostId: string, heartbeat: number, status = 'NORMAL,-1', generation = 1) => ({
  hostId,
  generation,
  heartbeat,
  status,
});

describe('gossip', () => {
  test('a host whose heart stands still is down after some patience, and up with its next beat', () => {
    const { judge } = createGossipJudge();
    expect(judge([row('a', 5)], 0)).toEqual({ up: ['a'], down: [] });
    expect(judge([row('a', 5)], 9)).toEqual({ up: ['a'], down: [] });
    expect(judge([row('a', 5)], 11)).toEqual({ up: [], down: ['a'] });
    expect(judge([row('a', 6)], 12)).toEqual({ up: ['a'], down: [] });
  });

  test('a host that announced its end is down at once', () => {
    const { judge } = createGossipJudge();
    expect(judge([row('a', 5), row('b', 2_147_483_647, 'shutdown,true')], 0)).toEqual({ up: ['a'], down: ['b'] });
  });

  test('a host that came back under another address is judged by its newer life', () => {
    const { judge } = createGossipJudge();
    const rows = [row('a', 9, 'shutdown,true', 1), row('a', 2, 'NORMAL,-1', 2)];
    expect(judge(rows, 0)).toEqual({ up: ['a'], down: [] });
  });

  test('a host that joins, and one that has left, are not away', () => {
    const { judge } = createGossipJudge();
    const rows = [row('a', 5), row('b', 5, 'BOOT,-9'), row('c', 5, 'LEFT,-9,1795944000000')];
    expect(judge(rows, 0)).toEqual({ up: ['a'], down: [] });
  });
});

describe('time of the ring', () => {
  const members = ['m0', 'm1', 'm2'];
  const all = ['a', 'b', 'c'];
  const whole = members.map((member) => ({ member, up: all, down: [] }));

  test('is whole while everybody sees everybody', () => {
    const clock = createRingClock();
    for (const at of [0, 2]) clock.add({ at, views: whole });
    expect(clock.summarize()).toMatchObject({ allUpSeconds: 2, disagreementSeconds: 0, quorumAtRiskSeconds: 0 });
  });

  test('shows disagreement, silence and who was down for how long', () => {
    const clock = createRingClock();
    const views = [
      { member: 'm0', up: ['a', 'b'], down: ['c'] },
      { member: 'm1', up: all, down: [] },
      { member: 'm2', up: undefined, down: [] },
    ];
    clock.add({ at: 0, views });
    clock.add({ at: 3, views: whole });
    expect(clock.summarize()).toMatchObject({
      allUpSeconds: 0,
      disagreementSeconds: 3,
      downSeconds: { c: 3 },
      silentSeconds: { m2: 3 },
      maxAwayAtOnce: 1,
    });
  });

  test('what is down for peers, silent for clients, and both, are told apart', () => {
    const clock = createRingClock();
    const silent = (member: string) => ({ member, up: undefined, down: [] });
    clock.add({ at: 0, views: [{ member: 'm0', up: all, down: [] }, silent('m1'), silent('m2')] });
    clock.add({ at: 1, views: members.map(silent) });
    clock.add({ at: 3, views: [{ member: 'm0', up: ['a'], down: ['b', 'c'] }, silent('m1'), silent('m2')] });
    clock.add({ at: 7, views: whole });
    expect(clock.summarize()).toMatchObject({ severalDownSeconds: 4, allSilentSeconds: 2, quorumAtRiskSeconds: 7 });
  });

  test('two members away at once put a quorum of three at risk', () => {
    const clock = createRingClock();
    clock.add({ at: 0, views: [{ member: 'm0', up: ['a'], down: ['b', 'c'] }] });
    clock.add({ at: 4, views: [{ member: 'm0', up: ['a'], down: ['b', 'c'] }] });
    expect(clock.summarize()).toMatchObject({ quorumAtRiskSeconds: 4, maxAwayAtOnce: 2 });
  });
});
