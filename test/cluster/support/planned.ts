import assert from 'node:assert/strict';
import { asArray, asText, at, type Json, type JsonObject } from '../bed/json.ts';
import type { ProgramRun } from './program.ts';
import { isStep } from './restartTimes.ts';

/** What the plan of a run says was checked. */
const checksOf = ({ events }: ProgramRun): readonly Json[] =>
  asArray(
    at(
      events.find(({ type }) => type === 'plan'),
      'plan',
      'preconditions',
    ),
  );

/** Ids of the checks that are in a state such as `fails`. */
export const checksIn = (program: ProgramRun, state: string): readonly string[] =>
  checksOf(program)
    .filter((check) => at(check, 'state') === state)
    .map((check) => asText(at(check, 'id')));

/** Everything that a check found, on one line; fails when the plan has no such check. */
export function evidenceOf(program: ProgramRun, id: string): string {
  const check = checksOf(program).find((one) => at(one, 'id') === id);
  assert.ok(check !== undefined, `the plan has no check ${id}: ${told(program)}`);
  return asArray(at(check, 'evidence')).map(asText).join('; ');
}

/** A run that was not begun, because of these checks and of no others but those that may fail `besides`, sooner or later. */
export function assertRefused(
  program: ProgramRun,
  ids: readonly string[],
  evidence: RegExp,
  besides: readonly string[] = [],
): string {
  assert.equal(program.code, 2, told(program));
  const failing = checksIn(program, 'fails').filter((id) => !besides.includes(id));
  assert.deepEqual(failing, ids, told(program));
  const found = ids.map((id) => evidenceOf(program, id)).join('; ');
  assert.match(found, evidence);
  assert.deepEqual(stepsIn(program, 'acting'), []);
  return found;
}

/** Steps of which a run said that they are in a phase. */
export const stepsIn = ({ events }: ProgramRun, phase: string): readonly string[] =>
  events.filter((event) => isStep(event, phase)).map(({ step }) => asText(step));

export const isWaiting = ({ type, waitingFor }: JsonObject, what: RegExp): boolean =>
  type === 'waiting' && what.test(asText(waitingFor));

/** How a run ended, as it says itself. */
export const endOf = ({ events }: ProgramRun): Json | undefined =>
  at(
    events.findLast(({ type }) => type === 'state'),
    'state',
  );

/** Why a run ended as it did, for whoever reads a failure. */
export function told(program: ProgramRun): string {
  const fails = checksOf(program).filter((check) => at(check, 'state') === 'fails');
  const end = JSON.stringify(program.events.slice(-3));
  return `exit ${program.code}: ${program.err}\n${JSON.stringify(fails)}\nacted on ${stepsIn(program, 'acting').join(', ')}\n${end}`;
}
