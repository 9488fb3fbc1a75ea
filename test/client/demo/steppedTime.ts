import type { Clock } from '#core/live/ports.ts';
import { Simulation, TICK_MS } from '#client/cluster/demo/simulation/simulation.ts';
import { kindNamed } from '#client/cluster/demo/simulation/kinds.ts';
import { addBase } from '#client/cluster/demo/simulation/scenario/base.ts';
import { playScenario } from '#client/cluster/demo/simulation/scenario/index.ts';

const START = Date.parse('2026-03-01T08:00:00Z');

/** A simulation whose time only moves when a test says so. */
export interface SteppedSimulation {
  readonly simulation: Simulation;
  readonly advance: (milliseconds: number) => void;
  /** Lets time pass without anything looking at it. */
  readonly skip: (milliseconds: number) => void;
  /** Runs until it holds. @returns how long that took; throws when it does not come to hold */
  readonly until: (holds: () => boolean, limitMs?: number) => number;
}

export function steppedSimulation(seed = 7): SteppedSimulation {
  let now = START;
  const clock: Clock = { now: () => now, after: () => ({ stop: () => {} }) };
  const simulation = new Simulation({ clock, seed });
  const step = (): void => {
    now += TICK_MS;
    simulation.tick();
  };
  return {
    simulation,
    skip: (milliseconds) => {
      now += milliseconds;
    },
    advance: (milliseconds) => {
      for (let passed = 0; passed < milliseconds; passed += TICK_MS) step();
    },
    until: (holds, limitMs = 600_000) => {
      const from = now;
      while (!holds()) {
        if (now - from > limitMs) throw new Error(`It did not come to hold within ${limitMs} ms`);
        step();
      }
      return now - from;
    },
  };
}

/** With the scenario played: troubles and all. */
export function playedSimulation(seed = 7): SteppedSimulation {
  const stepped = steppedSimulation(seed);
  playScenario(stepped.simulation, { advance: stepped.skip });
  return stepped;
}

/** A cluster with some of the scenario only, and no troubles yet. */
export function partOf(add: (simulation: Simulation) => void): SteppedSimulation {
  const stepped = steppedSimulation();
  addBase(stepped.simulation.world);
  add(stepped.simulation);
  return stepped;
}

export const merge = (simulation: Simulation, kind: string, namespace: string, name: string, patch: unknown): void => {
  simulation.world.writes.mergePatch(
    { kind: kindNamed(kind), namespace, manager: 'test', isDryRun: false },
    name,
    patch,
  );
};
