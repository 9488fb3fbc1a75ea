import type { Command } from '#client/commands/register.ts';
import { commandIds } from '#client/contributions.ts';
import type { Asker } from '#client/operations/asker.ts';
import type { OperationBoard, RunReference } from '#client/operations/board.ts';
import type { OperationController } from '#client/operations/controller.ts';
import type { OperationPages } from '#client/operations/operationPages.ts';
import { readReference, referenceOf } from '#client/operations/reference.ts';
import { UserProblem } from '#client/ui/problem.ts';
import { isUnfinished, type ShownRun } from '#core/operations/shownRun.ts';
import { progressText } from '#core/operations/page/words.ts';

export interface RunCommandParts {
  readonly controller: OperationController;
  readonly board: OperationBoard;
  readonly pages: OperationPages;
  readonly connectedContexts: () => readonly string[];
  readonly asker: Asker;
}

/** Commands on operations that go on, wait or have ended: on that of a row, or on one that is chosen. */
export function runCommands(parts: RunCommandParts): readonly Command[] {
  const { controller, pages } = parts;
  const on =
    (fits: (run: ShownRun) => boolean, act: (reference: RunReference) => Promise<unknown>) =>
    async (argument: unknown): Promise<void> => {
      const reference = readReference(argument) ?? (await askForRun(parts, fits));
      if (reference) await act(reference);
    };
  const show = async (reference: RunReference): Promise<void> => {
    pages.showRun(reference, parts.board.find(reference)?.record.plan.title ?? reference.name);
  };
  return [
    { id: commandIds.showOperation, title: 'Show Operation', run: on(() => true, show) },
    {
      id: commandIds.pauseOperation,
      title: 'Pause Operation',
      run: on(
        ({ place }) => place !== 'nobody',
        (reference) => controller.pause(reference),
      ),
    },
    {
      id: commandIds.resumeOperation,
      title: 'Resume Operation',
      run: on(
        ({ record, place }) => isUnfinished(record) && place !== 'here',
        async (reference) => {
          if (await controller.resume(reference)) await show(reference);
        },
      ),
    },
    {
      id: commandIds.cancelOperation,
      title: 'Cancel Operation',
      run: on(
        ({ record }) => isUnfinished(record),
        (reference) => controller.cancel(reference),
      ),
    },
    {
      id: commandIds.showOperationReport,
      title: 'Show Operation Report',
      run: on(
        () => true,
        (reference) => controller.report(reference),
      ),
    },
  ];
}

/** @throws UserProblem when no operation is known that fits */
async function askForRun(
  { board, connectedContexts, asker }: RunCommandParts,
  fits: (run: ShownRun) => boolean,
): Promise<RunReference | undefined> {
  const choices = connectedContexts().flatMap((context) =>
    board
      .of(context)
      .runs.filter(fits)
      .map((run) => {
        const { plan } = run.record;
        const detail = `${plan.target.namespace}, ${context}`;
        return { label: plan.title, description: progressText(run), detail, value: referenceOf(context, plan) };
      }),
  );
  if (choices.length > 0) return asker.pick('Which operation?', choices);
  throw new UserProblem(
    'There is no such operation in the contexts that are connected.',
    'Plan one from the menu of a data cluster.',
  );
}
