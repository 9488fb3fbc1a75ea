import { healthOf, type Judgement } from '#core/live/jobs/judgement.ts';
import type { DataCluster, Health } from '#core/live/model.ts';
import { plainText } from '#core/live/plainText.ts';

/** Whether pods may be there that nobody may see; then a missing one says nothing. */
export function arePodsHidden({ hidden }: DataCluster): boolean {
  return hidden?.includes('pods') ?? false;
}

/** What is said of a job that should have pods none of which may be seen: the operator's word and no verdict of ours. */
export function unseenHealth(state: string): Health {
  const judgement: Judgement = {
    level: 'unknown',
    text: `${spellState(state)}, says the operator; its pods may not be seen`,
  };
  return healthOf(judgement, [{ ...judgement, source: 'operator' }]);
}

/** What is said of a member that may be there. */
export const unseenMember: Judgement = { level: 'unknown', text: 'may not be seen' };

/** `RUNNING` and `RunningHealthy` as words of a sentence. */
function spellState(state: string): string {
  const words = plainText(state, 120)
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .replaceAll('_', ' ');
  return words.replaceAll(/\b[A-Z](?:[a-z]+|[A-Z]{2,})\b/g, (word) => word.toLowerCase());
}
