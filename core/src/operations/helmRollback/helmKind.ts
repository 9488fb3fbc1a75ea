import { rollbackArguments, type HelmRun } from '#core/live/helm/program.ts';
import { descriptionText } from '#core/live/helm/revisionFacts.ts';
import type { RollbackRun } from '#core/operations/helmRollback/rollbackRun.ts';
import { HELM_TIMEOUT_MS } from '#core/operations/helmRollback/steps.ts';
import type { ReleaseStored } from '#core/operations/helmRollback/storedReleases.ts';
import type { Answer } from '#core/operations/model.ts';
import type { ActOutcome } from '#core/operations/procedure.ts';
import type { StepKind } from '#core/operations/stepKinds.ts';

/** The program is ended that much after the time Helm gives its hooks. */
const MARGIN_MS = 120_000;

/**
 * The program `helm` rolls back. It is begun once: that it was shows in the revision it makes first of all, whose number follows that of the
 * plan and whose description names the revision it goes back to. A runner that dies leaves the program to itself; whoever resumes waits
 * for that revision, and begins nothing as long as it is there.
 */
export function helmKind(run: RollbackRun): StepKind {
  let begun: HelmRun | undefined;
  return {
    async isDone() {
      const made = await run.made();
      return made !== undefined && run.isOurs(made) && isDeployed(made);
    },
    hasActed: async () => (await run.made()) !== undefined,
    prepare: () => Promise.resolve({}),
    gate: async () => (await run.overtaken()) ?? (await run.unheld()) ?? (await ready(run)),
    async act(): Promise<ActOutcome> {
      const program = await run.helm.program();
      if (typeof program === 'string')
        return { kind: 'stop', reason: program, fix: 'Put helm on the PATH, and resume.' };
      const { release, namespace, to, driver } = run.release;
      const words = rollbackArguments(program.version, { release, namespace, to, timeoutMs: HELM_TIMEOUT_MS });
      begun = program.start(words, { driver, timeoutMs: HELM_TIMEOUT_MS + MARGIN_MS });
      return { kind: 'acted' };
    },
    awaited: () => awaited(run, begun),
    finish: async () => [`helm made revision ${run.next} of ${run.release.release} from revision ${run.release.to}`],
  };
}

function isDeployed({ stored: { status } }: ReleaseStored): boolean {
  // A later revision supersedes it, and it was deployed before.
  return status === 'deployed' || status === 'superseded';
}

async function ready(run: RollbackRun): Promise<Answer> {
  const program = await run.helm.program();
  if (typeof program === 'string') return { kind: 'stop', reason: program, fix: 'Put helm on the PATH, and resume.' };
  return { kind: 'yes', evidence: `helm ${program.version.text}, and revision ${run.release.from} is the newest` };
}

async function awaited(run: RollbackRun, begun: HelmRun | undefined): Promise<Answer> {
  const made = await run.made();
  const ended = begun?.result;
  if (!made) {
    if (!ended) return waiting(`helm to begin revision ${run.next}`, 'not begun');
    return failed(
      `helm ended without making a revision: ${wordsOf(ended.stderr)}.`,
      'See what it says, and plan it again.',
    );
  }
  if (!run.isOurs(made)) {
    const what = descriptionText(made.content.description);
    return failed(`Revision ${run.next} is not this rollback but: ${what}.`, 'Look at the history of the release.');
  }
  if (isDeployed(made)) return { kind: 'yes', evidence: `revision ${run.next} is deployed` };
  if (made.stored.status === 'failed')
    return failed(wordsOf(made.content.description), 'Mend what it says, and roll back again: Helm allows it.');
  if (!ended && !isGivenUp(run, made)) return waiting(`revision ${run.next} to be deployed`, made.stored.status);
  const how = ended ? wordsOf(ended.stderr) : 'whoever ran it is gone';
  return failed(
    `helm ended and left revision ${run.next} ${made.stored.status}: ${how}.`,
    'See whether a hook failed, and plan the rollback again: Helm allows it of a pending revision.',
  );
}

function isGivenUp({ clock }: RollbackRun, { stored: { modifiedAt } }: ReleaseStored): boolean {
  return modifiedAt !== undefined && clock.now() - modifiedAt > HELM_TIMEOUT_MS + 2 * MARGIN_MS;
}

function wordsOf(text: string): string {
  const words = descriptionText(text, 600);
  return words === '' ? 'it says nothing' : words;
}

function waiting(waitingFor: string, state: string): Answer {
  return { kind: 'wait', waitingFor, measure: [state], isNear: false };
}

const failed = (reason: string, fix: string): Answer => ({ kind: 'stop', reason, fix });
