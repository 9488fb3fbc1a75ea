import { messageText, plainText } from '#core/live/plainText.ts';
import { placeText } from '#core/operations/page/words.ts';
import type { Confirmation, Plan } from '#core/operations/model.ts';
import { duration } from '#core/operations/report.ts';

/** What a person is asked before a plan is run. */
export interface Question {
  readonly how: 'run' | 'resume' | 'cancel';
  readonly question: string;
  /** Where, what, and what it costs; a line each. */
  readonly lines: readonly string[];
  /** What has to be typed; undefined when a button is enough. */
  readonly typedName: string | undefined;
}

export interface Circumstances {
  readonly isProtected: boolean;
  readonly isDemo: boolean;
  /** What the run was paused for to be asked, and why. */
  readonly asks?: (Confirmation & { readonly reason: string }) | undefined;
}

const verbs: Readonly<Record<Question['how'], string>> = {
  run: 'Run',
  resume: 'Go on with',
  cancel: 'End',
};

export function questionOf(plan: Plan, how: Question['how'], { isProtected, isDemo, asks }: Circumstances): Question {
  const { title, target, needsTypedName } = plan;
  return {
    how,
    question: `${verbs[how]} "${plainText(title)}"?`,
    lines: [
      `${placeText(target)}.`,
      ...(isDemo ? ['This is practice: the cluster is simulated.'] : []),
      how === 'cancel'
        ? 'No further step is begun; what is under way is taken back or brought to its end.'
        : workOf(plan),
      ...(how === 'cancel' ? [] : asks ? [`${messageText(asks.reason, 600)}.`] : consentsOf(plan)),
    ],
    // What cannot be taken back is named by itself.
    typedName:
      asks && how !== 'cancel'
        ? asks.typed
        : isProtected || (needsTypedName && how !== 'cancel')
          ? target.name
          : undefined,
  };
}

function workOf({ steps }: Plan): string {
  const all = steps.reduce((sum, { expectedMs }) => sum + expectedMs, 0);
  const count = steps.length === 1 ? '1 step' : `${steps.length} steps, one after the other`;
  return `${count}, about ${duration(all)} in all.`;
}

function consentsOf({ preconditions }: Plan): readonly string[] {
  return preconditions
    .filter(({ state }) => state === 'consent')
    .map(
      ({ title, evidence }) =>
        `You agree that this does not hold: ${messageText(title)}. ${messageText(evidence[0] ?? '', 300)}.`,
    );
}
