import * as vscode from 'vscode';
import type { Command } from '#client/commands/register.ts';
import { commandIds, type CommandId } from '#client/contributions.ts';
import type { Asker } from '#client/operations/asker.ts';
import type { Subject } from '#client/operations/subjects.ts';
import { askResubmit, askSchedule, askWorkers } from '#client/operations/wishes/jobs.ts';
import type { OperationName } from '#core/operations/model.ts';
import type { OperationWish } from '#core/operations/wishes.ts';

/** Asks what is wanted of a subject; undefined when nothing is. */
export type AskOperation = (subject: Subject, asker: Asker) => Promise<OperationWish | undefined>;

/** Makes what a command runs: it finds the subject, asks, plans, and shows the plan. */
export type MakeRun = (operation: OperationName, title: string, ask: AskOperation) => Command['run'];

interface JobCommand {
  readonly id: CommandId;
  readonly operation: OperationName;
  readonly title: string;
  /** At the beginning of a sentence: `Rerunning a job is not possible with ...`. */
  readonly noun: string;
  readonly ask: AskOperation;
}

const wished =
  (wish: OperationWish): AskOperation =>
  () =>
    Promise.resolve(wish);

const rows: readonly JobCommand[] = [
  {
    id: commandIds.rerunJob,
    operation: 'rerun',
    title: 'Rerun Job',
    noun: 'Rerunning a job',
    ask: wished({ operation: 'rerun' }),
  },
  {
    id: commandIds.suspendJob,
    operation: 'suspend',
    title: 'Suspend Job',
    noun: 'Suspending a job',
    ask: wished({ operation: 'suspend' }),
  },
  {
    id: commandIds.resumeJob,
    operation: 'unsuspend',
    title: 'Resume Job',
    noun: 'Resuming a job',
    ask: wished({ operation: 'unsuspend' }),
  },
  {
    id: commandIds.resubmitJob,
    operation: 'resubmit',
    title: 'Edit and Resubmit',
    noun: 'Editing and resubmitting',
    ask: askWithManifest,
  },
  {
    id: commandIds.changeWorkers,
    operation: 'workers',
    title: 'Change Workers',
    noun: 'Changing the workers',
    ask: askWorkers,
  },
  {
    id: commandIds.changeSchedule,
    operation: 'schedule',
    title: 'Pause or Resume Schedule',
    noun: 'Pausing a schedule',
    ask: askSchedule,
  },
  {
    id: commandIds.stopJob,
    operation: 'stop',
    title: 'Stop Job',
    noun: 'Stopping a job',
    ask: wished({ operation: 'stop' }),
  },
];

/** The verbs of jobs: each asks what it needs and opens a plan. */
export function jobCommands(make: MakeRun): readonly Command[] {
  return rows.map(({ id, operation, title, noun, ask }) => ({ id, title, run: make(operation, noun, ask) }));
}

/** With the document in front, where it is a manifest of the job; else that is opened, to be changed. */
function askWithManifest(subject: Subject, asker: Asker): Promise<OperationWish | undefined> {
  const document = vscode.window.activeTextEditor?.document;
  const front = document && { title: document.uri.path.split('/').at(-1) ?? '', text: document.getText() };
  const target = { kind: 'dataCluster', context: subject.context, key: subject.data.key } as const;
  return askResubmit(subject, front, asker, async () => {
    await vscode.commands.executeCommand(commandIds.openYaml, target);
    void vscode.window.showInformationMessage(
      'Change the job here, then run "Edit and Resubmit" again: it plans with what this document says.',
    );
  });
}
