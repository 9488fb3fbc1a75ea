import { describe, expect, it } from 'vitest';
import type { KeyspaceReplication } from '#core/systems/cassandra/nodetool/describeCluster.ts';
import type { ReplicaRange } from '#core/systems/cassandra/nodetool/describeRing.ts';
import { quorumLosses } from '#core/systems/cassandra/operations/safety.ts';
import { buildRing } from '#core/systems/cassandra/ring.ts';
import { answersOf, hostId } from '#test/core/systems/cassandra/sketches.ts';
import type { FakeClock } from '#test/support/fakeClock.ts';
import type { Random } from '#test/support/random.ts';
import { liveThrough } from './disturbedRuns.ts';
import { SimulatedMembers, type MemberRule } from './simulatedMembers.ts';

/** Each restarts a ring of three to nine nodes; one in three takes the replicas of every range from `describering`. */
const SCHEDULES = 120;

interface Node {
  readonly index: number;
  readonly datacenter: string;
  readonly rack: string;
}

interface Ring {
  readonly nodes: readonly Node[];
  readonly factors: Readonly<Record<string, number>>;
  /** The nodes of every range, by their numbers. */
  readonly replicas: readonly (readonly number[])[];
}

/** One or two datacenters, one to four racks each, with tokens by chance. */
function ringOf(random: Random): Ring {
  const datacenters = random.below(3) === 0 ? ['dc1', 'dc2'] : ['dc1'];
  const size = 3 + random.below(7);
  const racks = 1 + random.below(4);
  const nodes = Array.from({ length: size }, (_, index) => ({
    index,
    datacenter: datacenters[index % datacenters.length] ?? 'dc1',
    rack: `r${Math.floor(index / datacenters.length) % racks}`,
  }));
  const factors = Object.fromEntries(
    datacenters.map((name) => {
      const local = nodes.filter(({ datacenter }) => datacenter === name).length;
      return [name, Math.min(local, random.below(8) === 0 ? 2 : 3 + random.below(3))];
    }),
  );
  const circle = Array.from({ length: size * 4 }, () => nodes[random.below(size)]).flatMap((node) => node ?? []);
  // Every node owns something.
  circle.push(...nodes);
  const replicas = circle.map((_, start) => {
    const walk = [...circle.slice(start), ...circle.slice(0, start)];
    return Object.entries(factors).flatMap(([name, factor]) => placed(walk, name, factor));
  });
  return { nodes, factors, replicas };
}

/** As NetworkTopologyStrategy does: along the circle, no second node of a rack while another rack has none. */
function placed(walk: readonly Node[], datacenter: string, factor: number): readonly number[] {
  const local = [...new Set(walk.filter((node) => node.datacenter === datacenter))];
  const racks = new Set(local.map(({ rack }) => rack)).size;
  const chosen: Node[] = [];
  const skipped: Node[] = [];
  for (const node of local) {
    if (chosen.length === factor) break;
    if (chosen.every(({ rack }) => rack !== node.rack)) chosen.push(node);
    else skipped.push(node);
    if (new Set(chosen.map(({ rack }) => rack)).size === racks)
      chosen.push(...skipped.splice(0, factor - chosen.length));
  }
  return [...chosen, ...skipped].slice(0, factor).map(({ index }) => index);
}

/** Counts the replicas that are left of every range: over all datacenters, and in each for itself. */
function keepsQuorum({ nodes, factors, replicas }: Ring, out: readonly number[]): boolean {
  const quorum = (factor: number): number => Math.floor(factor / 2) + 1;
  const total = Object.values(factors).reduce((sum, factor) => sum + factor, 0);
  return replicas.every((range) => {
    const left = range.filter((index) => !out.includes(index));
    if (left.length < quorum(total)) return false;
    return Object.entries(factors).every(([name, factor]) => {
      const isTouched = out.some((index) => nodes[index]?.datacenter === name);
      return !isTouched || left.filter((index) => nodes[index]?.datacenter === name).length >= quorum(factor);
    });
  });
}

/** What the product says of it, with the ranges or without. */
function ruleOf(ring: Ring, hasRanges: boolean): MemberRule & { readonly together: { times: number } } {
  const { nodes, factors, replicas } = ring;
  const sees = nodes.map(() => 'UN');
  const answers = answersOf({
    racks: nodes.map(({ rack }) => rack),
    datacenters: nodes.map(({ datacenter }) => datacenter),
    views: { 0: { sees } },
  });
  const view = buildRing(answers, [], []);
  const addresses = (answers[0]?.status?.rows ?? []).map(({ address }) => address);
  const ranges = replicas.map((range, place): ReplicaRange => {
    const at = range.flatMap((index) => addresses[index] ?? []);
    return { start: String(place), end: String(place + 1), addresses: at };
  });
  const keyspace: KeyspaceReplication = { keyspace: 'shop', strategy: 'NetworkTopologyStrategy', factors };
  const together = { times: 0 };
  return {
    together,
    mayGo: (index, out) => {
      const away = new Set([index, ...out].map(hostId));
      const isFree =
        quorumLosses(view, [keyspace], away, hasRanges ? new Map([['shop', ranges]]) : new Map()).length === 0;
      if (isFree && out.length > 0) together.times += 1;
      return isFree;
    },
    isKept: (out) => keepsQuorum(ring, out),
  };
}

describe('promises of a ring, over random schedules', () => {
  it('keeps a QUORUM of every range while nodes go by the mathematics of replicas, whatever falls out besides', async () => {
    const seen = { done: 0, kills: 0, together: 0, refused: 0 };
    for (let seed = 1; seed <= SCHEDULES; seed += 1) {
      const rules: ReturnType<typeof ruleOf>[] = [];
      const make = (clock: FakeClock, random: Random): SimulatedMembers => {
        const ring = ringOf(random);
        const rule = ruleOf(ring, seed % 3 === 0);
        rules.push(rule);
        return new SimulatedMembers(clock, random, {
          members: ring.nodes.length,
          lossPercent: random.below(8),
          breakPercent: random.below(3),
          accidentPercent: random.below(8),
          rule,
        });
      };
      const { system, last, kills } = await liveThrough(make, seed);
      expect(system.breaches, `seed ${seed}`).toEqual([]);
      expect(last, `seed ${seed} does not end`).toBeDefined();
      seen.kills += kills;
      seen.together += rules[0]?.together.times ?? 0;
      if (last?.state.kind === 'done') seen.done += 1;
      else {
        expect(last?.state, `seed ${seed}`).toHaveProperty('reason');
        seen.refused += 1;
      }
    }
    // Each side of the rule must have been put to the test.
    expect(Math.min(seen.done, seen.kills, seen.together, seen.refused)).toBeGreaterThan(5);
  }, 60_000);
});
