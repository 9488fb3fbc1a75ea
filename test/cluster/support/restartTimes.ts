import { asText, type JsonObject } from '../bed/json.ts';

/** Where the time of one safe restart went, in seconds. */
export interface RestartTimes {
  /** From the start of the program to its first word about a step: the cluster is read and the plan is made. */
  readonly plan: number;
  /** Asking whether the next member may go, and writing down that it does. */
  readonly gates: number;
  /** Each member by itself, from its eviction until it was in sync again. */
  readonly members: readonly number[];
  /** Electing preferred leaders and writing down that a member is back. */
  readonly closing: number;
  /** From the last member to the end of the program. */
  readonly end: number;
}

export const isStep = ({ type, phase }: JsonObject, wanted: string): boolean => type === 'step' && phase === wanted;

/** What a run says of itself with `-o json`; `started` and `ended` are the program's, in milliseconds. */
export function restartTimes(events: readonly JsonObject[], started: number, ended: number): RestartTimes {
  const steps = events.filter(({ type }) => type === 'step');
  const at = (event: JsonObject | undefined): number => Date.parse(asText(event?.['time']));
  let [gates, closing, last] = [0, 0, at(steps[0])];
  const members: number[] = [];
  for (const event of steps) {
    const passed = (at(event) - last) / 1000;
    if (isStep(event, 'finishing')) members.push(passed);
    else if (isStep(event, 'done')) closing += passed;
    else gates += passed;
    last = at(event);
  }
  const plan = (at(steps[0]) - started) / 1000;
  return { plan, gates, members, closing, end: (ended - last) / 1000 };
}

export const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

export function describeTimes({ plan, gates, members, closing, end }: RestartTimes): string {
  const each = members.map((one) => one.toFixed(1)).join(' + ');
  const own = sumOf(members);
  const wall = own + plan + gates + closing + end;
  return (
    `${wall.toFixed(1)} s in all; members out and back ${each} = ${own.toFixed(1)} s, ${(wall / own).toFixed(2)} times ` +
    `that; plan ${plan.toFixed(1)} s, gates ${gates.toFixed(1)} s, elections ${closing.toFixed(1)} s, end ${end.toFixed(1)} s`
  );
}
