import { gunzipSync } from 'node:zlib';
import * as vscode from 'vscode';
import { withRights } from '#client/actions/allowed.ts';
import type { LiveAccess } from '#client/actions/deps.ts';
import type { Command } from '#client/commands/register.ts';
import { commandIds } from '#client/contributions.ts';
import { UserProblem } from '#client/ui/problem.ts';
import { inNotification, inPick } from '#client/ui/untrusted.ts';
import { chooseRevision, type ChosenRevision } from '#core/live/helm/chooseRevisions.ts';
import type { Inflate, ReleaseContent } from '#core/live/helm/decode.ts';
import {
  compareReleases,
  describeRelease,
  releaseDocuments,
  type ReleaseDifference,
  type ReleaseDocument,
} from '#core/live/helm/documents.ts';
import { fetchRelease } from '#core/live/helm/fetch.ts';
import type { Cluster } from '#core/live/ports.ts';
import { isTreeElement } from '#core/live/tree/row.ts';
import type { HelmRevision } from '#core/live/view.ts';

/** Where documents are shown. */
interface ReleaseTexts {
  show(name: string, text: string): Promise<unknown>;
  showDiff(before: string, after: string, names: { readonly title: string; readonly file: string }): Promise<unknown>;
}

/** What a revision of a Helm release holds, a part at a time as a document to read. Values that may be secret are never shown. */
export function showReleaseCommand(access: LiveAccess, texts: ReleaseTexts): Command {
  return {
    id: commandIds.showRelease,
    title: 'Show Release',
    run: async (argument) => {
      const { context, chosen } = requireRevision(access, argument);
      const { release, revision } = chosen;
      const [content] = await readRevisions(access, context, chosen, [revision]);
      if (!content) return;
      const documents = releaseDocuments(content, 'hidden');
      if (documents.length === 0) throw new UserProblem('The release holds no values, objects or notes.', '');
      const picked = await pickPart(documents, describeRelease(content));
      if (picked) await texts.show(fileName(release.name, revision, picked), picked.text);
    },
  };
}

/** How two revisions differ, a part at a time. */
export function compareRevisionsCommand(access: LiveAccess, texts: ReleaseTexts): Command {
  return {
    id: commandIds.compareRevisions,
    title: 'Compare Revisions',
    run: async (argument) => {
      const { context, chosen } = requireRevision(access, argument);
      const { release, revision } = chosen;
      const other = await pickOther(chosen);
      if (!other) return;
      const [old, now] = [revision, other].toSorted((a, b) => a.revision - b.revision);
      const [before, after] = await readRevisions(access, context, chosen, [old ?? other, now ?? revision]);
      if (!before || !after) return;
      const differences = compareReleases(before, after, 'hidden');
      const what = `revisions ${before.revision} and ${after.revision} of ${release.name}`;
      if (differences.length === 0) {
        void vscode.window.showInformationMessage(inNotification(`There is no difference between ${what}.`));
        return;
      }
      const picked = await pickPart(differences, `Difference between ${what}`);
      if (picked) await showDifference(texts, picked, what);
    },
  };
}

/** The revision of a row. @throws UserProblem when the row has none, or when it is gone */
export function requireRevision(
  access: LiveAccess,
  argument: unknown,
): { readonly context: string; readonly chosen: ChosenRevision } {
  const target = isTreeElement(argument) ? argument.target : undefined;
  if (target?.kind !== 'release' && target?.kind !== 'revision') {
    throw new UserProblem(
      'This acts on a Helm release.',
      'Use the menu of a release or a revision in the Data Clusters view.',
    );
  }
  const view = access.viewOf(target.context);
  const chosen = view && chooseRevision(view, target);
  if (chosen) return { context: target.context, chosen };
  throw new UserProblem(
    'This revision is no longer there.',
    'Connect the context in the Data Clusters view and look again.',
  );
}

/** Empty when they may not be read, which is told. @throws UserProblem when what is stored is broken */
export async function readRevisions(
  access: LiveAccess,
  context: string,
  { release: { namespace } }: ChosenRevision,
  revisions: readonly HelmRevision[],
): Promise<readonly ReleaseContent[]> {
  const contents: ReleaseContent[] = [];
  for (const revision of revisions) {
    const { secret: name, isConfigMap } = revision;
    const plural = isConfigMap === true ? 'configmaps' : 'secrets';
    const address = { group: '', version: 'v1', plural, namespaced: true, namespace, name };
    const content = await withRights(access, { action: 'view', context, address }, (cluster) =>
      readContent(cluster, namespace, revision),
    );
    if (!content) return [];
    contents.push(content);
  }
  return contents;
}

async function readContent(cluster: Cluster, namespace: string, revision: HelmRevision): Promise<ReleaseContent> {
  const decoded = await fetchRelease(cluster, namespace, revision, inflate);
  if (decoded.kind === 'problem') throw new UserProblem(decoded.problem, '');
  return decoded.release;
}

const inflate: Inflate = (gzip, maxOutputLength) => gunzipSync(gzip, { maxOutputLength });

async function pickPart<Part extends Pick<ReleaseDocument, 'part'>>(
  parts: readonly Part[],
  title: string,
): Promise<Part | undefined> {
  if (parts.length === 1) return parts[0];
  const items = parts.map((part) => ({ label: part.part.charAt(0).toUpperCase() + part.part.slice(1), part }));
  return (await vscode.window.showQuickPick(items, { placeHolder: inPick(title) }))?.part;
}

/** @throws UserProblem when there is no other */
async function pickOther({ release, revision, others }: ChosenRevision): Promise<HelmRevision | undefined> {
  const [only] = others;
  if (!only) throw new UserProblem(`${release.name} has one revision only.`, '');
  if (others.length === 1) return only;
  const items = others.map((other) => ({
    label: `Revision ${other.revision}`,
    description: inPick(other.status),
    other,
  }));
  const placeHolder = `Compare revision ${revision.revision} of ${inPick(release.name)} with`;
  return (await vscode.window.showQuickPick(items, { placeHolder }))?.other;
}

/** Where only secrets differ, both sides are the same text, and a sentence says so instead. */
async function showDifference(
  texts: ReleaseTexts,
  { part, language, before, after, text }: ReleaseDifference,
  what: string,
): Promise<void> {
  const title = `${part}: ${what}`;
  if (before === after) await texts.show(`${title}.txt`, text);
  else await texts.showDiff(before, after, { title, file: `${part}${endings[language]}` });
}

function fileName(release: string, { revision }: HelmRevision, { part, language }: ReleaseDocument): string {
  return `${release} revision ${revision} ${part}${endings[language]}`;
}

const endings = { yaml: '.yaml', plaintext: '.txt' } as const;
