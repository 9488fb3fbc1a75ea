import type { Asker } from '#client/operations/asker.ts';
import type { WishSubject } from '#client/operations/wishes/parts.ts';
import type { DataCluster } from '#core/live/model.ts';
import type { ResubmitWish, ScheduleWish, WorkersWish } from '#core/operations/wishes.ts';
import { splitDocuments } from '#core/yaml/documents.ts';
import { textAt } from '#core/yaml/nodes.ts';
import { parseDocumentText } from '#core/yaml/parse.ts';

const COUNT = /^\s*(\d{1,4})(?:\s*-\s*(\d{1,4}))?\s*$/;

/** One number, or the two bounds inside which the job changes it by itself. */
export async function askWorkers({ data }: WishSubject, asker: Asker): Promise<WorkersWish | undefined> {
  const now = data.members.filter(({ role }) => role === 'worker' || role === 'executor').length;
  const text = await asker.input({
    title: `Change the workers of ${data.name}`,
    prompt: `How many there shall be; now there are ${now}. Of a job that changes their number by itself its bounds, such as 2-8.`,
    value: String(now),
    validate: (typed) => (COUNT.test(typed) ? undefined : 'Write a number, or two with a dash between them.'),
  });
  const [, from, to] = COUNT.exec(text ?? '') ?? [];
  if (from === undefined) return undefined;
  if (to === undefined) return { operation: 'workers', to: Number(from) };
  return { operation: 'workers', min: Number(from), max: Number(to) };
}

export async function askSchedule({ data }: WishSubject, asker: Asker): Promise<ScheduleWish | undefined> {
  const to = await asker.pick<ScheduleWish['to']>(`The schedule of ${data.name}`, [
    { label: 'Pause it', detail: 'No new run is started; runs that are under way are left alone.', value: 'paused' },
    { label: 'Resume it', detail: 'Runs are started again when they are due.', value: 'running' },
  ]);
  return to && { operation: 'schedule', to };
}

/** A document that is open. */
export interface OpenText {
  /** For people: the name of its file. */
  readonly title: string;
  readonly text: string;
}

/**
 * The changed manifest, from the document in front. Where that is none of the job, `openManifest` shows the job as it is, to be changed,
 * and nothing is wished yet.
 */
export async function askResubmit(
  { data }: WishSubject,
  front: OpenText | undefined,
  asker: Asker,
  openManifest: () => Promise<void>,
): Promise<ResubmitWish | undefined> {
  if (!front || !isManifestOf(front.text, data)) {
    await openManifest();
    return undefined;
  }
  const isTaken = await asker.pick(`Edit and resubmit ${data.name}`, [
    {
      label: `Use ${front.title}`,
      detail: 'The plan says what each of its changes does, and asks before anything is killed.',
      value: true,
    },
    { label: 'Open the job as it is now', detail: 'Change it there, then choose this again.', value: false },
  ]);
  if (isTaken === undefined) return undefined;
  if (isTaken) return { operation: 'resubmit', manifest: front.text };
  await openManifest();
  return undefined;
}

function isManifestOf(text: string, { name, resource }: DataCluster): boolean {
  return splitDocuments(text).some(({ start, end }) => {
    const { root } = parseDocumentText(text.slice(start, end));
    const isKind = resource === undefined || textAt(root, ['kind']) === resource.customKind;
    return isKind && textAt(root, ['metadata', 'name']) === name;
  });
}
