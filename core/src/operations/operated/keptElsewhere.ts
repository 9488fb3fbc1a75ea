import type { JsonObject } from '#core/json.ts';
import type { Precondition } from '#core/operations/model.ts';
import { gitOpsOf } from '#core/operations/keepers.ts';

/** Consent where a tool keeps a resource as it is written elsewhere, and may take our change away; nothing where none does. */
export function keptElsewhere(object: JsonObject, consequence: string): readonly Precondition[] {
  const found = gitOpsOf(object);
  if (found.length === 0) return [];
  return [
    {
      id: 'gitops',
      title: 'Nobody takes the change away again',
      state: 'consent',
      evidence: [...found.map((tool) => `It is kept by ${tool}`), `That may undo what is written here: ${consequence}`],
      fix: 'Make the change where it keeps its manifests, or pause its synchronisation.',
    },
  ];
}
