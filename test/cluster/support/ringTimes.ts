import { asText, at, type JsonObject } from '../bed/json.ts';
import { isStep } from './restartTimes.ts';

/** Parts of one step of a ring, in the order in which they come; `act` is what is told to the node, as to close CQL and to drain. */
const ringParts = ['gate', 'act', 'drain', 'away', 'back', 'stable', 'hints', 'work', 'closing'] as const;
export type RingPart = (typeof ringParts)[number];

/** Where the time of one step went, in seconds. */
export interface StepTimes {
  readonly step: string;
  readonly parts: Readonly<Record<RingPart, number>>;
}

/** By what is waited for; what none of them knows is work of the step itself, such as a cleanup. */
const partsByWords: readonly (readonly [RegExp, RingPart])[] = [
  [/ to be drained| to see \S+ down/, 'drain'],
  [/ to end$| to be created| to be scheduled| to run\b/, 'away'],
  [/^nodetool of | to be NORMAL| up and normal$| to see .* up$| to open CQL| the schema of | for Kubernetes$/, 'back'],
  [/ to answer$/, 'back'],
  [/ to stay as it is/, 'stable'],
  [/ the writes kept for it /, 'hints'],
];

/** Every moment from the first word about a step to the last belongs to the part that was last heard of. */
export function ringTimes(events: readonly JsonObject[]): readonly StepTimes[] {
  const found = new Map<string, Record<RingPart, number>>();
  let part: RingPart = 'gate';
  let last: { readonly step: string; readonly time: number } | undefined;
  for (const event of events) {
    const step = asText(event['step']);
    if (event['type'] !== 'step' && event['type'] !== 'waiting') continue;
    const time = Date.parse(asText(event['time']));
    if (last !== undefined) {
      const parts = found.get(last.step) ?? noTime();
      parts[part] += (time - last.time) / 1000;
      found.set(last.step, parts);
    }
    part = partAfter(event);
    last = { step, time };
  }
  return [...found].map(([step, parts]) => ({ step, parts }));
}

function partAfter(event: JsonObject): RingPart {
  if (event['phase'] === 'gate') return 'gate';
  if (isStep(event, 'finishing') || isStep(event, 'done')) return 'closing';
  // Nothing is told between the act and the first thing that is waited for.
  if (isStep(event, 'acting') || isStep(event, 'awaiting')) return 'act';
  const text = asText(at(event, 'waitingFor'));
  return partsByWords.find(([words]) => words.test(text))?.[1] ?? 'work';
}

export function describeStepTimes({ step, parts }: StepTimes): string {
  const told = ringParts.filter((part) => parts[part] >= 0.05).map((part) => `${part} ${parts[part].toFixed(1)}`);
  const sum = ringParts.reduce((total, part) => total + parts[part], 0);
  return `${step} ${sum.toFixed(1)} s: ${told.join(', ')}`;
}

const noTime = (): Record<RingPart, number> => ({
  gate: 0,
  act: 0,
  drain: 0,
  away: 0,
  back: 0,
  stable: 0,
  hints: 0,
  work: 0,
  closing: 0,
});
