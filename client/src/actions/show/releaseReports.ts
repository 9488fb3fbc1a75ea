import { withRights } from '#client/actions/allowed.ts';
import type { ActionDeps, LiveAccess } from '#client/actions/deps.ts';
import { readRevisions, requireRevision } from '#client/actions/show/releaseCommands.ts';
import type { Command } from '#client/commands/register.ts';
import { commandIds } from '#client/contributions.ts';
import { driftText, historyText, type HistoryEntry } from '#core/live/helm/reports.ts';
import { releaseDrift } from '#core/live/helm/releaseChanges.ts';
import { renderedObjects } from '#core/live/helm/renderedObjects.ts';

/** Where documents are shown. */
interface ReportTexts {
  show(name: string, text: string): Promise<unknown>;
}

/** Every revision that is kept, as a table: when, which chart, how it ended and why; and what to do about one that is stuck. */
export function showHistoryCommand(access: LiveAccess & Pick<ActionDeps, 'clock'>, texts: ReportTexts): Command {
  return {
    id: commandIds.showReleaseHistory,
    title: 'Show Release History',
    run: async (argument) => {
      const { context, chosen } = requireRevision(access, argument);
      const { release } = chosen;
      const entries: HistoryEntry[] = [];
      for (const revision of release.revisions) {
        const [content] = await readRevisions(access, context, chosen, [revision]);
        // Whoever may not read one may read none, and was told.
        if (!content && entries.length === 0) return;
        entries.push({ revision, content });
      }
      await texts.show(`${release.name} history.txt`, historyText(release, entries, access.clock.now()));
    },
  };
}

/** What was changed outside Helm: per object of a revision, the fields that its manifest sets and that are something else. */
export function compareReleaseCommand(access: LiveAccess, texts: ReportTexts): Command {
  return {
    id: commandIds.compareReleaseWithCluster,
    title: 'Compare Release with Cluster',
    run: async (argument) => {
      const { context, chosen } = requireRevision(access, argument);
      const { release, revision } = chosen;
      const [content] = await readRevisions(access, context, chosen, [revision]);
      if (!content) return;
      const { namespace } = release;
      const address = {
        group: '',
        version: 'v1',
        plural: 'secrets',
        namespaced: true,
        namespace,
        name: revision.secret,
      };
      const text = await withRights(access, { action: 'view', context, address }, async (cluster) => {
        const { resources } = await cluster.resources();
        const { objects } = renderedObjects(content.manifest, { namespace }, resources);
        return driftText(content, await releaseDrift(objects, cluster));
      });
      if (text !== undefined) await texts.show(`${release.name} revision ${revision.revision} and cluster.txt`, text);
    },
  };
}
