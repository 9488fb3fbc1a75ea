import * as vscode from 'vscode';
import type { Command } from '#client/commands/register.ts';
import { commandIds } from '#client/contributions.ts';
import type { Asker } from '#client/operations/asker.ts';
import { chooseNode, type NodeSources } from '#client/operations/nodes.ts';
import { jobCommands } from '#client/operations/jobCommands.ts';
import type { Planner } from '#client/operations/planner.ts';
import type { Proposal } from '#client/operations/proposal.ts';
import { chooseSubject, type Subject, type SubjectSources } from '#client/operations/subjects.ts';
import { askConfigure } from '#client/operations/wishes/configure.ts';
import { askDrain, askNodeDrain } from '#client/operations/wishes/drain.ts';
import { askRebalance, movesInText } from '#client/operations/wishes/rebalance.ts';
import { askMove } from '#client/operations/wishes/move.ts';
import { askReplace } from '#client/operations/wishes/replace.ts';
import { askRestart } from '#client/operations/wishes/restart.ts';
import { askScale } from '#client/operations/wishes/scale.ts';
import { settingsInText } from '#client/operations/wishes/settingsInText.ts';
import type { OperationName } from '#core/operations/model.ts';
import type { OperationWish } from '#core/operations/wishes.ts';

export interface PlanCommandParts {
  readonly sources: SubjectSources & NodeSources;
  readonly planner: Planner;
  readonly showPlan: (proposal: Proposal) => void;
}

/** Commands that ask what is wanted and open the plan for it. Nothing of them changes anything. */
export function planCommands(parts: PlanCommandParts): readonly Command[] {
  const { asker } = parts.sources;
  const command =
    (operation: OperationName, title: string, ask: AskWish) =>
    async (argument: unknown): Promise<void> => {
      const subject = await chooseSubject(argument, operation, parts.sources);
      if (!subject) return;
      parts.planner.requireOffer(operation, subject.data, title);
      const make = await ask(subject, asker);
      const proposal = await make?.(parts.planner);
      if (proposal) parts.showPlan(proposal);
    };
  return [
    {
      id: commandIds.safeRestart,
      title: 'Safe Restart',
      run: command('restart', 'A safe restart', planned(askRestart)),
    },
    { id: commandIds.drain, title: 'Drain', run: command('drain', 'A drain', askDrainPlan) },
    { id: commandIds.rebalance, title: 'Rebalance', run: command('rebalance', 'A rebalance', planned(askWithMoves)) },
    { id: commandIds.scale, title: 'Scale', run: command('scale', 'Scaling', planned(askScale)) },
    {
      id: commandIds.replaceDeadNode,
      title: 'Replace Dead Node',
      run: command('replace', 'Replacing a dead node', planned(askReplace)),
    },
    {
      id: commandIds.applyConfiguration,
      title: 'Apply Configuration',
      run: command('configure', 'Applying a configuration', planned(askWithDocument)),
    },
    ...jobCommands((operation, title, ask) => command(operation, title, planned(ask))),
    {
      id: commandIds.moveOffNode,
      title: 'Move off This Node',
      run: async (argument) => {
        const subject = await chooseSubject(argument, 'move', parts.sources);
        const wish = subject && (await askMove(subject, asker));
        const proposal = wish && (await parts.planner.planNodeDrain(subject.context, wish));
        if (proposal) parts.showPlan(proposal);
      },
    },
    {
      id: commandIds.drainNode,
      title: 'Drain Node',
      run: async () => {
        const chosen = await chooseNode(parts.sources);
        const wish = chosen && (await askNodeDrain(chosen.node, asker));
        const proposal = wish && (await parts.planner.planNodeDrain(chosen.context, wish));
        if (proposal) parts.showPlan(proposal);
      },
    },
  ];
}

type MakePlan = (planner: Planner) => Promise<Proposal | undefined>;

/** What is to be planned; undefined when nothing was chosen. */
type AskWish = (subject: Subject, asker: Asker) => Promise<MakePlan | undefined>;

function planned(ask: (subject: Subject, asker: Asker) => Promise<OperationWish | undefined>): AskWish {
  return async (subject, asker) => {
    const wish = await ask(subject, asker);
    return wish && ((planner) => planner.plan(subject.context, subject.data, wish));
  };
}

const askDrainPlan: AskWish = async (subject, asker) => {
  const wanted = await askDrain(subject, asker);
  if (!wanted) return undefined;
  return wanted.kind === 'node'
    ? (planner) => planner.planNodeDrain(subject.context, wanted.wish)
    : (planner) => planner.plan(subject.context, subject.data, wanted.wish);
};

/** With the moves of the document in front, where it has some. */
async function askWithMoves(subject: Subject, asker: Asker): Promise<OperationWish | undefined> {
  const document = vscode.window.activeTextEditor?.document;
  return askRebalance(subject, document && movesInText(document.uri.path, document.getText()), asker);
}

/** With the settings of the document in front, where it has some. */
async function askWithDocument(subject: Subject, asker: Asker): Promise<OperationWish | undefined> {
  const document = vscode.window.activeTextEditor?.document;
  const sources = document ? settingsInText(document.uri.path, document.getText()) : [];
  return askConfigure(subject, sources, asker);
}
