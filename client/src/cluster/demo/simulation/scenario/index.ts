import type { Simulation } from '../simulation.ts';
import { addBase } from './base.ts';
import { addCassandraRings, drainedMember } from './cassandraRings.ts';
import { addClickstream } from './clickstream.ts';
import { addFailingSpark, addRunningJobs } from './jobs.ts';
import { addKafkaClusters } from './kafkaClusters.ts';

/** Time as the scenario moves it: forward, by itself. */
export interface MovableTime {
  advance(milliseconds: number): void;
}

const STEP_MS = 2000;
const BEFORE_DRAIN_MS = 600_000;
const BEFORE_SPARK_MS = 240_000;
const BEFORE_NOW_MS = 330_000;

/** How much time the scenario needs before it is what people come to see. */
export const SCENARIO_MS = BEFORE_DRAIN_MS + BEFORE_SPARK_MS + BEFORE_NOW_MS;

/**
 * Fills the simulation and lets it run until its troubles have taken shape: a broker has been killed several times, a node has been
 * drained and left, a driver has failed twice. Beside them are clusters that are well.
 */
export function playScenario(simulation: Simulation, time: MovableTime): void {
  addBase(simulation.world);
  addKafkaClusters(simulation);
  addCassandraRings(simulation);
  addRunningJobs(simulation);
  addClickstream(simulation);
  run(simulation, time, BEFORE_DRAIN_MS);
  const ring = simulation.members.rings.get(drainedMember.cluster);
  const node = ring?.nodeOf(drainedMember.pod);
  if (ring !== undefined && node !== undefined) ring.drain(node, simulation.world.now());
  run(simulation, time, BEFORE_SPARK_MS);
  addFailingSpark(simulation);
  run(simulation, time, BEFORE_NOW_MS);
}

function run(simulation: Simulation, time: MovableTime, milliseconds: number): void {
  for (let passed = 0; passed < milliseconds; passed += STEP_MS) {
    time.advance(STEP_MS);
    simulation.tick();
  }
}
