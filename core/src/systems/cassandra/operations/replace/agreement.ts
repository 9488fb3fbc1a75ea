import type { LivePod } from '#core/live/objects.ts';
import { sizeText } from '#core/live/sizes.ts';
import type { Answer } from '#core/operations/model.ts';
import { textsIn, type StepValues } from '#core/operations/stepParameters.ts';
import type { ClaimNow } from '#core/systems/cassandra/operations/replace/lostVolume.ts';
import type { ReplaceParts } from '#core/systems/cassandra/operations/replace/replaceParts.ts';

/**
 * The point of no return: what goes is named, and its name typed by a person. Undefined when exactly this was agreed to before, told by the
 * uids of pod and claims; those that are gone meanwhile need no consent any more.
 */
export function unagreed(
  { pod: name, dead, typed }: ReplaceParts,
  pod: LivePod | undefined,
  claims: readonly ClaimNow[],
  memory: StepValues,
): Answer | undefined {
  const doomed = [dead, ...(pod ? [pod.meta.uid] : []), ...claims.map(({ uid }) => uid)];
  const agreed = textsIn(memory, 'agreed');
  if (doomed.every((one) => agreed.includes(one))) return undefined;
  const what = [...claims.map(claimText), ...(pod ? [`the pod ${name}`] : [])].join(' and ');
  const next =
    what === '' ? `${name} takes over the tokens of ${dead}` : `${what} will be deleted, with all data of ${name}`;
  return {
    kind: 'pause',
    reason: `Next, ${next}. This cannot be taken back.`,
    fix: `Go on by typing the name of the pod, ${typed}, when its data is lost or may be.`,
    remember: { agreed: doomed },
    typed,
  };
}

function claimText({ name, volume, size }: ClaimNow): string {
  const which = volume === '' ? 'no volume' : volume;
  return `PersistentVolumeClaim ${name} (${which}${size === undefined ? '' : `, ${sizeText(size)}`})`;
}
